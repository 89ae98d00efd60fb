package io.jenkins.plugins.distributedtest.listener;

import static io.jenkins.plugins.distributedtest.listener.ListenerFixture.eventually;
import static org.assertj.core.api.Assertions.assertThat;

import com.rabbitmq.client.Channel;
import com.rabbitmq.client.Connection;
import io.jenkins.plugins.distributedtest.amqp.BrokerAddress;
import io.jenkins.plugins.distributedtest.callback.Callbacks;
import io.jenkins.plugins.distributedtest.suite.FileStatus;
import io.jenkins.plugins.distributedtest.suite.TestCase;
import io.jenkins.plugins.distributedtest.suite.WorkerId;
import io.jenkins.plugins.distributedtest.sync.FetchedTree;
import io.jenkins.plugins.distributedtest.testing.Cable;
import io.jenkins.plugins.distributedtest.wire.CallbackSpec;
import io.jenkins.plugins.distributedtest.wire.Names;
import io.jenkins.plugins.distributedtest.wire.NativeMessage;
import io.jenkins.plugins.distributedtest.wire.NativeMessage.Left.Reason;
import io.jenkins.plugins.distributedtest.wire.RunKey;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What a listener does in the native dialect, on whichever broker. */
abstract class NativeListenerContract {
    @TempDir
    Path work;

    final FakeRunners runners = new FakeRunners();
    private final List<AutoCloseable> open = new ArrayList<>();
    BrokerAddress address;

    abstract BrokerAddress address();

    @BeforeEach
    void findBroker() {
        address = address();
    }

    @AfterEach
    void closeAll() throws Exception {
        for (int i = open.size() - 1; i >= 0; i--) {
            open.get(i).close();
        }
    }

    <T extends AutoCloseable> T opened(T resource) {
        open.add(resource);
        return resource;
    }

    ListenerFixture listener(int slots) throws IOException {
        return opened(new ListenerFixture(address, work, slots, runners));
    }

    NativeOriginator originator() throws Exception {
        return opened(new NativeOriginator(address));
    }

    @Test
    void runsTheFilesOfARunInOrderAndLeavesWhenItIsFinished() throws Exception {
        NativeOriginator originator = originator();
        ListenerFixture fixture = listener(1);
        originator.files("a", "fail1", "crash1", "b").define();

        originator.awaitFinished(4);
        originator.finish();
        NativeMessage.Left left = originator.await(NativeMessage.Left.class);

        assertThat(left.reason()).isEqualTo(Reason.DONE);
        assertThat(originator.replies.get(0)).isInstanceOf(NativeMessage.Preparing.class);
        assertThat(originator.await(NativeMessage.Ready.class).treeDigest()).isEqualTo("digest");
        assertThat(originator.started()).containsExactly("a", "fail1", "crash1", "b");
        assertThat(originator.finished()).containsExactly("a", "fail1", "crash1", "b");
        assertThat(originator.got(NativeMessage.Finish.class))
                .extracting(f -> f.result().status())
                .containsExactly(FileStatus.PASSED, FileStatus.FAILED, FileStatus.CRASHED, FileStatus.PASSED);
        NativeMessage.Finish crash = originator.got(NativeMessage.Finish.class).get(2);
        assertThat(crash.result().exitCode()).isEqualTo(137);
        assertThat(crash.result().signal()).isEqualTo("KILL");
        assertThat(crash.worker().listener()).isEqualTo(fixture.listener.id());
        assertThat(fixture.workspaces()).isEmpty();
        assertThat(runners.opened.get(0).closed).isTrue();
        eventually(
                "the status has no run", () -> fixture.listener.status().runs().isEmpty());
        assertThat(fixture.listener.status().filesRun()).isEqualTo(4);
        assertThat(fixture.meters
                        .get("distributed_test.listener.files")
                        .tag("status", "crashed")
                        .counter()
                        .count())
                .isEqualTo(1);
    }

    @Test
    void casesOfLargeFilesAreToldBeforeTheirEndWhereTheOriginatorTakesThem() throws Exception {
        NativeOriginator originator = originator();
        originator.casesApart = true;
        ListenerFixture fixture = listener(1);
        originator.files("many1", "many2").define();
        originator.awaitFinished(2);

        List<NativeMessage.Cases> parts = originator.got(NativeMessage.Cases.class);
        for (NativeMessage.Finish finish : originator.got(NativeMessage.Finish.class)) {
            List<TestCase> all = new ArrayList<>();
            for (NativeMessage.Cases part : parts) {
                if (part.file().equals(finish.result().file().path())) {
                    assertThat(part.from()).isEqualTo(all.size());
                    assertThat(part.lease()).isEqualTo(finish.lease());
                    assertThat(part.worker()).isEqualTo(finish.worker());
                    all.addAll(part.cases());
                }
            }
            assertThat(finish.casesBefore()).isEqualTo(all.size()).isPositive();
            all.addAll(finish.result().cases());
            assertThat(all)
                    .extracting(TestCase::name)
                    .containsExactlyElementsOf(IntStream.range(0, FakeRunners.MANY)
                            .mapToObj(i -> "case " + i)
                            .toList());
        }
        assertThat(fixture.listener.status().filesRun()).isEqualTo(2);
    }

