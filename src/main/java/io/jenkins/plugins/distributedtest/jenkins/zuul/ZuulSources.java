package io.jenkins.plugins.distributedtest.jenkins.zuul;

import hudson.model.Run;
import java.util.Map;
import java.util.Optional;

/**
 * Where the sources are that a build for Zuul is about: what Zuul has merged for it.
 *
 * @param url the repository
 * @param ref the ref in it
 */
public record ZuulSources(String url, String ref) {
    /**
     * The sources of a build.
     *
     * @param build the build
     * @param environment its variables
     * @return empty if Zuul did not ask for it, or not about a ref, as a timer does
     */
    public static Optional<ZuulSources> of(Run<?, ?> build, Map<String, String> environment) {
        return build.getAction(ZuulAction.class) == null ? Optional.empty() : of(environment);
    }

    /** The sources that Zuul's variables name; empty if one of them is missing. */
    static Optional<ZuulSources> of(Map<String, String> environment) {
        String url = environment.getOrDefault("ZUUL_URL", "");
        String project = environment.getOrDefault("ZUUL_PROJECT", "");
        String ref = environment.getOrDefault("ZUUL_REF", "");
        if (url.isEmpty() || project.isEmpty() || ref.isEmpty()) {
            return Optional.empty();
        }
        return Optional.of(new ZuulSources(url.replaceAll("/+$", "") + "/" + project, ref));
    }
}
