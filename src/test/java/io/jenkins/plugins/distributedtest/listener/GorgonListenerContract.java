package io.jenkins.plugins.distributedtest.listener;

import static io.jenkins.plugins.distributedtest.listener.ListenerFixture.eventually;
import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.rabbitmq.client.AMQP;
import com.rabbitmq.client.Channel;
import com.rabbitmq.client.Connection;
import io.jenkins.plugins.distributedtest.LogCapture;
import io.jenkins.plugins.distributedtest.amqp.BrokerAddress;
import io.jenkins.plugins.distributedtest.sync.FetchedTree;
import io.jenkins.plugins.distributedtest.sync.JobSource;
import io.jenkins.plugins.distributedtest.sync.SyncException;
import io.jenkins.plugins.distributedtest.wire.NativeMessage;
import io.jenkins.plugins.distributedtest.wire.SyncSpec;
import io.jenkins.plugins.distributedtest.wire.WireCodec;
import io.jenkins.plugins.distributedtest.wire.gorgon.GorgonCodec;
import io.jenkins.plugins.distributedtest.wire.gorgon.GorgonMessage;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Assumptions;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What a listener does in Gorgon's dialect, on whichever broker. */
abstract class GorgonListenerContract {
    private static final ObjectMapper JSON = new ObjectMapper();

    @TempDir
    Path work;

    private final FakeRunners runners = new FakeRunners();
    private final List<JobSource> fetched = new CopyOnWriteArrayList<>();
    private final List<AutoCloseable> open = new ArrayList<>();
    private String rubyCallbacks;
    private BrokerAddress address;

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

    private ListenerFixture listener(int slots) throws IOException {
        ListenerFixture fixture = new ListenerFixture(address, work, slots, runners, this::fetch);
        open.add(fixture);
        return fixture;
    }

    private FetchedTree fetch(JobSource job, Path workspace) throws SyncException {
        fetched.add(job);
        if (rubyCallbacks != null) {
            try {
                Files.writeString(workspace.resolve("gorgon_callbacks.rb"), rubyCallbacks);
            } catch (IOException e) {
                throw new UncheckedIOException(e);
            }
        }
        return new FetchedTree("digest", workspace, 0.1, true);
    }

    private StandInRubyOriginator ruby(String... files) throws Exception {
        StandInRubyOriginator originator =
                new StandInRubyOriginator(address, rubyCallbacks == null ? null : "gorgon_callbacks.rb", files);
        open.add(originator);
        return originator;
    }

    @Test
    void servesARubyOriginatorWithGorgonsMessagesAndNothingElse() throws Exception {
        ListenerFixture fixture = listener(2);
        StandInRubyOriginator originator =
                ruby("a_spec.rb", "fail_spec.rb", "crash_spec.rb").start();

        originator.awaitDone();

        assertThat(originator.of("action", "start")).hasSize(3);
        assertThat(originator.of("action", "finish")).hasSize(3);
        assertThat(originator.replies).hasSize(6);
        for (JsonNode message : originator.replies) {
            assertThat(message.has("listener"))
                    .as("nothing of ours: %s", message)
                    .isFalse();
            assertThat(message.get("worker_id").isIntegralNumber()).isTrue();
        }
        JsonNode passed = originator.of("filename", "a_spec.rb").get(1);
        assertThat(passed.get("type").asText()).isEqualTo("pass");
        assertThat(passed.get("failures")).isEmpty();
        JsonNode crashed = originator.of("filename", "crash_spec.rb").get(1);
        assertThat(crashed.get("type").asText()).isEqualTo("crash");
        assertThat(crashed.has("runner")).isFalse();
        assertThat(fetched.get(0).sync().source()).isEqualTo("rsync://127.0.0.1:43434/src/vm_gorgon-demo");
        assertThat(fetched.get(0).sync().exclude()).containsExactly(".git", "log");
        eventually("the run is left", () -> fixture.listener.status().runs().isEmpty());
        assertThat(fixture.workspaces()).isEmpty();
    }

