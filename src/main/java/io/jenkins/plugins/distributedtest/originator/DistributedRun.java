package io.jenkins.plugins.distributedtest.originator;

import io.jenkins.plugins.distributedtest.amqp.BrokerAddress;
import io.jenkins.plugins.distributedtest.loop.EventLoop;
import io.jenkins.plugins.distributedtest.suite.RunEnd;
import io.jenkins.plugins.distributedtest.suite.RunReport;
import io.jenkins.plugins.distributedtest.suite.TestFile;
import io.jenkins.plugins.distributedtest.sync.SourceOffer;
import io.jenkins.plugins.distributedtest.sync.SyncException;
import io.jenkins.plugins.distributedtest.wire.SyncSpec;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.Executor;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * One run from the asking side: publishes a suite, watches the listeners that work on it, and reports.
 *
 * <p>The story: {@link #start} connects to the broker and, at the same time on another thread, prepares the sources.
 * When both are there the files are published, slowest first, and listeners are invited; late ones when they announce
 * themselves. What listeners answer goes into {@link RunState}, which owns the truth and says what to do. When it says
 * that the run has ended, the listeners are told, have a bounded time to take leave, and everything that belongs to the
 * run is deleted from the broker; then {@link #result} is complete.
 *
 * <p>The connection may be lost and come back at any time in between. What was published and not started is then
 * published again; what had waited in the reply queue is read first.
 *
 * <p>All of this happens on one event loop, which many runs can share: there is no thread per run, but for the one that
 * prepares the sources.
 */
public final class DistributedRun {
    private static final Logger LOG = LoggerFactory.getLogger(DistributedRun.class);

    /** How often the run's queues are kept from expiring. */
    private static final Duration TOUCH = Duration.ofSeconds(60);
    /** More dropped messages than these are counted, but no longer told one by one. */
    private static final int DROPS_TOLD = 100;

    private final RunParts parts;
    private final EventLoop loop;
    private final RunState state;
    private final Preparation preparation;
    private final Outbox outbox;
    private final RunLink link;
    private final RunEnding ending;
    private final List<EventLoop.Scheduled> timers = new ArrayList<>();
    private final CompletableFuture<RunReport> result = new CompletableFuture<>();

    private volatile Instant startedAt;
    private volatile long startNanos;
    /** When time was last seen to pass; on the loop. */
    private double lastTick;

    private volatile RunReport lastReport;

    // The rest belongs to the loop.
    private boolean started;
    /** The prepared sources; null before that. */
    private SyncSpec sync;

    private SyncException syncFailure;
    private int drops;

    private DistributedRun(RunParts parts, Executor preparing) {
        this.parts = parts;
        this.loop = parts.loop();
        this.state = parts.state();
        this.preparation = new Preparation(loop, parts.offer(), preparing);
        this.outbox = new Outbox(loop, state, parts.dialogue(), () -> sync);
        this.link = new RunLink(parts, outbox, new Link());
        this.ending = new RunEnding(parts, link, this::finished);
        this.startedAt = parts.startedAt();
        this.startNanos =
                System.nanoTime() - Duration.between(startedAt, Instant.now()).toNanos();
        this.lastReport = report();
    }

    /**
     * Makes a run whose sources are prepared on a thread of its own, which ends with that.
     *
     * @param loop the loop that the run lives on; may be shared
     * @param address the broker
     * @param settings what is asked for
     * @param ordered the suite, in the order of publishing: slowest first; not empty, no file twice
     * @param expected recorded runtimes in seconds; a file without one may be missing
     * @param directory the project's directory, absolute
     * @param observer hears what happens
     * @return the run, not started
     * @throws IllegalArgumentException if the suite is empty or has a file twice, or Gorgon's dialect is asked for with
     *     a kind of sync that Ruby listeners cannot follow
     */
    public static DistributedRun create(
            EventLoop loop,
            BrokerAddress address,
            RunSettings settings,
            List<TestFile> ordered,
            Map<TestFile, Double> expected,
            Path directory,
            RunObserver observer) {
        return create(loop, address, settings, ordered, expected, directory, observer, Preparation::onThreadOfItsOwn);
    }

    /**
     * Makes a run.
     *
     * @param preparation runs the preparation of the sources, which may block for as long as a push takes; the other
     *     parameters as above
     */
    public static DistributedRun create(
            EventLoop loop,
            BrokerAddress address,
            RunSettings settings,
            List<TestFile> ordered,
            Map<TestFile, Double> expected,
            Path directory,
            RunObserver observer,
            Executor preparation) {
        String runId = UUID.randomUUID().toString();
        return create(
                RunBase.of(loop, address, preparation),
                settings,
                ordered,
                expected,
                observer,
                runId,
                SourceOptions.offer(loop, runId, directory, settings));
    }

    /**
     * Makes a run with sources offered by the caller.
     *
     * @param base where it lives
     * @param settings what is asked for
     * @param ordered the suite, in the order of publishing: slowest first; not empty, no file twice
     * @param expected recorded runtimes in seconds; a file without one may be missing
     * @param observer hears what happens
     * @param runId its id, a new UUID
     * @param offer its sources, not prepared
     * @return the run, not started
     * @throws IllegalArgumentException as the others
     */
    public static DistributedRun create(
            RunBase base,
            RunSettings settings,
            List<TestFile> ordered,
            Map<TestFile, Double> expected,
            RunObserver observer,
            String runId,
            SourceOffer offer) {
        return new DistributedRun(
                RunParts.fresh(base, settings, ordered, expected, observer, runId, offer), base.preparation());
    }

    /**
     * Takes up a run of another process, or of this one before it was restarted: its listeners have gone on meanwhile.
     * The sources are prepared again and must be the same.
     *
     * @param loop the loop that the run lives on; may be shared
     * @param address the broker
     * @param settings the settings that the run was made with
     * @param snapshot the run, as {@link #save} gave it
     * @param directory the project's directory, absolute
     * @param observer hears what happens from now on
     * @return the run, not started
     */
    public static DistributedRun resume(
            EventLoop loop,
            BrokerAddress address,
            RunSettings settings,
            RunSnapshot snapshot,
            Path directory,
            RunObserver observer) {
        return resume(
                RunBase.of(loop, address, Preparation::onThreadOfItsOwn),
                settings,
                snapshot,
                observer,
                SourceOptions.offer(loop, snapshot.runId(), directory, settings));
    }

    /**
     * Takes up a run with sources offered by the caller.
     *
     * @param base where it lives
     * @param settings the settings that the run was made with
     * @param snapshot the run, as {@link #save} gave it
     * @param observer hears what happens from now on
     * @param offer its sources, not prepared; the same tree as before
     * @return the run, not started
     */
    public static DistributedRun resume(
            RunBase base, RunSettings settings, RunSnapshot snapshot, RunObserver observer, SourceOffer offer) {
        return new DistributedRun(RunParts.resumed(base, settings, snapshot, observer, offer), base.preparation());
    }

    /** The run's id. */
    public String runId() {
        return parts.runId();
    }

    /**
     * Starts the run. Returns at once; harmless when repeated. The run ends only while its loop lives: one that is
     * closed takes its runs with it, their results stay open.
     *
     * @throws RejectedExecutionException if the loop is closed
     */
    public void start() {
        loop.execute(() -> {
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
        });
    }

    /**
     * Cancels the run: its workers are stopped, nothing of it stays on the broker. Returns at once; {@link #result}
     * follows within about five seconds. From any thread; harmless when repeated or too late.
     *
     * @param reason for people
     */
    public void cancel(String reason) {
        try {
            loop.execute(() -> perform(state.cancel(now(), reason)));
        } catch (RejectedExecutionException e) {
            LOG.debug("Cancelled after the loop was closed", e);
        }
    }

    /**
     * The outcome: the report, however the run ended; or, exceptionally, a {@link SyncFailedException}. Completed on
     * the loop when nothing of the run is left on the broker.
     */
    public CompletableFuture<RunReport> result() {
        return result;
    }

    /** The report so far. From any thread; waits for the loop for ten seconds at most and then gives an older one. */
    public RunReport snapshot() {
        if (loop.inLoop()) {
            return report();
        }
        try {
            lastReport = loop.submit(this::report).get(10, TimeUnit.SECONDS);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        } catch (ExecutionException | TimeoutException | RejectedExecutionException e) {
            LOG.debug("No report from the loop, giving an older one", e);
        }
        return lastReport;
    }

    /**
     * The run on paper, for {@link #resume}. On the loop, or before the start.
     *
     * @throws IllegalStateException if the files are not published yet, so that there is nothing to take up
     */
    public RunSnapshot save() {
        if (!state.isPublished()) {
            throw new IllegalStateException("The run is not published yet");
        }
        return RunSnapshot.of(state, parts.runId(), startedAt.toEpochMilli());
    }

    /**
     * The run on paper, from any thread.
     *
     * @return completed on the loop; exceptionally with an {@link IllegalStateException} as {@link #save} throws it
     * @throws RejectedExecutionException if the loop is closed
     */
    public CompletableFuture<RunSnapshot> saved() {
        return loop.submit(this::save);
    }

    /**
     * Lets go of the run without ending it: nothing is said to listeners and nothing deleted from the broker, so that
     * {@link #resume} can take it up. {@link #result} stays open. Returns at once; from any thread.
     */
    public void abandon() {
        try {
            loop.execute(this::letGo);
        } catch (RejectedExecutionException e) {
            LOG.debug("Let go of after the loop was closed", e);
        }
    }

    private void letGo() {
        if (ending.isDone()) {
            return;
        }
        ending.forgo();
        timers.forEach(EventLoop.Scheduled::cancel);
        preparation.stop();
        link.close();
    }

    // ---- on the loop

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

    /** What the connection needs of the run. */
    private final class Link implements RunLink.Owner {
        @Override
        public double now() {
            return DistributedRun.this.now();
        }

        @Override
        public void perform(List<Effect> effects) {
            DistributedRun.this.perform(effects);
        }

        @Override
        public SyncSpec sync() {
            return sync;
        }

        @Override
        public void dropped(String problem) {
            if (++drops <= DROPS_TOLD) {
                String told = problem + (drops == DROPS_TOLD ? " (further ones are not told)" : "");
                LOG.warn("Run {}: {}", parts.runId(), told);
                tell(new RunEvent.MessageDropped(DistributedRun.this.now(), told));
            }
        }

        @Override
        public void connectedAfterTheEnd() {
            ending.takeLeave();
        }
    }

    /** Carries out what the state wants. */
    private void perform(List<Effect> effects) {
        for (Effect effect : effects) {
            if (effect instanceof Effect.Publish publish) {
                outbox.add(publish.job());
            } else if (effect instanceof Effect.PurgeFiles) {
                outbox.clear();
                link.purge();
            } else if (effect instanceof Effect.CancelListener cancel) {
                link.cancelOne(cancel);
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

    private void tell(RunEvent event) {
        try {
            parts.observer().event(event);
        } catch (RuntimeException | Error e) {
            // An observer must not keep a run from going on.
            LOG.error("The observer of run {} failed", parts.runId(), e);
        }
    }

    private void conclude() {
        lastReport = report();
        outbox.clear();
        preparation.stop();
        ending.begin();
    }

    private void finished() {
        timers.forEach(EventLoop.Scheduled::cancel);
        RunReport report = report();
        lastReport = report;
        tell(new RunEvent.Ended(now(), report));
        if (syncFailure != null) {
            result.completeExceptionally(new SyncFailedException(syncFailure, report));
        } else {
            result.complete(report);
        }
    }

    private RunReport report() {
        double wall = Double.isNaN(state.endedAt()) ? now() : state.endedAt();
        return new RunReport(
                parts.runId(),
                parts.settings().project(),
                startedAt,
                wall,
                state.end(),
                state.end() == RunEnd.ERROR ? state.problem() : "",
                state.fileReports(),
                state.listenerReports());
    }

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

    private double now() {
        return (System.nanoTime() - startNanos) / 1e9;
    }
}
