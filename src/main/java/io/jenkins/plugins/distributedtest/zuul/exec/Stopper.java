package io.jenkins.plugins.distributedtest.zuul.exec;

import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CancellationException;

/** Stops what runs for a job. Safe for use by several threads. */
public final class Stopper {
    private final List<Runnable> actions = new ArrayList<>();
    private String reason;

    /** Makes one that nobody has used yet. */
    public Stopper() {
        // Nothing to stop yet.
    }

    /** Runs an action when the job is stopped; at once if it is already. */
    public void onStop(Runnable action) {
        synchronized (this) {
            if (reason == null) {
                actions.add(action);
                return;
            }
        }
        action.run();
    }

    /** An action is no longer needed. */
    public synchronized void forget(Runnable action) {
        actions.remove(action);
    }

    /** Stops the job; harmless when repeated. */
    public void stop(String why) {
        List<Runnable> all;
        synchronized (this) {
            if (reason != null) {
                return;
            }
            reason = why;
            all = List.copyOf(actions);
            actions.clear();
        }
        all.forEach(Runnable::run);
    }

    /** Whether the job is to end. */
    public synchronized boolean isStopped() {
        return reason != null;
    }

    /** Why; null if it is not to end. */
    public synchronized String reason() {
        return reason;
    }

    /**
     * Lets a job that is to end go no further.
     *
     * @throws CancellationException if it is to end
     */
    public void check() {
        if (isStopped()) {
            throw new CancellationException(reason());
        }
    }
}
