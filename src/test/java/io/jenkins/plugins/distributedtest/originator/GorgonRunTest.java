package io.jenkins.plugins.distributedtest.originator;

import static java.util.concurrent.TimeUnit.SECONDS;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.rabbitmq.client.AMQP;
import com.rabbitmq.client.Channel;
import com.rabbitmq.client.Connection;
import com.rabbitmq.client.GetResponse;
import io.jenkins.plugins.distributedtest.amqp.BrokerAddress;
import io.jenkins.plugins.distributedtest.cli.CommandCall;
import io.jenkins.plugins.distributedtest.collect.CollectSink;
import io.jenkins.plugins.distributedtest.originator.StandInRubyListener.Act;
import io.jenkins.plugins.distributedtest.suite.FileStatus;
import io.jenkins.plugins.distributedtest.suite.RunEnd;
import io.jenkins.plugins.distributedtest.suite.RunReport;
import io.jenkins.plugins.distributedtest.sync.Sync;
import io.jenkins.plugins.distributedtest.testing.Cable;
import io.jenkins.plugins.distributedtest.testing.EmbeddedFixture;
import io.jenkins.plugins.distributedtest.testing.RealRabbit;
import io.jenkins.plugins.distributedtest.wire.gorgon.GorgonCodec;
import io.jenkins.plugins.distributedtest.wire.gorgon.GorgonMessage;
import io.jenkins.plugins.distributedtest.wire.gorgon.GorgonNames;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Function;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Runs in Gorgon's dialect, with stand-ins that behave as Ruby listeners were captured to. */
@Timeout(180)
class GorgonRunTest {
    private final Bench bench = new Bench();
    private BrokerAddress address;

    @BeforeEach
    void prepare() {
        address = RealRabbit.shared().address();
        bench.dialect = RunSettings.Dialect.GORGON;
    }

    @AfterEach
    void closeAll() throws Exception {
        bench.close();
    }

    private StandInRubyListener ruby(String host, int slots, Function<String, Act> acts) throws Exception {
        StandInRubyListener listener = new StandInRubyListener(address, bench.cluster, host, slots, acts);
        bench.parts.add(listener);
        return listener.start();
    }

    @Test
    void rubyListenersServeOurRun() throws Exception {
        StandInRubyListener vm1 = ruby("vm1", 2, file -> file.contains("f3_") ? Act.FAIL : Act.PASS);
        StandInRubyListener vm2 = ruby("vm2", 2, file -> file.contains("f3_") ? Act.FAIL : Act.PASS);
        Bench.Observed run = bench.run(address, Bench.files(60));
        RunReport report = run.report();
        assertThat(report.end()).isEqualTo(RunEnd.COMPLETED);
        assertThat(report.passed()).hasSize(59);
        assertThat(report.failed()).singleElement().satisfies(file -> {
            assertThat(file.file().path()).contains("f3_");
            assertThat(file.last().result().cases().get(0).name()).isEqualTo("test_bad");
        });
        assertThat(vm1.ran.size() + vm2.ran.size()).isEqualTo(60);
    }

    @Test
    void w8AListenerOutlivesTheEndOfManyRuns() throws Exception {
        StandInRubyListener vm = ruby("vm", 2, file -> Act.PASS);
        for (int i = 0; i < 15; i++) {
            assertThat(bench.run(address, Bench.files(2)).report().isGreen()).isTrue();
        }
        assertThat(vm.isAlive()).as("it lives, and not of %s", vm.death).isTrue();
        assertThat(vm.death).isNull();
    }

    @Test
    void w8TheReplyExchangeOutlivesTheRunAndNothingElseDoes() throws Exception {
        ruby("vm", 1, file -> Act.PASS);
        Bench.Observed run = bench.run(address, Bench.files(2));
        run.report();
        String id = run.run().runId();
        try (Connection connection = FakeListener.factory(address).newConnection()) {
            connection.createChannel().exchangeDeclarePassive(GorgonNames.replyExchange(id));
            // Would close the channel if it were not there to expire after exactly that time.
            Channel lingering = connection.createChannel();
            lingering.queueDeclarePassive("reply_linger_" + id);
            lingering.queueDeclare(
                    "reply_linger_" + id, false, false, false, Map.of("x-expires", 60_000L, "x-max-length", 1));
            for (String queue : List.of(
                    GorgonNames.replyQueue(id),
                    GorgonNames.fileQueue(id),
                    GorgonNames.originatorQueue(id),
                    "reply_keeper_" + id)) {
                Channel channel = connection.createChannel();
                assertThatThrownBy(() -> channel.queueDeclarePassive(queue)).hasStackTraceContaining("404");
            }
        }
    }

