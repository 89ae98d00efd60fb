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
import java.util.stream.Collectors;

/** A job with a workspace of its own and four slots, for tests of the Ruby and Python runners. */
final class ScriptJob implements AutoCloseable {
    static final Duration LONG = Duration.ofSeconds(120);

    final Path workspace;
    private final RunnerSettings settings;
    private final Path directory;
    private Runners runners;

    ScriptJob(Path directory) throws IOException {
        this(directory, Framework.SETTINGS);
    }

    ScriptJob(Path directory, RunnerSettings settings) throws IOException {
        this.directory = directory;
        this.settings = settings;
        workspace = Files.createDirectories(directory.resolve("workspace")).toRealPath();
    }

    Runners open(String rubyCallbacksFile) throws RunnerException {
        runners = Runners.open(
                settings,
                new RunnerEnvironment(
                        workspace,
                        directory.resolve("logs"),
                        "run-1",
                        "listener-1",
                        "host",
                        4,
                        Map.of("PYTHONDONTWRITEBYTECODE", "1"),
                        rubyCallbacksFile,
                        Duration.ofSeconds(60)));
        return runners;
    }

    Path write(String path, String text) throws IOException {
        Path file = workspace.resolve(path);
        Files.createDirectories(file.getParent());
        return Files.writeString(file, text);
    }

    String read(String path) throws IOException {
        Path file = workspace.resolve(path);
        return Files.exists(file) ? Files.readString(file) : "";
    }

    FileResult run(String path) throws RunnerException, InterruptedException {
        return run(1, path, LONG);
    }

    FileResult run(int slot, String path, Duration timeout) throws RunnerException, InterruptedException {
        return worker(slot).run(new TestFile(path), timeout);
    }

    WorkerRunner worker(int slot) throws RunnerException {
        if (runners == null) {
            open(null);
        }
        return runners.worker(slot);
    }

    /** The cases by their names with their status. */
    static Map<String, String> told(FileResult result) {
        return result.cases().stream()
                .collect(Collectors.toMap(TestCase::name, c -> c.status().name()));
    }

    /** All that is known, for the message of a failing assertion. */
    static String all(FileResult result) {
        return result + "\n" + result.output();
    }

    static RunnerSettings settings(
            Map<String, List<String>> interpreters, Map<String, List<String>> args, Map<String, List<String>> preload) {
        return new RunnerSettings(Framework.SETTINGS.rules(), interpreters, args, preload, null, null, null);
    }

    @Override
    public void close() {
        if (runners != null) {
            runners.close();
        }
    }
}
