package io.jenkins.plugins.distributedtest.zuul.task;

import static org.awaitility.Awaitility.await;

import io.jenkins.plugins.distributedtest.config.ConfigException;
import io.jenkins.plugins.distributedtest.gearman.GearmanWorker;
import io.jenkins.plugins.distributedtest.zuul.ZuulExecutor;
import io.jenkins.plugins.distributedtest.zuul.settings.ExecutorFile;
import io.jenkins.plugins.distributedtest.zuul.settings.ExecutorSettings;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.stream.Stream;
import org.yaml.snakeyaml.LoaderOptions;
import org.yaml.snakeyaml.Yaml;
import org.yaml.snakeyaml.constructor.SafeConstructor;

/** A standalone executor as the command starts it, within the test's own process. */
public final class Standalone implements AutoCloseable {
    static final String URL = "http://logs.example.org/";

    final Path directory;
    final ExecutorSettings settings;
    final SimpleMeterRegistry meters = new SimpleMeterRegistry();
    final TaskBackend runner;
    final ZuulExecutor executor;
    final CompletableFuture<Void> idle = new CompletableFuture<>();

    private Standalone(Path directory, ExecutorSettings settings) {
        this.directory = directory;
        this.settings = settings;
        runner = new TaskBackend(settings, meters, this::drain);
        executor = new ZuulExecutor(
                settings.servers(),
                runner.identity("test"),
                runner,
                runner.admission(),
                new GearmanWorker.Timing(Duration.ofMillis(100), Duration.ofSeconds(5)),
                meters);
        runner.onChange(executor::reconsider);
    }

    /**
     * Starts one, with its files below a directory.
     *
     * @param yaml the lines of the configuration; what a test does not care about is added
     */
    static Standalone start(int port, Path directory, String yaml) throws Exception {
        Files.createDirectories(directory);
        StringBuilder all = new StringBuilder("gearman: {host: 127.0.0.1, port: " + port + "}\n");
        addUnlessThere(all, yaml, "work_directory", directory.resolve("work").toString());
        addUnlessThere(all, yaml, "sources", "{protocols: [file], pause: 50ms, retries: 1}");
        addUnlessThere(
                all, yaml, "publish", "{kind: local, path: " + directory.resolve("logs") + ", url: '" + URL + "'}");
        Path file = Files.writeString(directory.resolve("executor.yaml"), all + yaml);
        Standalone standalone = new Standalone(directory, read(file));
        standalone.executor.setJobs(standalone.runner.names());
        standalone.executor.start();
        await().atMost(Duration.ofSeconds(30))
                .until(() -> standalone.executor.status().stream()
                        .allMatch(status ->
                                status.functions() == standalone.runner.names().size()));
        return standalone;
    }

    private static void addUnlessThere(StringBuilder all, String yaml, String key, String value) {
        if (!("\n" + yaml).contains("\n" + key + ":")) {
            all.append(key).append(": ").append(value).append('\n');
        }
    }

    static ExecutorSettings read(Path file) throws ConfigException {
        return ExecutorFile.read(file, Standalone::yaml);
    }

    private static Object yaml(Path file) throws ConfigException {
        try {
            return new Yaml(new SafeConstructor(new LoaderOptions())).load(Files.readString(file));
        } catch (IOException e) {
            throw new ConfigException(e.toString());
        }
    }

    void drain() {
        executor.drain().thenRun(() -> idle.complete(null));
    }

    Path logs(String logPath) {
        return directory.resolve("logs").resolve(logPath);
    }

    /** The directories of jobs that are there now. */
    List<Path> jobDirectories() throws IOException {
        return children(settings.directories().jobs());
    }

    List<Path> treeDirectories() throws IOException {
        return children(settings.directories().trees());
    }

    private static List<Path> children(Path parent) throws IOException {
        if (!Files.isDirectory(parent)) {
            return List.of();
        }
        try (Stream<Path> list = Files.list(parent)) {
            return list.toList();
        }
    }

    @Override
    public void close() {
        runner.close();
        executor.close();
    }
}