    @Test
    void aRubyListenerThatJoinsLateGetsWork() throws Exception {
        CountDownLatch late = new CountDownLatch(1);
        ruby("early", 1, file -> {
            try {
                late.await(60, SECONDS);
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
            }
            return Act.PASS;
        });
        Bench.Observed run = bench.run(address, Bench.files(6));
        Awaitility.await()
                .atMost(30, SECONDS)
                .until(() -> !run.events(RunEvent.FileStarted.class).isEmpty());
        StandInRubyListener other = ruby("late", 1, file -> {
            late.countDown();
            return Act.PASS;
        });
        assertThat(run.report().isGreen()).isTrue();
        assertThat(other.ran).isNotEmpty();
    }

    @Test
    void w6AFileWhoseRubyWorkerDiedSilentlyIsPublishedAgainWithTheJob() throws Exception {
        bench.fileTimeout = Duration.ofSeconds(1);
        bench.silence = Duration.ofMillis(500);
        AtomicInteger tries = new AtomicInteger();
        StandInRubyListener vm = ruby(
                "vm", 2, file -> file.contains("f1_") && tries.getAndIncrement() == 0 ? Act.DIE_SILENTLY : Act.PASS);
        RunReport report = bench.run(address, Bench.files(6)).report();
        assertThat(report.end()).isEqualTo(RunEnd.COMPLETED);
        assertThat(report.passed()).hasSize(6);
        // Nothing tells whether the test was to blame: it was lost, which makes no test flaky.
        assertThat(report.flaky()).isEmpty();
        assertThat(report.files())
                .filteredOn(file -> file.attempts().size() > 1)
                .singleElement()
                .satisfies(file ->
                        assertThat(file.attempts().get(0).result().status()).isEqualTo(FileStatus.LOST));
        assertThat(vm.jobs).hasSizeGreaterThan(1);
    }

    /** Stops a broker and starts it anew. */
    @FunctionalInterface
    private interface Restart {
        void run() throws Exception;
    }

    /** Has the test use a broker of a kind. */
    private Restart broker(String kind) throws Exception {
        if (!kind.equals("embedded")) {
            return () -> {
                RealRabbit.shared().kill();
                RealRabbit.shared().start();
            };
        }
        EmbeddedFixture embedded = new EmbeddedFixture();
        bench.parts.add(embedded);
        address = embedded.address();
        return () -> {
            embedded.stop();
            embedded.start();
        };
    }

    /** A run of four files, two of which a Ruby listener holds. */
    private Bench.Observed withTwoRunning() throws Exception {
        bench.fileTimeout = Duration.ofMinutes(10);
        bench.listenerTimeout = Duration.ofSeconds(60);
        Bench.Observed run = bench.run(address, Bench.files(4));
        Awaitility.await()
                .atMost(30, SECONDS)
                .until(() -> run.events(RunEvent.FileStarted.class).size() == 2);
        return run;
    }

    /** No Ruby listener survives it, and none says so. */
    @ParameterizedTest
    @ValueSource(strings = {"RabbitMQ", "embedded"})
    void whatARubyListenerHeldWhenTheBrokerWasRestartedIsGivenAwayAfterTheSilence(String kind) throws Exception {
        Restart restart = broker(kind);
        StandInRubyListener old = ruby("vm", 2, file -> Act.HANG);
        Bench.Observed run = withTwoRunning();

        restart.run();
        old.die();
        StandInRubyListener another = ruby("other", 1, file -> Act.PASS);

        RunReport report = run.report();
        assertThat(report.end()).as(report.problem()).isEqualTo(RunEnd.COMPLETED);
        assertThat(report.passed()).hasSize(4).allMatch(file -> file.attempts().size() == 1);
        assertThat(another.ran).hasSize(4);
        assertThat(run.events(RunEvent.LeaseLost.class))
                .hasSize(2)
                .allMatch(lost -> lost.reason().contains("the broker was started anew"));
        assertThat(report.listeners())
                .filteredOn(listener -> listener.host().equals("vm"))
                .singleElement()
                .satisfies(listener -> assertThat(listener.problem()).contains("no Ruby listener survives"));
    }