    @Test
    void joinsARunOfARubyOriginatorThatIsUnderWay() throws Exception {
        StandInRubyOriginator originator = ruby("a_spec.rb").listen();
        listener(1);
        originator.awaitDone();
        assertThat(originator.announced).hasSize(1).allMatch(queue -> queue.startsWith("job_queue_"));
    }

    @Test
    void sendsExactlyOneFinishForEachOfManyFiles() throws Exception {
        listener(4);
        String[] files =
                IntStream.range(0, 100).mapToObj(i -> "f" + i + "_spec.rb").toArray(String[]::new);
        StandInRubyOriginator originator = ruby(files).start();
        originator.awaitDone();
        assertThat(originator.of("action", "finish"))
                .extracting(m -> m.get("filename").asText())
                .containsExactlyInAnyOrder(files);
    }

    /** W7. */
    @Test
    void w7ServesSeveralRubyRunsAtOnce() throws Exception {
        runners.hold("long_spec.rb");
        listener(2);
        StandInRubyOriginator first = ruby("long_spec.rb").start();
        eventually("it runs", () -> runners.running.contains("long_spec.rb"));

        StandInRubyOriginator second = ruby("a_spec.rb", "b_spec.rb").start();
        second.awaitDone();

        runners.release("long_spec.rb");
        first.awaitDone();
    }

    /** W7. */
    @Test
    void w7IgnoresTheStaleDefinitionOfACancelledRun() throws Exception {
        listener(1);
        StandInRubyOriginator cancelled = ruby("old_spec.rb");
        byte[] stale = cancelled.definition();
        cancelled.cancel();
        StandInRubyOriginator next = ruby("new_spec.rb");
        next.channel.basicPublish("gorgon.jobs", "", null, stale);
        next.start().awaitDone();
        assertThat(fetched).hasSize(1);
        assertThat(runners.filesRun()).containsExactly("new_spec.rb");
    }

    /** W2. */
    @Test
    void w2ACancelStopsOnlyTheRunWhoseOriginatorSentIt() throws Exception {
        runners.hold("one_spec.rb", "two_spec.rb", "ours");
        ListenerFixture fixture = listener(3);
        StandInRubyOriginator one = ruby("one_spec.rb").start();
        StandInRubyOriginator two = ruby("two_spec.rb", "three_spec.rb").start();
        NativeOriginator ours = new NativeOriginator(address);
        open.add(ours);
        ours.files("ours").define();
        eventually("all run", () -> runners.running.size() == 3);

        one.cancel();

        eventually("its file is killed", () -> !runners.running.contains("one_spec.rb"));
        eventually("its workspace goes", () -> fixture.workspaces().size() == 2);
        runners.release("two_spec.rb", "ours");
        two.awaitDone();
        ours.awaitFinished(1);
        assertThat(two.of("type", "pass")).hasSize(2);
    }

    /** W8. */
    @Test
    void w8SurvivesAReplyExchangeThatIsGone() throws Exception {
        runners.hold("long_spec.rb", "other_spec.rb");
        ListenerFixture fixture = listener(2);
        StandInRubyOriginator other = ruby("other_spec.rb").start();
        StandInRubyOriginator gone = ruby("long_spec.rb").start();
        eventually("both run", () -> runners.running.size() == 2);
        gone.connection.abort(); // its reply queue goes, with it the exchange
        try (Connection connection = ListenerFixture.connect(address)) {
            eventually("the exchange goes", () -> !exchangeExists(connection, gone.replyExchange));
        }

        runners.release("long_spec.rb");

        eventually(
                "only the other run is left",
                () -> fixture.listener.status().runs().size() == 1);
        runners.release("other_spec.rb");
        other.awaitDone();
        ruby("next_spec.rb").start().awaitDone();
        assertThat(fixture.meters
                        .get("distributed_test.listener.broker.connects")
                        .counter()
                        .count())
                .isEqualTo(1);
    }

