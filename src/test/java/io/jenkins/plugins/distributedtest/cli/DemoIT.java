package io.jenkins.plugins.distributedtest.cli;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.jenkins.plugins.distributedtest.report.JsonReport;
import io.jenkins.plugins.distributedtest.suite.RunEnd;
import io.jenkins.plugins.distributedtest.testing.BuiltProgram;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Assumptions;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** {@code demo} of the built program, as {@code bin/demo} starts it. */
class DemoIT {
    private static final Duration LIMIT = Duration.ofMinutes(6);

    @TempDir
    private Path directory;

    @BeforeAll
    static void needsNode() throws InterruptedException {
        boolean there;
        try {
            Process node = new ProcessBuilder("node", "--version")
                    .redirectErrorStream(true)
                    .start();
            node.getInputStream().readAllBytes();
            there = node.waitFor() == 0;
        } catch (IOException e) {
            there = false;
        }
        Assumptions.assumeTrue(there, "node is missing: sudo apt-get install nodejs");
    }

    private Path demo() {
        return directory.resolve("demo");
    }

    private Process start() throws IOException {
        return new ProcessBuilder(BuiltProgram.command(List.of("demo", "--directory", demo().toString())))
                .redirectErrorStream(true)
                .redirectOutput(directory.resolve("log").toFile())
                .start();
    }

    private String log() throws IOException {
        return Files.readString(directory.resolve("log"));
    }

    private int end(Process process) throws IOException, InterruptedException {
        if (!process.waitFor(LIMIT.toSeconds(), TimeUnit.SECONDS)) {
            process.descendants().forEach(ProcessHandle::destroyForcibly);
            process.destroyForcibly().waitFor();
            throw new AssertionError("It does not end. So far:\n" + log());
        }
        return process.exitValue();
    }

    /** Broker, listeners, runs and runners all have the directory on their command line. */
    private boolean somethingIsLeft() {
        return ProcessHandle.allProcesses()
                .anyMatch(process -> process.info().commandLine().orElse("").contains(demo().toString()));
    }

    @Test
    void bothRunsGoAsPlannedAndNothingIsLeftBehind() throws Exception {
        int exitCode = end(start());

        assertThat(exitCode).as(log()).isEqualTo(ExitCode.OK);
        assertThat(log()).contains("As planned, first run: ", "As planned, second run: ", "lower bound");
        for (String name : List.of("first", "second")) {
            var report = JsonReport.read(demo().resolve(name + ".json"));
            assertThat(report.end()).isEqualTo(RunEnd.COMPLETED);
            assertThat(report.files()).hasSizeGreaterThanOrEqualTo(60);
            assertThat(report.listeners()).hasSize(2).allMatch(listener -> listener.slots() == 2);
            assertThat(demo().resolve(name + ".html")).content().startsWith("<!DOCTYPE html>");
            assertThat(demo().resolve(name + "-junit.xml")).content().contains("<testsuites");
        }
        // The second run goes by what the first recorded: slowest first.
        assertThat(JsonReport.read(demo().resolve("second.json")).files())
                .isSortedAccordingTo((a, b) -> Double.compare(b.expectedSeconds(), a.expectedSeconds()))
                .allMatch(file -> file.expectedSeconds() > 0);
        await().atMost(Duration.ofSeconds(60)).until(() -> !somethingIsLeft());
    }

    @Test
    void sigtermEndsAllOfIt() throws Exception {
        Process process = start();
        await().atMost(LIMIT).until(() -> log().contains(" is ready, "));

        process.destroy();

        assertThat(end(process)).as(log()).isEqualTo(ExitCode.CANCELLED);
        assertThat(log()).contains("Demo cancelled");
        await().atMost(Duration.ofSeconds(60)).until(() -> !somethingIsLeft());
    }
}
