package io.jenkins.plugins.distributedtest.originator;

import io.jenkins.plugins.distributedtest.loop.DaemonThreads;
import io.jenkins.plugins.distributedtest.loop.EventLoop;
import io.jenkins.plugins.distributedtest.sync.SourceOffer;
import io.jenkins.plugins.distributedtest.sync.SyncException;
import java.util.concurrent.Executor;
import java.util.concurrent.FutureTask;
import java.util.concurrent.RejectedExecutionException;
import java.util.function.Consumer;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Prepares a run's sources on another thread, and tells the outcome, whatever it is, on the loop. */
final class Preparation {
    private static final Logger LOG = LoggerFactory.getLogger(Preparation.class);

    private final EventLoop loop;
    private final SourceOffer offer;
    private final Executor executor;
    private FutureTask<?> task;

    /**
     * @param loop the run's loop
     * @param offer the sources
     * @param executor runs the preparation, which may block for as long as a push takes
     */
    Preparation(EventLoop loop, SourceOffer offer, Executor executor) {
        this.loop = loop;
        this.offer = offer;
        this.executor = executor;
    }

    static void onThreadOfItsOwn(Runnable task) {
        DaemonThreads.start("distributed-test-sources", task);
    }

    /**
     * Starts it. One of the two is called later, on the loop, unless {@link #stop} comes first.
     *
     * @param prepared the sources can be offered
     * @param failed they cannot
     */
    void start(Runnable prepared, Consumer<SyncException> failed) {
        task = new FutureTask<>(() -> tell(outcome(prepared, failed)), null);
        try {
            executor.execute(task);
        } catch (RejectedExecutionException e) {
            LOG.warn("The sources cannot be prepared", e);
            tell(() -> failed.accept(failure("no thread is free for that", e)));
        }
    }

    private Runnable outcome(Runnable prepared, Consumer<SyncException> failed) {
        try {
            offer.prepare();
            return prepared;
        } catch (SyncException e) {
            return () -> failed.accept(e);
        } catch (InterruptedException e) {
            return () -> failed.accept(failure("the preparation was interrupted", e));
        } catch (RuntimeException | Error e) {
            LOG.error("Preparing the sources failed", e);
            return () -> failed.accept(failure(e.toString(), e));
        }
    }

    private static SyncException failure(String why, Throwable cause) {
        return new SyncException(SyncException.Kind.FAILED, "The sources could not be prepared: " + why, cause);
    }

    private void tell(Runnable outcome) {
        FutureTask<?> current = task;
        try {
            loop.execute(() -> {
                if (!current.isCancelled()) {
                    outcome.run();
                }
            });
        } catch (RejectedExecutionException e) {
            LOG.debug("The sources are prepared, but the loop is closed", e);
        }
    }

    /** The run is over: interrupts the preparation if it goes on still. On the loop; harmless when repeated. */
    void stop() {
        if (task != null) {
            task.cancel(true);
        }
    }
}