    private static boolean exchangeExists(Connection connection, String exchange) throws Exception {
        Channel channel = connection.createChannel();
        try {
            channel.exchangeDeclarePassive(exchange);
            channel.close();
            return true;
        } catch (IOException e) {
            return false;
        }
    }

    /** W9. */
    @Test
    void w9SurvivesPoisonMessagesInGorgonsExchangesAndQueues() throws Exception {
        ListenerFixture fixture = listener(1);
        StandInRubyOriginator originator = ruby("../outside_spec.rb", "good_spec.rb");
        String id = UUID.randomUUID().toString();
        List<String> poison = List.of(
                "garbage",
                "",
                "[1]",
                "\"text\"",
                "{}",
                "{\"type\":\"job_definition\"}",
                "{\"type\":\"job_definition\",\"file_queue_name\":5,\"reply_exchange_name\":null}",
                "{\"type\":\"job_definition\",\"file_queue_name\":\"nope" + id + "\",\"reply_exchange_name\":\"nope\"}",
                "{\"type\":\"ping\"}",
                "{\"type\":\"ping\",\"reply_exchange_name\":\"no_such_exchange_" + id + "\",\"body\":{}}",
                "{\"type\":\"gem_command\",\"reply_exchange_name\":\"no_such\",\"body\":{\"gem_command\":\"x\"}}",
                "{\"type\":\"" + "x".repeat(100_000) + "\"}");
        for (String text : poison) {
            byte[] body = text.getBytes(StandardCharsets.UTF_8);
            originator.channel.basicPublish("gorgon.jobs", "", null, body);
            originator.channel.basicPublish("gorgon.worker_managers", "", null, body);
        }
        originator.channel.basicPublish("gorgon.jobs", "", null, new byte[] {(byte) 0xc3, (byte) 0x28});

        originator.start().awaitDone();

        assertThat(runners.filesRun()).containsExactly("good_spec.rb");
        assertThat(originator
                        .of("filename", "../outside_spec.rb")
                        .get(1)
                        .get("type")
                        .asText())
                .isEqualTo("crash");
        assertThat(fixture.meters
                        .get("distributed_test.listener.broker.connects")
                        .counter()
                        .count())
                .isEqualTo(1);
    }

    /** W14. */
    @Test
    void w14NeverRunsAGemCommand() throws Exception {
        Path proof = work.resolve("proof");
        listener(1);
        StandInRubyOriginator originator = ruby("unused_spec.rb").listen();
        originator.channel.basicPublish(
                "gorgon.jobs",
                "",
                null,
                ("{\"type\":\"gem_command\",\"reply_exchange_name\":\"" + originator.replyExchange
                                + "\",\"body\":{\"gem_command\":\"install x; touch " + proof + "\"}}")
                        .getBytes(StandardCharsets.UTF_8));

        eventually(
                "it is refused", () -> !originator.of("type", "command_failed").isEmpty());
        JsonNode refusal = originator.of("type", "command_failed").get(0);
        assertThat(refusal.get("hostname").isTextual()).isTrue();
        assertThat(refusal.get("command").asText()).startsWith("gem install x");
        assertThat(refusal.get("stderr").asText()).contains("runs no commands");
        assertThat(proof).doesNotExist();
    }

    @Test
    void answersAPingOfARubyPeerWhileItIsBusy() throws Exception {
        runners.hold("long_spec.rb");
        listener(1);
        StandInRubyOriginator originator = ruby("long_spec.rb").start();
        eventually("it runs", () -> runners.running.contains("long_spec.rb"));
        originator.channel.basicPublish(
                "gorgon.jobs",
                "",
                null,
                ("{\"type\":\"ping\",\"reply_exchange_name\":\"" + originator.replyExchange + "\",\"body\":{}}")
                        .getBytes(StandardCharsets.UTF_8));
        eventually("it answers", () -> !originator.of("type", "ping_response").isEmpty());
        assertThat(originator
                        .of("type", "ping_response")
                        .get(0)
                        .get("worker_slots")
                        .asInt())
                .isEqualTo(1);
        runners.release("long_spec.rb");
        originator.awaitDone();
    }

