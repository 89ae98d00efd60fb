package io.jenkins.plugins.distributedtest.loop;

import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.SynchronousQueue;
import java.util.concurrent.ThreadFactory;
import java.util.concurrent.ThreadPoolExecutor;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;

/**
 * All threads of this program are daemons with a name, and all pools are bounded: none keeps the process alive, and a
 * thread dump tells what each is for.
 */
public final class DaemonThreads {
    private static final long IDLE_SECONDS = 10;

    private DaemonThreads() {}

    /** A thread that is not started yet. */
    public static Thread of(String name, Runnable task) {
        Thread thread = new Thread(task, name);
        thread.setDaemon(true);
        return thread;
    }

    /** Starts a thread. */
    public static Thread start(String name, Runnable task) {
        Thread thread = of(name, task);
        thread.start();
        return thread;
    }

    /** Makes threads of one name, for executors that have one thread at a time. */
    public static ThreadFactory named(String name) {
        return task -> of(name, task);
    }

    /** Makes threads {@code NAME-1}, {@code NAME-2} and so on. */
    public static ThreadFactory numbered(String name) {
        AtomicInteger number = new AtomicInteger();
        return task -> of(name + "-" + number.incrementAndGet(), task);
    }

    /**
     * A pool whose threads end when they are idle.
     *
     * @param name of its threads, which are numbered
     * @param threads how many there are at most
     * @param waiting how many tasks wait at most; more are refused with a {@code RejectedExecutionException}
     */
    public static ThreadPoolExecutor pool(String name, int threads, int waiting) {
        return pool(name, threads, threads, new LinkedBlockingQueue<>(waiting));
    }

    /** A pool in which no task ever waits: more than so many at a time are refused. */
    public static ThreadPoolExecutor immediatePool(String name, int threads) {
        return pool(name, 0, threads, new SynchronousQueue<>());
    }

    private static ThreadPoolExecutor pool(String name, int core, int max, BlockingQueue<Runnable> queue) {
        ThreadPoolExecutor pool =
                new ThreadPoolExecutor(core, max, IDLE_SECONDS, TimeUnit.SECONDS, queue, numbered(name));
        pool.allowCoreThreadTimeOut(true);
        return pool;
    }
}
