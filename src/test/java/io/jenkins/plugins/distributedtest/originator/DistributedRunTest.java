package io.jenkins.plugins.distributedtest.originator;

import static java.util.concurrent.TimeUnit.SECONDS;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.rabbitmq.client.Channel;
import com.rabbitmq.client.Connection;
import io.jenkins.plugins.distributedtest.amqp.BrokerAddress;
import io.jenkins.plugins.distributedtest.collect.CollectSink;
import io.jenkins.plugins.distributedtest.suite.FileReport;
import io.jenkins.plugins.distributedtest.suite.FileStatus;
import io.jenkins.plugins.distributedtest.suite.RunEnd;
import io.jenkins.plugins.distributedtest.suite.RunReport;
import io.jenkins.plugins.distributedtest.suite.TestFile;
import io.jenkins.plugins.distributedtest.suite.WorkerId;
import io.jenkins.plugins.distributedtest.sync.SyncException;
import io.jenkins.plugins.distributedtest.testing.EmbeddedFixture;
import io.jenkins.plugins.distributedtest.testing.FreePorts;
import io.jenkins.plugins.distributedtest.testing.RealRabbit;
import io.jenkins.plugins.distributedtest.wire.Names;
import io.jenkins.plugins.distributedtest.wire.NativeMessage;
import io.jenkins.plugins.distributedtest.wire.NativeMessage.Left.Reason;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** Runs in the native dialect, on real brokers, with listeners that do as they are told. */
@Timeout(180)
class DistributedRunTest {
    private final Bench bench = new Bench();

    /** The brokers. */
    enum Broker {
        RABBITMQ {
            @Override
            BrokerAddress address() {
                return RealRabbit.shared().address();
            }
        },
        EMBEDDED {
            @Override
            BrokerAddress address() throws Exception {
                return EmbeddedFixture.shared().address();
            }
        };

        abstract BrokerAddress address() throws Exception;
    }

    @AfterEach
    void closeAll() throws Exception {
        bench.close();
    }

    @ParameterizedTest
    @EnumSource(Broker.class)
    void everyFileIsRunOnceAndNothingIsLeftBehind(Broker broker) throws Exception {
        BrokerAddress address = broker.address();
        FakeListener one = bench.listener(address, "one", 2, FakeListener.PASS).start();
        FakeListener two = bench.listener(address, "two", 2, FakeListener.PASS).start();
        Bench.Observed run = bench.run(address, Bench.files(100));
        RunReport report = run.report();
        assertThat(report.end()).isEqualTo(RunEnd.COMPLETED);
        assertThat(report.isGreen()).isTrue();
        assertThat(report.passed()).hasSize(100);
        assertThat(one.ran.size() + two.ran.size()).isEqualTo(100);
        assertThat(report.listeners()).extracting(l -> l.slots()).containsExactly(2, 2);
        assertThat(run.events().get(run.events().size() - 1)).isInstanceOf(RunEvent.Ended.class);
        assertThat(run.offer().attached).hasValue(1);
        assertThat(run.offer().closed).hasValue(1);
        Awaitility.await().atMost(30, SECONDS).untilAsserted(() -> {
            assertThat(one.heard).anyMatch(m -> m instanceof NativeMessage.FinishRun);
            assertThat(two.heard).anyMatch(m -> m instanceof NativeMessage.FinishRun);
        });
        assertNothingLeft(address, run);
    }

    private static void assertNothingLeft(BrokerAddress address, Bench.Observed run) throws Exception {
        try (Connection connection = FakeListener.factory(address).newConnection()) {
            for (String queue : List.of(
                    Names.files(run.run().runId()), Names.replies(run.run().runId()))) {
                Channel channel = connection.createChannel();
                assertThatThrownBy(() -> channel.queueDeclarePassive(queue)).hasStackTraceContaining("404");
            }
        }
    }

    @Test
    void nothingOfARunIsLeftInRabbitMqsList() throws Exception {
        BrokerAddress address = RealRabbit.shared().freshVirtualHost();
        bench.listener(address, "one", 1, FakeListener.PASS).start();
        Bench.Observed run = bench.run(address, Bench.files(3));
        run.report();
        Awaitility.await()
                .atMost(30, SECONDS)
                .untilAsserted(() -> assertThat(RealRabbit.shared()
                                .evaluate("rabbit_amqqueue:list_names(<<\"" + address.virtualHost() + "\">>)."))
                        .doesNotContain(run.run().runId()));
    }

