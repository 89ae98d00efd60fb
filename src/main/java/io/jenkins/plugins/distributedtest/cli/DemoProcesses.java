package io.jenkins.plugins.distributedtest.cli;

import io.jenkins.plugins.distributedtest.config.Configuration;
import io.jenkins.plugins.distributedtest.process.ProcessTree;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;

/** The processes of a demo: started, and ended for certain, the last one first. */
final class DemoProcesses implements AutoCloseable {
    private static final int STOP_SECONDS = 15;

    private final List<String> program;
    private final Path logs;
    private final List<Process> running = new ArrayList<>();
    private Process foreground;
    private boolean closed;

    /**
     * @param program the command that starts this program
     * @param logs where output goes that is not shown
     */
    DemoProcesses(List<String> program, Path logs) {
        this.program = program;
        this.logs = logs;
    }

    private ProcessBuilder builder(List<String> arguments, String brokerUri) {
        List<String> command = new ArrayList<>(program);
        command.addAll(arguments);
        ProcessBuilder builder = new ProcessBuilder(command);
        Map<String, String> environment = builder.environment();
        // Whatever else is set here is meant for the user's own project.
        environment.keySet().removeIf(Configuration::isVariable);
        if (brokerUri != null) {
            environment.put("DISTRIBUTED_TEST_BROKER", brokerUri);
        }
        return builder;
    }

    /**
     * Starts this program once more, in the background.
     *
     * @param name name of its log
     * @param arguments its arguments
     * @param brokerUri the broker; null for none
     */
    synchronized Process start(String name, List<String> arguments, String brokerUri) throws CliException, IOException {
        refuseWhenClosed();
        Process process = builder(arguments, brokerUri)
                .redirectErrorStream(true)
                .redirectOutput(logs.resolve(name + ".log").toFile())
                .start();
        process.getOutputStream().close();
        running.add(process);
        return process;
    }

    /**
     * Runs this program in the foreground, on the same terminal, and waits for its end.
     *
     * @return its exit code
     */
    int run(List<String> arguments, String brokerUri) throws CliException, IOException, InterruptedException {
        Process process;
        synchronized (this) {
            refuseWhenClosed();
            process = builder(arguments, brokerUri).inheritIO().start();
            running.add(process);
            foreground = process;
        }
        int exitCode = process.waitFor();
        synchronized (this) {
            running.remove(process);
            foreground = null;
        }
        return exitCode;
    }

    private void refuseWhenClosed() throws CliException {
        if (closed) {
            throw new CliException(ExitCode.CANCELLED, "cancelled");
        }
    }

    /** The end of a log, for an error message. */
    String log(String name) throws IOException {
        Path file = logs.resolve(name + ".log");
        return Files.exists(file) ? Files.readString(file).strip() : "";
    }

    /** Starts nothing any more, and asks what runs in the foreground to end. */
    synchronized void cancel() {
        closed = true;
        if (foreground != null) {
            foreground.destroy();
        }
    }

    /** Kills everything at once. */
    synchronized void kill() {
        running.forEach(process -> ProcessTree.kill(process, null));
    }

    @Override
    public void close() {
        List<Process> all;
        synchronized (this) {
            closed = true;
            all = new ArrayList<>(running);
            running.clear();
        }
        // Listeners say goodbye to the broker, so it goes last.
        for (int i = all.size() - 1; i >= 0; i--) {
            stop(all.get(i));
        }
    }

    private static void stop(Process process) {
        process.destroy();
        try {
            if (process.waitFor(STOP_SECONDS, TimeUnit.SECONDS)) {
                return;
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
        ProcessTree.kill(process, null);
    }
}
