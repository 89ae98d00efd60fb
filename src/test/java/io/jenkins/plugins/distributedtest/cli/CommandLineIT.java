package io.jenkins.plugins.distributedtest.cli;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.jenkins.plugins.distributedtest.report.JsonReport;
import io.jenkins.plugins.distributedtest.suite.FileReport;
import io.jenkins.plugins.distributedtest.suite.RunReport;
import io.jenkins.plugins.distributedtest.testing.BuiltProgram;
import java.io.IOException;
import java.net.ServerSocket;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.Assumptions;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The built program as its users start it: an embedded broker and two listeners, and what is run on them. */
class CommandLineIT {
    private static final Duration LIMIT = Duration.ofSeconds(90);

    @TempDir
    private static Path shared;

    private static final List<Process> BACKGROUND = new ArrayList<>();
    private static String broker;

    @TempDir
    private Path directory;

    /** What a command that has ended printed. */
    private record Ended(int exitCode, String output) {}

    @BeforeAll
    static void startBrokerAndListeners() throws IOException, InterruptedException {
        Assumptions.assumeTrue(isThere("node", "--version"), "node is missing: sudo apt-get install nodejs");
        Path uri = shared.resolve("uri");
        background("broker", null, broker(shared, uri));
        await().atMost(LIMIT).until(() -> Files.exists(uri));
        broker = Files.readString(uri).strip();
        for (String name : List.of("listener-1", "listener-2")) {
            background(
                    name,
                    broker,
                    List.of(
                            "listen",
                            "--slots",
                            "2",
                            "--work-dir",
                            shared.resolve(name).toString()));
            await().atMost(LIMIT)
                    .until(() -> Files.readString(shared.resolve(name + ".log")).contains("connected: 2 slots"));
        }
    }

    @AfterAll
    static void stopEverything() throws InterruptedException {
        for (int i = BACKGROUND.size() - 1; i >= 0; i--) {
            Process process = BACKGROUND.get(i);
            process.destroy();
            if (!process.waitFor(60, TimeUnit.SECONDS)) {
                process.destroyForcibly();
            }
        }
    }

    private static List<String> broker(Path place, Path uri) {
        String data = place.resolve("broker").toString();
        return List.of("broker", "--port", "0", "--data-dir", data, "--uri-file", uri.toString());
    }

    private static boolean isThere(String... command) throws InterruptedException {
        try {
            Process process =
                    new ProcessBuilder(command).redirectErrorStream(true).start();
            process.getInputStream().readAllBytes();
            return process.waitFor() == 0;
        } catch (IOException e) {
            return false;
        }
    }

    private static ProcessBuilder builder(String brokerUri, List<String> arguments) {
        ProcessBuilder builder = new ProcessBuilder(BuiltProgram.command(arguments))
                .redirectErrorStream(true)
                .directory(shared.toFile());
        builder.environment().keySet().removeIf(n -> n.startsWith("DISTRIBUTED_TEST_") || n.equals("RABBITMQ_URL"));
        if (brokerUri != null) {
            builder.environment().put("DISTRIBUTED_TEST_BROKER", brokerUri);
        }
        return builder;
    }

    private static void background(String name, String brokerUri, List<String> arguments) throws IOException {
        Path log = shared.resolve(name + ".log");
        BACKGROUND.add(
                builder(brokerUri, arguments).redirectOutput(log.toFile()).start());
    }

    private Process start(String... arguments) throws IOException {
        return builder(broker, List.of(arguments))
                .directory(directory.toFile())
                .redirectOutput(directory.resolve(".distributed-test.log").toFile())
                .start();
    }

    private String log() throws IOException {
        return Files.readString(directory.resolve(".distributed-test.log"));
    }

    private Ended run(String... arguments) throws IOException, InterruptedException {
        return end(start(arguments), "");
    }

