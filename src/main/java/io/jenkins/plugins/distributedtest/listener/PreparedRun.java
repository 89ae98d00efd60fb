package io.jenkins.plugins.distributedtest.listener;

import io.jenkins.plugins.distributedtest.callback.CallbackException;
import io.jenkins.plugins.distributedtest.callback.Callbacks;
import io.jenkins.plugins.distributedtest.collect.ShareCollection;
import io.jenkins.plugins.distributedtest.loop.DaemonThreads;
import io.jenkins.plugins.distributedtest.runner.CaseSink;
import io.jenkins.plugins.distributedtest.sync.FetchedTree;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.concurrent.atomic.AtomicReference;
import java.util.stream.Stream;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** A job that is ready to run here: what {@link RunPreparation} made and what has to be ended when the run is over. */
final class PreparedRun {
    /** What a closing callback has, even when the time for all of them is up. */
    static final Duration LEAST = Duration.ofMillis(500);

    private static final Logger LOG = LoggerFactory.getLogger(PreparedRun.class);

    private final Workspace workspace;
    private final FetchedTree tree;
    private final SlotTrees trees;
    private final RunnerFactory.JobRunners runners;
    private final Callbacks callbacks;
    private final Runnable release;
    private final ShareCollection collection;

    /**
     * @param workspace the workspace
     * @param tree the sources
     * @param trees where the slots have them
     * @param runners the runners
     * @param callbacks those callbacks that the runners do not call themselves
     * @param release gives the workspace back when all has ended; may block
     * @param collection what is brought back
     */
    PreparedRun(
            Workspace workspace,
            FetchedTree tree,
            SlotTrees trees,
            RunnerFactory.JobRunners runners,
            Callbacks callbacks,
            Runnable release,
            ShareCollection collection) {
        this.workspace = workspace;
        this.tree = tree;
        this.trees = trees;
        this.runners = runners;
        this.callbacks = callbacks;
        this.release = release;
        this.collection = collection;
    }

    FetchedTree tree() {
        return tree;
    }

    /**
     * The worker of a slot.
     *
     * @param sink takes cases before the end of their file
     */
    Worker newWorker(int slot, CaseSink sink) {
        Path its = trees.of(slot);
        return new Worker(
                slot,
                runners.worker(slot, sink),
                callbacks.in(its),
                (file, result) -> collection.attempted(
                        its, file.file().path(), file.lease(), result.status().isBad()));
    }

    /** Stops all its processes, see {@code Runners.stop}. May take as long as the limit; any thread but the loop. */
    void stop(Duration limit) {
        runners.stop(limit);
    }

    /**
     * Ends workers and runners with their closing callbacks, then gives the workspace back. Blocks.
     *
     * @param workers the workers that there were
     * @param limit for the closing callbacks together, if shorter than what each may take; however little it is, each of
     *     them is called and has {@link #LEAST}
     * @return what failed; null if nothing did
     */
    Ending close(Collection<Worker> workers, Duration limit) {
        AtomicReference<CallbackException> failure = new AtomicReference<>();
        long end = System.nanoTime() + limit.toNanos();
        try {
            closeWorkers(workers, left(end), failure);
            runners.close(left(end));
            callbacks.atMost(left(end)).run(Callbacks.AFTER_CREATING_WORKERS);
        } catch (CallbackException e) {
            failure.compareAndSet(null, e);
        } catch (InterruptedException e) {
            runners.stop(Duration.ZERO);
            Thread.currentThread().interrupt();
        } catch (RuntimeException e) {
            LOG.error("The runners of {} could not be ended well", workspace.directory(), e);
        } finally {
            bringBack(left(end));
            release.run();
        }
        List<String> problems = workers.stream()
                .flatMap(worker -> worker.problems().stream())
                .distinct()
                .toList();
        if (!problems.isEmpty()) {
            return Ending.closingFailed(String.join("\n\n", problems));
        }
        if (failure.get() != null) {
            return Ending.of(failure.get());
        }
        List<String> unclosed = Stream.concat(
                        workers.stream().flatMap(worker -> worker.callbackProblems().stream()),
                        runners.callbackProblems().stream())
                .distinct()
                .toList();
        return unclosed.isEmpty() ? null : Ending.callbackFailed(String.join("\n", unclosed));
    }

    /** What the processes have left, the last of it written as they ended. */
    private void bringBack(Duration limit) {
        try {
            collection.finish(limit);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        } catch (RuntimeException e) {
            LOG.error("Files of {} could not be brought back", workspace.directory(), e);
        } finally {
            collection.close();
        }
    }

    private static Duration left(long end) {
        Duration left = Duration.ofNanos(end - System.nanoTime());
        return left.compareTo(LEAST) < 0 ? LEAST : left;
    }

    /** All at once: their callbacks may take their time. */
    private void closeWorkers(Collection<Worker> workers, Duration limit, AtomicReference<CallbackException> failure)
            throws InterruptedException {
        List<Thread> threads = new ArrayList<>();
        for (Worker worker : workers) {
            threads.add(
                    DaemonThreads.start("closing-slot-" + worker.slot(), () -> closeWorker(worker, limit, failure)));
        }
        try {
            for (Thread thread : threads) {
                thread.join();
            }
        } catch (InterruptedException e) {
            threads.forEach(Thread::interrupt);
            throw e;
        }
    }

    private static void closeWorker(Worker worker, Duration limit, AtomicReference<CallbackException> failure) {
        try {
            worker.close(limit);
        } catch (CallbackException e) {
            failure.compareAndSet(null, e);
        } catch (InterruptedException e) {
            LOG.debug("Stopped while closing worker {}", worker.slot());
        } catch (RuntimeException e) {
            LOG.error("Worker {} could not be ended well", worker.slot(), e);
        }
    }
}