    @ParameterizedTest
    @EnumSource(Broker.class)
    void aListenerThatJoinsLateGetsWork(Broker broker) throws Exception {
        BrokerAddress address = broker.address();
        CountDownLatch secondHasRun = new CountDownLatch(1);
        bench.listener(address, "one", 1, (job, worker) -> {
                    secondHasRun.await(60, SECONDS);
                    return FakeListener.result(job, FileStatus.PASSED);
                })
                .start();
        Bench.Observed run = bench.run(address, Bench.files(5));
        Awaitility.await()
                .atMost(30, SECONDS)
                .until(() -> !run.events(RunEvent.FileStarted.class).isEmpty());
        FakeListener late = bench.listener(address, "late", 1, (job, worker) -> {
                    secondHasRun.countDown();
                    return FakeListener.result(job, FileStatus.PASSED);
                })
                .start();
        assertThat(run.report().passed()).hasSize(5);
        assertThat(late.ran).isNotEmpty();
    }

    @ParameterizedTest
    @EnumSource(Broker.class)
    void w6AListenerThatDiesLosesNoFile(Broker broker) throws Exception {
        BrokerAddress address = broker.address();
        FakeListener dying =
                bench.listener(address, "dying", 2, (job, worker) -> null).start();
        Bench.Observed run = bench.run(address, Bench.files(10));
        Awaitility.await()
                .atMost(30, SECONDS)
                .until(() -> run.events(RunEvent.FileStarted.class).size() == 2);
        dying.die();
        bench.listener(address, "other", 2, FakeListener.PASS).start();
        RunReport report = run.report();
        assertThat(report.end()).isEqualTo(RunEnd.COMPLETED);
        assertThat(report.passed()).hasSize(10);
    }

    @Test
    void aSilentListenersLateResultIsRefused() throws Exception {
        BrokerAddress address = RealRabbit.shared().address();
        CountDownLatch wakeUp = new CountDownLatch(1);
        FakeListener silent = bench.listener(address, "silent", 1, (job, worker) -> {
                    wakeUp.await(60, SECONDS);
                    return FakeListener.result(job, FileStatus.FAILED);
                })
                .start();
        Bench.Observed run = bench.run(address, Bench.files(2));
        Awaitility.await()
                .atMost(30, SECONDS)
                .until(() -> !run.events(RunEvent.FileStarted.class).isEmpty());
        silent.mute();
        Awaitility.await()
                .atMost(30, SECONDS)
                .until(() -> !run.events(RunEvent.LeaseLost.class).isEmpty());
        CountDownLatch letGo = new CountDownLatch(1);
        bench.listener(address, "other", 1, (job, worker) -> {
                    letGo.await(60, SECONDS);
                    return FakeListener.result(job, FileStatus.PASSED);
                })
                .start();
        silent.unmute();
        wakeUp.countDown();
        Awaitility.await()
                .atMost(30, SECONDS)
                .until(() -> !run.events(RunEvent.StaleRefused.class).isEmpty());
        letGo.countDown();
        RunReport report = run.report();
        FileReport first = report.files().get(0);
        assertThat(report.end()).isEqualTo(RunEnd.COMPLETED);
        assertThat(first.attempts())
                .filteredOn(attempt -> attempt.lease() == 1)
                .allSatisfy(a -> assertThat(a.result().status()).isEqualTo(FileStatus.LOST));
    }

    @Test
    void w1ABrokerRestartInTheMiddleLosesNothing() throws Exception {
        try (RealRabbit rabbit = new RealRabbit()) {
            restart(rabbit.address(), () -> {
                rabbit.kill();
                rabbit.start();
            });
        }
    }

    @Test
    void w1ARestartOfTheEmbeddedBrokerLosesNothing() throws Exception {
        try (EmbeddedFixture broker = new EmbeddedFixture()) {
            restart(broker.address(), () -> {
                broker.stop();
                try {
                    broker.start();
                } catch (java.io.IOException e) {
                    throw new java.io.UncheckedIOException(e);
                }
            });
        }
    }