    private Ended end(Process process, String input) throws IOException, InterruptedException {
        process.getOutputStream().write(input.getBytes(StandardCharsets.UTF_8));
        process.getOutputStream().close();
        if (!process.waitFor(LIMIT.toSeconds(), TimeUnit.SECONDS)) {
            process.destroyForcibly().waitFor();
            throw new AssertionError("It does not end. So far:\n" + log());
        }
        return new Ended(process.exitValue(), log());
    }

    private static void signal(Process process, String signal) throws IOException, InterruptedException {
        assertThat(new ProcessBuilder("kill", "-" + signal, String.valueOf(process.pid()))
                        .start()
                        .waitFor())
                .isZero();
    }

    private void write(String name, String text) throws IOException {
        Path file = directory.resolve(name);
        Files.createDirectories(file.getParent());
        Files.writeString(file, text);
    }

    @BeforeEach
    void makeProject() throws IOException {
        write("distributed-test.json", "{\"files\": [\"test/*.test.mjs\"]}");
        write("test/good.test.mjs", "import { test } from 'node:test';\ntest('is good', () => {});\n");
        write("test/better.test.mjs", "import { test } from 'node:test';\ntest('is better', () => {});\n");
    }

    private void writeBad() throws IOException {
        write(
                "test/bad.test.mjs",
                "import { test } from 'node:test';\nimport assert from 'node:assert';\n"
                        + "test('is bad', () => { assert.equal(1, 2); });\n");
    }

    private void writeHanging() throws IOException {
        write(
                "test/hanging.test.mjs",
                "import { test } from 'node:test';\nimport { writeFileSync } from 'node:fs';\n"
                        + "test('hangs', async () => { writeFileSync(process.env.BEGUN, String(process.pid));"
                        + " await new Promise((r) => setTimeout(r, 600000)); });\n");
    }

    @Test
    void aGreenSuiteEndsWith0AndLeavesReports() throws Exception {
        Ended run = run("run", "--junit", "out/j.xml", "--html", "out/h.html", "--json", "out/r.json");

        assertThat(run.exitCode()).as(run.output()).isEqualTo(ExitCode.OK);
        RunReport report = JsonReport.read(directory.resolve("out/r.json"));
        assertThat(report.isGreen()).isTrue();
        assertThat(report.files()).hasSize(2).allMatch(FileReport::isPassed);
        assertThat(directory.resolve("out/j.xml")).content().contains("is good").contains("is better");
        assertThat(directory.resolve("out/h.html")).content().contains("<!DOCTYPE html>");
        assertThat(directory.resolve(".distributed-test/runtimes.json"))
                .content()
                .contains("test/good.test.mjs");
        assertThat(directory.resolve(".distributed-test/failed-files.json"))
                .content()
                .isEqualToIgnoringWhitespace("[]");
    }

    @Test
    void failuresEndWith1AndOnlyTheyRunAgain() throws Exception {
        writeBad();

        Ended run = run("run");
        Ended again = run("run", "--failed", "--json", "again.json");

        assertThat(run.exitCode()).as(run.output()).isEqualTo(ExitCode.FAILURES);
        assertThat(run.output()).contains("FAILED", "distributed-test run test/bad.test.mjs");
        assertThat(again.exitCode()).isEqualTo(ExitCode.FAILURES);
        assertThat(JsonReport.read(directory.resolve("again.json")).files())
                .extracting(file -> file.file().path())
                .containsExactly("test/bad.test.mjs");
    }

    @Test
    void aListComesFromStandardInput() throws Exception {
        writeBad();

        Ended run = end(
                start("run", "--list", "-", "--json", "r.json"), "# two\ntest/good.test.mjs\n./test/better.test.mjs\n");

        assertThat(run.exitCode()).as(run.output()).isEqualTo(ExitCode.OK);
        assertThat(JsonReport.read(directory.resolve("r.json")).files()).hasSize(2);
    }

