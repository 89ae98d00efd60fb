package io.jenkins.plugins.distributedtest.e2e;

import static org.assertj.core.api.Assertions.assertThat;

import com.rabbitmq.client.AMQP;
import com.rabbitmq.client.Channel;
import com.rabbitmq.client.Connection;
import com.rabbitmq.client.GetResponse;
import io.jenkins.plugins.distributedtest.amqp.BrokerAddress;
import io.jenkins.plugins.distributedtest.runner.Runners;
import io.jenkins.plugins.distributedtest.suite.FileReport;
import io.jenkins.plugins.distributedtest.suite.RunReport;
import io.jenkins.plugins.distributedtest.testing.FreePorts;
import io.jenkins.plugins.distributedtest.testing.RealRabbit;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Assumptions;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * The weaknesses of Gorgon that were seen, each tried on the program as its users start it. Where each is tried:
 *
 * <ul>
 *   <li>W1 (broker restarts), W11 (listener killed): {@link ChaosContract}, on RabbitMQ and the embedded broker
 *   <li>W2 (cancel), W6 (hangs; callbacks that fail), W12 (queues left), W16 (two listeners on a host):
 *       {@link ShardingIT}; W6 (killed workers): {@link RabbitChaosIT}; W6 ({@code exit!}): {@link MixedSuiteIT}; W6
 * (no
 *       listener): {@code CommandLineIT}
 *   <li>W3, W4, W5, W7, W8, W9, W10, W13, W14, W15: here
 *   <li>W17 (TCP_NODELAY): {@code BrokerContract}, since nothing outside of the process can see it
 * </ul>
 *
 * <p>One listener with two slots serves all tests and must outlive them.
 */
class GorgonWeaknessesIT {
    private static final AMQP.BasicProperties RUBY = new AMQP.BasicProperties.Builder()
            .contentType("application/octet-stream")
            .deliveryMode(1)
            .priority(0)
            .build();
    private static final String SHELL =
            "\"runners\": {\"files\": {\"cmd/**\": \"command\"}, \"command\": [\"sh\", \"{file}\"]}";

    @TempDir
    private static Path shared;

    private static World home;
    private static Program listener;
    private static BrokerAddress address;

    @TempDir
    private Path directory;

    private World world;

    @BeforeAll
    static void startListener() throws Exception {
        address = RealRabbit.shared().freshVirtualHost();
        home = new World(shared, () -> address);
        listener = home.listener("one", 2);
    }

    @AfterAll
    static void stopListener() throws Exception {
        if (home != null) {
            home.close();
        }
    }

    @BeforeEach
    void makeWorld() throws Exception {
        world = new World(directory, () -> address);
    }

    /** Whatever happened, the listener is there and serves the next run. */
    @AfterEach
    void endWorld() throws Exception {
        assertThat(listener.isAlive()).as(listener.output()).isTrue();
        world.close();
    }

    private String evidence() {
        return "EVIDENCE=" + world.evidence();
    }

    private World.Run run(String... more) throws IOException {
        List<String> arguments = new ArrayList<>(List.of("--env", evidence()));
        arguments.addAll(List.of(more));
        return world.run(arguments.toArray(String[]::new));
    }

    private static void assumeRSpec() {
        Assumptions.assumeTrue(Runners.available().contains("rspec"), "rspec is not installed on this host");
    }

    private void serves() throws Exception {
        world.write("cmd/serves.sh", "true\n");
        world.write("distributed-test.json", "{\"files\": [\"cmd/serves.sh\"], " + SHELL + "}");
        assertThat(run().ends(0).isGreen()).isTrue();
    }