    /** As of a controller of Jenkins, whose host is that of the broker. */
    @ParameterizedTest
    @ValueSource(strings = {"RabbitMQ", "embedded"})
    void whatARubyListenerHeldWhenOriginatorAndBrokerWereRestartedIsGivenAwayAfterTheSilence(String kind)
            throws Exception {
        Restart restart = broker(kind);
        StandInRubyListener old = ruby("vm", 2, file -> Act.HANG);
        Bench.Observed first = withTwoRunning();
        byte[] paper = bench.loop.submit(() -> first.run().save().toJson()).get(10, SECONDS);
        first.run().abandon();
        restart.run();
        old.die();
        StandInRubyListener another = ruby("other", 1, file -> Act.PASS);

        List<RunEvent> events = new CopyOnWriteArrayList<>();
        RunBase base = RunBase.of(bench.loop, address, task -> new Thread(task, "test-prepare").start());
        DistributedRun again = DistributedRun.resume(
                base, bench.settings(), RunSnapshot.fromJson(paper), new TestOffer(), CollectSink.NONE, events::add);
        bench.parts.add(() -> again.cancel("the test is over"));
        again.start();
        RunReport report = again.result().get(120, SECONDS);

        assertThat(report.end()).as(report.problem()).isEqualTo(RunEnd.COMPLETED);
        assertThat(report.passed()).hasSize(4).allMatch(file -> file.attempts().size() == 1);
        assertThat(another.ran).hasSize(4);
        assertThat(events.stream().filter(RunEvent.LeaseLost.class::isInstance)).hasSize(2);
    }

    /** What runs on a Ruby listener goes on when only we were away. */
    @Test
    void whatARubyListenerRunsGoesOnWhenOnlyOurConnectionBreaks() throws Exception {
        try (Cable cable = new Cable(address)) {
            CountDownLatch go = new CountDownLatch(1);
            ruby("vm", 1, file -> {
                try {
                    go.await(60, SECONDS);
                } catch (InterruptedException e) {
                    Thread.currentThread().interrupt();
                }
                return Act.PASS;
            });
            bench.silence = Duration.ofMillis(500);
            Bench.Observed run = bench.run(cable.address(), Bench.files(1));
            Awaitility.await()
                    .atMost(30, SECONDS)
                    .until(() -> !run.events(RunEvent.FileStarted.class).isEmpty());

            cable.cut();
            Awaitility.await()
                    .atMost(30, SECONDS)
                    .until(() -> !run.events(RunEvent.ConnectionLost.class).isEmpty());
            cable.mend();
            Awaitility.await()
                    .atMost(60, SECONDS)
                    .until(() -> !run.events(RunEvent.ConnectionRestored.class).isEmpty());
            Awaitility.await()
                    .during(Duration.ofSeconds(2))
                    .until(() -> run.events(RunEvent.LeaseLost.class).isEmpty());

            go.countDown();
            assertThat(run.report().isGreen()).isTrue();
        }
    }

    @Test
    void aRubyWorkerThatCrashesGivesItsFileToAnother() throws Exception {
        AtomicInteger tries = new AtomicInteger();
        ruby("vm", 1, file -> file.contains("f1_") && tries.getAndIncrement() == 0 ? Act.CRASH : Act.PASS);
        RunReport report = bench.run(address, Bench.files(3)).report();
        assertThat(report.passed()).hasSize(3);
    }

    @Test
    void w6ARaisingCallbackEndsTheRunWithItsWords() throws Exception {
        StandInRubyListener vm = ruby("vm", 1, file -> Act.PASS);
        vm.afterSync = "AFTER SYNC BOOM";
        RunReport report = bench.run(address, Bench.files(3)).report();
        assertThat(report.end()).isEqualTo(RunEnd.ERROR);
        assertThat(report.problem()).contains("AFTER SYNC BOOM");
        assertThat(vm.isAlive()).isTrue();
    }

    @Test
    void whatPeersSayIsToldWithinBounds() throws Exception {
        Bench.Observed run = bench.run(address, Bench.files(1));
        Awaitility.await()
                .atMost(30, SECONDS)
                .until(() -> !run.events(RunEvent.Published.class).isEmpty());
        String host = "h".repeat(100_000);
        String crash = "{\"type\":\"crash\",\"hostname\":\"" + host + "\",\"stdout\":\"\",\"stderr\":\""
                + "e".repeat(3_000_000) + "\"}";
        String cut = "{\"type\":\"crash\",\"hostname\":";
        try (Connection connection = FakeListener.factory(address).newConnection();
                Channel channel = connection.createChannel()) {
            for (String body : List.of(cut, crash)) {
                channel.basicPublish(
                        GorgonNames.replyExchange(run.run().runId()), "", null, body.getBytes(StandardCharsets.UTF_8));
            }
        }
        Awaitility.await()
                .atMost(30, SECONDS)
                .until(() -> !run.events(RunEvent.ListenerLeft.class).isEmpty());
        RunEvent.ListenerLeft left = run.events(RunEvent.ListenerLeft.class).get(0);
        assertThat(left.host()).hasSize(255).endsWith("…");
        assertThat(left.problem()).hasSizeLessThan(1000);
        assertThat(left.output()).hasSizeLessThan(20_000).contains("… cut …");
        assertThat(run.events(RunEvent.MessageDropped.class))
                .singleElement()
                .satisfies(dropped -> assertThat(dropped.problem()).doesNotContain("Source", "line:", "\n"));
        run.run().cancel("seen enough");
        run.report();
    }

