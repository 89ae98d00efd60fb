package io.jenkins.plugins.distributedtest.originator;

import io.jenkins.plugins.distributedtest.loop.EventLoop;
import io.jenkins.plugins.distributedtest.suite.Collected;
import io.jenkins.plugins.distributedtest.suite.RunEnd;
import io.jenkins.plugins.distributedtest.suite.RunReport;
import io.jenkins.plugins.distributedtest.suite.WorkerId;
import io.jenkins.plugins.distributedtest.sync.SyncException;
import io.jenkins.plugins.distributedtest.wire.SyncSpec;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Executor;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The part of a {@link DistributedRun} that lives on its loop: joins the state, the connection, the preparation of the
 * sources, the clock and the end, and carries out what the state wants.
 */
final class LiveRun implements LinkOwner {
    private static final Logger LOG = LoggerFactory.getLogger(LiveRun.class);

    /** How often the run's queues are kept from expiring. */
    private static final Duration TOUCH = Duration.ofSeconds(60);
    /** More dropped messages than these are counted, but no longer told one by one. */
    private static final int DROPS_TOLD = 100;

    private final RunParts parts;
    private final EventLoop loop;
    private final RunState state;
    private final Preparation preparation;
    private final Outbox outbox;
    private final BrokerLink link;
    private final RunEnding ending;
    private final List<EventLoop.Scheduled> timers = new ArrayList<>();
    private final CompletableFuture<RunReport> result = new CompletableFuture<>();

    private volatile RunReport lastReport;
    private Instant startedAt;
    private long startNanos;
    /** When time was last seen to pass. */
    private double lastTick;

    private boolean started;
    /** The prepared sources; null before that. */
    private SyncSpec sync;

    private SyncException syncFailure;
    private int drops;

    LiveRun(RunParts parts, Executor preparing) {
        this.parts = parts;
        this.loop = parts.loop();
        this.state = parts.state();
        this.preparation = new Preparation(loop, parts.offer(), preparing);
        this.outbox = new Outbox(loop, state, parts.dialogue(), () -> sync);
        this.link = new BrokerLink(parts, outbox, this);
        this.ending = new RunEnding(parts, link, this, this::finished);
        this.startedAt = parts.startedAt();
        this.startNanos =
                System.nanoTime() - Duration.between(startedAt, Instant.now()).toNanos();
        report();
    }

    /** Completed when nothing of the run is left on the broker. */
    CompletableFuture<RunReport> result() {
        return result;
    }

    /** Starts; harmless when repeated, or when the run has ended. */
    void start() {
        if (started || state.hasEnded() || ending.isDone()) {
            return;
        }
        started = true;
        if (!state.isPublished()) {
            startedAt = Instant.now();
            startNanos = System.nanoTime();
        }
        preparation.start(this::prepared, this::syncFailed);
        link.open();
        lastTick = now();
        timers.add(loop.every(tickPeriod(), this::tick));
        timers.add(loop.every(parts.settings().heartbeat(), link::heartbeat));
        timers.add(loop.every(TOUCH, link::touch));
    }

    /** Somebody cancels the run. */
    void cancel(String reason) {
        boolean hasEnded = state.hasEnded();
        perform(state.cancel(now(), reason));
        if (hasEnded) {
            ending.cancel(reason);
        }
    }

    /** The run cannot go on. */
    void fail(String reason) {
        perform(state.fail(now(), reason));
    }

    /** A listener is gone. */
    void gone(String listener, String why) {
        perform(state.gone(now(), listener, why));
    }

    /** The state, for what there is to see. */
    RunState state() {
        return state;
    }

    /** Lets go of the run without ending it. */
    void letGo() {
        if (ending.isDone()) {
            return;
        }
        ending.forgo();
        timers.forEach(EventLoop.Scheduled::cancel);
        preparation.stop();
        parts.collector().letGo();
        link.close();
    }

    /**
     * The run on paper.
     *
     * @throws IllegalStateException if the files are not published yet, so that there is nothing to take up
     */
    RunSnapshot save() {
        if (!state.isPublished()) {
            throw new IllegalStateException("The run is not published yet");
        }
        return RunSnapshot.of(state, parts.runId(), startedAt.toEpochMilli());
    }

