package io.jenkins.plugins.distributedtest.cli;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import io.jenkins.plugins.distributedtest.amqp.BrokerAddress;
import io.jenkins.plugins.distributedtest.broker.EmbeddedBroker;
import io.jenkins.plugins.distributedtest.config.Configuration;
import io.jenkins.plugins.distributedtest.config.ListenerConfiguration;
import io.jenkins.plugins.distributedtest.listener.Listener;
import io.jenkins.plugins.distributedtest.listener.ListenerSettings;
import io.jenkins.plugins.distributedtest.report.JsonReport;
import io.jenkins.plugins.distributedtest.runner.Runners;
import io.jenkins.plugins.distributedtest.suite.FileResult;
import io.jenkins.plugins.distributedtest.suite.RunReport;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Assumptions;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * {@code run --local} in a process of its own, beside other listeners, and every way in which it ends, each with what it
 * leaves behind. {@link LocalRunIT} has the built program.
 */
class LocalRunTest {
    private static final Duration LIMIT = Duration.ofSeconds(90);

    @TempDir
    private Path directory;

    private Path project;
    private Path work;
    private Process process;

    @BeforeEach
    void writeProject() throws IOException {
        project = Files.createDirectory(directory.resolve("project"));
        work = directory.resolve("work");
        write("distributed-test.json", "{\"files\": [\"*.sh\"], \"runners\": {\"command\": [\"sh\", \"{file}\"]}}");
    }

    @AfterEach
    void end() throws InterruptedException {
        if (process != null) {
            process.destroyForcibly().waitFor();
        }
    }

    private void write(String name, String text) throws IOException {
        Files.writeString(project.resolve(name), text);
    }

    private Path log() {
        return directory.resolve("log");
    }

    private void start(Map<String, String> environment, String... arguments) throws IOException {
        List<String> command = new ArrayList<>(List.of(
                "env",
                "--default-signal=INT",
                Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                "-cp",
                System.getProperty("java.class.path"),
                Main.class.getName(),
                "run",
                "--set",
                "work_directory=" + work));
        command.addAll(List.of(arguments));
        ProcessBuilder builder = new ProcessBuilder(command)
                .directory(project.toFile())
                .redirectErrorStream(true)
                .redirectOutput(log().toFile());
        builder.environment().keySet().removeIf(n -> n.startsWith("DISTRIBUTED_TEST_") || n.equals("RABBITMQ_URL"));
        builder.environment().putAll(environment);
        process = builder.start();
        process.getOutputStream().close();
    }

    private int run(Map<String, String> environment, String... arguments) throws IOException, InterruptedException {
        start(environment, arguments);
        return exitCode();
    }

    private int exitCode() throws IOException, InterruptedException {
        assertThat(process.waitFor(LIMIT.toSeconds(), TimeUnit.SECONDS))
                .as(() -> "It ends. So far: " + output())
                .isTrue();
        return process.exitValue();
    }

    private String output() {
        try {
            return Files.readString(log());
        } catch (IOException e) {
            return e.toString();
        }
    }

    private static Map<String, String> broker(BrokerAddress address) {
        return Map.of("DISTRIBUTED_TEST_BROKER", address.toSecretUri());
    }

    private void signal(String name) throws IOException, InterruptedException {
        new ProcessBuilder("kill", "-" + name, String.valueOf(process.pid()))
                .start()
                .waitFor();
    }

    /** The framework's own command waits for it, too, however long it takes. Longer than listeners that are silent have. */
    @Test
    void whatASuiteDoesAtItsEndMayTakeItsTime() throws Exception {
        assumeTrue(Runners.available().contains("minitest"), "minitest is not installed");
        write("distributed-test.json", "{\"files\": [\"*_test.rb\"]}");
        write("a_test.rb", """
                require 'minitest/autorun'
                Minitest.after_run { sleep 33; puts 'all is cleared away' }
                class ATest < Minitest::Test
                  def test_a; end
                end
                """);

        assertThat(run(Map.of(), "--local", "1")).as(output()).isEqualTo(ExitCode.OK);

        assertThat(output()).contains("is not done yet", "PASSED").doesNotContain(" left: ");
    }

    @Test
    void anInterruptEndsWhatASuiteDoesAtItsEnd() throws Exception {
        assumeTrue(Runners.available().contains("minitest"), "minitest is not installed");
        write("distributed-test.json", "{\"files\": [\"*_test.rb\"]}");
        write("a_test.rb", """
                require 'minitest/autorun'
                Minitest.after_run do
                  File.write('PLACE/pid.new', Process.pid)
                  File.rename('PLACE/pid.new', 'PLACE/pid')
                  sleep 600
                end
                class ATest < Minitest::Test
                  def test_a; end
                end
                """.replace("PLACE", directory.toString()));
        start(Map.of(), "--local", "1");
        ProcessHandle worker = endlessTest();

        signal("INT");

        assertThat(process.waitFor(20, TimeUnit.SECONDS)).as(output()).isTrue();
        assertThat(process.exitValue()).isEqualTo(130);
        await().atMost(LIMIT).until(() -> !worker.isAlive());
    }

