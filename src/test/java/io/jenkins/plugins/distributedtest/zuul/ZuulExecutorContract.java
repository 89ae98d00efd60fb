package io.jenkins.plugins.distributedtest.zuul;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.jenkins.plugins.distributedtest.gearman.GearmanServer;
import io.jenkins.plugins.distributedtest.gearman.GearmanTestClient;
import io.jenkins.plugins.distributedtest.gearman.GearmanTestClient.Submitted;
import io.jenkins.plugins.distributedtest.gearman.GearmanWorker;
import io.jenkins.plugins.distributedtest.gearman.WorkerStatus;
import io.jenkins.plugins.distributedtest.testing.FreePorts;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import org.gearman.common.GearmanPacketType;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What Zuul sees of an executor, whichever of the two servers is between them. */
abstract class ZuulExecutorContract {
    private static final ObjectMapper JSON = new ObjectMapper();
    private static final GearmanWorker.Timing QUICK =
            new GearmanWorker.Timing(Duration.ofMillis(100), Duration.ofSeconds(5));

    @TempDir
    Path directory;

    private final int port = FreePorts.next();
    private final List<AutoCloseable> open = new ArrayList<>();
    private final Jobs jobs = new Jobs();
    private AutoCloseable server;
    private GearmanTestClient zuul;

    /** Keeps the jobs it begins and lets the test report for them. */
    private static final class Jobs implements ZuulBackend {
        final List<Begun> begun = new CopyOnWriteArrayList<>();

        static final class Begun implements Execution {
            ZuulRequest request;
            ZuulReporter reporter;
            boolean endsWhenStopped = true;
            final List<String> stops = new CopyOnWriteArrayList<>();
            final List<String> descriptions = new CopyOnWriteArrayList<>();

            @Override
            public void stop(String reason) {
                stops.add(reason);
                if (endsWhenStopped) {
                    reporter.finished("ABORTED");
                }
            }

            @Override
            public void describe(String html) {
                descriptions.add(html);
            }
        }

        @Override
        public Execution begin(ZuulRequest request, ZuulReporter reporter) {
            if (request.job().equals("cannot-begin")) {
                throw new IllegalStateException("as planned");
            }
            if (request.job().equals("cannot-even-load")) {
                throw new NoClassDefFoundError("as planned");
            }
            Begun job = new Begun();
            job.request = request;
            job.reporter = reporter;
            begun.add(job);
            return job;
        }
    }

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

    abstract AutoCloseable startServer(int onPort) throws Exception;

    /** Whether a function can be given up while one of its jobs runs: C gearmand would take that job away. */
    abstract boolean narrowsWhatIsBusy();

    @BeforeEach
    void startServer() throws Exception {
        server = startServer(port);
        zuul = new GearmanTestClient(port);
        open.add(zuul);
    }

    @AfterEach
    void stop() throws Exception {
        for (AutoCloseable closeable : open) {
            closeable.close();
        }
        server.close();
    }

    @Test
    void tellsZuulHowToStopTheJobAtOnceAndTheResultOnlyAtTheEnd() throws Exception {
        ZuulExecutor executor = executor(jobs, 1, "x");
        Submitted build = build("x", "u1");
        await().until(() -> build.statuses.contains("0/100"));

        assertThat(build.data).hasSize(1);
        JsonNode first = JSON.readTree(build.data.get(0));
        assertThat(first.get("name").asText()).isEqualTo("x");
        assertThat(first.get("number").asText()).isEqualTo("u1");
        assertThat(first.get("manager").asText()).isEqualTo(executor.identity().manager());
        assertThat(first.has("result")).isFalse();

        Jobs.Begun job = onlyJob();
        job.reporter.url("http://example.org/1");
        job.reporter.node("node-1", List.of("precise"));
        job.reporter.progress(40, 100);
        job.reporter.finished("SUCCESS");
        await().until(build::isEnded);

        String last = build.data.get(build.data.size() - 1);
        assertThat(build.end).isEqualTo("complete " + last);
        assertThat(JSON.readTree(last).get("result").asText()).isEqualTo("SUCCESS");
        assertThat(JSON.readTree(last).get("url").asText()).isEqualTo("http://example.org/1");
        assertThat(JSON.readTree(last).get("node_name").asText()).isEqualTo("node-1");
        assertThat(JSON.readTree(last).get("node_labels").get(0).asText()).isEqualTo("precise");
        assertThat(build.data.subList(0, build.data.size() - 1)).noneMatch(data -> data.contains("\"result\""));
        assertThat(build.statuses).containsExactly("0/100", "40/100");
    }