    @Test
    void ctrlCCancelsTheRunAndKillsWhatItRuns() throws Exception {
        writeHanging();
        Path begun = directory.resolve("begun");

        Process run = start("run", "--env", "BEGUN=" + begun);
        await().atMost(LIMIT).until(() -> Files.exists(begun) && Files.size(begun) > 0);
        signal(run, "INT");
        Ended ended = end(run, "");

        assertThat(ended.exitCode()).as(ended.output()).isEqualTo(ExitCode.CANCELLED);
        assertThat(ended.output()).contains("Cancelling this run");
        long pid = Long.parseLong(Files.readString(begun));
        await().atMost(LIMIT).until(() -> ProcessHandle.of(pid).isEmpty());
        assertThat(directory.resolve(".distributed-test/failed-files.json"))
                .content()
                .contains("hanging");
    }

    @Test
    void aSecondCtrlCLeavesAtOnce() throws Exception {
        Process run = start("run", "--cluster", "nobody", "--listener-timeout", "10m");
        await().atMost(LIMIT).until(() -> log().contains("No listener takes part"));
        // Callbacks that take long are what a second Ctrl-C is for; two signals at once do as well.
        signal(run, "INT");
        new ProcessBuilder("kill", "-INT", String.valueOf(run.pid())).start().waitFor();

        assertThat(end(run, "").exitCode()).isEqualTo(ExitCode.CANCELLED);
    }

    @Test
    void ctrlCTwiceLeavesWhenTheBrokerHangs() throws Exception {
        Path uri = directory.resolve("uri");
        Process hanging = builder(null, broker(directory, uri)).start();
        try {
            await().atMost(LIMIT).until(() -> Files.exists(uri));
            Process run = start("run", "--broker", Files.readString(uri).strip(), "--listener-timeout", "10m");
            await().atMost(LIMIT).until(() -> log().contains("No listener takes part"));
            signal(hanging, "STOP");
            signal(run, "INT");
            await().atMost(LIMIT).until(() -> log().contains("Ctrl-C again"));
            signal(run, "INT");

            Ended ended = end(run, "");
            assertThat(ended.exitCode()).as(ended.output()).isEqualTo(ExitCode.CANCELLED);
            // It did not wait for its leave from the broker, after which there is a summary.
            assertThat(ended.output()).doesNotContain("CANCELLED in");
        } finally {
            hanging.destroyForcibly().waitFor();
        }
    }

    @Test
    void sigtermCancelsAsWell() throws Exception {
        Process run = start("run", "--cluster", "nobody", "--listener-timeout", "10m");
        await().atMost(LIMIT).until(() -> log().contains("No listener takes part"));
        signal(run, "TERM");

        assertThat(end(run, "").exitCode()).isEqualTo(ExitCode.CANCELLED);
    }

    @Test
    void noListenerIsAnErrorThatSaysHowToStartOne() throws Exception {
        Ended run = run("run", "--cluster", "nobody", "--set", "listener_timeout=1");

        assertThat(run.exitCode()).isEqualTo(ExitCode.ERROR);
        assertThat(run.output()).contains("No listener", "cluster nobody", "distributed-test listen");
    }

    @Test
    void noBrokerIsAnErrorWithoutThePassword() throws Exception {
        int free;
        try (ServerSocket socket = new ServerSocket(0)) {
            free = socket.getLocalPort();
        }

        Ended run = run("run", "--broker", "amqp://u:HUSH@127.0.0.1:" + free, "--set", "listener_timeout=3");
        Ended ping = run("ping", "--broker", "amqp://u:HUSH@127.0.0.1:" + free);

        assertThat(run.exitCode()).as(run.output()).isEqualTo(ExitCode.ERROR);
        assertThat(run.output()).contains("127.0.0.1:" + free).doesNotContain("HUSH");
        assertThat(ping.exitCode()).isEqualTo(ExitCode.ERROR);
        assertThat(ping.output()).contains("127.0.0.1:" + free).doesNotContain("HUSH");
    }

