package io.jenkins.plugins.distributedtest.zuul.exec;

import io.jenkins.plugins.distributedtest.loop.DaemonThreads;
import java.util.concurrent.Callable;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Executor;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.ThreadPoolExecutor;
import java.util.concurrent.TimeUnit;

/**
 * A few threads for what blocks for a moment: files, starting and killing processes. Their number does
 * not depend on the number of jobs.
 */
public final class BlockingPool implements Executor, AutoCloseable {
    private static final int MAX_WAITING = 100_000;
    private static final int CLOSE_SECONDS = 10;

    private final ThreadPoolExecutor threads;

    /**
     * Makes a pool.
     *
     * @param name what its threads are named after
     * @param size how many threads there may be
     */
    public BlockingPool(String name, int size) {
        threads = DaemonThreads.pool(name, size, MAX_WAITING);
    }

    /** Runs a task, after those that wait already. */
    @Override
    public void execute(Runnable task) {
        threads.execute(task);
    }

    /** Runs a task and hands out its outcome, which also says so when the pool is closed or full. */
    public <T> CompletableFuture<T> submit(Callable<T> task) {
        CompletableFuture<T> outcome = new CompletableFuture<>();
        try {
            threads.execute(() -> {
                try {
                    outcome.complete(task.call());
                } catch (Throwable e) {
                    outcome.completeExceptionally(e);
                }
            });
        } catch (RejectedExecutionException e) {
            outcome.completeExceptionally(e);
        }
        return outcome;
    }

    /** Finishes what was submitted, {@value #CLOSE_SECONDS} s at most. */
    @Override
    public void close() {
        threads.shutdown();
        try {
            if (!threads.awaitTermination(CLOSE_SECONDS, TimeUnit.SECONDS)) {
                threads.shutdownNow();
            }
        } catch (InterruptedException e) {
            threads.shutdownNow();
            Thread.currentThread().interrupt();
        }
    }
}
