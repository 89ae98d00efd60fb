package io.jenkins.plugins.distributedtest.cli;

import io.jenkins.plugins.distributedtest.broker.EmbeddedBroker;
import io.jenkins.plugins.distributedtest.config.Configuration;
import io.jenkins.plugins.distributedtest.config.ListenerConfiguration;
import io.jenkins.plugins.distributedtest.files.DirectoryTree;
import io.jenkins.plugins.distributedtest.listener.Listener;
import io.jenkins.plugins.distributedtest.listener.ListenerSettings;
import io.jenkins.plugins.distributedtest.loop.DaemonThreads;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import java.io.IOException;
import java.io.PrintWriter;
import java.io.Writer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Callable;
import java.util.jar.JarFile;
import java.util.logging.Level;
import java.util.logging.Logger;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Spec;

/**
 * Loads the classes that a run and a listener use, rehearses both on a project of one file, and ends. The launcher lets
 * the JVM archive what is loaded then, so that later starts need not read and check it again; the rehearsal brings what
 * the JVM makes while code runs (lambdas, which are a good part of a short run's start).
 */
@Command(name = "warm-up", hidden = true)
final class WarmUpCommand implements Callable<Integer> {
    private static final Logger LOG = Logger.getLogger(WarmUpCommand.class.getName());
    private static final Duration LIMIT = Duration.ofSeconds(40);
    private static final List<String> PACKAGES = List.of(
            "io/jenkins/plugins/distributedtest/",
            "com/rabbitmq/",
            "com/fasterxml/jackson/core/",
            "com/fasterxml/jackson/databind/",
            "picocli/",
            "org/slf4j/",
            "me/tongfei/",
            "org/jline/utils/Signals");

    @Spec
    private CommandSpec spec;

    WarmUpCommand() {}

    @Override
    public Integer call() throws IOException, CliException {
        Path jar = OwnProgram.of(spec).location();
        if (!Files.isRegularFile(jar)) {
            return ExitCode.OK;
        }
        try (JarFile entries = new JarFile(jar.toFile())) {
            entries.stream()
                    .map(entry -> entry.getName())
                    .filter(name -> name.endsWith(".class") && PACKAGES.stream().anyMatch(name::startsWith))
                    .forEach(name -> load(
                            name.substring(0, name.length() - ".class".length()).replace('/', '.')));
        }
        rehearse();
        return ExitCode.OK;
    }

    /** Within bounds, and whatever comes of it: without it later starts are a little slower. */
    private void rehearse() {
        Thread rehearsal = DaemonThreads.start("rehearsal", () -> {
            try {
                runOnce();
            } catch (Exception | LinkageError e) {
                LOG.log(Level.FINE, "The rehearsal failed", e);
            }
        });
        try {
            rehearsal.join(LIMIT.toMillis());
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    private void runOnce() throws Exception {
        Path directory = Files.createTempDirectory("distributed-test-warm-up-");
        try {
            Path project = Files.createDirectory(directory.resolve("project"));
            Files.writeString(project.resolve("test.txt"), "");
            List<String> sets = List.of("worker_slots=1", "work_directory=" + directory.resolve("work"));
            Configuration configuration =
                    Configuration.load(project, null, Configuration.Role.LISTENER, Map.of(), sets);
            ListenerSettings settings =
                    ListenerConfiguration.from(configuration).settings();
            EmbeddedBroker.Options options = new EmbeddedBroker.Options("127.0.0.1", 0, "warm-up", null);
            try (EmbeddedBroker broker = EmbeddedBroker.start(options);
                    Listener listener = new Listener(settings, broker.address(), new SimpleMeterRegistry())) {
                listener.start();
                PrintWriter nowhere = new PrintWriter(Writer.nullWriter());
                ((Program) spec.root().userObject())
                        .newCommandLine()
                        .setOut(nowhere)
                        .setErr(nowhere)
                        .execute(
                                "run",
                                "-C",
                                project.toString(),
                                "--broker",
                                broker.address().toSecretUri(),
                                "--set",
                                "runners.command=[\"true\"]",
                                "--files",
                                "*.txt",
                                "--listener-timeout",
                                "20s",
                                "--junit",
                                directory.resolve("j.xml").toString(),
                                "--html",
                                directory.resolve("h.html").toString(),
                                "--json",
                                directory.resolve("j.json").toString());
            }
        } finally {
            DirectoryTree.delete(directory);
        }
    }

    private static void load(String className) {
        try {
            Class.forName(className, false, WarmUpCommand.class.getClassLoader());
        } catch (ClassNotFoundException | LinkageError e) {
            // Parts of libraries need other libraries that are not there: they are never used.
        }
    }
}
