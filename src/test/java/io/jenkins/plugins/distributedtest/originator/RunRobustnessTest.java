package io.jenkins.plugins.distributedtest.originator;

import static java.util.concurrent.TimeUnit.SECONDS;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.rabbitmq.client.Channel;
import com.rabbitmq.client.Connection;
import io.jenkins.plugins.distributedtest.amqp.BrokerAddress;
import io.jenkins.plugins.distributedtest.suite.RunEnd;
import io.jenkins.plugins.distributedtest.suite.RunReport;
import io.jenkins.plugins.distributedtest.testing.RealRabbit;
import io.jenkins.plugins.distributedtest.wire.Names;
import io.jenkins.plugins.distributedtest.wire.NativeMessage;
import io.jenkins.plugins.distributedtest.wire.WireCodec;
import java.time.Duration;
import java.util.UUID;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.RejectedExecutionException;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** Runs that are cancelled at awkward times, whose sources or peers misbehave: each ends, once, and leaves nothing. */
@Timeout(180)
class RunRobustnessTest {
    private final Bench bench = new Bench();
    private final BrokerAddress address = RealRabbit.shared().address();

    @AfterEach
    void closeAll() throws Exception {
        bench.close();
    }

    private void assertNothingLeft(DistributedRun run) throws Exception {
        try (Connection connection = FakeListener.factory(address).newConnection()) {
            for (String queue : new String[] {Names.files(run.runId()), Names.replies(run.runId())}) {
                Channel channel = connection.createChannel();
                assertThatThrownBy(() -> channel.queueDeclarePassive(queue)).hasStackTraceContaining("404");
            }
        }
    }

    private void send(String key, NativeMessage message) throws Exception {
        send("", key, message);
    }

    private void send(String exchange, String key, NativeMessage message) throws Exception {
        try (Connection connection = FakeListener.factory(address).newConnection();
                Channel channel = connection.createChannel()) {
            channel.confirmSelect();
            channel.basicPublish(exchange, key, null, WireCodec.encode(message));
            channel.waitForConfirmsOrDie(10_000);
        }
    }

    @Test
    void anErrorWhilePreparingEndsTheRun() throws Exception {
        TestOffer offer = new TestOffer(() -> {
            throw new StackOverflowError("thrown on purpose");
        });
        Bench.Observed run = bench.run(address, Bench.files(1), offer);
        assertThatThrownBy(run::report)
                .isInstanceOf(ExecutionException.class)
                .cause()
                .isInstanceOf(SyncFailedException.class)
                .hasMessageContaining("thrown on purpose");
        assertNothingLeft(run.run());
        assertThat(offer.closed).hasValue(1);
    }

    @Test
    void aPreparationThatNoThreadIsFreeForEndsTheRun() {
        RunBase base = RunBase.of(bench.loop, address, task -> {
            throw new RejectedExecutionException("full");
        });
        DistributedRun run = DistributedRun.create(
                base,
                RunRequest.of(bench.settings(), Bench.files(1)),
                UUID.randomUUID().toString(),
                new TestOffer(),
                event -> {});
        run.start();
        assertThatThrownBy(() -> run.result().get(60, SECONDS))
                .cause()
                .isInstanceOf(SyncFailedException.class)
                .hasMessageContaining("no thread is free");
    }

    @Test
    void cancellingWhilePreparingInterruptsItAndLeavesNothing() throws Exception {
        CountDownLatch interrupted = new CountDownLatch(1);
        TestOffer offer = new TestOffer(() -> {
            try {
                new CountDownLatch(1).await();
            } catch (InterruptedException e) {
                interrupted.countDown();
                throw e;
            }
        });
        Bench.Observed run = bench.run(address, Bench.files(1), offer);
        try (Connection connection = FakeListener.factory(address).newConnection()) {
            Awaitility.await().atMost(60, SECONDS).ignoreExceptions().until(() -> {
                connection
                        .createChannel()
                        .queueDeclarePassive(Names.files(run.run().runId()));
                return true;
            });
        }
        run.run().cancel("first");
        run.run().cancel("second");
        assertThat(run.report().end()).isEqualTo(RunEnd.CANCELLED);
        assertThat(interrupted.await(60, SECONDS)).isTrue();
        assertNothingLeft(run.run());
        assertThat(run.events(RunEvent.Ended.class)).hasSize(1);
    }