    /** A test that says that it runs, and the number of its process, and does not end. */
    private void writeEndlessTest() throws IOException {
        write(
                "endless.sh",
                "echo $$ > " + directory + "/pid.new; mv " + directory + "/pid.new " + directory + "/pid; sleep 600\n");
    }

    private ProcessHandle endlessTest() {
        Path pid = directory.resolve("pid");
        await().atMost(LIMIT).until(() -> Files.exists(pid));
        try {
            return ProcessHandle.of(Long.parseLong(Files.readString(pid).strip()))
                    .orElseThrow();
        } catch (IOException e) {
            throw new AssertionError(e);
        }
    }

    private void nothingIsLeft(ProcessHandle test) {
        await().atMost(LIMIT).until(() -> !test.isAlive());
        assertThat(files().filter(each -> each.toString().endsWith("endless.sh")))
                .isEmpty();
    }

    private Stream<Path> files() {
        try (Stream<Path> all = Files.walk(work)) {
            return all.toList().stream();
        } catch (IOException e) {
            throw new AssertionError(e);
        }
    }

    @Test
    void aFailureIsAFailureAndFilesMayFollowTheOption() throws Exception {
        write("a.sh", "false");
        write("b.sh", "true");

        assertThat(run(Map.of(), "--local", "a.sh")).as(this::output).isEqualTo(ExitCode.FAILURES);
        assertThat(output()).contains("1 file through", "run --local --set");
    }

    @Test
    void aPipeThatATestLeavesInPlaceOfAReportIsReplaced() throws Exception {
        write("a.sh", "for each in junit.xml page.html run.json failed times; do mkfifo '" + project + "'/$each; done");
        List<String> places = List.of("--junit", "junit.xml", "--html", "page.html", "--json", "run.json");
        List<String> arguments = new ArrayList<>(
                List.of("--local", "--set", "failed_files=failed", "--set", "runtime_file=times", "a.sh"));
        arguments.addAll(0, places);

        assertThat(run(Map.of(), arguments.toArray(String[]::new)))
                .as(this::output)
                .isZero();
        for (String each : List.of("junit.xml", "page.html", "run.json", "failed", "times")) {
            assertThat(project.resolve(each)).isRegularFile();
        }
    }

    @Test
    void aPipeThatIsThereBeforehandIsItsUsersAndIsWritten() throws Exception {
        write("a.sh", "true");
        Path pipe = project.resolve("pipe");
        Assumptions.assumeTrue(
                new ProcessBuilder("mkfifo", pipe.toString()).start().waitFor() == 0, "no mkfifo");
        Path read = directory.resolve("read");
        Process reader = new ProcessBuilder("cat", pipe.toString())
                .redirectOutput(read.toFile())
                .start();
        try {
            assertThat(run(Map.of(), "--local", "--json", "pipe", "a.sh"))
                    .as(this::output)
                    .isZero();
            assertThat(reader.waitFor(LIMIT.toSeconds(), TimeUnit.SECONDS)).isTrue();
        } finally {
            reader.destroyForcibly();
        }
        assertThat(JsonReport.read(read).files()).hasSize(1);
    }

    @Test
    void slotsHereStandBesideTheListenersThatAnswer() throws Exception {
        String meeting = "touch DIR/NAME; until test -e DIR/a && test -e DIR/b; do sleep 0.1; done"
                .replace("DIR", directory.toString());
        write("a.sh", meeting.replace("NAME", "a"));
        write("b.sh", meeting.replace("NAME", "b"));
        ListenerSettings settings = ListenerConfiguration.from(Configuration.empty()
                        .override("worker_slots", "1", "test")
                        .override("work_directory", directory.resolve("other").toString(), "test"))
                .settings();
        try (EmbeddedBroker broker = EmbeddedBroker.start(EmbeddedBroker.Options.DEFAULT);
                Listener listener = new Listener(settings, broker.address(), new SimpleMeterRegistry())) {
            listener.start();

            assertThat(run(broker(broker.address()), "--local", "1", "--run-timeout", "60s"))
                    .as(this::output)
                    .isEqualTo(ExitCode.OK);
        }
    }

