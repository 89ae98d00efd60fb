package io.jenkins.plugins.distributedtest.runner;

import io.jenkins.plugins.distributedtest.suite.FileResult;
import io.jenkins.plugins.distributedtest.suite.RunnerSettings;
import io.jenkins.plugins.distributedtest.suite.TestCase;
import io.jenkins.plugins.distributedtest.suite.TestFile;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;

/** A job with a workspace of its own, for tests of the runners. */
final class Job implements AutoCloseable {
    static final Duration LONG = Duration.ofSeconds(120);

    final Path workspace;
    final Runners runners;

    Job(Path directory, RunnerSettings settings) throws IOException, RunnerException {
        this(directory, settings, Map.of(), 2);
    }

    Job(Path directory, RunnerSettings settings, Map<String, String> environment, int slots)
            throws IOException, RunnerException {
        this(directory, settings, environment, slots, Duration.ofSeconds(60));
    }

    /** A job whose callbacks, and what a suite does at its end, may take so long. */
    Job(Path directory, RunnerSettings settings, Map<String, String> environment, int slots, Duration callbacks)
            throws IOException, RunnerException {
        workspace = Files.createDirectories(directory.resolve("workspace"));
        runners = Runners.open(
                settings,
                new RunnerEnvironment(
                        workspace,
                        directory.resolve("logs"),
                        "run-1",
                        "listener-1",
                        "host",
                        slots,
                        environment,
                        null,
                        callbacks));
    }

    static RunnerSettings command(String... command) {
        return new RunnerSettings(null, null, null, null, null, null, List.of(command));
    }

    Path write(String path, String text) throws IOException {
        Path file = workspace.resolve(path);
        Files.createDirectories(file.getParent());
        return Files.writeString(file, text);
    }

    FileResult run(String path) throws RunnerException, InterruptedException {
        return run(path, LONG);
    }

    FileResult run(String path, Duration timeout) throws RunnerException, InterruptedException {
        return runners.worker(1).run(new TestFile(path), timeout);
    }

    /** The cases as {@code class | name | status}. */
    static List<String> told(FileResult result) {
        return result.cases().stream()
                .map(c -> c.className() + " | " + c.name() + " | " + c.status())
                .toList();
    }

    static TestCase only(FileResult result) {
        if (result.cases().size() != 1) {
            throw new AssertionError("Not one case: " + told(result) + " " + result.message() + result.output());
        }
        return result.cases().get(0);
    }

    @Override
    public void close() {
        runners.close();
    }
}
