package io.jenkins.plugins.distributedtest.jenkins.zuul;

import io.jenkins.plugins.distributedtest.jenkins.zuul.FunctionTable.Target;
import io.jenkins.plugins.distributedtest.zuul.ZuulReporter;
import io.jenkins.plugins.distributedtest.zuul.ZuulRequest;
import java.time.Duration;
import java.util.UUID;

/**
 * What is to be built for Zuul.
 *
 * @param token by which Jenkins' events find the build; no two builds share one
 * @param target the job
 * @param request what Zuul sent
 * @param reporter tells Zuul about the build
 * @param limits how long things may take
 */
record BuildOrder(String token, Target target, ZuulRequest request, ZuulReporter reporter, Limits limits) {
    /**
     * How long things may take.
     *
     * @param start from the request to the start; zero for ever
     * @param politely how long a stopped build may go on before it is stopped more forcibly
     */
    record Limits(Duration start, Duration politely) {
        /** A build that is stopped has 8 s each time: Zuul hears of its end after 10 s at the latest. */
        static final Duration POLITELY = Duration.ofSeconds(8);
    }

    /** An order of a build that has not begun, with a new token. */
    static BuildOrder of(Target target, ZuulRequest request, ZuulReporter reporter, Limits limits) {
        return new BuildOrder(UUID.randomUUID().toString(), target, request, reporter, limits);
    }

    /** The same for a build that has a token already. */
    BuildOrder withToken(String itsToken) {
        return new BuildOrder(itsToken, target, request, reporter, limits);
    }

    /** For people: the job's full name and Zuul's UUID. */
    @Override
    public String toString() {
        return target.job().fullName() + " for " + request.unique();
    }
}