    @Test
    void anOriginatorThatDoesNotTakeCasesGetsThemWithTheResult() throws Exception {
        NativeOriginator originator = originator();
        listener(1);
        originator.files("many1").define();
        originator.awaitFinished(1);
        NativeMessage.Finish finish = originator.await(NativeMessage.Finish.class);
        assertThat(finish.result().cases()).hasSize(FakeRunners.MANY);
        assertThat(finish.casesBefore()).isZero();
        assertThat(originator.got(NativeMessage.Cases.class)).isEmpty();
    }

    @Test
    void announcesItselfAndTakesPartInARunThatIsUnderWay() throws Exception {
        NativeOriginator originator = originator();
        originator.files("a");
        ListenerFixture fixture = listener(1);

        eventually("the announcement comes", () -> !originator.announcements.isEmpty());
        NativeMessage.Announcement announcement = originator.announcements.get(0);
        assertThat(announcement.listener()).isEqualTo(fixture.listener.id());
        originator.send("", announcement.inbox(), originator.definition());

        originator.awaitFinished(1);
    }

    @Test
    void servesOneRunAndNoOtherWhenItIsStartedForThat() throws Exception {
        NativeOriginator its = originator();
        NativeOriginator another = originator();
        another.files("x").define();
        its.files("a");
        ListenerFixture fixture = opened(new ListenerFixture(
                address,
                work.resolve("one-run"),
                1,
                runners,
                (job, workspace) -> new FetchedTree("digest", workspace, 0.5, true),
                new OneRun(its.runId, "the-listener")));

        eventually("both hear of it", () -> !its.announcements.isEmpty() && !another.announcements.isEmpty());
        another.send("", another.announcements.get(0).inbox(), another.definition());
        another.toAll(new NativeMessage.Ping(Names.replies(another.runId)));
        its.send("", its.announcements.get(0).inbox(), its.definition());

        its.awaitFinished(1);
        assertThat(its.got(NativeMessage.Finish.class).get(0).worker().listener())
                .isEqualTo("the-listener");
        assertThat(another.replies).isEmpty();
        assertThat(fixture.listener.status().runs())
                .extracting(ListenerStatus.Run::id)
                .containsExactly(its.runId);
    }

    private ListenerFixture listenerOf(NativeOriginator originator, String id, RunKey key) throws Exception {
        return opened(new ListenerFixture(
                address,
                work.resolve(id),
                1,
                runners,
                (job, workspace) -> new FetchedTree("digest", workspace, 0.5, true),
                new OneRun(originator.runId, id, key, null)));
    }

    @Test
    void secretsAreSeenWhereTheKeyIsAndNobodyElseTakesPart() throws Exception {
        NativeOriginator originator = originator();
        RunKey key = RunKey.create();
        originator.environment = Map.of("COLOUR", "blue", "TOKEN", "of the definition");
        originator.sealed = key.seal(Map.of("TOKEN", "hunter2"));
        ListenerFixture anybody = listener(1);
        ListenerFixture withoutKey = listenerOf(originator, "without", null);
        ListenerFixture withAnother = listenerOf(originator, "another", RunKey.create());
        originator.files("a").define();
        eventually(
                "a wrong key is told",
                () -> withAnother.listener.status().lastProblem().contains("another key"));
        originator.toAll(new NativeMessage.Ping(Names.replies(originator.runId)));
        originator.await(NativeMessage.PingResponse.class);
        assertThat(originator.got(NativeMessage.Preparing.class)).isEmpty();

        listenerOf(originator, "with", key);

        eventually("it has come", () -> !originator.announcements.isEmpty());
        originator.define();
        originator.awaitFinished(1);
        assertThat(originator.got(NativeMessage.Finish.class).get(0).worker().listener())
                .isEqualTo("with");
        assertThat(runners.opened).hasSize(1);
        assertThat(runners.opened.get(0).environment.environment())
                .containsEntry("TOKEN", "hunter2")
                .containsEntry("COLOUR", "blue");
        assertThat(List.of(anybody, withoutKey, withAnother))
                .allSatisfy(each -> assertThat(each.listener.status().runs()).isEmpty());
    }

    @Test
    void answersAPingWhileItIsBusy() throws Exception {
        NativeOriginator originator = originator();
        runners.hold("long");
        ListenerFixture fixture = listener(1);
        originator.files("long").define();
        eventually("it is busy", () -> fixture.listener.status().busy() == 1);

        originator.toAll(new NativeMessage.Ping(Names.replies(originator.runId)));

        NativeMessage.PingResponse response = originator.await(NativeMessage.PingResponse.class);
        assertThat(response.busy()).isEqualTo(1);
        assertThat(response.slots()).isEqualTo(1);
        assertThat(response.runners()).containsExactly("command");
        runners.release("long");
    }

