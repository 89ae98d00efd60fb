package io.jenkins.plugins.distributedtest.gearman;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.jenkins.plugins.distributedtest.gearman.GearmanTestClient.Submitted;
import io.jenkins.plugins.distributedtest.loop.EventLoop;
import io.jenkins.plugins.distributedtest.testing.FreePorts;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.gearman.common.GearmanPacketType;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What a worker does, whichever of the two servers it works for. */
abstract class GearmanWorkerContract {
    private static final GearmanWorker.Timing QUICK =
            new GearmanWorker.Timing(Duration.ofMillis(100), Duration.ofSeconds(2));

    @TempDir
    Path directory;

    final int port = FreePorts.next();
    final EventLoop loop = new EventLoop("gearman-test");
    final SimpleMeterRegistry meters = new SimpleMeterRegistry();
    private final List<AutoCloseable> open = new ArrayList<>();
    private AutoCloseable server;

    /** Keeps jobs and lets the test end them. */
    static class Keeper implements JobHandler {
        final List<GearmanJob> assigned = new CopyOnWriteArrayList<>();
        final List<String> lost = new CopyOnWriteArrayList<>();

        @Override
        public void assigned(GearmanJob job) {
            assigned.add(job);
        }

        @Override
        public void lost(GearmanJob job, String reason) {
            lost.add(job.unique() + ": " + reason);
        }
    }

    /** Ends each job at once with its own payload. */
    static class Echo extends Keeper {
        @Override
        public void assigned(GearmanJob job) {
            super.assigned(job);
            job.complete(job.payload());
        }
    }

    abstract AutoCloseable startServer(int onPort) throws Exception;

    abstract void hang(AutoCloseable running) throws Exception;

    @BeforeEach
    void startServer() throws Exception {
        server = startServer(port);
    }

    @AfterEach
    void stop() throws Exception {
        for (AutoCloseable closeable : open) {
            closeable.close();
        }
        server.close();
        loop.close();
    }

    @Test
    void runsAJobAndReportsInOrder() throws Exception {
        Keeper keeper = new Keeper();
        worker(keeper, 1, "build:x");
        Submitted job = client().submit("build:x", "u1", "{\"a\":\"ü\"}");

        GearmanJob taken = only(keeper);
        assertThat(taken.function()).isEqualTo("build:x");
        assertThat(taken.unique()).isEqualTo("u1");
        assertThat(new String(taken.payload(), StandardCharsets.UTF_8)).isEqualTo("{\"a\":\"ü\"}");
        taken.data(bytes("first"));
        taken.status(0, 100);
        taken.data(bytes("last"));
        taken.complete(bytes("last"));

        await().until(job::isEnded);
        assertThat(job.data).containsExactly("first", "last");
        assertThat(job.statuses).containsExactly("0/100");
        assertThat(job.end).isEqualTo("complete last");
        assertThat(taken.isLive()).isFalse();
    }

    @Test
    void takesJobsOnlyWhileThereIsRoomAndTheCapacityMayChange() throws Exception {
        Keeper keeper = new Keeper();
        GearmanWorker worker = worker(keeper, 2, "f");
        GearmanTestClient client = client();
        for (int i = 0; i < 5; i++) {
            client.submit("f", "u" + i, "");
        }

        await().until(() -> keeper.assigned.size() == 2);
        worker.setCapacity(4);
        await().until(() -> keeper.assigned.size() == 4);
        worker.setCapacity(1);
        keeper.assigned.get(0).complete(bytes(""));
        keeper.assigned.get(1).complete(bytes(""));
        keeper.assigned.get(2).complete(bytes(""));
        await().until(() -> worker.status().jobs().running() == 1);
        assertThat(keeper.assigned).hasSize(4);
        keeper.assigned.get(3).complete(bytes(""));
        await().until(() -> keeper.assigned.size() == 5);
    }

