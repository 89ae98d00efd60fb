package io.jenkins.plugins.distributedtest.zuul.task;

import io.jenkins.plugins.distributedtest.loop.EventLoop;
import io.jenkins.plugins.distributedtest.process.ProcessOwner;
import io.jenkins.plugins.distributedtest.process.ProcessSpec;
import io.jenkins.plugins.distributedtest.process.ProcessTree;
import io.jenkins.plugins.distributedtest.process.StartedSince;
import io.jenkins.plugins.distributedtest.zuul.settings.TaskDefinition;
import java.time.Duration;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.Callable;
import java.util.concurrent.CancellationException;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Executor;
import java.util.concurrent.FutureTask;
import java.util.concurrent.RejectedExecutionException;

/**
 * What a job does with a thread of its own, since it may block: it has the job's time and ends with its stop, and every
 * process that it starts is the job's.
 */
final class JobThread {
    /** How long a part that was told to end may take to do so; then nobody waits for it any more. */
    private static final Duration GRACE = ProcessTree.LIMIT.plusSeconds(1);

    private final TaskContext context;
    private final Executor threads;

    /** A part took longer than it may. */
    static final class TooLate extends RuntimeException {
        private static final long serialVersionUID = 1L;

        TooLate() {
            super("the job's timeout");
        }
    }

    /**
     * @param context the job
     * @param threads gives each part a thread at once
     */
    JobThread(TaskContext context, Executor threads) {
        this.context = context;
        this.threads = threads;
    }

    /** Threads whose processes are the job's, for what looks after its own time. */
    Executor owned() {
        return task -> threads.execute(() -> {
            try {
                ProcessOwner.call(owner(), () -> {
                    task.run();
                    return null;
                });
            } catch (RuntimeException e) {
                throw e;
            } catch (Exception e) {
                throw new IllegalStateException(e);
            }
        });
    }

    /** What marks the processes of a job, and keeps this program's own secrets from them. */
    private Map<String, String> owner() {
        Map<String, String> owner = new TreeMap<>(TaskEnvironment.withoutSecrets());
        owner.put(TaskBackend.JOB_MARK, context.marker());
        owner.put(TaskBackend.EXECUTOR_MARK, context.environment().variables().get(TaskBackend.EXECUTOR_MARK));
        return owner;
    }

    /**
     * Kills whatever processes of a job are left, also those in the background, and those that its parts have started.
     *
     * @param since before the first of them was started
     */
    static void killLeftovers(String marker, TaskDefinition.Work work, StartedSince since) {
        ProcessTree.endMarked(Map.of(ProcessSpec.MARKER, marker), since);
        if (work instanceof TaskDefinition.Distributed) {
            ProcessTree.endMarked(Map.of(TaskBackend.JOB_MARK, marker), since);
        }
    }

    /**
     * Does a part. When its time is over or the job is stopped its thread is interrupted, which kills the process that it
     * waits for.
     *
     * @param limit how long it may take
     * @param part the part
     * @return what it returns; {@link TooLate}, or a cancellation if the job was stopped, once it has ended
     */
    <T> CompletableFuture<T> run(Duration limit, Callable<T> part) {
        CompletableFuture<T> result = new CompletableFuture<>();
        RuntimeException[] told = new RuntimeException[1]; // belongs to the loop
        EventLoop loop = context.processes().loop();
        FutureTask<T> task = new FutureTask<>(() -> ProcessOwner.call(owner(), part));
        CompletableFuture<Void> ended = new CompletableFuture<>();
        try {
            context.stopper().check();
            threads.execute(() -> {
                try {
                    task.run();
                } finally {
                    ended.complete(null);
                }
            });
        } catch (RejectedExecutionException | CancellationException e) {
            return CompletableFuture.failedFuture(e);
        }
        Runnable stopped = () -> loop.execute(() -> tell(told, task, result, stop()));
        EventLoop.Scheduled late = loop.schedule(limit, () -> tell(told, task, result, new TooLate()));
        context.stopper().onStop(stopped);
        ended.thenRunAsync(
                () -> {
                    late.cancel();
                    context.stopper().forget(stopped);
                    complete(told, task, result);
                },
                loop::execute);
        return result;
    }

    private CancellationException stop() {
        return new CancellationException(context.stopper().reason());
    }

    private <T> void tell(
            RuntimeException[] told, FutureTask<T> task, CompletableFuture<T> result, RuntimeException why) {
        if (told[0] == null && !result.isDone()) {
            told[0] = why;
            task.cancel(true);
            context.processes().loop().schedule(GRACE, () -> result.completeExceptionally(why));
        }
    }

    private static <T> void complete(RuntimeException[] told, FutureTask<T> task, CompletableFuture<T> result) {
        if (told[0] != null) {
            result.completeExceptionally(told[0]);
            return;
        }
        try {
            result.complete(task.get());
        } catch (java.util.concurrent.ExecutionException e) {
            result.completeExceptionally(e.getCause());
        } catch (InterruptedException e) {
            throw new IllegalStateException("A task that has ended is not waited for", e);
        }
    }
}