    /** W9. */
    @Test
    void w9SurvivesPoisonMessagesInEveryQueueItReads() throws Exception {
        NativeOriginator originator = originator();
        ListenerFixture fixture = listener(1);
        List<byte[]> poison = List.of(
                "not json".getBytes(StandardCharsets.UTF_8),
                new byte[] {(byte) 0xff, (byte) 0xfe, 0},
                "[]".getBytes(StandardCharsets.UTF_8),
                "null".getBytes(StandardCharsets.UTF_8),
                "{\"type\":\"job_definition\"}".getBytes(StandardCharsets.UTF_8),
                "{\"type\":\"job_definition\",\"run_id\":\"../x\"}".getBytes(StandardCharsets.UTF_8),
                "{\"type\":\"cancel_run\"}".getBytes(StandardCharsets.UTF_8),
                "{\"type\":\"ping\"}".getBytes(StandardCharsets.UTF_8),
                "{\"type\":\"ping\",\"reply_queue\":\"\"}".getBytes(StandardCharsets.UTF_8),
                new byte[0]);
        for (byte[] body : poison) {
            originator.channel.basicPublish(Names.jobs(null), "", NativeOriginator.JSON, body);
            originator.channel.basicPublish("", Names.inbox(fixture.listener.id()), NativeOriginator.JSON, body);
            originator.channel.basicPublish("", Names.files(originator.runId), NativeOriginator.JSON, body);
        }
        originator.file("../outside", 1, 0);
        originator.file("/etc/passwd", 1, 0);
        originator.files("good").define();

        originator.awaitFinished(1);

        assertThat(runners.filesRun()).containsExactly("good");
        assertThat(fixture.meters
                        .get("distributed_test.listener.refused.messages")
                        .counter()
                        .count())
                .isGreaterThan(20);
        assertThat(fixture.listener.status().connectedSince()).isNotNull();
    }

    /** W7. */
    @Test
    void w7IgnoresTheDefinitionOfARunThatHasEnded() throws Exception {
        ListenerFixture fixture = listener(1);
        NativeOriginator gone = originator();
        NativeMessage.JobDefinition stale = gone.definition();
        gone.close();
        NativeOriginator originator = originator();

        originator.toAll(stale);
        originator.files("a").define();
        originator.awaitFinished(1);

        assertThat(runners.opened).hasSize(1);
        assertThat(fixture.listener.status().runs()).hasSize(1);
    }

    /** W7. */
    @Test
    void w7ServesSeveralRunsAtOnceFileByFile() throws Exception {
        NativeOriginator first = originator();
        NativeOriginator second = originator();
        runners.hold("first");
        ListenerFixture fixture = listener(1);
        String[] a = IntStream.range(0, 20).mapToObj(i -> "a" + i).toArray(String[]::new);
        String[] b = IntStream.range(0, 20).mapToObj(i -> "b" + i).toArray(String[]::new);
        first.files("first");
        // Known to be long, each is fetched when it is due: what is sent ahead comes as the broker likes.
        for (int i = 0; i < a.length; i++) {
            first.file(a[i], 1, 100);
            second.file(b[i], 1, 100);
        }
        first.define();
        eventually("the slot is busy", () -> fixture.listener.status().busy() == 1);
        second.define();
        second.await(NativeMessage.Ready.class);

        runners.release("first");
        first.awaitFinished(21);
        second.awaitFinished(20);

        List<String> order = runners.filesRun();
        assertThat(order).hasSize(41).doesNotHaveDuplicates();
        for (int end = 1; end < order.size(); end++) {
            List<String> prefix = order.subList(1, end + 1);
            long ofA = prefix.stream().filter(f -> f.startsWith("a")).count();
            assertThat(Math.abs(2 * ofA - prefix.size()))
                    .as("the runs alternate up to %s", prefix)
                    .isLessThanOrEqualTo(4);
        }
    }

    @Test
    void servesTwoRunsFairlyOnTwoSlotsWhenFilesAreLong() throws Exception {
        NativeOriginator first = originator();
        NativeOriginator second = originator();
        List<String> all = new ArrayList<>();
        for (int i = 0; i < 4; i++) {
            all.add("a" + i);
            all.add("b" + i);
        }
        runners.hold(all.toArray(String[]::new)).hold("hold1", "hold2");
        ListenerFixture fixture = listener(2);
        for (String file : List.of("hold1", "hold2", "a0", "a1", "a2", "a3")) {
            first.file(file, 1, 100);
        }
        first.define();
        eventually("both slots are busy", () -> fixture.listener.status().busy() == 2);
        for (String file : List.of("b0", "b1", "b2", "b3")) {
            second.file(file, 1, 100);
        }
        second.define();
        second.await(NativeMessage.Ready.class);

        runners.release("hold1", "hold2");
        for (int i = 0; i < 4; i++) {
            int done = 2 * i;
            eventually("two more run", () -> runners.ran.size() == 2 + done + 2 && runners.running.size() == 2);
            assertThat(runners.running).as("one of each run").anyMatch(f -> f.startsWith("a"));
            assertThat(runners.running).as("one of each run").anyMatch(f -> f.startsWith("b"));
            runners.release(runners.running.toArray(String[]::new));
        }
        first.awaitFinished(6);
        second.awaitFinished(4);
    }