    @Test
    void wakesUpForAJobThatComesWhileItSleeps() throws Exception {
        Echo echo = new Echo();
        worker(echo, 1, "f");
        Submitted first = client().submit("f", "u1", "1");
        await().until(first::isEnded);
        Submitted second = client().submit("f", "u2", "2");
        await().until(second::isEnded);
        assertThat(second.end).isEqualTo("complete 2");
    }

    @Test
    void takesAJobThatWasQueuedBeforeItsFunctionWasRegistered() throws Exception {
        Echo echo = new Echo();
        GearmanWorker worker = worker(echo, 1, "other");
        worker(new Keeper(), 0, "late"); // so that the server knows the function
        Submitted job = client().submit("late", "u1", "x");
        await().until(() -> job.handle != null);
        worker.setFunctions(List.of("other", "late"));
        await().until(job::isEnded);
    }

    @Test
    void registersByDifference() throws Exception {
        Echo echo = new Echo();
        GearmanWorker worker = worker(echo, 1, "a", "b");
        worker.setFunctions(List.of("b", "c"));
        await().until(() -> worker.status().functions() == 2);
        Submitted job = client().submit("c", "u1", "x");
        await().until(job::isEnded);
        worker.setFunctions(List.of("c"));
        Submitted again = client().submit("c", "u2", "y");
        await().until(again::isEnded);
        assertThat(worker.status().lastError()).isEmpty();
    }

    @Test
    void registersFiveThousandFunctions() throws Exception {
        Echo echo = new Echo();
        List<String> functions =
                IntStream.range(0, 5000).mapToObj(i -> "build:job-" + i).toList();
        worker(echo, 1, functions.toArray(String[]::new));
        Submitted job = client().submit("build:job-4999", "u1", "x");
        await().until(job::isEnded);
    }

    @Test
    void runsFiveHundredJobsAtOnceOverOneConnectionWithoutAThreadEach() throws Exception {
        Keeper keeper = new Keeper();
        worker(keeper, 500, "f");
        GearmanTestClient client = client();
        int before = Thread.activeCount();
        List<Submitted> jobs = new ArrayList<>();
        for (int i = 0; i < 500; i++) {
            jobs.add(client.submit("f", "u" + i, Integer.toString(i)));
        }
        await().until(() -> keeper.assigned.size() == 500);
        assertThat(Thread.activeCount() - before).isLessThan(20);
        keeper.assigned.forEach(job -> job.complete(job.payload()));
        await().atMost(Duration.ofSeconds(60)).until(() -> jobs.stream().allMatch(Submitted::isEnded));
        for (int i = 0; i < 500; i++) {
            assertThat(jobs.get(i).end).isEqualTo("complete " + i);
        }
    }

    @Test
    void doesTenThousandShortJobsWithNoneLostOrDoubled() throws Exception {
        Echo echo = new Echo();
        worker(echo, 10, "f");
        GearmanTestClient client = client();
        long from = System.nanoTime();
        List<Submitted> jobs = new ArrayList<>();
        for (int i = 0; i < 10_000; i++) {
            jobs.add(client.submit("f", "u" + i, Integer.toString(i)));
        }
        await().atMost(Duration.ofSeconds(120)).until(() -> jobs.stream().allMatch(Submitted::isEnded));
        double seconds = (System.nanoTime() - from) / 1e9;
        System.out.printf("%s: 10,000 short jobs, %.0f a second%n", getClass().getSimpleName(), 10_000 / seconds);
        assertThat(echo.assigned).hasSize(10_000);
        assertThat(echo.assigned.stream().map(GearmanJob::unique).distinct()).hasSize(10_000);
        for (int i = 0; i < 10_000; i++) {
            assertThat(jobs.get(i).end).isEqualTo("complete " + i);
        }
    }