    @Test
    void aFailingAfterSyncIsToldAsAnException() throws Exception {
        assumeRuby();
        rubyCallbacks = callbacks("def after_sync; raise 'AFTER SYNC BOOM'; end");
        ListenerFixture fixture = listener(1);
        StandInRubyOriginator originator = ruby("a_spec.rb").start();

        eventually("it is told", () -> !originator.of("type", "exception").isEmpty());

        JsonNode told = originator.of("type", "exception").get(0);
        assertThat(told.get("message").asText()).startsWith("after_sync callback failed.");
        assertThat(told.get("backtrace").asText()).contains("AFTER SYNC BOOM");
        assertThat(originator.of("action", "start")).isEmpty();
        eventually("it has left", () -> fixture.listener.status().runs().isEmpty());
        assertThat(originator.channel.messageCount(originator.fileQueue)).isEqualTo(1);
    }

    @Test
    void aFailingBeforeCreatingWorkersIsToldAsACrash() throws Exception {
        assumeRuby();
        rubyCallbacks = callbacks("def before_creating_workers; puts 'out'; raise 'BOOM'; end");
        listener(1);
        StandInRubyOriginator originator = ruby("a_spec.rb").start();

        eventually("it is told", () -> !originator.of("type", "crash").isEmpty());

        JsonNode told = originator.of("type", "crash").get(0);
        assertThat(told.get("stdout").asText()).contains("BOOM");
        assertThat(told.get("stderr").asText()).contains("before_creating_workers");
        assertThat(originator.of("action", "start")).isEmpty();
    }

    /** A Ruby originator tells workers apart by their host and number, and test code by its own. */
    @Test
    void twoListenersOnOneHostHaveWorkersOfDifferentNumbers() throws Exception {
        runners.hold("a_spec.rb", "b_spec.rb", "c_spec.rb", "d_spec.rb");
        listener(2);
        open.add(new ListenerFixture(address, work.resolve("other"), 2, runners, this::fetch));
        StandInRubyOriginator originator =
                ruby("a_spec.rb", "b_spec.rb", "c_spec.rb", "d_spec.rb").start();
        eventually("all run", () -> originator.of("action", "start").size() == 4);
        runners.release("a_spec.rb", "b_spec.rb", "c_spec.rb", "d_spec.rb");
        originator.awaitDone();

        assertThat(originator.of("action", "start"))
                .extracting(start -> start.get("worker_id").asLong())
                .doesNotHaveDuplicates()
                .allMatch(id -> id / 1000 == ProcessHandle.current().pid());
        for (JsonNode finish : originator.of("action", "finish")) {
            assertThat(originator.of("action", "start")).anySatisfy(start -> {
                assertThat(start.get("filename")).isEqualTo(finish.get("filename"));
                assertThat(start.get("worker_id")).isEqualTo(finish.get("worker_id"));
            });
        }
    }