    @Test
    void w3ALoadErrorFailsItsFileAndSilencesNoOther() throws Exception {
        assumeRSpec();
        world.write("distributed-test.json", "{\"files\": [\"spec/*_spec.rb\"]}");
        for (int i = 0; i < 3; i++) {
            world.write("spec/a" + i + "_spec.rb", "require 'no_such_library'\nRSpec.describe('A') { it('is') {} }\n");
            world.write("spec/b" + i + "_spec.rb", "RSpec.describe('B') { it('fails') { expect(1).to eq(2) } }\n");
            world.write("spec/c" + i + "_spec.rb", "RSpec.describe('C') { it('passes') {} }\n");
        }
        RunReport report = run().ends(1);

        assertThat(report.files()).hasSize(9).allSatisfy(f -> {
            boolean good = f.file().path().startsWith("spec/c");
            assertThat(f.isPassed()).as("%s", f).isEqualTo(good);
            assertThat(f.isFailed()).as("%s", f).isEqualTo(!good);
            assertThat(f.last().result().toString())
                    .contains(good ? "passes" : f.file().path().startsWith("spec/a") ? "no_such_library" : "fails");
        });
    }

    @Test
    void w4FailFastOfRspecHidesNoFile() throws Exception {
        assumeRSpec();
        world.write("distributed-test.json", "{\"files\": [\"spec/*_spec.rb\"]}");
        world.write(".rspec", "--fail-fast\n");
        for (int i = 0; i < 4; i++) {
            world.write(
                    "spec/f" + i + "_spec.rb", "RSpec.describe('F" + i + "') { it('fails') { expect(1).to eq(2) } }\n");
        }
        RunReport report = run().ends(1);

        assertThat(report.files()).hasSize(4).allMatch(FileReport::isFailed);
        assertThat(report.files()).allMatch(f -> f.last().result().cases().size() == 1);
    }

    @Test
    void w5CtrlCEndsWhatRunsAndRecordsWhatNeverStarted() throws Exception {
        world.write("distributed-test.json", "{\"files\": [\"cmd/*.sh\"], " + SHELL + "}");
        for (int i = 0; i < 6; i++) {
            world.write("cmd/f" + i + ".sh", "echo $$ >> \"$EVIDENCE/begun\"\nsleep 600\n");
        }
        World.Run run = run();
        Program.await(() -> "both slots are busy")
                .until(() -> world.told("begun").size() == 2);
        run.program().signal("INT");
        RunReport report = run.ends(130);

        assertThat(report.files()).hasSize(6).noneMatch(FileReport::isFinished);
        List<Long> begun = world.told("begun").stream().map(Long::valueOf).toList();
        Program.await(() -> "what ran is gone")
                .until(() -> begun.stream().allMatch(p -> ProcessHandle.of(p).isEmpty()));
        String failed = Files.readString(world.project().resolve(".distributed-test/failed-files.json"));
        for (int i = 0; i < 6; i++) {
            assertThat(failed).contains("cmd/f" + i + ".sh");
        }
    }

    @Test
    void w7ARunDoesNotWaitForAnotherToEnd() throws Exception {
        world.write("distributed-test.json", "{\"files\": [\"cmd/*.sh\"], " + SHELL + "}");
        world.write("cmd/long.sh", "touch \"$EVIDENCE/begun\"\nwhile [ ! -e \"$EVIDENCE/go\" ]; do sleep 0.1; done\n");
        world.write("cmd/short.sh", "true\n");
        World.Run first = run("cmd/long.sh");
        Program.await(() -> "the first run is at it")
                .until(() -> Files.exists(world.evidence().resolve("begun")));

        assertThat(run("cmd/short.sh").ends(0).isGreen()).isTrue();

        assertThat(first.program().isAlive()).isTrue();
        Files.writeString(world.evidence().resolve("go"), "");
        first.ends(0);
    }

    private static byte[] definition(String id, String source) {
        return ("{\"type\":\"job_definition\",\"file_queue_name\":\"file_queue_" + id + "\",\"reply_exchange_name\":"
                        + "\"reply_exchange_" + id + "\",\"sync\":{\"exclude\":[\".git\",\"; touch pwned\"],"
                        + "\"rsync_transport\":\"anonymous\",\"source_tree_path\":\"" + source
                        + "\"},\"callbacks\":{}}")
                .getBytes(StandardCharsets.UTF_8);
    }