    private void restart(BrokerAddress address, Runnable restart) throws Exception {
        FakeListener.Behaviour slow = (job, worker) -> {
            TimeUnit.MILLISECONDS.sleep(50);
            return FakeListener.result(job, FileStatus.PASSED);
        };
        bench.listener(address, "one", 2, slow).start();
        bench.listener(address, "two", 2, slow).start();
        Bench.Observed run = bench.run(address, Bench.files(80));
        Awaitility.await()
                .atMost(30, SECONDS)
                .until(() -> run.events(RunEvent.FileFinished.class).size() > 10);
        restart.run();
        RunReport report = run.report();
        assertThat(report.problem()).isEmpty();
        assertThat(report.end()).isEqualTo(RunEnd.COMPLETED);
        assertThat(report.passed()).hasSize(80);
        assertThat(run.events(RunEvent.ConnectionLost.class)).isNotEmpty();
        assertThat(run.events(RunEvent.FileFinished.class).stream().filter(RunEvent.FileFinished::isFinal))
                .hasSize(80);
        bench.close();
    }

    @ParameterizedTest
    @EnumSource(Broker.class)
    void w2CancelStopsOnlyItsOwnRun(Broker broker) throws Exception {
        BrokerAddress address = broker.address();
        CountDownLatch go = new CountDownLatch(1);
        FakeListener listener = bench.listener(address, "one", 2, (job, worker) -> {
                    go.await(60, SECONDS);
                    return FakeListener.result(job, FileStatus.PASSED);
                })
                .start();
        Bench.Observed cancelled = bench.run(address, Bench.files(4));
        Bench.Observed other = bench.run(address, Bench.files(4));
        Awaitility.await()
                .atMost(30, SECONDS)
                .until(() -> !cancelled.events(RunEvent.FileStarted.class).isEmpty()
                        && !other.events(RunEvent.ListenerReady.class).isEmpty());
        cancelled.run().cancel("Ctrl-C");
        RunReport report = cancelled.report();
        assertThat(report.end()).isEqualTo(RunEnd.CANCELLED);
        assertThat(report.unfinished()).hasSize(4);
        assertNothingLeft(address, cancelled);
        go.countDown();
        assertThat(other.report().isGreen()).isTrue();
        assertThat(listener.heard)
                .filteredOn(m -> m instanceof NativeMessage.CancelRun)
                .containsExactly(new NativeMessage.CancelRun(cancelled.run().runId(), "Ctrl-C"));
    }

    @Test
    void failFastStopsHandingOutAndReportsTheRest() throws Exception {
        BrokerAddress address = RealRabbit.shared().address();
        bench.failFast = 2;
        bench.listener(address, "one", 1, (job, worker) -> FakeListener.result(job, FileStatus.FAILED))
                .start();
        RunReport report = bench.run(address, Bench.files(50)).report();
        assertThat(report.end()).isEqualTo(RunEnd.FAILED_FAST);
        assertThat(report.failed()).hasSize(2);
        assertThat(report.unfinished()).hasSize(48);
    }

    @Test
    void aRetryGoesToAnotherWorkerWhichMakesTheFileFlaky() throws Exception {
        BrokerAddress address = RealRabbit.shared().address();
        bench.retries = 2;
        AtomicInteger attempts = new AtomicInteger();
        List<NativeMessage.FileJob> jobs = new java.util.concurrent.CopyOnWriteArrayList<>();
        FakeListener.Behaviour failsFirst = (job, worker) -> {
            jobs.add(job);
            return FakeListener.result(job, attempts.getAndIncrement() == 0 ? FileStatus.FAILED : FileStatus.PASSED);
        };
        bench.listener(address, "one", 2, failsFirst).start();
        RunReport report = bench.run(address, Bench.files(1)).report();
        assertThat(report.flaky()).hasSize(1);
        WorkerId failedOn = report.files().get(0).attempts().get(0).worker();
        assertThat(jobs.get(1).avoid()).containsExactly(failedOn);
        assertThat(jobs.get(1).lease()).isEqualTo(2);
    }

    @Test
    void aFileThatTakesDownTwoWorkersIsReportedAsCrashed() throws Exception {
        BrokerAddress address = RealRabbit.shared().address();
        bench.listener(address, "one", 1, (job, worker) -> FakeListener.result(job, FileStatus.CRASHED))
                .start();
        RunReport report = bench.run(address, Bench.files(1)).report();
        assertThat(report.files().get(0).attempts()).hasSize(2);
        assertThat(report.files().get(0).last().result().message()).contains("host-one", "KILL", "output of");
    }

    @Test
    void w6NoListenerEndsTheRunWithAnErrorThatNamesTheBroker() throws Exception {
        BrokerAddress address = RealRabbit.shared().address();
        bench.listenerTimeout = java.time.Duration.ofSeconds(1);
        Bench.Observed run = bench.run(address, Bench.files(1));
        RunReport report = run.report();
        assertThat(report.end()).isEqualTo(RunEnd.ERROR);
        assertThat(report.problem())
                .contains(address.toString(), "cluster " + bench.cluster, "distributed-test listen")
                .doesNotContain("password");
        assertNothingLeft(address, run);
    }

