package io.jenkins.plugins.distributedtest.listener;

import io.jenkins.plugins.distributedtest.runner.CaseSink;
import java.time.Duration;
import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.RejectedExecutionException;
import java.util.function.Consumer;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Carries out what a {@link RunShare} wants done: through the {@link DialectLink}, the slots, and the threads that
 * close what a run had here. Lives on the event loop.
 */
final class EffectHandler {
    private static final Logger LOG = LoggerFactory.getLogger(EffectHandler.class);

    private final JoinedRun run;
    private final DialectLink link;
    private final ListenerContext context;
    private final SlotGroup slots;
    private final Consumer<ShareEffect> ends;
    private final Consumer<Ending> onClosed;
    private final Map<Integer, Worker> workers = new HashMap<>();
    private final Map<Integer, HeldFile> files = new HashMap<>();
    private PreparedRun prepared;
    /** Completed when nothing is being stopped. */
    private CompletableFuture<Void> stopped = CompletableFuture.completedFuture(null);
    /** By when all is to be closed, in nanoseconds; null unless all was stopped. */
    private Long stopBy;

    /**
     * @param run the run
     * @param link its dialect's ways
     * @param context the listener
     * @param slots the listener's slots
     * @param ends told of {@link ShareEffect.Leave} and {@link ShareEffect.Gone}, after the slots and before the link
     * @param onClosed told on the loop when the workers are closed, with what failed; null if nothing did
     */
    EffectHandler(
            JoinedRun run,
            DialectLink link,
            ListenerContext context,
            SlotGroup slots,
            Consumer<ShareEffect> ends,
            Consumer<Ending> onClosed) {
        this.run = run;
        this.link = link;
        this.context = context;
        this.slots = slots;
        this.ends = ends;
        this.onClosed = onClosed;
    }

    /** The run is prepared, and is closed here. */
    void prepared(PreparedRun result) {
        prepared = result;
    }

    /**
     * A slot has taken a file.
     *
     * @return the slot's worker, made for its first file
     */
    Worker took(Slot slot, HeldFile file) {
        files.put(slot.number(), file);
        return workers.computeIfAbsent(slot.number(), number -> prepared.newWorker(number, sink(slot)));
    }

    private CaseSink sink(Slot slot) {
        return link.takesCases()
                ? new CasesAhead(context.loop(), (cases, sent) -> run.cases(slot, cases, sent))
                : CaseSink.NONE;
    }

    /** The file of a slot. */
    HeldFile file(Slot slot) {
        return files.get(slot.number());
    }

    /** A slot is free, and all that was to be done about its file is done. */
    void freed(Slot slot) {
        files.remove(slot.number());
    }

    /** Does what is to be done, in order. */
    void carryOut(List<ShareEffect> effects) {
        effects.forEach(this::carryOut);
        if (!effects.isEmpty()) {
            context.changed();
        }
    }

    private void carryOut(ShareEffect effect) {
        if (effect instanceof ShareEffect.Settle settle) {
            files.get(settle.slot()).settle(settle.done());
        } else if (effect instanceof ShareEffect.Count count) {
            context.fileRun();
            context.metrics().file(count.result().status(), count.result().seconds());
        } else if (effect instanceof ShareEffect.Problem problem) {
            context.problem(problem.text());
        } else if (effect instanceof ShareEffect.Heard) {
            if (link.originatorSeen()) {
                slots.wakeAll();
            }
        } else if (effect instanceof ShareEffect.Refill) {
            link.refill();
        } else if (effect instanceof ShareEffect.Wake) {
            slots.wakeAll();
        } else if (effect instanceof ShareEffect.DeleteEntities) {
            link.deleteEntities();
        } else if (!tell(effect)) {
            beginOrEnd(effect);
        }
    }

    private boolean tell(ShareEffect effect) {
        if (effect instanceof ShareEffect.TellStarted started) {
            link.started(slots.get(started.slot()), files.get(started.slot()));
        } else if (effect instanceof ShareEffect.TellFinished finished) {
            link.finished(slots.get(finished.slot()), files.get(finished.slot()), finished.result());
        } else if (effect instanceof ShareEffect.Beat beat) {
            link.heartbeat(beat.running());
        } else if (effect instanceof ShareEffect.TellLeft left) {
            link.left(left.ending());
        } else {
            return false;
        }
        return true;
    }

    private void beginOrEnd(ShareEffect effect) {
        if (effect instanceof ShareEffect.Join) {
            join();
        } else if (effect instanceof ShareEffect.Leave) {
            slots.leave(run);
            ends.accept(effect);
        } else if (effect instanceof ShareEffect.StopSlots stop) {
            stop.slots().stream().map(workers::get).forEach(worker -> stopping(() -> worker.stop(stop.limit())));
        } else if (effect instanceof ShareEffect.StopAll stop) {
            stopAll(stop.limit());
        } else if (effect instanceof ShareEffect.Close close) {
            close(close.limit());
        } else if (effect instanceof ShareEffect.Gone) {
            link.close();
            ends.accept(effect);
        }
    }

    private void join() {
        double seconds = prepared.tree().seconds();
        context.metrics().synced(seconds);
        link.ready(prepared.tree().treeDigest(), seconds);
        slots.join(run, slot -> link.feed(run, slot));
    }

    private void stopAll(Duration limit) {
        Collection<Worker> all = List.copyOf(workers.values());
        PreparedRun mine = prepared;
        stopBy = System.nanoTime() + limit.toNanos();
        stopping(() -> {
            all.forEach(Worker::stopStarting);
            if (mine != null) {
                mine.stop(limit);
            }
        });
    }

    /** Once all that is being stopped has ended: closing callbacks are not disturbed in the middle. */
    private void close(Duration limit) {
        PreparedRun mine = prepared;
        Collection<Worker> all = List.copyOf(workers.values());
        Long by = stopBy;
        onCloser(stopped, () -> {
            Duration left = by == null ? limit : Duration.ofNanos(by - System.nanoTime());
            Ending failure = mine == null ? null : mine.close(all, left.compareTo(limit) < 0 ? left : limit);
            context.loop().execute(() -> onClosed.accept(failure));
        });
    }

    private void stopping(Runnable work) {
        stopped = CompletableFuture.allOf(stopped, onCloser(CompletableFuture.completedFuture(null), work));
    }

    private CompletableFuture<Void> onCloser(CompletableFuture<Void> after, Runnable work) {
        return after.handle((nothing, failure) -> null)
                .thenRunAsync(
                        () -> {
                            try {
                                work.run();
                            } catch (RejectedExecutionException e) {
                                LOG.debug("The listener is closed", e);
                            } catch (RuntimeException e) {
                                LOG.error("Run {} could not be ended well", run.runId(), e);
                            }
                        },
                        context.closers());
    }
}