    @Test
    void aFaultOfOursIsANullResult() throws Exception {
        executor(jobs, 2, "x", "cannot-begin", "cannot-even-load");
        Submitted build = build("x", "u1");
        onlyJob().reporter.retry("the disk is full");
        Submitted other = build("cannot-begin", "u2");
        Submitted third = build("cannot-even-load", "u3");
        await().until(() -> build.isEnded() && other.isEnded() && third.isEnded());
        for (Submitted ended : List.of(build, other, third)) {
            assertThat(ended.end).startsWith("complete ");
            assertThat(JSON.readTree(ended.end.substring(9)).get("result").isNull())
                    .isTrue();
        }
    }

    @Test
    void aRequestThatIsNoJsonFailsWithoutAResult() throws Exception {
        executor(jobs, 1, "x");
        Submitted build = zuul.submit("build:x", "u1", "nonsense");
        await().until(build::isEnded);
        assertThat(build.end).isEqualTo("fail");
        assertThat(build.data).isEmpty();
        assertThat(jobs.begun).isEmpty();
    }

    @Test
    void stopsAJobByTheNameAndNumberItSent() throws Exception {
        ZuulExecutor executor = executor(jobs, 2, "x");
        Submitted stopped = build("x", "u1");
        Submitted goesOn = build("x", "u2");
        await().until(() -> jobs.begun.size() == 2);
        // Every place is taken: the request must get through all the same.
        Submitted stop = stop(executor, "x", "u1");
        await().until(() -> stop.isEnded() && stopped.isEnded());

        assertThat(stop.end).startsWith("complete");
        assertThat(JSON.readTree(stopped.end.substring(9)).get("result").asText())
                .isEqualTo("ABORTED");
        assertThat(job("u1").stops).hasSize(1);
        assertThat(job("u2").stops).isEmpty();
        assertThat(goesOn.isEnded()).isFalse();
    }

    @Test
    void aJobThatDoesNotStopIsAbortedForZuulAllTheSame() throws Exception {
        ZuulExecutor executor = executor(jobs, 1, "x");
        Submitted build = build("x", "u1");
        Jobs.Begun job = onlyJob();
        job.endsWhenStopped = false;
        stop(executor, "x", "u1");
        await().atMost(Duration.ofSeconds(60)).until(build::isEnded);
        assertThat(build.end).contains("\"result\":\"ABORTED\"");
        job.reporter.finished("SUCCESS"); // too late
    }

    @Test
    void aJobThatSucceedsWhileItIsStoppedIsAborted() throws Exception {
        ZuulExecutor executor = executor(jobs, 1, "x");
        Submitted build = build("x", "u1");
        Jobs.Begun job = onlyJob();
        job.endsWhenStopped = false;
        Submitted stop = stop(executor, "x", "u1");
        await().until(stop::isEnded);
        job.reporter.finished("SUCCESS");
        await().until(build::isEnded);
        assertThat(build.end).contains("\"result\":\"ABORTED\"");
    }

    @Test
    void aStopForAnotherExecutorIsNotItsBusiness() throws Exception {
        ZuulExecutor one = executor(jobs, 1, "x");
        Jobs others = new Jobs();
        ZuulExecutor two = executor(others, 1, "y");
        assertThat(one.identity().manager()).isNotEqualTo(two.identity().manager());
        build("x", "u1");
        onlyJob();
        Submitted stop = stop(two, "x", "u1");
        await().until(stop::isEnded);
        assertThat(stop.end).isEqualTo("fail");
        assertThat(jobs.begun.get(0).stops).isEmpty();
    }

    @Test
    void describesAJob() throws Exception {
        ZuulExecutor executor = executor(jobs, 1, "x");
        build("x", "u1");
        Jobs.Begun job = onlyJob();
        Submitted described = zuul.submit(
                GearmanPacketType.SUBMIT_JOB_LOW,
                "set_description:" + executor.identity().manager(),
                "d1",
                "{\"name\":\"x\",\"number\":\"u1\",\"html_description\":\"<b>change</b>\"}");
        await().until(described::isEnded);
        assertThat(job.descriptions).containsExactly("<b>change</b>");
    }

    @Test
    void stopsItsJobsWhenTheServerIsLostAndServesTheOneThatFollows() throws Exception {
        executor(jobs, 1, "x");
        build("x", "u1");
        Jobs.Begun old = onlyJob();
        old.endsWhenStopped = false;
        server.close();
        await().until(() -> old.stops.size() == 1);

        server = startServer(port);
        zuul = new GearmanTestClient(port);
        open.add(zuul);
        Submitted build = build("x", "u2");
        await().atMost(Duration.ofSeconds(60)).until(() -> jobs.begun.size() == 2);
        old.reporter.finished("FAILURE");
        jobs.begun.get(1).reporter.finished("SUCCESS");
        await().until(build::isEnded);
        assertThat(build.end).contains("\"result\":\"SUCCESS\"");
    }