    @Test
    void w6WhenEveryListenerRefusesTheErrorSaysWhyEachDid() throws Exception {
        BrokerAddress address = RealRabbit.shared().address();
        bench.listener(address, "one", 1, FakeListener.PASS)
                .refusing(Reason.CALLBACK_FAILED, "after_sync failed: boom")
                .start();
        bench.listener(address, "two", 1, FakeListener.PASS)
                .withDigest("another")
                .start();
        Bench.Observed run = bench.run(address, Bench.files(1));
        RunReport report = run.report();
        assertThat(report.end()).isEqualTo(RunEnd.ERROR);
        assertThat(report.problem()).contains("after_sync failed: boom", "source tree differs");
        assertThat(report.passed()).isEmpty();
        assertThat(report.isSyncFailed()).isFalse();
    }

    @Test
    void whenNoListenerGetsTheSourcesTheRunSaysThatItWasTheSync() throws Exception {
        BrokerAddress address = RealRabbit.shared().address();
        bench.listener(address, "one", 1, FakeListener.PASS)
                .refusing(Reason.SYNC_FAILED, "rsync: connection refused")
                .start();
        bench.listener(address, "two", 1, FakeListener.PASS)
                .withDigest("another")
                .start();
        RunReport report = bench.run(address, Bench.files(1)).report();
        assertThat(report.end()).isEqualTo(RunEnd.ERROR);
        assertThat(report.problem()).contains("rsync: connection refused", "source tree differs");
        assertThat(report.isSyncFailed()).isTrue();
    }

    @Test
    void w7NothingOfACancelledRunIsLeftThatAListenerCouldServeLater() throws Exception {
        BrokerAddress address = RealRabbit.shared().address();
        Bench.Observed run = bench.run(address, Bench.files(5));
        Awaitility.await()
                .atMost(30, SECONDS)
                .until(() -> !run.events(RunEvent.Published.class).isEmpty());
        run.run().cancel("nobody came");
        assertThat(run.report().end()).isEqualTo(RunEnd.CANCELLED);
        FakeListener later =
                bench.listener(address, "later", 1, FakeListener.PASS).start();
        Bench.Observed next = bench.run(address, Bench.files(2));
        assertThat(next.report().isGreen()).isTrue();
        assertThat(later.heard)
                .noneMatch(m -> m instanceof NativeMessage.JobDefinition job
                        && job.runId().equals(run.run().runId()));
    }

    @Test
    void w9PoisonInTheReplyQueueIsToldAndDropped() throws Exception {
        BrokerAddress address = RealRabbit.shared().address();
        Bench.Observed run = bench.run(address, Bench.files(3));
        Awaitility.await()
                .atMost(30, SECONDS)
                .until(() -> !run.events(RunEvent.Published.class).isEmpty());
        try (Connection connection = FakeListener.factory(address).newConnection();
                Channel channel = connection.createChannel()) {
            for (String poison : List.of(
                    "",
                    "{",
                    "null",
                    "[]",
                    "{\"type\":\"start\"}",
                    "{\"type\":\"ping\"}",
                    "{\"type\":\"finish\",\"lease\":1}",
                    "{\"type\":\"left\"}",
                    "{\"type\":\"heartbeat\"}")) {
                channel.basicPublish(
                        "", Names.replies(run.run().runId()), null, poison.getBytes(StandardCharsets.UTF_8));
            }
            channel.basicPublish("", Names.replies(run.run().runId()), null, new byte[] {(byte) 0xff, 0, 1});
            channel.basicPublish(Names.originators(bench.cluster), "", null, "{}".getBytes(StandardCharsets.UTF_8));
        }
        Awaitility.await()
                .atMost(30, SECONDS)
                .until(() -> run.events(RunEvent.MessageDropped.class).size() == 11);
        bench.listener(address, "one", 1, FakeListener.PASS).start();
        assertThat(run.report().isGreen()).isTrue();
    }