    @Test
    void aRunThatIsCancelledBeforeItsStartEndsAndDoesNotStart() throws Exception {
        TestOffer offer = new TestOffer();
        RunBase base = RunBase.of(bench.loop, address, Runnable::run);
        DistributedRun run = DistributedRun.create(
                base,
                RunRequest.of(bench.settings(), Bench.files(1)),
                UUID.randomUUID().toString(),
                offer,
                event -> {});
        run.cancel("at once");
        assertThat(run.result().get(60, SECONDS).end()).isEqualTo(RunEnd.CANCELLED);
        run.start();
        assertThat(bench.loop.submit(() -> offer.attached.get()).get(60, SECONDS))
                .isZero();
        bench.loop.close();
        run.cancel("too late");
        run.abandon();
        assertThat(run.snapshot().end()).isEqualTo(RunEnd.CANCELLED);
    }

    @Test
    void namesThatTheProtocolCannotCarryDoNotStopTheRunFromSpeaking() throws Exception {
        Bench.Observed run = bench.run(address, Bench.files(3));
        Awaitility.await()
                .atMost(60, SECONDS)
                .until(() -> !run.events(RunEvent.Published.class).isEmpty());
        String longName = "x".repeat(300);
        send(Names.originators(bench.cluster), "", new NativeMessage.Announcement("bad", "host", longName));
        send(Names.replies(run.run().runId()), new NativeMessage.Preparing("bad", "host", longName, "1", 1));
        send(Names.replies(run.run().runId()), new NativeMessage.Ready(longName, "digest", 1));
        Awaitility.await()
                .atMost(60, SECONDS)
                .until(() -> run.events(RunEvent.MessageDropped.class).size() == 3);
        bench.listener(address, "one", 1, FakeListener.PASS).start();
        assertThat(run.report().isGreen()).isTrue();
    }

    @Test
    void aFilesQueueThatSomebodyDeletesIsMadeAgain() throws Exception {
        bench.listenerTimeout = Duration.ofSeconds(4);
        bench.silence = Duration.ofSeconds(30);
        Bench.Observed run = bench.run(address, Bench.files(3));
        Awaitility.await()
                .atMost(60, SECONDS)
                .until(() -> !run.events(RunEvent.Published.class).isEmpty());
        send(Names.replies(run.run().runId()), new NativeMessage.Preparing("ghost", "host", "nowhere", "1", 1));
        send(Names.replies(run.run().runId()), new NativeMessage.Ready("ghost", "digest", 1));
        try (Connection connection = FakeListener.factory(address).newConnection();
                Channel channel = connection.createChannel()) {
            channel.queueDelete(Names.files(run.run().runId()));
        }
        Awaitility.await()
                .atMost(60, SECONDS)
                .until(() -> !run.events(RunEvent.ConnectionRestored.class).isEmpty());
        bench.listener(address, "one", 1, FakeListener.PASS).start();
        assertThat(run.report().isGreen()).isTrue();
        assertNothingLeft(run.run());
    }

    @Test
    void listenersWithTheSameIdDoNotMakeAFileCountTwice() throws Exception {
        bench.listener(address, "same", 2, FakeListener.PASS).start();
        bench.listener(address, "same", 2, FakeListener.PASS).start();
        Bench.Observed run = bench.run(address, Bench.files(40));
        RunReport report = run.report();
        assertThat(report.end()).isEqualTo(RunEnd.COMPLETED);
        assertThat(report.unfinished()).isEmpty();
        assertThat(run.events(RunEvent.FileFinished.class).stream().filter(RunEvent.FileFinished::isFinal))
                .hasSize(40);
    }
}
