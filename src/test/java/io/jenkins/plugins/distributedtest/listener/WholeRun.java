package io.jenkins.plugins.distributedtest.listener;

import static io.jenkins.plugins.distributedtest.listener.ListenerFixture.eventually;

import io.jenkins.plugins.distributedtest.amqp.BrokerAddress;
import io.jenkins.plugins.distributedtest.loop.EventLoop;
import io.jenkins.plugins.distributedtest.originator.CollectSettings;
import io.jenkins.plugins.distributedtest.originator.DistributedRun;
import io.jenkins.plugins.distributedtest.originator.RunBase;
import io.jenkins.plugins.distributedtest.originator.RunEvent;
import io.jenkins.plugins.distributedtest.originator.RunRequest;
import io.jenkins.plugins.distributedtest.originator.RunSettings;
import io.jenkins.plugins.distributedtest.suite.FileGroups;
import io.jenkins.plugins.distributedtest.suite.Quarantine;
import io.jenkins.plugins.distributedtest.suite.RunReport;
import io.jenkins.plugins.distributedtest.suite.RunnerSettings;
import io.jenkins.plugins.distributedtest.suite.TestFile;
import io.jenkins.plugins.distributedtest.sync.SshOptions;
import io.jenkins.plugins.distributedtest.sync.Sync;
import io.jenkins.plugins.distributedtest.wire.CallbackSpec;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;

/** A project of shell scripts, real listeners, and real runs of the project on them. */
final class WholeRun implements AutoCloseable {
    private final Path directory;
    private final Path project;
    private final Path out;
    final BrokerAddress address;
    final String cluster = "whole-" + UUID.randomUUID();
    private final EventLoop loop = new EventLoop("whole-run");
    private final List<DistributedRun> runs = new ArrayList<>();
    private final List<Listener> listeners = new ArrayList<>();
    CollectSettings collect = CollectSettings.NONE;
    int retries;
    Duration listenerTimeout = Duration.ofSeconds(60);
    CallbackSpec callbacks = CallbackSpec.NONE;
    RunnerSettings runners = new RunnerSettings(null, null, null, null, null, null, List.of("sh", "{file}"));

    /** A run that is under way. */
    record Started(DistributedRun run, List<RunEvent> events) {
        /** The files that the originator knows to have begun. */
        List<String> begun() {
            return events.stream()
                    .filter(RunEvent.FileStarted.class::isInstance)
                    .map(e -> ((RunEvent.FileStarted) e).file().path())
                    .toList();
        }

        RunReport result() throws Exception {
            return run.result().get(120, TimeUnit.SECONDS);
        }
    }

    WholeRun(Path directory, BrokerAddress address) throws IOException {
        this.directory = directory;
        this.address = address;
        project = Files.createDirectories(directory.resolve("project"));
        out = Files.createDirectories(directory.resolve("out"));
    }

    /** Writes a file of the project. */
    void file(String path, String text) throws IOException {
        Path file = project.resolve(path);
        Files.createDirectories(file.getParent());
        Files.writeString(file, text + "\n");
    }

    /** A script that tells that it has begun and goes on when {@link #open} is called. */
    String gate(String name) {
        return "echo $0 >> $OUT/gates\nwhile [ ! -e $OUT/" + name + " ]; do sleep 0.05; done";
    }

    void open(String name) throws IOException {
        Files.createFile(out.resolve(name));
    }

    /** Forgets what scripts have added to a file. */
    void forget(String name) throws IOException {
        Files.deleteIfExists(out.resolve(name));
    }

    /** The lines that scripts have added to a file so far. */
    List<String> lines(String name) throws IOException {
        Path file = out.resolve(name);
        return Files.exists(file) ? Files.readAllLines(file) : List.of();
    }

    void command(String... template) {
        runners = new RunnerSettings(null, null, null, null, null, null, List.of(template));
    }

    void withoutCommand() {
        runners = RunnerSettings.DEFAULT;
    }

    Listener listener(String name, int slots) throws IOException {
        ListenerSettings settings = new ListenerSettings(
                cluster,
                slots,
                directory.resolve(name),
                false,
                Duration.ofSeconds(60),
                Duration.ofSeconds(60),
                SshOptions.DEFAULT,
                null);
        Listener listener = new Listener(settings, address, new SimpleMeterRegistry());
        listeners.add(listener);
        listener.start();
        eventually("the listener connects", () -> listener.status().connectedSince() != null);
        return listener;
    }

    /** The workspaces of runs that there are now, of all listeners; not those that wait for another run. */
    List<Path> workspaces() throws IOException {
        List<Path> all = new ArrayList<>();
        try (Stream<Path> works = Files.list(directory)) {
            for (Path each : works.map(w -> w.resolve("workspaces"))
                    .filter(Files::isDirectory)
                    .toList()) {
                try (Stream<Path> workspaces = Files.list(each)) {
                    workspaces
                            .filter(one -> !one.getFileName().toString().startsWith("."))
                            .forEach(all::add);
                }
            }
        }
        return all;
    }

    /** Starts a run of all files below a directory of the project, in the order of their names. */
    Started start(String below) throws IOException {
        List<TestFile> files;
        try (Stream<Path> tree = Files.walk(project.resolve(below))) {
            files = tree.filter(Files::isRegularFile)
                    .map(path -> new TestFile(project.relativize(path).toString()))
                    .sorted()
                    .toList();
        }
        List<RunEvent> events = new CopyOnWriteArrayList<>();
        DistributedRun run = DistributedRun.create(
                RunBase.of(loop, address), RunRequest.of(settings(), files), project, events::add);
        runs.add(run);
        run.start();
        return new Started(run, events);
    }

    private RunSettings settings() {
        return new RunSettings(
                "project",
                cluster,
                RunSettings.Dialect.NATIVE,
                Duration.ofSeconds(100),
                Duration.ofSeconds(110),
                listenerTimeout,
                Duration.ofMillis(500),
                Duration.ofSeconds(10),
                null,
                0,
                retries,
                retries * 100,
                false,
                Map.of("OUT", out.toString()),
                null,
                Sync.Content.of(List.of()),
                callbacks,
                runners,
                false,
                collect,
                Quarantine.NONE,
                FileGroups.NONE);
    }

    /** Has the run bring files back, to the directory that this gives. */
    Path collecting(long maxBytes, String... globs) {
        Path to = project.resolve(".distributed-test/collected");
        collect = new CollectSettings(List.of(globs), to.toString(), maxBytes);
        return to;
    }

    @Override
    public void close() throws Exception {
        for (DistributedRun run : runs) {
            run.cancel("the test is over");
            run.result().handle((report, error) -> null).get(60, TimeUnit.SECONDS);
        }
        listeners.forEach(Listener::close);
        loop.close();
    }
}
