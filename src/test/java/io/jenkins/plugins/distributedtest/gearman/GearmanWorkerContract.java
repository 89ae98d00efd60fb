package io.jenkins.plugins.distributedtest.gearman;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.jenkins.plugins.distributedtest.gearman.GearmanTestClient.Submitted;
import io.jenkins.plugins.distributedtest.testing.FreePorts;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.atomic.AtomicReference;
import java.util.stream.Stream;
import org.gearman.common.GearmanPacketType;
import org.junit.jupiter.api.Test;

/** What a worker does, whichever of the two servers it works for. */
abstract class GearmanWorkerContract extends GearmanWorkerFixture {
    abstract void hang(AutoCloseable running) throws Exception;

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
    void aRequestThatIsTooLongFailsAlone() throws Exception {
        Keeper keeper = new Keeper();
        GearmanWorker worker = worker(keeper, 2, "f");
        GearmanTestClient client = client();
        client.submit("f", "runs", "x");
        GearmanJob running = only(keeper);

        Submitted tooLong = client.submit("f", "too long", "x".repeat(17 << 20));
        await().atMost(Duration.ofSeconds(30)).until(tooLong::isEnded);
        assertThat(tooLong.end).isEqualTo("fail");
        assertThat(running.isLive()).as("the other job goes on").isTrue();
        assertThat(keeper.lost).isEmpty();
        assertThat(worker.status().lastError()).contains("too long", "17 MiB", "at most 16 MiB");

        Submitted next = client.submit("f", "next", "y");
        await().until(() -> keeper.assigned.size() == 2);
        keeper.assigned.get(1).complete(bytes("z"));
        await().until(next::isEnded);
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
    void whatAHandlerAsksForHoldsForTheNextJob() throws Exception {
        AtomicReference<GearmanWorker> worker = new AtomicReference<>();
        Keeper keeper = new Keeper() {
            @Override
            public void assigned(GearmanJob job) {
                super.assigned(job);
                job.complete(job.payload());
                worker.get().setDemand(List.of(job.function().equals("f") ? "g" : "f"), 1);
            }
        };
        worker.set(worker(keeper, 0, "f", "g"));
        GearmanTestClient client = client();
        List<Submitted> jobs = new ArrayList<>();
        for (String function : List.of("f", "f", "g", "g")) {
            jobs.add(client.submit(function, "u" + jobs.size(), ""));
        }
        await().until(() -> jobs.stream().allMatch(job -> job.handle != null));
        worker.get().setDemand(List.of("f"), 1);
        await().until(() -> jobs.stream().allMatch(Submitted::isEnded));
        assertThat(keeper.assigned.stream().map(GearmanJob::function)).containsExactly("f", "g", "f", "g");
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
}