    /** The report so far. */
    RunReport report() {
        double wall = Double.isNaN(state.endedAt()) ? now() : state.endedAt();
        RunReport report = new RunReport(
                parts.runId(),
                parts.settings().project(),
                startedAt,
                wall,
                state.end(),
                state.end() == RunEnd.ERROR ? state.problem() : "",
                state.fileReports(),
                state.listenerReports(),
                parts.settings().noTestsAllowed(),
                collected(),
                parts.settings().quarantine());
        lastReport = report;
        return report;
    }

    /** What was brought back; at the end with who has not brought all. */
    private Collected collected() {
        Collected there = parts.collector().report();
        boolean whole = state.end() == RunEnd.COMPLETED || state.end() == RunEnd.FAILED_FAST;
        if (!there.isAsked() || !whole) {
            return there;
        }
        Set<String> ended = parts.collector().ended();
        List<String> missing = state.listenerReports().stream()
                .filter(one -> !Double.isNaN(one.joinedOffset()) && !ended.contains(one.listener()))
                .map(one -> WorkerId.listenerName(one.host(), one.listener()))
                .toList();
        return new Collected(there.directory(), there.files(), there.bytes(), missing, there.problems());
    }

    /** The report that was made last; never null. From any thread. */
    RunReport lastReport() {
        return lastReport;
    }

    // ---- the sources

    private void prepared() {
        if (!state.hasEnded() && !ending.isDone()) {
            sync = parts.offer().spec();
            link.offerSources();
        }
    }

    private void syncFailed(SyncException e) {
        if (!state.hasEnded() && !ending.isDone()) {
            syncFailure = e;
            perform(state.fail(now(), e.getMessage()));
        }
    }

    @Override
    public SyncSpec sync() {
        return sync;
    }

    // ---- what the connection tells

    @Override
    public double now() {
        return (System.nanoTime() - startNanos) / 1e9;
    }

    /** Carries out what the state wants. */
    @Override
    public void perform(List<Effect> effects) {
        for (Effect effect : effects) {
            if (effect instanceof Effect.Publish publish) {
                outbox.add(publish);
            } else if (effect instanceof Effect.PurgeFiles) {
                outbox.clear();
                link.purge();
            } else if (effect instanceof Effect.CancelListener cancel) {
                link.cancelOne(cancel);
            } else if (effect instanceof Effect.AskOtherClusters) {
                link.askOtherClusters();
            } else if (effect instanceof Effect.Notify notify) {
                tell(notify.event());
            } else if (effect instanceof Effect.End) {
                conclude();
            }
        }
        outbox.pump();
        if (state.hasEnded()) {
            ending.cleanUpWhenAlone();
        }
    }

    @Override
    public void dropped(String problem) {
        if (++drops <= DROPS_TOLD) {
            String told = problem + (drops == DROPS_TOLD ? " (further ones are not told)" : "");
            LOG.warn("Run {}: {}", parts.runId(), told);
            tell(new RunEvent.MessageDropped(now(), told));
        }
    }

    @Override
    public void connectedAfterTheEnd() {
        ending.sayGoodbye();
    }

    private void tell(RunEvent event) {
        try {
            parts.observer().event(event);
        } catch (RuntimeException | Error e) {
            // An observer must not keep a run from going on.
            LOG.error("The observer of run {} failed", parts.runId(), e);
        }
    }

    // ---- time

    private void tick() {
        double now = now();
        double pause = now - lastTick;
        if (pause > parts.settings().silence().toMillis() / 2000.0) {
            state.stoodStill(now, pause);
        }
        lastTick = now;
        perform(state.tick(now));
    }

    private Duration tickPeriod() {
        long millis = parts.settings().heartbeat().toMillis() / 2;
        return Duration.ofMillis(Math.max(50, Math.min(1000, millis)));
    }

    // ---- the end

    private void conclude() {
        report();
        outbox.clear();
        preparation.stop();
        ending.begin();
    }

    private void finished() {
        timers.forEach(EventLoop.Scheduled::cancel);
        RunReport report = report();
        tell(new RunEvent.Ended(now(), report));
        if (syncFailure != null) {
            result.completeExceptionally(new SyncFailedException(syncFailure, report));
        } else {
            result.complete(report);
        }
    }
}