    @Test
    void losesItsJobsWithTheServerAndComesBack() throws Exception {
        Keeper keeper = new Keeper();
        GearmanWorker worker = worker(keeper, 5, "f");
        client().submit("f", "old", "x");
        GearmanJob old = only(keeper);

        server.close();
        await().until(() -> keeper.lost.size() == 1);
        assertThat(keeper.lost.get(0)).startsWith("old: Lost the connection to the Gearman server 127.0.0.1:" + port);
        assertThat(worker.status().connectedSince()).isNull();
        server = startServer(port);
        await().atMost(Duration.ofSeconds(60)).until(() -> worker.status().connectedSince() != null);

        Submitted job = client().submit("f", "new", "y");
        await().until(() -> keeper.assigned.size() == 2);
        // Handles begin at 1 again: a report about the old job would end the new one.
        assertThat(keeper.assigned.get(1).handle()).isEqualTo(old.handle());
        old.complete(bytes("wrong"));
        keeper.assigned.get(1).complete(bytes("right"));
        await().until(job::isEnded);
        assertThat(job.end).isEqualTo("complete right");
    }

    @Test
    void leavesAServerThatHangs() throws Exception {
        Keeper keeper = new Keeper();
        GearmanWorker worker = worker(keeper, 1, "f");
        client().submit("f", "u1", "x");
        only(keeper);
        hang(server);
        await().atMost(Duration.ofSeconds(60)).until(() -> keeper.lost.size() == 1);
        assertThat(worker.status().lastError()).contains("it has sent nothing for");
    }

    @Test
    void staysWithAServerThatHasNothingToSay() throws Exception {
        GearmanWorker worker = worker(new Keeper(), 1, "f");
        await().pollDelay(Duration.ofSeconds(4)).until(() -> worker.status().connectedSince() != null);
        assertThat(worker.status().lastError()).isEmpty();
    }

    @Test
    void givesUpAJobWhoseClientHasGone() throws Exception {
        Keeper keeper = new Keeper();
        worker(keeper, 1, "f");
        GearmanTestClient client = new GearmanTestClient(port);
        client.submit("f", "u1", "x");
        only(keeper);
        client.close();
        await().until(() -> keeper.lost.size() == 1);

        Submitted next = client().submit("f", "u2", "y");
        await().until(() -> keeper.assigned.size() == 2);
        keeper.assigned.get(1).complete(bytes("z"));
        await().until(next::isEnded);
    }

    @Test
    void neverSeesAJobThatWasCancelledInTheQueue() throws Exception {
        Keeper keeper = new Keeper();
        GearmanWorker worker = worker(keeper, 0, "f");
        GearmanTestClient client = client();
        Submitted cancelled = client.submit("f", "u1", "x");
        await().until(() -> cancelled.handle != null);
        assertThat(client.admin("cancel job " + cancelled.handle)).isEqualTo("OK");
        worker.setCapacity(1);
        Submitted next = client.submit("f", "u2", "y");
        GearmanJob job = only(keeper);
        assertThat(job.unique()).isEqualTo("u2");
        job.complete(bytes("y"));
        await().until(next::isEnded);
    }

    @Test
    void drainingTakesNoMoreAndFinishesWhatRuns() throws Exception {
        Keeper keeper = new Keeper();
        GearmanWorker worker = worker(keeper, 5, "f");
        Submitted job = client().submit("f", "u1", "x");
        GearmanJob taken = only(keeper);
        worker.drain();
        Submitted waits = client().submit("f", "u2", "x");
        await().until(() -> waits.handle != null);
        assertThat(job.isEnded()).isFalse();
        taken.complete(bytes("done"));
        await().until(job::isEnded);
        assertThat(job.end).isEqualTo("complete done");
        await().until(() -> worker.status().functions() == 0);
        assertThat(keeper.assigned).hasSize(1);
    }

    @Test
    void aJobWhoseFunctionIsGivenUpGoesOn() throws Exception {
        Keeper keeper = new Keeper();
        GearmanWorker worker = worker(keeper, 5, "f", "g");
        Submitted job = client().submit("f", "u1", "x");
        GearmanJob taken = only(keeper);
        worker.setFunctions(List.of("g"));
        Submitted other = client().submit("g", "u2", "x");
        await().until(() -> keeper.assigned.size() == 2);
        keeper.assigned.get(1).complete(bytes("other"));
        await().until(other::isEnded);
        assertThat(job.isEnded()).isFalse();
        taken.complete(bytes("done"));
        await().until(job::isEnded);
        assertThat(job.end).isEqualTo("complete done");
        await().until(() -> worker.status().functions() == 1);
    }