    /** Each in one line, bounded, without a trace or a place in our own sources. */
    @Test
    void whatIsRefusedIsLoggedInOneLine() throws Exception {
        try (LogCapture log = new LogCapture("")) {
            ListenerFixture fixture = listener(1);
            StandInRubyOriginator originator = ruby("a_spec.rb");
            String job = new String(originator.definition(), StandardCharsets.UTF_8);
            String longName = "x".repeat(100_000);
            for (String[] each : new String[][] {
                {job.replace(originator.replyExchange, "r".repeat(300)), "reply_exchange_name is not a name"},
                {"{\"type\":\"unheard_of\"}", "its type, 'unheard_of', is not known"},
                {"{\"type\":\"" + longName + "\"}", "is not known"},
                {"{\"type\":\"job_definition\"", "Not a message of Gorgon's"},
                {"{\"type\":\"crash\",\"hostname\":\"" + longName + "\"}", "it is none for listeners"},
                {"not json", "Not a message of Gorgon's"}
            }) {
                originator.channel.basicPublish("gorgon.jobs", "", null, each[0].getBytes(StandardCharsets.UTF_8));
                eventually(
                        each[1] + " is told",
                        () -> fixture.listener.status().lastProblem().contains(each[1]));
                assertThat(fixture.listener.status().lastProblem())
                        .hasSizeLessThan(600)
                        .doesNotContain("Source:", "line:", "\n");
            }
            originator.channel.basicPublish(
                    "gorgon.worker_managers", "", null, "{\"action\":\"dance\"}".getBytes(StandardCharsets.UTF_8));
            eventually(
                    "an unknown action is told",
                    () -> fixture.listener.status().lastProblem().contains("'dance', is not known"));
            assertThat(log.records())
                    .isNotEmpty()
                    .noneMatch(one -> one.getThrown() != null)
                    .allMatch(one -> one.getMessage().length() < 1000);
        }
    }

    /** W10. */
    @Test
    void w10TheRubyCallbacksOfOneRunNeverRunInAnother() throws Exception {
        assumeRuby();
        Path log = Files.createFile(work.resolve("log"));
        listener(1);
        for (String run : List.of("A", "B")) {
            rubyCallbacks = callbacks("def after_sync; File.write('" + log + "', '" + run
                    + "', mode: 'a'); end; def after_creating_workers; File.write('" + log + "', '."
                    + "', mode: 'a'); end");
            ruby("a_spec.rb").start().awaitDone();
        }
        eventually("both have run", () -> Files.readString(log).length() == 4);
        assertThat(Files.readString(log).replace(".", "")).isEqualTo("AB");
    }

    /** W6. */
    @Test
    void w6AFileWithoutRunnerIsACrashOfThatFileAndTheListenerLeaves() throws Exception {
        listener(1);
        StandInRubyOriginator originator = ruby("norunner_spec.rb", "b_spec.rb").start();
        eventually(
                "it is told",
                () -> !originator.of("type", "crash").isEmpty()
                        && !originator.of("action", "finish").isEmpty());
        assertThat(originator.of("action", "finish")).hasSize(1);
        assertThat(originator
                        .of("action", "finish")
                        .get(0)
                        .get("failures")
                        .get(0)
                        .asText())
                .contains("no runner for norunner_spec.rb");
        assertThat(originator.channel.messageCount(originator.fileQueue)).isEqualTo(1);
    }

    @Test
    void aShutDownLeavesNoStartedFileWithoutAFinish() throws Exception {
        runners.hold("long_spec.rb");
        ListenerFixture fixture = listener(1);
        StandInRubyOriginator originator = ruby("long_spec.rb", "b_spec.rb").start();
        eventually("it runs", () -> !originator.of("action", "start").isEmpty());

        fixture.listener.close();

        eventually(
                "its file has a finish", () -> originator.of("action", "finish").size() == 1);
        assertThat(originator.of("action", "finish").get(0).get("type").asText())
                .isEqualTo("crash");
        assertThat(originator.death).isNull();
        assertThat(originator.channel.messageCount(originator.fileQueue)).isEqualTo(1);
    }