    @Test
    void fiftyThousandFilesArePublishedWithoutHoldingUpTheLoop() throws Exception {
        BrokerAddress address = RealRabbit.shared().address();
        List<TestFile> files = Bench.files(50_000);
        Bench.Observed run = bench.run(address, files);
        Awaitility.await()
                .atMost(60, SECONDS)
                .until(() -> run.events(RunEvent.Published.class).size() == 1);
        // The loop answers while files are on their way.
        assertThat(bench.loop.submit(() -> "here").get(5, SECONDS)).isEqualTo("here");
        try (Connection connection = FakeListener.factory(address).newConnection();
                Channel channel = connection.createChannel()) {
            Awaitility.await()
                    .atMost(60, SECONDS)
                    .until(() -> channel.messageCount(Names.files(run.run().runId())) == 50_000);
            for (int i = 0; i < 100; i++) {
                byte[] body =
                        channel.basicGet(Names.files(run.run().runId()), true).getBody();
                NativeMessage.FileJob job =
                        (NativeMessage.FileJob) io.jenkins.plugins.distributedtest.wire.WireCodec.decode(body);
                assertThat(job.file()).isEqualTo(files.get(i).path());
            }
        }
        run.run().cancel("enough");
        assertThat(run.report().end()).isEqualTo(RunEnd.CANCELLED);
    }

    @Test
    void aRunIsTakenUpFromPaperWhileItsListenersGoOn() throws Exception {
        BrokerAddress address = RealRabbit.shared().address();
        bench.listener(address, "one", 2, (job, worker) -> {
                    TimeUnit.MILLISECONDS.sleep(50);
                    return FakeListener.result(job, FileStatus.PASSED);
                })
                .start();
        Bench.Observed first = bench.run(address, Bench.files(60));
        Awaitility.await()
                .atMost(30, SECONDS)
                .until(() -> first.events(RunEvent.FileFinished.class).size() > 10);
        byte[] paper = bench.loop.submit(() -> first.run().save().toJson()).get(10, SECONDS);
        first.run().abandon();
        List<RunEvent> events = new java.util.concurrent.CopyOnWriteArrayList<>();
        RunBase base = RunBase.of(bench.loop, address, task -> new Thread(task, "test-prepare").start());
        DistributedRun again = DistributedRun.resume(
                base, bench.settings(), RunSnapshot.fromJson(paper), new TestOffer(), CollectSink.NONE, events::add);
        again.start();
        RunReport report = again.result().get(120, SECONDS);
        assertThat(again.runId()).isEqualTo(first.run().runId());
        assertThat(report.end()).isEqualTo(RunEnd.COMPLETED);
        assertThat(report.passed()).hasSize(60);
        assertThat(report.wallSeconds()).isPositive();
        assertNothingLeft(address, first);
    }

    @Test
    void sourcesThatCannotBeOfferedEndTheRunWithTheirOwnException() {
        SyncException cause = new SyncException(SyncException.Kind.FAILED, "rsync push failed");
        TestOffer offer = new TestOffer(cause);
        Bench.Observed run = bench.run(RealRabbit.shared().address(), Bench.files(1), offer);
        assertThatThrownBy(run::report)
                .isInstanceOf(ExecutionException.class)
                .cause()
                .isInstanceOfSatisfying(SyncFailedException.class, e -> {
                    assertThat(e).hasMessage("rsync push failed").hasCause(cause);
                    assertThat(e.report().end()).isEqualTo(RunEnd.ERROR);
                });
        assertThat(offer.closed).hasValue(1);
    }

    @Test
    void aBrokerThatRefusesTheLoginIsAnErrorAtOnce() throws Exception {
        BrokerAddress right = RealRabbit.shared().address();
        BrokerAddress wrong = new BrokerAddress(right.host(), right.port(), "/", "guest", "not-the-password", null);
        RunReport report = bench.run(wrong, Bench.files(1)).report();
        assertThat(report.end()).isEqualTo(RunEnd.ERROR);
        assertThat(report.problem()).contains("refuses").doesNotContain("not-the-password");
    }

    @Test
    void cancellingARunThatCannotReachItsBrokerEndsIt() throws Exception {
        BrokerAddress nobody = new BrokerAddress("127.0.0.1", FreePorts.next(), "/", "guest", "guest", null);
        Bench.Observed run = bench.run(nobody, Bench.files(1));
        Awaitility.await()
                .atMost(30, SECONDS)
                .until(() -> !run.events(RunEvent.ConnectionLost.class).isEmpty());
        run.run().cancel("no use");
        assertThat(run.report().end()).isEqualTo(RunEnd.CANCELLED);
        assertThat(run.run().snapshot().end()).isEqualTo(RunEnd.CANCELLED);
    }
}
