package io.jenkins.plugins.distributedtest.runner;

import io.jenkins.plugins.distributedtest.process.BoundedText;
import io.jenkins.plugins.distributedtest.process.ProcessSpec;
import io.jenkins.plugins.distributedtest.process.ProcessTree;
import java.io.IOException;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;

/**
 * The process that a slot runs a file by, one after the other: started, watched while it runs, and ended with all that
 * came of it. One thread starts and awaits; any thread may cancel.
 */
final class FileCommand {
    private static final long STEP_MILLIS = 1000;

    private final RunnerKind kind;
    private final RunnerLauncher launcher;
    private final int slot;
    private Process process;
    private String marker;
    private boolean cancelled;

    FileCommand(RunnerKind kind, RunnerLauncher launcher, int slot) {
        this.kind = kind;
        this.launcher = launcher;
        this.slot = slot;
    }

    /** What ended a process. */
    enum End {
        ITSELF,
        TIMEOUT,
        TOO_MUCH_OUTPUT
    }

    /** Looks at a process's output once in a while, on the thread that awaits it. */
    @FunctionalInterface
    interface Watch {
        /** Looks at nothing. */
        Watch NONE = () -> {};

        /** Looks. */
        void look() throws IOException;
    }

    /**
     * Starts it in the project's directory.
     *
     * @param output takes standard output and error
     * @return false if the slot was cancelled, and nothing was started
     */
    synchronized boolean start(List<String> command, Path output) throws IOException {
        if (cancelled) {
            return false;
        }
        RunnerEnvironment environment = launcher.environment();
        Map<String, String> variables = new HashMap<>(environment.environment());
        variables.put("DISTRIBUTED_TEST_SLOT", Integer.toString(slot));
        variables.put("GORGON_WORKER_ID", Integer.toString(slot));
        marker = launcher.newMarker(kind, slot);
        process = ProcessSpec.of(command)
                .directory(environment.workspace())
                .environment(variables)
                .marker(marker)
                .outputFile(output)
                .start();
        return true;
    }

    /**
     * Waits for its end, whatever the end is; then nothing of it is left but what it started and let go by itself.
     *
     * @param deadline on {@link System#nanoTime}
     * @throws InterruptedException if this thread is interrupted; its tree is gone then
     */
    End await(long deadline, Path output, Watch watch) throws InterruptedException, IOException {
        try {
            while (true) {
                long left = TimeUnit.NANOSECONDS.toMillis(deadline - System.nanoTime());
                if (process.waitFor(Math.max(0, Math.min(left, STEP_MILLIS)), TimeUnit.MILLISECONDS)) {
                    return End.ITSELF;
                }
                watch.look();
                if (left <= 0) {
                    kill();
                    return End.TIMEOUT;
                }
                if (BoundedText.size(output) > PersistentRunner.MAX_OUTPUT) {
                    kill();
                    return End.TOO_MUCH_OUTPUT;
                }
            }
        } catch (InterruptedException | IOException e) {
            kill();
            throw e;
        }
    }

    /** The exit code of a process that has ended; 128 + n where a signal did it. */
    int exitCode() {
        return process.exitValue();
    }

    /** Kills what runs and what is left of it. */
    void kill() {
        ProcessTree.kill(process, marker);
    }

    synchronized boolean isCancelled() {
        return cancelled;
    }

    /** Kills what runs, and nothing will be started any more. */
    void cancel() {
        Process running;
        String mark;
        synchronized (this) {
            cancelled = true;
            running = process;
            mark = marker;
        }
        if (running != null) {
            ProcessTree.kill(running, mark);
        }
    }
}
