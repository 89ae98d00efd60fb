package io.jenkins.plugins.distributedtest.sync;

import io.jenkins.plugins.distributedtest.loop.DaemonThreads;
import java.util.List;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.Executor;
import java.util.concurrent.FutureTask;
import java.util.concurrent.ThreadPoolExecutor;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicReference;
import java.util.stream.Stream;

/**
 * The few threads that read, hash, compress and copy for all runs of this JVM, so that hundreds of runs need no thread
 * each. They are daemons and end when idle. Each offer has at most one task waiting here, which bounds the queue.
 */
final class SyncPool {
    private static final int THREADS =
            Math.max(2, Math.min(4, Runtime.getRuntime().availableProcessors()));
    private static final ThreadPoolExecutor POOL = DaemonThreads.pool("distributed-test-sync", THREADS, 10_000);

    private SyncPool() {}

    /** Work to do for one item. */
    interface Action<T> {
        /** Does it. */
        void on(T item) throws SyncException, InterruptedException;
    }

    /** For single tasks, which must not block for long. */
    static Executor executor() {
        return POOL;
    }

    /**
     * Works through a list, with this thread and what threads of the pool are free. The first failure ends it.
     *
     * @throws SyncException the first failure
     * @throws InterruptedException when interrupted; no action is running then any more
     */
    static <T> void forEach(List<T> items, Action<T> action) throws SyncException, InterruptedException {
        Shared<T> shared = new Shared<>(items, action);
        int helpers = Math.min(THREADS, items.size() / 4 + 1) - 1;
        List<FutureTask<Void>> tasks = Stream.generate(() -> new FutureTask<Void>(shared::work, null))
                .limit(helpers)
                .toList();
        tasks.forEach(POOL::execute);
        shared.work();
        for (FutureTask<Void> task : tasks) {
            if (!POOL.remove(task)) {
                join(task, shared);
            }
        }
        shared.rethrow();
    }

    private static void join(FutureTask<Void> task, Shared<?> shared) {
        boolean interrupted = false;
        while (true) {
            try {
                task.get();
                break;
            } catch (InterruptedException e) {
                interrupted = true;
                shared.fail(e);
            } catch (ExecutionException e) {
                shared.fail(e.getCause());
                break;
            }
        }
        if (interrupted) {
            Thread.currentThread().interrupt();
        }
    }

    /** What the threads that work through one list share. */
    private static final class Shared<T> {
        private final List<T> items;
        private final Action<T> action;
        private final AtomicInteger next = new AtomicInteger();
        private final AtomicReference<Throwable> failure = new AtomicReference<>();

        Shared(List<T> items, Action<T> action) {
            this.items = items;
            this.action = action;
        }

        void work() {
            try {
                for (int i = next.getAndIncrement(); i < items.size(); i = next.getAndIncrement()) {
                    if (failure.get() != null) {
                        return;
                    }
                    if (Thread.interrupted()) {
                        throw new InterruptedException();
                    }
                    action.on(items.get(i));
                }
            } catch (Throwable e) {
                fail(e);
            }
        }

        void fail(Throwable e) {
            failure.compareAndSet(null, e);
        }

        void rethrow() throws SyncException, InterruptedException {
            Throwable e = failure.get();
            if (e instanceof SyncException sync) {
                throw sync;
            }
            if (e instanceof InterruptedException) {
                Thread.interrupted();
                throw new InterruptedException();
            }
            if (e instanceof RuntimeException runtime) {
                throw runtime;
            }
            if (e instanceof Error error) {
                throw error;
            }
        }
    }
}