    @Test
    void aHandlerThatThrowsFailsTheJobAndNotTheWorker() throws Exception {
        Keeper keeper = new Keeper() {
            @Override
            public void assigned(GearmanJob job) {
                super.assigned(job);
                if (job.unique().equals("bad")) {
                    throw new IllegalStateException("as planned");
                }
                if (job.unique().equals("worse")) {
                    throw new StackOverflowError("as planned");
                }
                job.complete(job.payload());
            }
        };
        worker(keeper, 1, "f");
        Submitted bad = client().submit("f", "bad", "x");
        await().until(bad::isEnded);
        assertThat(bad.end).isEqualTo("fail");
        Submitted worse = client().submit("f", "worse", "x");
        await().until(worse::isEnded);
        assertThat(worse.end).isEqualTo("fail");
        Submitted good = client().submit("f", "good", "x");
        await().until(good::isEnded);
    }

    @Test
    void servesSeveralServersAtOnce() throws Exception {
        int otherPort = FreePorts.next();
        try (AutoCloseable other = startServer(otherPort)) {
            Echo echo = new Echo();
            worker(echo, 1, "f");
            workerOf(otherPort, echo, 1, "f");
            Submitted here = client().submit("f", "u1", "here");
            Submitted there;
            try (GearmanTestClient client = new GearmanTestClient(otherPort)) {
                there = client.submit("f", "u1", "there");
                await().until(there::isEnded);
            }
            await().until(here::isEnded);
            assertThat(Stream.of(here.end, there.end)).containsExactly("complete here", "complete there");
        }
    }

    @Test
    void closingLosesWhatRuns() throws Exception {
        Keeper keeper = new Keeper();
        GearmanWorker worker = worker(keeper, 1, "f");
        client().submit("f", "u1", "x");
        only(keeper);
        worker.close();
        await().until(() -> keeper.lost.size() == 1);
        assertThat(worker.status().connectedSince()).isNull();
    }

    @Test
    void highPriorityGoesFirst() throws Exception {
        Keeper keeper = new Keeper();
        GearmanWorker worker = worker(keeper, 0, "f");
        GearmanTestClient client = client();
        client.submit(GearmanPacketType.SUBMIT_JOB_LOW, "f", "low", "");
        Submitted last = client.submit(GearmanPacketType.SUBMIT_JOB_HIGH, "f", "high", "");
        await().until(() -> last.handle != null);
        worker.setCapacity(2);
        await().until(() -> keeper.assigned.size() == 2);
        assertThat(keeper.assigned.stream().map(GearmanJob::unique)).containsExactly("high", "low");
    }

    GearmanJob only(Keeper keeper) {
        await().until(() -> keeper.assigned.size() == 1);
        return keeper.assigned.get(0);
    }

    GearmanWorker worker(JobHandler handler, int capacity, String... functions) {
        return workerOf(port, handler, capacity, functions);
    }

    private GearmanWorker workerOf(int serverPort, JobHandler handler, int capacity, String... functions) {
        GearmanWorker worker =
                new GearmanWorker(GearmanServer.plain("127.0.0.1", serverPort), "test", loop, handler, QUICK, meters);
        open.add(worker);
        worker.setFunctions(List.of(functions));
        worker.setCapacity(capacity);
        worker.start();
        await().until(() -> worker.status().functions() == functions.length
                && worker.status().connectedSince() != null);
        return worker;
    }

    GearmanTestClient client() throws IOException {
        GearmanTestClient client = new GearmanTestClient(port);
        open.add(client);
        return client;
    }

    static byte[] bytes(String text) {
        return text.getBytes(StandardCharsets.UTF_8);
    }
}