    @Test
    void sendsAnOriginatorOfOursLeasesResultsAndHeartbeats() throws Exception {
        ListenerFixture fixture = listener(1);
        String runId = UUID.randomUUID().toString();
        StandInRubyOriginator entities = ruby("unused");
        entities.channel.queuePurge(entities.fileQueue);
        List<byte[]> replies = new CopyOnWriteArrayList<>();
        entities.channel.basicConsume(entities.replyQueue, true, (tag, d) -> replies.add(d.getBody()), tag -> {});
        entities.channel.basicPublish(
                "",
                entities.fileQueue,
                new AMQP.BasicProperties.Builder().headers(Map.of("lease", 3)).build(),
                "crash_spec.rb".getBytes(StandardCharsets.UTF_8));
        GorgonMessage.JobDefinition definition = new GorgonMessage.JobDefinition(
                entities.fileQueue,
                entities.replyExchange,
                new GorgonMessage.Sync(List.of(), "anonymous", "rsync://127.0.0.1:43434/src/x"),
                null,
                new GorgonMessage.Extension(
                        GorgonCodec.PROTOCOL_VERSION,
                        runId,
                        null,
                        "project",
                        0.05,
                        60,
                        60,
                        Map.of("A", "b"),
                        new SyncSpec(SyncSpec.Kind.RSYNC, null, "digest", "rsync://h/m/p", null, null, null, null),
                        null,
                        null,
                        1));
        entities.channel.basicPublish("gorgon.jobs", "", null, GorgonCodec.encode(definition));

        eventually("a heartbeat follows the finish", () -> {
            List<GorgonMessage> all = decoded(replies);
            int finish = indexOf(all, GorgonMessage.Finish.class);
            return finish >= 0 && all.subList(finish, all.size()).stream().anyMatch(m -> isNative(m, "Heartbeat"));
        });
        List<GorgonMessage> all = decoded(replies);
        assertThat(all).anyMatch(m -> isNative(m, "Preparing")).anyMatch(m -> isNative(m, "Ready"));
        GorgonMessage.Finish finish = (GorgonMessage.Finish) all.get(indexOf(all, GorgonMessage.Finish.class));
        assertThat(finish.ours().lease()).isEqualTo(3);
        assertThat(finish.ours().listener()).isEqualTo(fixture.listener.id());
        assertThat(finish.ours().result().signal()).isEqualTo("KILL");
        assertThat(runners.opened.get(0).environment.environment()).containsEntry("A", "b");

        // A file that is published again, and said so by the definition, is taken.
        entities.channel.basicPublish(
                "",
                entities.fileQueue,
                new AMQP.BasicProperties.Builder().headers(Map.of("lease", 4)).build(),
                "crash_spec.rb".getBytes(StandardCharsets.UTF_8));
        entities.channel.basicPublish("gorgon.jobs", "", null, GorgonCodec.encode(definition));
        eventually("it runs again", () -> runners.ran.size() == 2);

        entities.channel.exchangeDeclare("distributed-test.jobs", "fanout", true);
        entities.channel.basicPublish(
                "distributed-test.jobs", "", null, WireCodec.encode(new NativeMessage.FinishRun(runId)));
        eventually("it leaves", () -> decoded(replies).stream().anyMatch(m -> isNative(m, "Left")));
        assertThat(fetched).hasSize(1);
    }

    private static boolean isNative(GorgonMessage message, String type) {
        return message instanceof GorgonMessage.Native ours
                && ours.message().getClass().getSimpleName().equals(type);
    }

    private static int indexOf(List<GorgonMessage> all, Class<?> type) {
        return IntStream.range(0, all.size())
                .filter(i -> type.isInstance(all.get(i)))
                .findFirst()
                .orElse(-1);
    }

    private static List<GorgonMessage> decoded(List<byte[]> bodies) throws IOException {
        List<GorgonMessage> all = new ArrayList<>();
        for (byte[] body : bodies) {
            assertThat(JSON.readTree(body).isObject()).isTrue();
            all.add(GorgonCodec.decode(body));
        }
        return all;
    }

    private static String callbacks(String methods) {
        return "require 'gorgon'\nclass MyCallbacks < Gorgon::DefaultCallbacks\n" + methods
                + "\nend\nGorgon.callbacks = MyCallbacks.new\n";
    }

    private static void assumeRuby() {
        Assumptions.assumeTrue(
                Files.isExecutable(Path.of("/usr/bin/ruby")), "Ruby is not installed (Debian package ruby)");
    }
}