    @Test
    void w8AVanishedOriginatorDoesNotEndTheListener() throws Exception {
        try (Connection connection = world.connect()) {
            Channel channel = connection.createChannel();
            for (int i = 0; i < 3; i++) {
                // Neither its queue nor its exchange is there (any more), and its sources are not either.
                channel.basicPublish(
                        "gorgon.jobs",
                        "",
                        RUBY,
                        definition(
                                UUID.randomUUID().toString(), "rsync://127.0.0.1:" + FreePorts.next() + "/src/gone"));
            }
            String ping = "{\"type\":\"ping\",\"reply_exchange_name\":\"reply_exchange_gone\",\"body\":{}}";
            channel.basicPublish("gorgon.jobs", "", RUBY, ping.getBytes(StandardCharsets.UTF_8));
        }
        serves();
    }

    @Test
    void w9PoisonDoesNotEndTheListener() throws Exception {
        try (Connection connection = world.connect()) {
            Channel channel = connection.createChannel();
            for (String exchange : List.of("gorgon.jobs", "distributed-test.jobs", "gorgon.worker_managers")) {
                for (String poison : List.of(
                        "",
                        "not json",
                        "[1]",
                        "null",
                        "42",
                        "{}",
                        "{\"type\":\"job_definition\"}",
                        "{\"type\":\"ping\"}",
                        "{\"type\":[]}",
                        "{\"action\":7}",
                        "{\"type\":\"\\ud800\"}",
                        "[".repeat(100_000))) {
                    channel.basicPublish(exchange, "", RUBY, poison.getBytes(StandardCharsets.UTF_8));
                }
                channel.basicPublish(exchange, "", RUBY, new byte[] {(byte) 0xff, 0, (byte) 0xc0});
            }
        }
        serves();
    }

    @Test
    void w10EachRunHasItsOwnCallbacks() throws Exception {
        assumeRSpec();
        for (String name : List.of("a", "b", "c")) {
            world.write(
                    "distributed-test.json",
                    "{\"files\": [\"spec/*_spec.rb\"],"
                            + " \"job\": {\"callbacks\": {\"callbacks_class_file\": \"callbacks.rb\"}}}");
            world.write(
                    "callbacks.rb",
                    "class Mine < Gorgon::DefaultCallbacks\n  def after_sync\n"
                            + "    File.write(\"#{ENV['EVIDENCE']}/synced\", \"" + name
                            + "\\n\", mode: 'a')\n  end\nend\n"
                            + "Gorgon.callbacks = Mine.new\n");
            world.write("spec/t_spec.rb", "RSpec.describe('T') { it('is') {} }\n");
            run().ends(0);
        }
        assertThat(world.told("synced")).containsExactly("a", "b", "c");
    }

    @Test
    void w13MuchOutputBlocksNobody() throws Exception {
        String much = "head -c 300000 /dev/zero | tr '\\\\0' x; head -c 300000 /dev/zero | tr '\\\\0' y >&2";
        world.write(
                "distributed-test.json",
                "{\"files\": [\"cmd/*.sh\"], \"job\": {\"callbacks\": {\"commands\": {"
                        + "\"after_sync\": [\"sh\", \"-c\", \"" + much + "\"], \"before_start\": [\"sh\", \"-c\", \""
                        + much
                        + "\"]}}}, " + SHELL + "}");
        world.write("cmd/loud.sh", much.replace("\\\\", "\\") + "\n");
        RunReport report = run().ends(0);

        assertThat(report.isGreen()).isTrue();
    }

    @Test
    void w14NothingFromAConfigurationOrTheWireReachesAShell() throws Exception {
        String mark = world.evidence().resolve("pwned").toString();
        world.write(
                "distributed-test.json",
                "{\"files\": [\"cmd/**/*.sh\"], \"job\": {\"sync\": {\"exclude\":" + " [\"; touch " + mark
                        + "\", \"$(touch " + mark + ")\", \"`touch " + mark + "`\"]}}, " + SHELL + "}");
        world.write("cmd/$(touch pwned).sh", "true\n");
        world.write("cmd/; touch " + mark + ";.sh", "true\n");
        RunReport report = run().ends(0);
        assertThat(report.files()).hasSize(2);

        try (Connection connection = world.connect()) {
            Channel channel = connection.createChannel();
            String gem = "{\"type\":\"gem_command\",\"reply_exchange_name\":\"reply_exchange_x\",\"body\":"
                    + "{\"gem_command\":\"list; touch " + mark + "\"}}";
            channel.basicPublish("gorgon.jobs", "", RUBY, gem.getBytes(StandardCharsets.UTF_8));
            channel.basicPublish(
                    "gorgon.jobs", "", RUBY, definition(UUID.randomUUID().toString(), "x; touch " + mark + " #"));
        }
        serves();
        assertThat(world.told("pwned")).isEmpty();
        assertThat(Path.of(mark)).doesNotExist();
    }

