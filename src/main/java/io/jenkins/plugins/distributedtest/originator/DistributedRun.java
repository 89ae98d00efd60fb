package io.jenkins.plugins.distributedtest.originator;

import io.jenkins.plugins.distributedtest.collect.CollectSink;
import io.jenkins.plugins.distributedtest.collect.CollectedTree;
import io.jenkins.plugins.distributedtest.loop.EventLoop;
import io.jenkins.plugins.distributedtest.suite.RunReport;
import io.jenkins.plugins.distributedtest.sync.SourceOffer;
import java.nio.file.Path;
import java.util.List;
import java.util.UUID;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
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
 * that the run has ended, the listeners are told, have a bounded time to say goodbye, and everything that belongs to the
 * run is deleted from the broker; then {@link #result} is complete.
 *
 * <p>The connection may be lost and come back at any time in between. What was published and not started is then
 * published again; what had waited in the reply queue is read first.
 *
 * <p>All of this happens on one event loop, which many runs can share: there is no thread per run, but for the one that
 * prepares the sources. {@link LiveRun} is the part on the loop; the methods here may be called from any thread, unless
 * they say otherwise.
 */
public final class DistributedRun {
    private static final Logger LOG = LoggerFactory.getLogger(DistributedRun.class);

    private final String runId;
    private final EventLoop loop;
    private final LiveRun live;

    private DistributedRun(RunBase base, RunParts parts) {
        this.runId = parts.runId();
        this.loop = base.loop();
        this.live = new LiveRun(parts, base.preparation());
    }

    /**
     * Makes a run of a project on this machine.
     *
     * @param base where it lives
     * @param request what is asked for
     * @param directory the project's directory, absolute
     * @param observer hears what happens, on the loop
     * @return the run, not started
     * @throws IllegalArgumentException if the suite is empty or has a file twice, or Gorgon's dialect is asked for with
     *     a kind of sync that Ruby listeners cannot follow
     */
    public static DistributedRun create(RunBase base, RunRequest request, Path directory, RunObserver observer) {
        CollectSettings collect = request.settings().collect();
        CollectSink sink =
                collect.isAsked() ? new CollectedTree(directory, Path.of(collect.directory())) : CollectSink.NONE;
        return create(base, request, directory, sink, observer);
    }

    /**
     * Makes a run of a project on this machine.
     *
     * @param base where it lives
     * @param request what is asked for
     * @param directory the project's directory, absolute
     * @param sink where files go that listeners bring back
     * @param observer hears what happens, on the loop
     * @return the run, not started
     * @throws IllegalArgumentException as the other
     */
    public static DistributedRun create(
            RunBase base, RunRequest request, Path directory, CollectSink sink, RunObserver observer) {
        String runId = UUID.randomUUID().toString();
        SourceOffer offer = ProjectSources.offer(base.loop(), runId, directory, request.settings());
        return create(base, request, runId, offer, sink, observer);
    }

    /**
     * Makes a run with sources offered by the caller.
     *
     * @param base where it lives
     * @param request what is asked for
     * @param runId its id, a new UUID
     * @param offer its sources, not prepared
     * @param observer hears what happens, on the loop
     * @return the run, not started
     * @throws IllegalArgumentException as the other
     */
    public static DistributedRun create(
            RunBase base, RunRequest request, String runId, SourceOffer offer, RunObserver observer) {
        return create(base, request, runId, offer, CollectSink.NONE, observer);
    }

    /**
     * Makes a run with sources offered by the caller, which brings files back.
     *
     * @param base where it lives
     * @param request what is asked for
     * @param runId its id, a new UUID
     * @param offer its sources, not prepared
     * @param sink where files go that listeners bring back
     * @param observer hears what happens, on the loop
     * @return the run, not started
     * @throws IllegalArgumentException as the other
     */
    public static DistributedRun create(
            RunBase base, RunRequest request, String runId, SourceOffer offer, CollectSink sink, RunObserver observer) {
        return new DistributedRun(base, RunParts.fresh(base, request, runId, offer, sink, observer));
    }

    /**
     * Takes up a run of another process, or of this one before it was restarted: its listeners have gone on meanwhile.
     *
     * @param base where it lives
     * @param settings the settings that the run was made with
     * @param snapshot the run, as {@link #save} gave it
     * @param offer its sources, not prepared; the same tree as before
     * @param sink where files go that listeners bring back, as before
     * @param observer hears what happens from now on, on the loop
     * @return the run, not started
     */
    public static DistributedRun resume(
            RunBase base,
            RunSettings settings,
            RunSnapshot snapshot,
            SourceOffer offer,
            CollectSink sink,
            RunObserver observer) {
        return new DistributedRun(base, RunParts.resumed(base, settings, snapshot, offer, sink, observer));
    }

    /** The run's id. */
    public String runId() {
        return runId;
    }

    /**
     * Starts the run. Returns at once; harmless when repeated. The run ends only while its loop lives: one that is
     * closed takes its runs with it, their results stay open.
     *
     * @throws RejectedExecutionException if the loop is closed
     */
    public void start() {
        loop.execute(live::start);
    }

    /**
     * Cancels the run: its workers are stopped, nothing of it stays on the broker. Returns at once; {@link #result}
     * follows within about five seconds, ten where the project has closing callbacks that take so long. Harmless when repeated or too late.
     *
     * @param reason for people
     */
    public void cancel(String reason) {
        onLoop(() -> live.cancel(reason));
    }

    /**
     * Ends the run with an error that is no fault of a test. Returns at once; as {@link #cancel} otherwise.
     *
     * @param reason for people
     */
    public void fail(String reason) {
        onLoop(() -> live.fail(reason));
    }

    /**
     * Tells that a listener is gone, so that nobody waits for a sign of life: what it ran goes to others. Returns at
     * once; harmless for one that takes no part.
     *
     * @param listener its id
     * @param why for people
     */
    public void gone(String listener, String why) {
        onLoop(() -> live.gone(listener, why));
    }

    /**
     * Tells whether listeners have been asked for that are still to come: as long as they are, the run waits for them
     * without end. Returns at once.
     */
    public void expectListeners(boolean expected) {
        onLoop(() -> live.state().clock().expecting(expected));
    }

    /** Asks the listeners of all clusters which is theirs, for {@link #otherClusters}. Returns at once. */
    public void askOtherClusters() {
        onLoop(() -> live.perform(List.of(new Effect.AskOtherClusters())));
    }

    /**
     * Which other clusters of the broker have answered so far, in sentences for people with a space at their end; empty if
     * none has, and in Gorgon's protocol. On the loop only.
     */
    public String otherClusters() {
        return live.state().listeners().otherClusters().inWords();
    }

    /** Whether files wait for a worker. On the loop only; costs nothing, other than {@link #load}. */
    public boolean hasQueued() {
        return live.state().hasQueued();
    }

    /** What there is to do at this moment. On the loop only. */
    public RunLoad load() {
        return live.state().load();
    }

    private void onLoop(Runnable task) {
        try {
            loop.execute(task);
        } catch (RejectedExecutionException e) {
            LOG.debug("After the loop was closed", e);
        }
    }

    /**
     * The outcome: the report, however the run ended; or, exceptionally, a {@link SyncFailedException}. Completed on
     * the loop when nothing of the run is left on the broker.
     */
    public CompletableFuture<RunReport> result() {
        return live.result();
    }

    /** The report so far. Waits for the loop for ten seconds at most and then gives an older one. */
    public RunReport snapshot() {
        if (loop.inLoop()) {
            return live.report();
        }
        try {
            return loop.submit(live::report).get(10, TimeUnit.SECONDS);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        } catch (ExecutionException | TimeoutException | RejectedExecutionException e) {
            LOG.debug("No report from the loop, giving an older one", e);
        }
        return live.lastReport();
    }

    /**
     * The run on paper, for {@link #resume}. On the loop, or before the start.
     *
     * @throws IllegalStateException if the files are not published yet, so that there is nothing to take up
     */
    public RunSnapshot save() {
        return live.save();
    }

    /**
     * The run on paper.
     *
     * @return completed on the loop; exceptionally with an {@link IllegalStateException} as {@link #save} throws it
     * @throws RejectedExecutionException if the loop is closed
     */
    public CompletableFuture<RunSnapshot> saved() {
        return loop.submit(this::save);
    }

    /**
     * Lets go of the run without ending it: nothing is said to listeners and nothing deleted from the broker, so that
     * {@link #resume} can take it up. {@link #result} stays open. Returns at once.
     */
    public void abandon() {
        onLoop(live::letGo);
    }
}
