package io.jenkins.plugins.distributedtest.jenkins.step;

import io.jenkins.plugins.distributedtest.originator.DistributedRun;
import io.jenkins.plugins.distributedtest.originator.RunSnapshot;
import java.io.IOException;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.Executor;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.logging.Level;
import java.util.logging.Logger;

/**
 * Saves a run as it goes on, so that a controller that is killed loses next to nothing: at once when its files are
 * published, then within a second of a change, less often where that takes long. What is lost all the same is found out
 * from the listeners' heartbeats, and run again.
 *
 * <p>The snapshot is taken on the run's loop and written on another thread, one at a time.
 */
final class Saver {
    private static final Logger LOG = Logger.getLogger(Saver.class.getName());
    /** Of the time at most one part in so many is spent on saving. */
    private static final int SHARE = 20;

    private final DistributedRun run;
    private final SavedRun saved;
    private final Executor executor;
    /** The loop's. */
    private boolean dirty;

    private boolean writing;
    private boolean stopped;
    private long costNanos;
    private long lastEnd = System.nanoTime();

    Saver(DistributedRun run, SavedRun saved, Executor executor) {
        this.run = run;
        this.saved = saved;
        this.executor = executor;
    }

    /** Something has happened. On the loop. */
    void changed() {
        dirty = true;
    }

    /** Saves if anything has happened and it is time. On the loop, every second. */
    void saveIfDue() {
        boolean due;
        synchronized (this) {
            due = !writing && System.nanoTime() - lastEnd >= SHARE * costNanos;
        }
        if (dirty && due) {
            saveNow();
        }
    }

    /** Saves now, unless it is being saved: then soon. On the loop. */
    void saveNow() {
        dirty = true;
        synchronized (this) {
            if (writing || stopped) {
                return;
            }
            writing = true;
        }
        long begun = System.nanoTime();
        try {
            RunSnapshot snapshot = run.save();
            dirty = false;
            executor.execute(() -> write(snapshot, begun));
        } catch (IllegalStateException | RejectedExecutionException e) {
            // Not published yet, or too much to do: the next tick tries again.
            written(begun);
        }
    }

    private void write(RunSnapshot snapshot, long begun) {
        try {
            saved.writeSnapshot(snapshot);
        } catch (IOException | RuntimeException e) {
            LOG.log(Level.WARNING, "The state of run " + snapshot.runId() + " cannot be saved", e);
        } finally {
            written(begun);
        }
    }

    private synchronized void written(long begun) {
        writing = false;
        lastEnd = System.nanoTime();
        costNanos = lastEnd - begun;
        notifyAll();
    }

    /** Saves nothing more; waits for what is being written. */
    synchronized void stop() throws InterruptedException {
        stopped = true;
        while (writing) {
            wait(1000);
        }
    }

    /**
     * Saves for the last time, on this thread.
     *
     * @param millis how long the loop may take to say what is to be saved
     * @throws IOException if it cannot be written
     * @throws ExecutionException if there is nothing to save, since nothing is published
     */
    void saveAndStop(long millis) throws InterruptedException, ExecutionException, TimeoutException, IOException {
        stop();
        CompletableFuture<RunSnapshot> snapshot = run.saved();
        saved.writeSnapshot(snapshot.get(millis, TimeUnit.MILLISECONDS));
    }
}