    @Test
    void w2CancelStopsOnlyItsOwnRun() throws Exception {
        CountDownLatch go = new CountDownLatch(1);
        StandInRubyListener vm = ruby("vm", 1, file -> {
            try {
                go.await(60, SECONDS);
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
            }
            return Act.PASS;
        });
        Bench.Observed cancelled = bench.run(address, Bench.files(5));
        Awaitility.await()
                .atMost(30, SECONDS)
                .until(() -> !cancelled.events(RunEvent.FileStarted.class).isEmpty());
        Bench.Observed other = bench.run(address, Bench.files(2));
        Awaitility.await()
                .atMost(30, SECONDS)
                .until(() -> !other.events(RunEvent.Published.class).isEmpty());
        try (Connection connection = FakeListener.factory(address).newConnection();
                Channel channel = connection.createChannel()) {
            channel.exchangeDeclare("gorgon.worker_managers", "fanout", false, false, null);
            String ear = channel.queueDeclare().getQueue();
            channel.queueBind(ear, "gorgon.worker_managers", "");
            cancelled.run().cancel("Ctrl-C");
            assertThat(cancelled.report().end()).isEqualTo(RunEnd.CANCELLED);
            go.countDown();
            assertThat(other.report().isGreen()).isTrue();
            assertThat(channel.basicGet(ear, true))
                    .as("Gorgon's cancel stops every job")
                    .isNull();
        }
        assertThat(vm.isAlive()).as("it lives, and not of %s", vm.death).isTrue();
        assertThat(vm.ran).hasSize(3);
    }

    @Test
    void w9WhatKeepsNotToTheProtocolIsTolerated() throws Exception {
        Bench.Observed run = bench.run(address, Bench.files(2));
        Awaitility.await()
                .atMost(30, SECONDS)
                .until(() -> !run.events(RunEvent.Published.class).isEmpty());
        String pass = "{\"action\":\"finish\",\"hostname\":\"vm\",\"worker_id\":1,\"filename\":\"test/f0_test.rb\","
                + "\"runtime\":0.1,\"failures\":[],\"type\":\"pass\",\"runner\":\"rspec\",\"time\":0.1}";
        try (Connection connection = FakeListener.factory(address).newConnection();
                Channel channel = connection.createChannel()) {
            for (String body : List.of(
                    "not json",
                    "[]",
                    "{\"type\":\"unheard_of\"}",
                    pass.replace("test/f0_test.rb", "../../etc/passwd"),
                    pass,
                    pass)) {
                channel.basicPublish(
                        GorgonNames.replyExchange(run.run().runId()), "", null, body.getBytes(StandardCharsets.UTF_8));
            }
        }
        Awaitility.await()
                .atMost(30, SECONDS)
                .until(() -> !run.events(RunEvent.FileFinished.class).isEmpty()
                        && run.events(RunEvent.MessageDropped.class).size() == 4
                        && run.events(RunEvent.StaleRefused.class).size() == 1);
        ruby("vm", 1, file -> Act.PASS);
        RunReport report = run.report();
        assertThat(report.isGreen()).isTrue();
        assertThat(report.files()).allMatch(f -> f.attempts().size() == 1);
    }