    @Test
    void aLongFileDoesNotHoardTheFilesBehindIt() throws Exception {
        NativeOriginator originator = originator();
        ListenerFixture one = listener(1);
        originator.define();
        originator.await(NativeMessage.Ready.class);
        runners.hold("long");
        // A short one first, so that the broker sends ahead.
        originator.files("short", "long", "behind1", "behind2");
        eventually("the long one runs", () -> runners.running.contains("long"));

        FakeRunners others = new FakeRunners();
        ListenerFixture two =
                opened(new ListenerFixture(address, work.resolveSibling(work.getFileName() + "-2"), 1, others));
        eventually(
                "it announces itself",
                () -> originator.announcements.stream()
                        .anyMatch(a -> a.listener().equals(two.listener.id())));
        originator.send("", Names.inbox(two.listener.id()), originator.definition());

        eventually("another listener runs them", () -> others.filesRun().containsAll(List.of("behind1", "behind2")));
        assertThat(runners.filesRun()).containsExactly("short", "long");
        assertThat(one.listener.status().busy()).isEqualTo(1);
        runners.release("long");
        originator.awaitFinished(4);
    }

    @Test
    void nothingStaysUnacknowledgedWhileALongFileRuns() throws Exception {
        NativeOriginator originator = originator();
        runners.hold("long", "expected-long");
        ListenerFixture fixture = listener(2);
        originator.files("long");
        originator.file("expected-long", 1, 100);
        originator.define();
        eventually("both run", () -> runners.running.size() == 2);
        eventually("both started", () -> originator.started().size() == 2);

        fixture.listener.close();
        originator.await(NativeMessage.Left.class);

        // Had the broker still counted them as ours, they would be back now.
        assertThat(originator.filesLeft()).isZero();
    }

    @Test
    void leavesAFileToASiblingWhenToldToAvoidASlot() throws Exception {
        NativeOriginator originator = originator();
        ListenerFixture fixture = listener(2);
        originator.define();
        originator.await(NativeMessage.Ready.class);
        WorkerId slot1 = new WorkerId(fixture.listener.id(), "host", 1);

        for (int i = 0; i < 10; i++) {
            originator.file("f" + i, 2, 0, slot1);
        }
        originator.awaitFinished(10);

        assertThat(runners.ran).extracting(FakeRunners.Ran::slot).containsOnly(2);
    }

    @Test
    void leavesAFileToAnotherListenerWhenToldToAvoidAllOfThisOne() throws Exception {
        NativeOriginator originator = originator();
        ListenerFixture one = listener(1);
        FakeRunners others = new FakeRunners();
        originator.define();
        originator.await(NativeMessage.Ready.class);
        WorkerId mine = new WorkerId(one.listener.id(), "host", 1);
        ListenerFixture two =
                opened(new ListenerFixture(address, work.resolveSibling(work.getFileName() + "-2"), 1, others));
        originator.send("", Names.inbox(two.listener.id()), originator.definition());
        eventually(
                "both are ready",
                () -> originator.got(NativeMessage.Ready.class).size() == 2);

        originator.file("again", 2, 0, mine);
        originator.awaitFinished(1);

        assertThat(others.filesRun()).containsExactly("again");
    }

    @Test
    void runsAFileThatItShouldAvoidWhenNobodyElseTakesIt() throws Exception {
        NativeOriginator originator = originator();
        ListenerFixture one = listener(1);
        originator.define();

        originator.file("again", 2, 0, new WorkerId(one.listener.id(), "host", 1));
        originator.awaitFinished(1);

        assertThat(runners.filesRun()).containsExactly("again");
    }

    @Test
    void heartbeatsTellWhatRuns() throws Exception {
        NativeOriginator originator = originator();
        originator.heartbeatSeconds = 0.05;
        runners.hold("long");
        listener(2);
        originator.files("long").define();

        eventually(
                "a heartbeat lists it",
                () -> originator.got(NativeMessage.Heartbeat.class).stream()
                        .anyMatch(
                                h -> h.running().stream().anyMatch(r -> r.file().equals("long") && r.lease() == 1)));
        runners.release("long");
        originator.awaitFinished(1);
        int finish = originator.replies.indexOf(originator.await(NativeMessage.Finish.class));
        eventually("a heartbeat follows", () -> originator.replies.size() > finish + 2);
        assertThat(originator.replies.subList(finish, originator.replies.size()))
                .filteredOn(NativeMessage.Heartbeat.class::isInstance)
                .allMatch(h -> ((NativeMessage.Heartbeat) h).running().isEmpty());
    }