    /** Both run at the same time, from directories of one name on one host. */
    @Test
    void w15ProjectsOfOneNameDoNotMeetOnTheFileServer() throws Exception {
        int port = startFileServer();
        List<World.Run> runs = new ArrayList<>();
        for (String name : List.of("a", "b")) {
            Path project = Files.createDirectories(directory.resolve(name).resolve("workspace"));
            Files.writeString(
                    project.resolve("distributed-test.json"),
                    "{\"files\": [\"cmd/*.sh\"], \"file_server\":"
                            + " {\"host\": \"127.0.0.1\", \"port\": " + port
                            + "}, \"job\": {\"sync\": {\"kind\": \"rsync\"}}, "
                            + SHELL + "}");
            Files.createDirectories(project.resolve("cmd"));
            Files.writeString(
                    project.resolve("cmd/t.sh"),
                    "echo " + name + " >> \"$EVIDENCE/ran\"\n"
                            + "touch \"$EVIDENCE/begun-" + name + "\"\n"
                            + "until [ -e \"$EVIDENCE/begun-a\" ] && [ -e \"$EVIDENCE/begun-b\" ]; do sleep 0.1; done\n"
                            + "grep -q '^echo " + name + " ' cmd/t.sh\n");
            runs.add(run("-C", project.toString()));
        }
        for (World.Run run : runs) {
            assertThat(run.ends(0).isGreen()).isTrue();
        }
        assertThat(world.told("ran")).containsExactlyInAnyOrder("a", "b");
    }

    private int startFileServer() throws Exception {
        Assumptions.assumeTrue(Files.isExecutable(Path.of("/usr/bin/rsync")), "rsync is not installed on this host");
        int port = FreePorts.next();
        Path server = directory.resolve("server");
        Program start = world.start(
                "start-rsync", List.of("start-rsync", server.toString(), "--port", String.valueOf(port)), Map.of());
        assertThat(start.awaitEnd()).as(start.output()).isZero();
        return port;
    }

    /** Both of our sides in Gorgon's dialect. */
    @Test
    void gorgonsDialectWorksBetweenOurOwn() throws Exception {
        int port = startFileServer();
        world.write(
                "distributed-test.json",
                "{\"files\": [\"cmd/*.sh\"], \"protocol\": \"gorgon\", \"file_server\":"
                        + " {\"host\": \"127.0.0.1\", \"port\": " + port + "}, " + SHELL + "}");
        for (int i = 0; i < 10; i++) {
            world.write("cmd/t" + i + ".sh", "echo " + i + " >> \"$EVIDENCE/ran\"\n[ " + i + " != 7 ]\n");
        }
        RunReport report = run().ends(1);

        assertThat(report.files()).hasSize(10).allMatch(f -> f.attempts().size() == 1);
        assertThat(report.failed()).extracting(f -> f.file().path()).containsExactly("cmd/t7.sh");
        assertThat(world.told("ran")).hasSize(10);
    }