    @Test
    void sourcesThatCannotBeOfferedEndWith2() throws Exception {
        int free;
        try (ServerSocket socket = new ServerSocket(0)) {
            free = socket.getLocalPort();
        }
        Assumptions.assumeTrue(isThere("rsync", "--version"), "rsync is missing: sudo apt-get install rsync");

        Ended run = run(
                "run", "--sync", "rsync", "--set", "file_server.host=127.0.0.1", "--set", "file_server.port=" + free);

        assertThat(run.exitCode()).as(run.output()).isEqualTo(ExitCode.SYNC_FAILED);
    }

    @Test
    void anEmptySuiteEndsWith3() throws Exception {
        Ended run = run("run", "--files", "nothing/*.x");

        assertThat(run.exitCode()).isEqualTo(ExitCode.ERROR);
        assertThat(run.output()).contains("nothing/*.x");
    }

    @Test
    void callbacksOfTheOriginatorRunAtTheirPlaces() throws Exception {
        write(
                "distributed-test.json",
                "{\"files\": [\"test/*.test.mjs\"], \"job\": {\"callbacks\": {\"commands\": {"
                        + "\"before_originate\": [\"touch\", \"" + directory.resolve("before") + "\"],"
                        + "\"after_job_finishes\": [\"cp\", \"" + directory.resolve("r.json") + "\", \""
                        + directory.resolve("after") + "\"]}}}}");

        Ended run = run("run", "--json", "r.json");

        assertThat(run.exitCode()).as(run.output()).isEqualTo(ExitCode.OK);
        assertThat(directory.resolve("before")).exists();
        assertThat(directory.resolve("after")).exists();
    }

    @Test
    void pingListsListenersWithSlotsAndRunners() throws Exception {
        Ended ping = run("ping", "--wait", "5s");

        assertThat(ping.exitCode()).as(ping.output()).isEqualTo(ExitCode.OK);
        assertThat(ping.output()).contains("2 listeners, 4 slots", "node", "command");
        assertThat(run("ping", "--cluster", "nobody").exitCode()).isEqualTo(ExitCode.ERROR);
    }

    @Test
    void aListenerEndsWellAtSigterm() throws Exception {
        Process listener = start(
                "listen",
                "--slots",
                "1",
                "--cluster",
                "other",
                "--work-dir",
                directory.resolve("w").toString());
        await().atMost(LIMIT).until(() -> log().contains("connected: 1 slot"));
        signal(listener, "TERM");

        Ended ended = end(listener, "");
        assertThat(ended.exitCode()).as(ended.output()).isEqualTo(ExitCode.OK);
        assertThat(ended.output()).contains("Listener stopped.");
    }

    @Test
    void aFileServerStartsOnceAndStops() throws Exception {
        Assumptions.assumeTrue(isThere("rsync", "--version"), "rsync is missing: sudo apt-get install rsync");
        int free;
        try (ServerSocket socket = new ServerSocket(0)) {
            free = socket.getLocalPort();
        }
        String server = directory.resolve("file server").toString();

        Ended started = run("start-rsync", server, "--port", String.valueOf(free));
        Ended twice = run("start-rsync", server, "--port", String.valueOf(free));
        Ended listing = new Ended(
                new ProcessBuilder("rsync", "rsync://127.0.0.1:" + free + "/src/")
                        .start()
                        .waitFor(),
                "");
        Ended stopped = run("stop-rsync", server);
        Ended gone = run("stop-rsync", server);

        assertThat(started.exitCode()).as(started.output()).isEqualTo(ExitCode.OK);
        assertThat(twice.exitCode()).isEqualTo(ExitCode.ERROR);
        assertThat(twice.output()).contains("is running already");
        assertThat(listing.exitCode()).isZero();
        assertThat(stopped.exitCode()).as(stopped.output()).isEqualTo(ExitCode.OK);
        assertThat(gone.exitCode()).isEqualTo(ExitCode.ERROR);
    }

    @Test
    void whatInitWritesRuns() throws Exception {
        Files.delete(directory.resolve("distributed-test.json"));

        assertThat(run("init").exitCode()).isEqualTo(ExitCode.OK);
        Ended run = run("run");

        assertThat(run.exitCode()).as(run.output()).isEqualTo(ExitCode.OK);
    }
}