    @Test
    void stopsAJobWhoseClientHasGone() throws Exception {
        executor(jobs, 1, "x");
        build("x", "u1");
        Jobs.Begun job = onlyJob();
        zuul.close();
        await().until(() -> job.stops.size() == 1);
    }

    @Test
    void drainingEndsWithTheLastJob() throws Exception {
        ZuulExecutor executor = executor(jobs, 5, "x");
        Submitted build = build("x", "u1");
        Jobs.Begun job = onlyJob();
        CompletableFuture<Void> idle = executor.drain();
        assertThat(idle).isNotDone();
        job.reporter.finished("SUCCESS");
        await().until(idle::isDone);
        await().until(build::isEnded);
    }

    @Test
    void closingAfterDrainingLosesNoResult() throws Exception {
        ZuulExecutor executor = executor(jobs, 200, "x");
        List<Submitted> builds = new ArrayList<>();
        for (int i = 0; i < 200; i++) {
            builds.add(build("x", "u" + i));
        }
        await().until(() -> jobs.begun.size() == 200);
        CompletableFuture<Void> idle = executor.drain();
        jobs.begun.forEach(job -> job.reporter.finished("SUCCESS " + "x".repeat(10_000)));
        idle.get(60, TimeUnit.SECONDS);
        executor.close();
        await().until(() -> builds.stream().allMatch(Submitted::isEnded));
        assertThat(builds).allMatch(build -> build.end.contains("\"result\":\"SUCCESS"));
    }

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

    @Test
    void answersForAnExecutorWhoseJobItWasHanded() throws Exception {
        ZuulExecutor executor = executor(jobs, 1, "x");
        AutoCloseable former = executor.answerFor("manager-that-is-no-more");
        build("x", "u1");
        Jobs.Begun job = onlyJob();
        await().until(() -> zuul.functions().contains("stop:manager-that-is-no-more"));
        zuul.submit(
                GearmanPacketType.SUBMIT_JOB_HIGH,
                "stop:manager-that-is-no-more",
                "s1",
                "{\"name\":\"x\",\"number\":\"u1\"}");
        await().until(() -> job.stops.size() == 1);
        former.close();
        await().until(() -> !zuul.functions().contains("stop:manager-that-is-no-more"));
        assertThat(zuul.functions()).contains("stop:" + executor.identity().manager());
    }

    private Jobs.Begun onlyJob() {
        await().until(() -> jobs.begun.size() == 1);
        return jobs.begun.get(0);
    }

    private Jobs.Begun job(String unique) {
        return jobs.begun.stream()
                .filter(job -> job.request.unique().equals(unique))
                .findFirst()
                .orElseThrow();
    }

    private Submitted build(String job, String unique) throws Exception {
        return zuul.submit("build:" + job, unique, "{\"ZUUL_UUID\":\"" + unique + "\"}");
    }

    private Submitted stop(ZuulExecutor executor, String name, String number) throws Exception {
        return zuul.submit(
                GearmanPacketType.SUBMIT_JOB_HIGH,
                "stop:" + executor.identity().manager(),
                "stop-" + number,
                "{\"name\":\"" + name + "\",\"number\":\"" + number + "\"}");
    }

    private ZuulExecutor executor(ZuulBackend backend, int capacity, String... names) {
        return executor(backend, new CapacityAdmission(capacity), names);
    }

    private ZuulExecutor executor(ZuulBackend backend, Admission admission, String... names) {
        return executorOf(List.of(port), backend, admission, names);
    }

    private ZuulExecutor executorOf(List<Integer> ports, ZuulBackend backend, Admission admission, String... names) {
        ZuulExecutor executor = new ZuulExecutor(
                ports.stream().map(p -> GearmanServer.plain("127.0.0.1", p)).toList(),
                ExecutorIdentity.ofThisProcess("distributed-test", "test"),
                backend,
                admission,
                QUICK,
                new SimpleMeterRegistry());
        open.add(executor);
        executor.setJobs(List.of(names));
        executor.start();
        List<String> functions = Stream.of(names).map(name -> "build:" + name).toList();
        await().until(() -> executor.status().stream().allMatch(WorkerStatus::isConnected)
                && zuul.functions().containsAll(functions));
        return executor;
    }
}
