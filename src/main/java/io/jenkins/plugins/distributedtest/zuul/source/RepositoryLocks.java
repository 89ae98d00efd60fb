package io.jenkins.plugins.distributedtest.zuul.source;

import io.jenkins.plugins.distributedtest.loop.EventLoop;
import io.jenkins.plugins.distributedtest.zuul.exec.BlockingPool;
import io.jenkins.plugins.distributedtest.zuul.exec.Stopper;
import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.channels.FileLock;
import java.nio.channels.OverlappingFileLockException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.HashMap;
import java.util.Map;
import java.util.concurrent.CancellationException;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeoutException;

/**
 * A lock per repository, against other jobs of this process and against other processes that share the mirrors. A job
 * that waits occupies no thread. All state belongs to the loop.
 */
final class RepositoryLocks {
    private static final Duration LOOK = Duration.ofMillis(200);

    private final EventLoop loop;
    private final BlockingPool pool;
    private final Map<Path, Deque<Waiter>> queues = new HashMap<>();

    RepositoryLocks(EventLoop loop, BlockingPool pool) {
        this.loop = loop;
        this.pool = pool;
    }

    private final class Waiter {
        final Path file;
        final CompletableFuture<Runnable> result = new CompletableFuture<>();

        Waiter(Path file) {
            this.file = file;
        }

        void giveUp(Exception reason) {
            if (result.completeExceptionally(reason)) {
                Deque<Waiter> queue = queues.get(file);
                boolean first = queue != null && queue.peek() == this;
                if (queue != null && !first) {
                    queue.remove(this);
                }
                // The first one releases the lock when it has it and nobody waits for it any more.
            }
        }
    }

    /**
     * Takes a lock.
     *
     * @param file the lock's file
     * @param limit how long to wait
     * @param stopper ends the wait when the job is stopped
     * @return what releases it, on the loop; a {@link TimeoutException} or cancellation otherwise
     */
    CompletableFuture<Runnable> take(Path file, Duration limit, Stopper stopper) {
        Waiter waiter = new Waiter(file);
        Runnable stopped = () -> loop.execute(() -> waiter.giveUp(new CancellationException(stopper.reason())));
        loop.execute(() -> {
            Deque<Waiter> queue = queues.computeIfAbsent(file, any -> new ArrayDeque<>());
            queue.add(waiter);
            if (queue.size() == 1) {
                next(file);
            }
            EventLoop.Scheduled late = loop.schedule(
                    limit,
                    () -> waiter.giveUp(
                            new TimeoutException("Other jobs did not release " + file.getParent() + " in time")));
            stopper.onStop(stopped);
            waiter.result.whenComplete((release, problem) -> {
                late.cancel();
                stopper.forget(stopped);
            });
        });
        return waiter.result;
    }

    /** Tries to lock for the first one in the queue. */
    private void next(Path file) {
        Deque<Waiter> queue = queues.get(file);
        Waiter first = queue.peek();
        if (first == null) {
            queues.remove(file);
            return;
        }
        if (first.result.isDone()) {
            queue.poll();
            next(file);
            return;
        }
        pool.submit(() -> lock(file))
                .whenComplete((channel, problem) -> loop.execute(() -> {
                    if (problem != null) {
                        first.result.completeExceptionally(problem);
                        queue.poll();
                        next(file);
                    } else if (channel == null) {
                        loop.schedule(LOOK, () -> next(file));
                    } else if (!first.result.complete(releasing(file, channel))) {
                        release(file, channel);
                    }
                }));
    }

    private Runnable releasing(Path file, FileChannel channel) {
        return () -> loop.execute(() -> release(file, channel));
    }

    private void release(Path file, FileChannel channel) {
        pool.submit(() -> {
                    channel.close();
                    return null;
                })
                .whenComplete((done, problem) -> loop.execute(() -> {
                    queues.get(file).poll();
                    next(file);
                }));
    }

    private static FileChannel lock(Path file) throws IOException {
        Files.createDirectories(file.getParent());
        FileChannel channel = FileChannel.open(file, StandardOpenOption.CREATE, StandardOpenOption.WRITE);
        FileLock lock = null;
        try {
            lock = channel.tryLock();
            if (lock != null && Files.notExists(file)) {
                lock = null; // the mirror was removed meanwhile
            }
        } catch (OverlappingFileLockException e) {
            lock = null; // another executor in this very process
        } finally {
            if (lock == null) {
                channel.close();
            }
        }
        return lock == null ? null : channel;
    }
}