    @Test
    void aCancelledRunIsKilledAndOthersGoOn() throws Exception {
        NativeOriginator cancelled = originator();
        NativeOriginator other = originator();
        runners.hold("mine", "other");
        ListenerFixture fixture = listener(2);
        cancelled.files("mine").define();
        other.files("other").define();
        eventually("both run", () -> runners.running.size() == 2);

        cancelled.cancel();

        assertThat(cancelled.await(NativeMessage.Left.class).reason()).isEqualTo(Reason.DONE);
        assertThat(runners.running).containsExactly("other");
        assertThat(cancelled.finished()).isEmpty();
        runners.release("other");
        other.awaitFinished(1);
        eventually("one run is left", () -> fixture.listener.status().runs().size() == 1);
        assertThat(fixture.workspaces()).hasSize(1);
    }

    @Test
    void aRunnerThatCannotStartEndsTheShareAndDoesNotDrainTheQueue() throws Exception {
        NativeOriginator originator = originator();
        listener(1);
        originator.files("norunner", "a", "b", "c").define();

        NativeMessage.Left left = originator.await(NativeMessage.Left.class);

        assertThat(left.reason()).isEqualTo(Reason.RUNNER_FAILED);
        assertThat(left.problem()).contains("no runner for norunner");
        assertThat(left.output()).isEqualTo("output of the runner");
        eventually("the others are back in the queue", () -> originator.filesLeft() == 3);
        assertThat(originator.finished()).isEmpty();
    }

    @Test
    void aFailingOpeningCallbackEndsTheShareBeforeItTakesFiles() throws Exception {
        NativeOriginator originator = originator();
        originator.callbacks = new CallbackSpec(
                null, Map.of(Callbacks.BEFORE_CREATING_WORKERS, List.of("sh", "-c", "echo no database; exit 3")));
        ListenerFixture fixture = listener(1);
        originator.files("a").define();

        NativeMessage.Left left = originator.await(NativeMessage.Left.class);

        assertThat(left.reason()).isEqualTo(Reason.CALLBACK_FAILED);
        assertThat(left.problem()).contains("before_creating_workers").contains("exit code 3");
        assertThat(left.output()).contains("no database");
        assertThat(runners.ran).isEmpty();
        assertThat(originator.filesLeft()).isEqualTo(1);
        eventually("its workspace goes", () -> fixture.workspaces().isEmpty());
    }

    @Test
    void aFailingBeforeStartGivesTheFileBack() throws Exception {
        NativeOriginator originator = originator();
        originator.callbacks =
                new CallbackSpec(null, Map.of(Callbacks.BEFORE_START, List.of("sh", "-c", "echo worse; exit 1")));
        listener(1);
        originator.files("a").define();

        assertThat(originator.await(NativeMessage.Left.class).reason()).isEqualTo(Reason.CALLBACK_FAILED);

        assertThat(originator.started()).isEmpty();
        eventually("the file is back", () -> originator.filesLeft() == 1);
    }

    @Test
    void runsEveryCallbackAtItsPlaceOncePerRunOrWorker() throws Exception {
        NativeOriginator originator = originator();
        Path log = Files.createFile(work.resolve("log"));
        Map<String, List<String>> commands = new java.util.HashMap<>();
        for (String name : Callbacks.NAMES) {
            String line = "echo " + name + " ${GORGON_WORKER_ID:-none} $SETTING >> " + log;
            commands.put(name, List.of("sh", "-c", line));
        }
        originator.callbacks = new CallbackSpec(null, commands);
        originator.environment = Map.of("SETTING", "of-the-job");
        listener(1);
        originator.files("a", "b").define();
        originator.awaitFinished(2);
        originator.finish();
        originator.await(NativeMessage.Left.class);

        assertThat(Files.readAllLines(log))
                .containsExactly(
                        "after_sync none of-the-job",
                        "before_creating_workers none of-the-job",
                        "before_start 1 of-the-job",
                        "after_complete 1 of-the-job",
                        "after_creating_workers none of-the-job");
    }

    /** W10. */
    @Test
    void w10CallbacksOfOneRunNeverRunInAnother() throws Exception {
        Path log = Files.createFile(work.resolve("log"));
        listener(1);
        for (String name : List.of("first", "second")) {
            NativeOriginator originator = originator();
            originator.callbacks = new CallbackSpec(
                    null, Map.of(Callbacks.AFTER_SYNC, List.of("sh", "-c", "echo " + name + " >> " + log)));
            originator.files(name).define();
            originator.awaitFinished(1);
            originator.finish();
            originator.await(NativeMessage.Left.class);
        }
        assertThat(Files.readAllLines(log)).containsExactly("first", "second");
    }

    /** W13. */
    @Test
    void w13OutputOfACallbackOverAPipesSizeDoesNotBlock() throws Exception {
        NativeOriginator originator = originator();
        originator.callbacks = new CallbackSpec(
                null,
                Map.of(
                        Callbacks.AFTER_SYNC,
                        List.of("sh", "-c", "head -c 1000000 /dev/zero | tr '\\0' x; head -c 1000000 /dev/zero >&2")));
        listener(1);
        originator.files("a").define();
        originator.awaitFinished(1);
    }

