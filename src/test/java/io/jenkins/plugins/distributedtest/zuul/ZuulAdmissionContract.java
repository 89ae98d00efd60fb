package io.jenkins.plugins.distributedtest.zuul;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.jenkins.plugins.distributedtest.gearman.GearmanTestClient;
import io.jenkins.plugins.distributedtest.gearman.GearmanTestClient.Submitted;
import io.jenkins.plugins.distributedtest.testing.FreePorts;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

/** Which jobs an executor takes and how many at once, whichever of the two servers is between it and Zuul. */
abstract class ZuulAdmissionContract extends ZuulExecutorFixture {
    /** Makes the offers that a test thinks of; after each job the test's next one, and nothing unless there is one. */
    private static final class Offers implements Admission {
        volatile Offer next = Offer.nothing();

        void make(ZuulExecutor executor, Offer offer) {
            next = offer;
            executor.reconsider();
        }

        @Override
        public Offer offer(int active) {
            Offer offer = next;
            next = Offer.nothing();
            return offer;
        }

        @Override
        public Offer ended(Offer held, int active) {
            return held;
        }
    }

    /** Whether a function can be given up while one of its jobs runs: C gearmand would take that job away. */
    abstract boolean narrowsWhatIsBusy();

    @Test
    void runsFiveHundredJobsAtOnceWithoutAThreadEach() throws Exception {
        executor(jobs, 500, "x");
        int before = Thread.activeCount();
        List<Submitted> builds = new ArrayList<>();
        for (int i = 0; i < 500; i++) {
            builds.add(build("x", "u" + i));
        }
        await().atMost(Duration.ofSeconds(60)).until(() -> jobs.begun.size() == 500);
        await().until(() -> builds.stream().allMatch(build -> build.statuses.contains("0/100")));
        assertThat(Thread.activeCount() - before).isLessThan(20);
        assertThat(builds).noneMatch(Submitted::isEnded);
        jobs.begun.forEach(job -> job.reporter.finished("SUCCESS"));
        await().atMost(Duration.ofSeconds(60)).until(() -> builds.stream().allMatch(Submitted::isEnded));
        assertThat(builds).allMatch(build -> build.end.contains("\"result\":\"SUCCESS\""));
    }

    @Test
    void servesSeveralServersWithOneCapacity() throws Exception {
        int otherPort = FreePorts.next();
        try (AutoCloseable other = startServer(otherPort);
                GearmanTestClient otherZuul = new GearmanTestClient(otherPort)) {
            executorOf(List.of(port, otherPort), jobs, new CapacityAdmission(1), "x");
            build("x", "u1");
            onlyJob();
            Submitted waiting = otherZuul.submit("build:x", "u2", "{}");
            await().until(() -> waiting.handle != null);
            jobs.begun.get(0).reporter.finished("SUCCESS");
            await().until(() -> jobs.begun.size() == 2);
            jobs.begun.get(1).reporter.finished("SUCCESS");
            await().until(waiting::isEnded);
        }
    }

    @Test
    void takesOnlyWhatIsOfferedWhileAllStaysRegistered() throws Exception {
        Offers offers = new Offers();
        ZuulExecutor executor = executor(jobs, offers, "x", "y");
        offers.make(executor, Offer.only(List.of("y"), 5));
        await().until(() -> executor.status().get(0).functions() == 1);
        Submitted x = build("x", "u1");
        build("y", "u2");
        assertThat(onlyJob().request.job()).isEqualTo("y");
        assertThat(zuul.functions()).contains("build:x", "build:y");
        assertThat(x.data).isEmpty();

        offers.make(executor, Offer.only(List.of("x", "y"), 5));
        await().until(() -> jobs.begun.size() == 2);
        assertThat(jobs.begun.get(1).request.job()).isEqualTo("x");
    }

    @Test
    void anOfferIsUsedUpByWhatIsTaken() throws Exception {
        Offers offers = new Offers();
        ZuulExecutor executor = executor(jobs, offers, "x");
        offers.make(executor, Offer.only(List.of("x"), 1));
        Submitted first = build("x", "u1");
        Submitted second = build("x", "u2");
        onlyJob().reporter.finished("SUCCESS");
        await().until(() -> first.isEnded() && second.handle != null);
        // The end of a job says nothing of an executor that is free again.
        Submitted stop = stop(executor, "x", "none");
        await().until(stop::isEnded);
        assertThat(jobs.begun).hasSize(1);

        offers.make(executor, Offer.only(List.of("x"), 1));
        await().until(() -> jobs.begun.size() == 2);
    }

    @Test
    void anOfferMadeWhileAJobBeginsHoldsForTheNext() throws Exception {
        Offers offers = new Offers();
        ZuulExecutor executor = executor(
                (request, reporter) -> {
                    offers.next = Offer.only(List.of(request.job().equals("x") ? "y" : "x"), 1);
                    return jobs.begin(request, reporter);
                },
                offers,
                "x",
                "y");
        Submitted x1 = build("x", "u1");
        Submitted x2 = build("x", "u2");
        Submitted y1 = build("y", "u3");
        Submitted y2 = build("y", "u4");
        await().until(() -> Stream.of(x1, x2, y1, y2).allMatch(job -> job.handle != null));
        offers.make(executor, Offer.only(List.of("x", "y"), 5));
        await().until(() -> jobs.begun.size() >= 2);
        if (narrowsWhatIsBusy()) {
            assertThat(jobs.begun.subList(0, 2))
                    .extracting(job -> job.request.job())
                    .containsExactlyInAnyOrder("x", "y");
        }
        await().until(() -> Stream.of(x1, x2, y1, y2)
                        .filter(job -> job.statuses.contains("0/100"))
                        .count()
                >= 2);
        assertThat(Stream.of(x1, x2, y1, y2)).as("what runs goes on").noneMatch(Submitted::isEnded);
    }
}
