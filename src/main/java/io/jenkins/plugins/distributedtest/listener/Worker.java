package io.jenkins.plugins.distributedtest.listener;

import io.jenkins.plugins.distributedtest.callback.CallbackException;
import io.jenkins.plugins.distributedtest.callback.Callbacks;
import io.jenkins.plugins.distributedtest.runner.RunnerException;
import io.jenkins.plugins.distributedtest.runner.WorkerRunner;
import io.jenkins.plugins.distributedtest.suite.FileResult;
import java.time.Duration;
import java.util.List;
import java.util.Map;

/**
 * One slot's worker for one run: its runner and its callbacks. Begins with its first file and ends with the run. Used
 * by the slot's thread, and by the thread that closes the run once that is done.
 */
final class Worker {
    private final int slot;
    private final WorkerRunner runner;
    private final Callbacks callbacks;
    private final AfterAttempt after;
    private final Interruptible starting = new Interruptible();
    private boolean started;

    /**
     * @param slot the slot's number
     * @param runner the slot's runner
     * @param callbacks those callbacks that the runner does not call itself
     * @param after told of each attempt, before its result is
     */
    Worker(int slot, WorkerRunner runner, Callbacks callbacks, AfterAttempt after) {
        this.after = after;
        this.slot = slot;
        this.runner = runner;
        this.callbacks = callbacks.with(Map.of("GORGON_WORKER_ID", Integer.toString(slot)));
    }

    int slot() {
        return slot;
    }

    /** Runs {@code before_start}, the first time. */
    void start() throws CallbackException, InterruptedException {
        if (!started) {
            starting.run(() -> callbacks.run(Callbacks.BEFORE_START));
            started = true;
        }
    }

    /** Waits until it is a file's turn on this host, see {@link WorkerRunner#awaitTurn}. */
    void awaitTurn(HeldFile file) throws RunnerException, InterruptedException {
        runner.awaitTurn(file.file());
    }

    /** Runs a file, see {@link WorkerRunner#run} and, for one that was run before, {@link WorkerRunner#runAgain}. */
    FileResult run(HeldFile file) throws RunnerException, InterruptedException {
        FileResult result =
                file.isAgain() ? runner.runAgain(file.file(), file.timeout()) : runner.run(file.file(), file.timeout());
        after.ended(file, result);
        return result;
    }

    /** Looks at what an attempt has left behind. */
    interface AfterAttempt {
        /** An attempt has ended. On the slot's thread. */
        void ended(HeldFile file, FileResult result);
    }

    /**
     * Stops its processes, for good, see {@link WorkerRunner#stop}. Any thread may call it.
     *
     * @param limit how long that may take
     */
    void stop(Duration limit) {
        stopStarting();
        runner.stop(limit);
    }

    /** Stops {@code before_start}, if that goes on. Any thread may call it. */
    void stopStarting() {
        starting.stop();
    }

    /** What went wrong with callbacks that its processes call at their end; complete once closed. */
    List<String> callbackProblems() {
        return runner.callbackProblems();
    }

    /** What failed in test code that runs after the last file; complete once closed. */
    List<String> problems() {
        return runner.problems();
    }

    /**
     * Ends its processes, then runs {@code after_complete} if {@code before_start} had come to a good end.
     *
     * @param limit for the callback
     */
    void close(Duration limit) throws CallbackException, InterruptedException {
        runner.close();
        if (started) {
            callbacks.atMost(limit).run(Callbacks.AFTER_COMPLETE);
        }
    }
}
