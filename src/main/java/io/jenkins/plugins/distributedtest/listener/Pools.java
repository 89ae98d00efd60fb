package io.jenkins.plugins.distributedtest.listener;

import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.SynchronousQueue;
import java.util.concurrent.ThreadPoolExecutor;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;

/** Bounded pools of named daemon threads that end when they are idle. */
final class Pools {
    private static final long IDLE_SECONDS = 10;

    private Pools() {}

    /** At most some threads, and at most some tasks that wait; more are refused. */
    static ThreadPoolExecutor bounded(String name, int threads, int waiting) {
        return pool(name, threads, threads, new LinkedBlockingQueue<>(waiting));
    }

    /** No task ever waits; more than some at a time are refused. */
    static ThreadPoolExecutor immediate(String name, int threads) {
        return pool(name, 0, threads, new SynchronousQueue<>());
    }

    private static ThreadPoolExecutor pool(String name, int core, int max, BlockingQueue<Runnable> queue) {
        AtomicInteger number = new AtomicInteger();
        ThreadPoolExecutor pool = new ThreadPoolExecutor(core, max, IDLE_SECONDS, TimeUnit.SECONDS, queue, task -> {
            Thread thread = new Thread(task, name + "-" + number.incrementAndGet());
            thread.setDaemon(true);
            return thread;
        });
        pool.allowCoreThreadTimeOut(true);
        return pool;
    }
}
