package io.jenkins.plugins.distributedtest.e2e;

import static org.awaitility.Awaitility.await;

import io.jenkins.plugins.distributedtest.testing.BuiltProgram;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;

/** The built program as a process of its own, and the file that all its output goes to. */
final class Program {
    /** How long anything may take on a loaded machine before it counts as hanging. */
    static final Duration LIMIT = Duration.ofSeconds(120);

    private final Process process;
    private final Path log;

    private Program(Process process, Path log) {
        this.process = process;
        this.log = log;
    }

    /**
     * Starts it.
     *
     * @param directory where
     * @param log what it prints goes here
     * @param environment what to add to this JVM's environment
     * @param arguments its arguments
     */
    static Program start(Path directory, Path log, Map<String, String> environment, List<String> arguments)
            throws IOException {
        return start(directory, log, environment, List.of(), arguments);
    }

    /**
     * Starts it by another program.
     *
     * @param by that program and its arguments, before those of the command that it starts
     */
    static Program start(
            Path directory, Path log, Map<String, String> environment, List<String> by, List<String> arguments)
            throws IOException {
        List<String> command = new ArrayList<>(by);
        command.addAll(BuiltProgram.command(arguments));
        ProcessBuilder builder = new ProcessBuilder(command)
                .directory(directory.toFile())
                .redirectErrorStream(true)
                .redirectOutput(log.toFile());
        builder.environment()
                .keySet()
                .removeIf(name -> name.startsWith("DISTRIBUTED_TEST_")
                        || name.startsWith("GORGON_")
                        || name.equals("RABBITMQ_URL"));
        builder.environment().putAll(environment);
        Process process = builder.start();
        process.getOutputStream().close();
        return new Program(process, log);
    }

    long pid() {
        return process.pid();
    }

    boolean isAlive() {
        return process.isAlive();
    }

    /** What it has printed so far. */
    String output() {
        try {
            return Files.readString(log);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** Waits until it has printed something. */
    void awaitOutput(String text) {
        await(() -> text + "\nin the output of " + log)
                .failFast("the program runs", () -> {
                    if (!isAlive() && !output().contains(text)) {
                        throw new AssertionError("It has ended. Its output:\n" + output());
                    }
                })
                .until(() -> output().contains(text));
    }

    /** Waits until it has ended. */
    int awaitEnd() throws InterruptedException {
        if (!process.waitFor(LIMIT.toSeconds(), TimeUnit.SECONDS)) {
            throw new AssertionError("It does not end. Its output:\n" + output());
        }
        return process.exitValue();
    }

    /** Sends it a signal, such as {@code INT}. */
    void signal(String name) throws IOException, InterruptedException {
        Processes.signal(name, pid());
    }

    /** Asks it to end, in the end with force. */
    void stop() throws InterruptedException {
        process.destroy();
        if (!process.waitFor(30, TimeUnit.SECONDS)) {
            process.destroyForcibly().waitFor();
        }
    }

    /** An await with the limit that fits a loaded machine. */
    static org.awaitility.core.ConditionFactory await(java.util.function.Supplier<String> what) {
        return org.awaitility.Awaitility.await(what.get()).atMost(LIMIT).pollInterval(Duration.ofMillis(50));
    }
}