    @Test
    void fallbackLeavesTheFilesToListenersWhenTheBrokerIsThere() throws Exception {
        write("a.sh", "true");
        try (EmbeddedBroker broker = EmbeddedBroker.start(EmbeddedBroker.Options.DEFAULT)) {
            assertThat(run(broker(broker.address()), "--set=fallback=local", "--listener-timeout", "1s"))
                    .as(this::output)
                    .isEqualTo(ExitCode.ERROR);
            assertThat(output()).contains("No listener has answered");
        }
    }

    @Test
    void aListenerThatCannotStartEndsAllInAnError() throws Exception {
        write("a.sh", "true");
        Files.writeString(work, "a file");

        assertThat(run(Map.of(), "--local")).as(this::output).isEqualTo(ExitCode.ERROR);
        assertThat(output()).contains("Cannot use the work directory");
    }

    @Test
    void filesThatTheSyncLeavesOutAreNamedBeforeTheyFail() throws Exception {
        write("a.sh", "true");
        Files.createDirectories(project.resolve("spec/integration"));
        write("spec/integration/b.sh", "true");
        for (String pattern : List.of("spec/integration", "integration", "spec/integration/**")) {
            write("distributed-test.json", """
                    {"files": ["**/*.sh"], "runners": {"command": ["sh", "{file}"]},
                     "job": {"sync": {"exclude": ["PATTERN"]}}}
                    """.replace("PATTERN", pattern));
            assertThat(run(Map.of(), "--local", "1")).as(this::output).isEqualTo(ExitCode.FAILURES);
            assertThat(output())
                    .contains("job.sync.exclude keeps 1 file of the suite from listeners", "spec/integration/b.sh");
        }
        write("distributed-test.json", """
                {"files": ["**/*.sh"], "exclude": ["spec/integration/**", "nowhere/*"],
                 "runners": {"command": ["sh", "{file}"]}, "job": {"sync": {"exclude": ["integration"]}}}
                """);
        assertThat(run(Map.of(), "--local", "1")).as(this::output).isEqualTo(ExitCode.OK);
        assertThat(output())
                .contains("Excluded no file: nowhere/*")
                .doesNotContain("job.sync.exclude", "Excluded no file: spec");
    }

    /** As a listener's log does that lies in the project. */
    @Test
    void aFileThatGrowsWhileTheSourcesTravelIsNoObstacle() throws Exception {
        write("a.sh", "test -s grows.log");
        write("grows.log", "begun\n");
        Process writer = new ProcessBuilder("sh", "-c", "while :; do echo more >> grows.log; sleep 0.02; done")
                .directory(project.toFile())
                .start();
        try {
            for (int i = 0; i < 3; i++) {
                assertThat(run(Map.of(), "--local", "1")).as(this::output).isEqualTo(ExitCode.OK);
            }
        } finally {
            writer.destroyForcibly().waitFor();
        }
    }

    @Test
    void whatAListenerWritesDoesNotTravel() throws Exception {
        write("mine", "");
        write("gorgon.log", "text");
        write("our.log", "text");
        String ours = """
                {"files": ["*.sh"], "runners": {"command": ["sh", "{file}"]}, MORE "job": {"sync": {"exclude": []}}}
                """;
        write("gorgon_listener.json", "{\"log_file\": \"gorgon.log\"}");
        write("distributed-test.json", ours.replace("MORE", ""));
        write("a.sh", "test ! -e gorgon.log && test -e our.log && test -e mine");
        assertThat(run(Map.of(), "--local", "1")).as(this::output).isEqualTo(ExitCode.OK);

        write("distributed-test.json", ours.replace("MORE", "\"log_file\": \"our.log\","));
        write("a.sh", "test ! -e our.log && test -e mine");
        assertThat(run(Map.of(), "--local", "1")).as(this::output).isEqualTo(ExitCode.OK);
    }

    private void assumeRSpec() {
        Assumptions.assumeTrue(
                Runners.available().contains("rspec"), "RSpec is not installed (Debian package ruby-rspec)");
        assertThat(project).isDirectory();
    }