    /** W12. */
    @Test
    void w12LeavesNoQueueBehindWhenItShutsDown() throws Exception {
        ListenerFixture fixture = listener(1);
        String inbox = Names.inbox(fixture.listener.id());
        try (Connection connection = ListenerFixture.connect(address)) {
            assertThat(exists(connection, "job_queue_" + fixture.listener.id())).isTrue();
            fixture.listener.close();
            eventually("the job queue goes", () -> !exists(connection, "job_queue_" + fixture.listener.id()));
            assertThat(exists(connection, inbox)).isFalse();
        }
    }

    static boolean exists(Connection connection, String queue) throws Exception {
        Channel channel = connection.createChannel();
        try {
            channel.queueDeclarePassive(queue);
            channel.close();
            return true;
        } catch (IOException e) {
            // An exclusive queue of a living connection may not be looked at.
            return String.valueOf(e.getCause()).contains("RESOURCE_LOCKED")
                    || String.valueOf(e.getCause()).contains("code=405");
        }
    }

    @Test
    void shuttingDownHandsBackAtOnceKillsAndCleansUp() throws Exception {
        NativeOriginator originator = originator();
        runners.hold("long");
        ListenerFixture fixture = listener(1);
        originator.files("long", "behind").define();
        eventually("it runs", () -> originator.started().contains("long"));

        fixture.listener.close();

        assertThat(originator.await(NativeMessage.Left.class).reason()).isEqualTo(Reason.SHUTDOWN);
        assertThat(originator.finished()).isEmpty();
        assertThat(runners.running).isEmpty();
        assertThat(fixture.workspaces()).isEmpty();
        eventually("what was not begun is in the queue", () -> originator.filesLeft() == 1);
        assertThat(Thread.getAllStackTraces().keySet())
                .extracting(Thread::getName)
                .noneMatch(
                        name -> name.equals("listener-" + fixture.listener.id().substring(0, 8)));
    }

    @Test
    void aRunWhoseOriginatorIsSilentIsAbandonedAndItsQueuesGo() throws Exception {
        NativeOriginator originator = originator();
        originator.heartbeatSeconds = 0.05;
        originator.silenceSeconds = 0.1;
        runners.hold("long");
        ListenerFixture fixture = listener(1);
        originator.files("long", "behind").define();
        eventually("it runs", () -> runners.running.contains("long"));

        try (Connection connection = ListenerFixture.connect(address)) {
            eventually("the files queue goes", () -> !exists(connection, Names.files(originator.runId)));
            eventually("the reply queue goes", () -> !exists(connection, Names.replies(originator.runId)));
        }
        eventually("the file is killed", () -> runners.running.isEmpty());
        eventually("the run is left", () -> fixture.listener.status().runs().isEmpty());
        assertThat(fixture.listener.status().lastProblem()).contains("abandoned");
        assertThat(fixture.workspaces()).isEmpty();
    }

    @Test
    void aRunWhoseOriginatorShowsItselfIsNotAbandoned() throws Exception {
        NativeOriginator originator = originator();
        originator.heartbeatSeconds = 0.05;
        originator.silenceSeconds = 0.2;
        runners.hold("long");
        listener(1);
        originator.files("long").define();
        for (int beats = 0; beats < 40; beats++) {
            int before = originator.got(NativeMessage.Heartbeat.class).size();
            eventually(
                    "time passes",
                    () -> originator.got(NativeMessage.Heartbeat.class).size() > before);
            originator.toAll(new NativeMessage.OriginatorHeartbeat(originator.runId));
        }
        runners.release("long");
        originator.awaitFinished(1);
    }

    /** W8, for the native dialect: replies go where they cannot close a channel. */
    @Test
    void w8SurvivesARunThatVanishesWhileItReplies() throws Exception {
        NativeOriginator vanishing = originator();
        runners.hold("long");
        ListenerFixture fixture = listener(1);
        vanishing.files("long").define();
        eventually("it runs", () -> runners.running.contains("long"));
        vanishing.close();
        runners.release("long");
        eventually("it has run", () -> fixture.listener.status().filesRun() == 1);

        NativeOriginator next = originator();
        next.files("a", "b").define();
        next.awaitFinished(2);
        assertThat(fixture.meters
                        .get("distributed_test.listener.broker.connects")
                        .counter()
                        .count())
                .isEqualTo(1);
    }