    /** A file's name says nothing of its framework, and a run in which tests were not run is not green. */
    @ParameterizedTest
    @ValueSource(strings = {"native", "gorgon"})
    void testsOfEachFrameworkRunWhateverTheirFilesAreCalled(String protocol) throws Exception {
        for (String runner : List.of("rspec", "minitest", "test-unit")) {
            Assumptions.assumeTrue(Runners.available().contains(runner), runner + " is not installed on this host");
        }
        int port = startFileServer();
        world.write(
                "distributed-test.json",
                "{\"files\": [\"test/**/*_test.rb\", \"spec/**/*_spec.rb\"], \"protocol\": \"" + protocol
                        + "\", \"file_server\": {\"host\": \"127.0.0.1\", \"port\": " + port + "}}");
        world.write("test/unit_helper.rb", "require 'test/unit'\n");
        world.write("test/mini_helper.rb", "require 'minitest/autorun'\n");
        String methods = "  def test_ok = assert(true)\n  def test_bad = assert_equal(1, 2)\nend\n";
        Map<String, String> texts = Map.of(
                "unit", "require_relative '%s/test/unit_helper'\nclass Unit%s < Test::Unit::TestCase\n" + methods,
                "mini", "require_relative '%s/test/mini_helper'\nclass Light%s < Minitest::Test\n" + methods,
                "rspec",
                        "# %s\nrequire 'rspec/autorun'\nRSpec.describe('%s') { it('test_ok') {}; it('test_bad') { expect(1).to eq 2 } }\n");
        for (Map.Entry<String, String> each : texts.entrySet()) {
            world.write(
                    "test/" + each.getKey() + "/one_test.rb", each.getValue().formatted("../..", "Test"));
            world.write(
                    "spec/" + each.getKey() + "/two_spec.rb", each.getValue().formatted("../..", "Spec"));
        }
        RunReport report = run().ends(1);

        assertThat(report.files()).hasSize(6).allSatisfy(file -> {
            assertThat(file.isFailed()).as("%s", file).isTrue();
            assertThat(file.last().result().toString()).contains("test_bad");
        });
    }

    /** A Ruby originator, as captured from the wire, on our listener: a start before each finish, no finish twice. */
    @Test
    void aRubyOriginatorIsServedAsItExpects() throws Exception {
        assumeRSpec();
        int port = startFileServer();
        Path tree = Files.createDirectories(directory.resolve("server/vm_demo/spec"));
        Files.writeString(tree.resolve("good_spec.rb"), "RSpec.describe('G') { it('is') {} }\n");
        Files.writeString(tree.resolve("bad_spec.rb"), "RSpec.describe('B') { it('is') { expect(1).to eq(2) } }\n");
        String id = UUID.randomUUID().toString();
        try (Connection connection = world.connect()) {
            Channel channel = connection.createChannel();
            channel.queueDeclare("reply_queue_" + id, false, false, true, Map.of());
            channel.exchangeDeclare("reply_exchange_" + id, "direct", false, true, Map.of());
            channel.queueBind("reply_queue_" + id, "reply_exchange_" + id, "");
            channel.queueDeclare("file_queue_" + id, false, false, true, Map.of());
            for (String path : List.of("spec/good_spec.rb", "spec/bad_spec.rb")) {
                channel.basicPublish("", "file_queue_" + id, RUBY, path.getBytes(StandardCharsets.UTF_8));
            }
            channel.basicPublish("gorgon.jobs", "", RUBY, definition(id, "rsync://127.0.0.1:" + port + "/src/vm_demo"));

            List<String> replies = new ArrayList<>();
            Program.await(() -> "two files are finished").until(() -> {
                for (GetResponse next = channel.basicGet("reply_queue_" + id, true);
                        next != null;
                        next = channel.basicGet("reply_queue_" + id, true)) {
                    replies.add(new String(next.getBody(), StandardCharsets.UTF_8));
                }
                return replies.stream().filter(r -> r.contains("\"finish\"")).count() == 2;
            });
            for (String name : List.of("good", "bad")) {
                List<String> own = replies.stream()
                        .filter(r -> r.contains("spec/" + name + "_spec.rb\""))
                        .toList();
                assertThat(own).as("%s", replies).hasSize(2);
                assertThat(own.get(0)).startsWith("{\"action\":\"start\",\"hostname\":\"");
                assertThat(own.get(1))
                        .startsWith("{\"action\":\"finish\",\"hostname\":\"")
                        .contains("\"type\":\"" + (name.equals("good") ? "pass" : "fail") + "\"");
            }
            assertThat(replies).hasSize(4);
            channel.exchangeDelete("reply_exchange_" + id);
            channel.queueDelete("file_queue_" + id);
        }
    }
}