    @Test
    void anOrderByChanceIsToldWithItsSeedAndRunAgain() throws Exception {
        assumeRSpec();
        Path order = directory.resolve("order");
        StringBuilder examples = new StringBuilder("RSpec.describe('a') do\n");
        for (int i = 0; i < 8; i++) {
            examples.append("  it('")
                    .append(i)
                    .append("') { File.write('")
                    .append(order)
                    .append("', '")
                    .append(i);
            examples.append("', mode: 'a') }\n");
        }
        write("a_spec.rb", examples + "  it('fails') { raise 'x' }\nend\n");
        write("distributed-test.json", "{\"files\": [\"*_spec.rb\"]}");
        write(".rspec", "--order rand\n");

        assertThat(run(Map.of(), "--local", "1", "--json", "r.json"))
                .as(this::output)
                .isEqualTo(ExitCode.FAILURES);

        FileResult result =
                JsonReport.read(project.resolve("r.json")).files().get(0).last().result();
        assertThat(result.seed()).isNotNull();
        assertThat(result.output()).contains("Randomized with seed " + result.seed());
        assertThat(output()).contains("in an order by chance, seed " + result.seed());
        String again = "--seed " + result.seed() + " a_spec.rb";
        assertThat(output().lines().filter(line -> line.contains(again))).hasSizeGreaterThanOrEqualTo(2);
        assertThat(Files.readString(project.resolve("r.json"))).contains(again);
        String first = Files.readString(order);
        Files.delete(order);
        assertThat(run(Map.of(), "--local", "1", "--seed", result.seed().toString(), "a_spec.rb"))
                .isEqualTo(ExitCode.FAILURES);
        assertThat(order).hasContent(first);
    }

    @Test
    void anOrderThatIsNotByChanceHasNoSeed() throws Exception {
        assumeRSpec();
        write("a_spec.rb", "RSpec.describe('a') { it('fails') { raise 'x' } }");
        write("distributed-test.json", "{\"files\": [\"*_spec.rb\"]}");

        assertThat(run(Map.of(), "--local", "1", "--json", "r.json"))
                .as(this::output)
                .isEqualTo(ExitCode.FAILURES);

        assertThat(output()).doesNotContain("seed");
        assertThat(JsonReport.read(project.resolve("r.json"))
                        .files()
                        .get(0)
                        .last()
                        .result()
                        .seed())
                .isNull();
    }

    /** As rspec itself fails: exit code 1, and soon. */
    @Test
    void aBrokenHelperFailsTheRunAsItFailsRSpec() throws Exception {
        assumeRSpec();
        write("a_spec.rb", "RSpec.describe('a') { it('is') { } }");
        write("b_spec.rb", "RSpec.describe('b') { it('is') { } }");
        write("helper.rb", "raise 'broken helper'");
        write(".rspec", "--require ./helper.rb\n");
        write("distributed-test.json", "{\"files\": [\"*_spec.rb\"]}");

        assertThat(run(Map.of(), "--local", "1", "--json", "r.json"))
                .as(this::output)
                .isEqualTo(ExitCode.FAILURES);

        assertThat(output()).contains("broken helper", "FAILED in").doesNotContain("no fault of a test", "ERROR in");
        RunReport report = JsonReport.read(project.resolve("r.json"));
        assertThat(report.isGreen()).isFalse();
        assertThat(report.wallSeconds())
                .as("no waiting for listeners that there are not")
                .isLessThan(30);
        assertThat(report.isProjectBroken()).isTrue();
    }

    @ParameterizedTest
    @ValueSource(strings = {"INT", "TERM"})
    void oneSignalEndsTheTestsAndCleansUp(String signal) throws Exception {
        writeEndlessTest();
        start(Map.of(), "--local", "1");
        ProcessHandle test = endlessTest();

        signal(signal);

        assertThat(exitCode()).as(this::output).isEqualTo(ExitCode.CANCELLED);
        assertThat(test.isAlive()).isFalse();
        nothingIsLeft(test);
    }

    @Test
    void aSecondSignalLeavesAtOnceAndTheTestsEndByThemselves() throws Exception {
        writeEndlessTest();
        write("distributed-test.json", """
                {"files": ["*.sh"], "runners": {"command": ["sh", "{file}"]},
                 "job": {"callbacks": {"commands": {"after_job_finishes": ["sleep", "60"]}}}}
                """);
        start(Map.of(), "--local", "1");
        ProcessHandle test = endlessTest();

        signal("INT");
        await().atMost(LIMIT).until(() -> output().contains("Cancelling this run"));
        signal("INT");

        assertThat(process.waitFor(10, TimeUnit.SECONDS)).as(this::output).isTrue();
        assertThat(process.exitValue()).isEqualTo(ExitCode.CANCELLED);
        await().atMost(LIMIT).until(() -> !test.isAlive());
    }

    @Test
    void whenItIsKilledTheTestsEndAndTheNextRunCleansUp() throws Exception {
        writeEndlessTest();
        start(Map.of(), "--local", "1");
        ProcessHandle test = endlessTest();

        process.destroyForcibly().waitFor();

        await().atMost(LIMIT).until(() -> !test.isAlive());
        Files.delete(project.resolve("endless.sh"));
        write("a.sh", "true");
        assertThat(run(Map.of(), "--local", "1")).as(this::output).isEqualTo(ExitCode.OK);
        nothingIsLeft(test);
    }
}