    @Test
    void whatRunsGoesOnWithoutAConnectionAndIsToldInOrderAfterwards() throws Exception {
        NativeOriginator originator = originator();
        originator.heartbeatSeconds = 0.05;
        runners.hold("first", "second", "third");
        Cable cable = opened(new Cable(address));
        ListenerFixture fixture = opened(new ListenerFixture(cable.address(), work, 2, runners));
        for (String file : List.of("first", "second", "third")) {
            originator.file(file, 1, 100);
        }
        originator.define();
        eventually("two have begun", () -> originator.started().size() == 2);
        eventually(
                "both are told to run",
                () -> originator.got(NativeMessage.Heartbeat.class).stream()
                        .anyMatch(h -> h.running().size() == 2));

        cable.cut();
        eventually("it notices", () -> fixture.listener.status().connectedSince() == null);
        int before = originator.replies.size();
        runners.release("first");
        eventually("the file ends", () -> fixture.listener.status().filesRun() == 1);
        assertThat(runners.running).containsExactly("second");
        assertThat(originator.finished()).isEmpty();
        cable.mend();
        eventually("it is connected again", () -> fixture.listener.status().connectedSince() != null);
        originator.define();

        eventually("the third begins", () -> originator.started().contains("third"));
        assertThat(originator.finished()).containsExactly("first");
        runners.release("second", "third");
        originator.awaitFinished(3);
        List<NativeMessage> all = List.copyOf(originator.replies);
        List<NativeMessage> after = all.subList(before, all.size());
        int told = after.indexOf(originator.got(NativeMessage.Finish.class).get(0));
        assertThat(after.subList(0, told))
                .as("until the end was told, every heartbeat lists the file")
                .filteredOn(NativeMessage.Heartbeat.class::isInstance)
                .allMatch(h -> lists((NativeMessage.Heartbeat) h, "first"));
        assertThat(after.subList(told, after.size()))
                .as("and none after that")
                .filteredOn(NativeMessage.Heartbeat.class::isInstance)
                .noneMatch(h -> lists((NativeMessage.Heartbeat) h, "first"));
        assertThat(originator.started()).containsExactlyInAnyOrder("first", "second", "third");
        assertThat(originator.finished()).containsExactlyInAnyOrder("first", "second", "third");
        assertThat(runners.filesRun()).containsExactlyInAnyOrder("first", "second", "third");
        assertThat(runners.opened).hasSize(1);
    }

    private static boolean lists(NativeMessage.Heartbeat heartbeat, String file) {
        return heartbeat.running().stream().anyMatch(r -> r.file().equals(file));
    }

    /** What a broker hands out again since it never saw the acknowledgement must not run twice at a time. */
    @Test
    void aFileThatIsHandedOutAgainWhileItRunsIsNotBegunAgain() throws Exception {
        NativeOriginator originator = originator();
        runners.hold("file");
        Cable cable = opened(new Cable(address));
        ListenerFixture fixture = opened(new ListenerFixture(cable.address(), work, 2, runners));
        originator.file("file", 1, 100);
        originator.define();
        eventually("it runs", () -> originator.started().contains("file"));
        cable.cut();
        eventually("it notices", () -> fixture.listener.status().connectedSince() == null);
        originator.file("file", 1, 100);
        originator.files("next");
        cable.mend();
        eventually("it is connected again", () -> fixture.listener.status().connectedSince() != null);
        originator.define();

        originator.awaitFinished(1);
        assertThat(originator.finished()).containsExactly("next");
        assertThat(runners.filesRun()).containsExactly("file", "next");
        runners.release("file");
        originator.awaitFinished(2);
        assertThat(originator.filesLeft()).isZero();
    }

    /** A broker may hand out what was acknowledged: only the originator knows whether files in the queue are to be run. */
    @Test
    void afterALossNoFileIsTakenBeforeTheOriginatorHasSpoken() throws Exception {
        NativeOriginator originator = originator();
        originator.heartbeatSeconds = 0.05;
        Cable cable = opened(new Cable(address));
        ListenerFixture fixture = opened(new ListenerFixture(cable.address(), work, 2, runners));
        originator.files("file").define();
        originator.awaitFinished(1);
        cable.cut();
        eventually("it notices", () -> fixture.listener.status().connectedSince() == null);
        originator.files("next");
        int before = originator.got(NativeMessage.Heartbeat.class).size();
        cable.mend();
        eventually(
                "it is back, for several heartbeats",
                () -> originator.got(NativeMessage.Heartbeat.class).size() > before + 5);
        // Where the cut was faster than the acknowledgement of the first, that one is in the queue again.
        assertThat(originator.filesLeft()).isBetween(1, 2);
        assertThat(runners.filesRun()).containsExactly("file");

        originator.toAll(new NativeMessage.OriginatorHeartbeat(originator.runId));
        // The end of the first may be told twice, before and after the loss.
        eventually("the next is run", () -> runners.filesRun().equals(List.of("file", "next")));
    }

    @Test
    void aRunThatFindsNoPlaceIsAskedForAgainWhenThereIsOne() throws Exception {
        ListenerFixture fixture = opened(new ListenerFixture(address, work, 1, runners));
        NativeOriginator first = originator().define();
        for (int i = 1; i < Runs.MAX; i++) {
            originator().define();
        }
        eventually(
                "every place is taken", () -> fixture.listener.status().runs().size() == Runs.MAX);
        NativeOriginator late = originator().files("late").define();
        eventually(
                "it is turned away",
                () -> fixture.listener.status().lastProblem().contains(late.runId));
        int before = late.announcements.size();

        first.finish();
        eventually("it is asked for", () -> late.announcements.size() > before);
        late.define();
        late.awaitFinished(1);
    }