    @Test
    void whatIsSentIsGorgonsToTheLetter() throws Exception {
        try (Connection connection = FakeListener.factory(address).newConnection();
                Channel channel = connection.createChannel()) {
            String exchange = "gorgon.jobs." + bench.cluster;
            channel.exchangeDeclare(exchange, "fanout", false, false, null);
            String ear = channel.queueDeclare().getQueue();
            channel.queueBind(ear, exchange, "");
            Bench.Observed run = bench.run(address, Bench.files(2));
            String id = run.run().runId();
            GetResponse[] job = new GetResponse[1];
            Awaitility.await().atMost(30, SECONDS).until(() -> (job[0] = channel.basicGet(ear, true)) != null);
            AMQP.BasicProperties properties = job[0].getProps();
            assertThat(properties.getContentType()).isEqualTo("application/octet-stream");
            assertThat(properties.getDeliveryMode()).isEqualTo(1);
            assertThat(properties.getPriority()).isZero();
            assertThat(new String(job[0].getBody(), StandardCharsets.UTF_8))
                    .startsWith(
                            "{\"type\":\"job_definition\",\"file_queue_name\":\"file_queue_" + id
                                    + "\",\"reply_exchange_name\":\"reply_exchange_" + id
                                    + "\",\"sync\":{\"exclude\":[],"
                                    + "\"rsync_transport\":\"anonymous\",\"source_tree_path\":\"/tree\"},\"distributed_test\":{");
            assertThat(GorgonCodec.decode(job[0].getBody())).isInstanceOf(GorgonMessage.JobDefinition.class);
            GetResponse file = channel.basicGet("file_queue_" + id, true);
            assertThat(new String(file.getBody(), StandardCharsets.UTF_8)).isEqualTo("test/f0_test.rb");
            assertThat(GorgonCodec.lease(file.getProps().getHeaders())).isEqualTo(1);
            // A Ruby peer declares all of these again; a flag that differs closes its channel.
            channel.queueDeclare("file_queue_" + id, false, false, true, null);
            channel.exchangeDeclare("reply_exchange_" + id, "direct", false, true, null);
            channel.exchangeDeclare("gorgon.originators." + bench.cluster, "fanout", false, false, null);
            run.run().cancel("seen enough");
            run.report();
        }
    }

    @Test
    void aSyncThatRubyListenersCannotFollowIsRefused() {
        assertThat(bench.settings().dialect()).isEqualTo(RunSettings.Dialect.GORGON);
        Sync content = Sync.Content.of(List.of());
        RunSettings settings = bench.settings().withSync(content);
        assertThatThrownBy(() -> DistributedRun.create(
                        RunBase.of(bench.loop, address),
                        RunRequest.of(settings, Bench.files(1)),
                        Path.of("/tmp"),
                        event -> {}))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("rsync");
    }

    @Test
    void pingMergesTheAnswersOfBothDialects() throws Exception {
        ruby("vm", 3, file -> Act.PASS);
        List<PingAnswer> answers = Ping.ping(address, bench.cluster, Duration.ofSeconds(1));
        assertThat(answers).containsExactly(new PingAnswer("", "vm", "0.11.1", 3, -1, List.of(), false, true));
        assertThat(new PingAnswer("l", "h", "1", 2, 1, List.of("rspec"), true, false)
                        .merge(new PingAnswer("l", "h", "1", 2, -1, List.of(), false, true)))
                .isEqualTo(new PingAnswer("l", "h", "1", 2, 1, List.of("rspec"), true, true));
    }

    /** At the command line, whose time is for listeners that look every two seconds. */
    @Test
    void pingWaitsForAListenerThatLooksEveryTwoSeconds() throws Exception {
        StandInRubyListener listener = ruby("vm", 1, file -> Act.PASS);
        listener.pause = Duration.ofSeconds(2);
        for (int i = 0; i < 3; i++) {
            CommandCall ping = CommandCall.of("ping", "--broker", address.toSecretUri(), "--cluster", bench.cluster);
            assertThat(ping.exitCode()).as(ping.output()).isZero();
            assertThat(ping.output())
                    .contains("vm  version 0.11.1  1 slot  gorgon only", "1 listener, 1 slot at ")
                    .doesNotContain("1 slots");
        }
        assertThat(listener.isAlive()).isTrue();
    }

    @Test
    void aPingLeavesNothingBehindForLong() throws Exception {
        ruby("vm", 3, file -> Act.PASS);
        Ping.ping(address, bench.cluster, Duration.ofSeconds(1));
        Awaitility.await("its queues and exchanges are gone")
                .atMost(60, SECONDS)
                .until(() -> !RealRabbit.shared()
                        .evaluate("[rabbit_amqqueue:list_names(), rabbit_exchange:list_names()].")
                        .contains("reply_"));
    }

    @Test
    void pingingABrokerThatIsNotThereSaysSo() {
        BrokerAddress nobody = new BrokerAddress("127.0.0.1", 1, "/", "guest", "guest", null);
        assertThatThrownBy(() -> Ping.ping(nobody, null, Duration.ofSeconds(1))).hasMessageContaining("127.0.0.1:1");
    }
}
