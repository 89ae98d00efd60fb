package io.jenkins.plugins.distributedtest.loop;

import java.time.Duration;
import java.util.concurrent.Callable;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.ScheduledFuture;
import java.util.concurrent.ScheduledThreadPoolExecutor;
import java.util.concurrent.TimeUnit;
import java.util.function.LongFunction;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * One named daemon thread that owns the state of everything that lives on it: runs, listeners, publishers. Whatever
 * happens elsewhere (a delivery, a lost connection, a process that ended) is handed to it as a task, so that the state
 * needs no locks and events have one order.
 *
 * <p>Tasks run in the order in which they were submitted. A task that throws is logged and does not end the loop.
 * Tasks are to be short; a remote call of a channel, bounded by its timeout, is the longest thing that belongs here.
 *
 * <p>{@link #close} runs what was submitted before it, at most {@link #CLOSE_SECONDS} long, and drops what is scheduled
 * for later. A closed loop refuses tasks with a {@link RejectedExecutionException}.
 */
public final class EventLoop implements AutoCloseable {
    /** How long {@link #close} waits for tasks that are queued or running. */
    public static final int CLOSE_SECONDS = 5;
    /**
     * How many tasks may wait. Prefetch keeps every consumer far below; whoever gets here has lost control, and an
     * error beats running out of memory.
     */
    static final int MAX_WAITING = 1_000_000;

    private static final Logger LOG = LoggerFactory.getLogger(EventLoop.class);

    private final String name;
    private final ScheduledThreadPoolExecutor executor;
    private volatile @Nullable Thread thread;

    /** A task that will run later, once or again and again. */
    public interface Scheduled {
        /** Stops it from running (again); harmless if it has run or was cancelled before. */
        void cancel();
    }

    /**
     * Starts a loop.
     *
     * @param threadName name of its thread, which it carries in log messages too
     */
    public EventLoop(String threadName) {
        name = threadName;
        executor = new ScheduledThreadPoolExecutor(1, task -> {
            Thread made = DaemonThreads.of(threadName, task);
            thread = made;
            return made;
        });
        executor.setRemoveOnCancelPolicy(true);
        executor.setExecuteExistingDelayedTasksAfterShutdownPolicy(false);
        executor.setContinueExistingPeriodicTasksAfterShutdownPolicy(false);
        executor.prestartCoreThread();
    }

    /**
     * Runs a task on the loop, after those submitted before.
     *
     * @throws RejectedExecutionException if the loop is closed, or a million tasks wait already
     */
    public void execute(Runnable task) {
        after(0, delay -> executor.schedule(guarded(task), delay, TimeUnit.NANOSECONDS));
    }

    /** Runs a task at once if this is the loop, otherwise as {@link #execute}; drops it when the loop is closed. */
    public void runUnlessClosed(Runnable task) {
        if (inLoop()) {
            task.run();
            return;
        }
        try {
            execute(task);
        } catch (RejectedExecutionException e) {
            LOG.debug("{} is closed", name, e);
        }
    }

    /**
     * Runs a task once, later.
     *
     * @param delay from now on
     * @throws RejectedExecutionException as {@link #execute}
     */
    public Scheduled schedule(Duration delay, Runnable task) {
        return after(delay.toNanos(), nanos -> executor.schedule(guarded(task), nanos, TimeUnit.NANOSECONDS));
    }

    /**
     * Runs a task again and again, the first time after one period. A run that is late makes the next one late, they
     * do not pile up.
     *
     * @param period from the end of one run to the start of the next; more than zero
     * @throws RejectedExecutionException as {@link #execute}
     */
    public Scheduled every(Duration period, Runnable task) {
        return after(
                period.toNanos(),
                nanos -> executor.scheduleWithFixedDelay(guarded(task), nanos, nanos, TimeUnit.NANOSECONDS));
    }

    /**
     * Runs a task on the loop and hands out its outcome. What depends on the returned future runs on the loop too,
     * unless told otherwise.
     *
     * @return the outcome; never wait for it on the loop itself
     * @throws RejectedExecutionException as {@link #execute}
     */
    public <T> CompletableFuture<T> submit(Callable<T> task) {
        CompletableFuture<T> outcome = new CompletableFuture<>();
        execute(() -> {
            try {
                outcome.complete(task.call());
            } catch (Throwable e) {
                outcome.completeExceptionally(e);
            }
        });
        return outcome;
    }

    /** Whether the caller is on the loop's thread. */
    public boolean inLoop() {
        return Thread.currentThread() == thread;
    }

    /** The name of the loop's thread. */
    public String name() {
        return name;
    }

    /**
     * Runs what has been submitted, at most {@value #CLOSE_SECONDS} s long, then interrupts. Called on the loop itself
     * it does not wait. Harmless when repeated.
     */
    @Override
    public void close() {
        executor.shutdown();
        if (inLoop()) {
            return;
        }
        try {
            if (!executor.awaitTermination(CLOSE_SECONDS, TimeUnit.SECONDS)) {
                LOG.warn("{} did not come to its end within {} s; interrupting it", name, CLOSE_SECONDS);
                executor.shutdownNow();
            }
        } catch (InterruptedException e) {
            executor.shutdownNow();
            Thread.currentThread().interrupt();
        }
    }

    private Scheduled after(long nanos, LongFunction<ScheduledFuture<?>> scheduling) {
        if (executor.getQueue().size() >= MAX_WAITING) {
            throw new RejectedExecutionException(MAX_WAITING + " tasks wait for " + name + " already");
        }
        try {
            ScheduledFuture<?> future = scheduling.apply(nanos);
            return () -> future.cancel(false);
        } catch (RejectedExecutionException e) {
            throw new RejectedExecutionException(name + " is closed", e);
        }
    }

    private Runnable guarded(Runnable task) {
        return () -> {
            try {
                task.run();
            } catch (Throwable e) {
                LOG.error("A task failed on {}", name, e);
            }
        };
    }
}