    @Test
    void closingWithoutAConnectionEndsEverythingAllTheSame() throws Exception {
        NativeOriginator originator = originator();
        runners.hold("file");
        Cable cable = opened(new Cable(address));
        ListenerFixture fixture = opened(new ListenerFixture(cable.address(), work, 1, runners));
        originator.files("file").define();
        eventually("it runs", () -> originator.started().contains("file"));
        cable.cut();
        eventually("it notices", () -> fixture.listener.status().connectedSince() == null);

        fixture.listener.close();

        assertThat(runners.running).isEmpty();
        assertThat(fixture.workspaces()).isEmpty();
    }

    @Test
    void noThreadIsLeftWhenItIsClosed() throws Exception {
        NativeOriginator done = originator();
        NativeOriginator cut = originator();
        ListenerFixture fixture = listener(3);
        done.files("a", "b", "c").define();
        done.awaitFinished(3);
        done.finish();
        done.await(NativeMessage.Left.class);
        runners.hold("long");
        cut.files("long").define();
        eventually("it runs", () -> runners.running.contains("long"));
        assertThat(ownThreads()).isNotEmpty();

        fixture.listener.close();

        eventually(
                "its threads end; there are " + ownThreads(), () -> ownThreads().isEmpty());
    }

    private static List<String> ownThreads() {
        return Thread.getAllStackTraces().keySet().stream()
                .map(Thread::getName)
                .filter(name -> name.matches("(slot|listener|prepare|closing)-.*"))
                .toList();
    }

    /** W16. */
    @Test
    void w16TwoListenersOnOneHostAndDirectoryShareNoWorkspace() throws Exception {
        NativeOriginator originator = originator();
        FakeRunners others = new FakeRunners();
        others.hold("a", "b");
        runners.hold("a", "b");
        ListenerFixture one = listener(1);
        ListenerFixture two = opened(new ListenerFixture(address, work, 1, others));
        originator.files("a", "b").define();
        eventually("both run", () -> runners.running.size() + others.running.size() == 2);

        assertThat(one.workspaces()).hasSize(2);
        assertThat(runners.opened.get(0).environment.workspace())
                .isNotEqualTo(others.opened.get(0).environment.workspace());
        assertThat(runners.opened.get(0).environment.logDirectory())
                .isNotEqualTo(others.opened.get(0).environment.logDirectory());
        one.listener.close();
        assertThat(others.running).hasSize(1);
        assertThat(two.workspaces()).hasSize(1);
        assertThat(two.workspaces().get(0).resolve("tree")).exists();
        others.release("a", "b");
    }

    @Test
    void jobsOfAnotherClusterAreNotItsBusiness() throws Exception {
        NativeOriginator originator = originator();
        listener(1);
        originator.files("a");
        originator.channel.exchangeDeclare(Names.jobs("other"), "fanout", true);
        originator.send(Names.jobs("other"), "", originator.definition());
        originator.toAll(new NativeMessage.Ping(Names.replies(originator.runId)));
        originator.await(NativeMessage.PingResponse.class);
        assertThat(originator.got(NativeMessage.Preparing.class)).isEmpty();
    }

    @Test
    void aDefinitionThatNamesForeignQueuesIsRefused() throws Exception {
        NativeOriginator originator = originator();
        NativeOriginator victim = originator();
        ListenerFixture fixture = listener(1);
        NativeMessage.JobDefinition d = originator.definition();
        originator.toAll(new NativeMessage.JobDefinition(
                d.runId(),
                d.project(),
                Names.files(victim.runId),
                d.replyQueue(),
                d.heartbeatSeconds(),
                d.silenceSeconds(),
                d.environment(),
                d.sync(),
                d.callbacks(),
                d.runners(),
                d.files(),
                d.casesApart()));
        eventually(
                "it is refused", () -> fixture.listener.status().lastProblem().contains("not its own"));
        assertThat(fixture.listener.status().runs()).isEmpty();
    }

    @Test
    void manyShortFilesRunOnceEachOverSeveralSlots() throws Exception {
        NativeOriginator originator = originator();
        listener(3);
        String[] files = IntStream.range(0, 500).mapToObj(i -> "f" + i).toArray(String[]::new);
        originator.files(files).define();
        originator.awaitFinished(500);

        assertThat(runners.filesRun()).hasSize(500).doesNotHaveDuplicates();
        List<String> seen = new CopyOnWriteArrayList<>();
        for (NativeMessage message : originator.replies) {
            if (message instanceof NativeMessage.Start start) {
                seen.add(start.file());
            } else if (message instanceof NativeMessage.Finish finish) {
                assertThat(seen).contains(finish.result().file().path());
            }
        }
    }
}
