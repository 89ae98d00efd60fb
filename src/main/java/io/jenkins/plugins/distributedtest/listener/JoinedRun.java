package io.jenkins.plugins.distributedtest.listener;

import io.jenkins.plugins.distributedtest.amqp.BrokerSession;
import io.jenkins.plugins.distributedtest.callback.CallbackException;
import io.jenkins.plugins.distributedtest.loop.EventLoop;
import io.jenkins.plugins.distributedtest.runner.RunnerException;
import io.jenkins.plugins.distributedtest.suite.FileResult;
import io.jenkins.plugins.distributedtest.suite.TestCase;
import java.io.IOException;
import java.time.Duration;
import java.util.List;
import java.util.Locale;
import java.util.concurrent.Executor;
import java.util.concurrent.RejectedExecutionException;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * A run that the listener has joined, whatever its dialect: tells its {@link RunShare} what happens, and has
 * done what that wants, by an {@link EffectHandler}. It decides nothing.
 *
 * <p>Everything here is on the event loop.
 */
final class JoinedRun {
    private static final Logger LOG = LoggerFactory.getLogger(JoinedRun.class);
    /** A peer's text in the log. */
    private static final int MAX_REASON = 300;

    /** Told when nothing is left of a run. */
    interface OnGone {
        /** @param mayRejoin whether the run may be joined again */
        void gone(JoinedRun run, boolean mayRejoin);
    }

    private final RunDefinition definition;
    private final DialectLink link;
    private final ListenerContext context;
    private final EffectHandler handler;
    private final OnGone onGone;
    private final RunShare share;
    private final Interruptible preparing = new Interruptible();
    private EventLoop.Scheduled heartbeat;

    /**
     * @param definition what is known of the run
     * @param link its dialect's ways
     * @param context the listener
     * @param slots the listener's slots
     * @param onGone told when nothing is left of it
     */
    JoinedRun(RunDefinition definition, DialectLink link, ListenerContext context, SlotGroup slots, OnGone onGone) {
        this.definition = definition;
        this.link = link;
        this.context = context;
        this.onGone = onGone;
        handler = new EffectHandler(this, link, context, slots, this::ends, this::closed);
        share = new RunShare(
                new ShareRules(definition.runId(), link.endsWhenEmpty(), link.owesEveryFinish(), definition.patience()),
                System.nanoTime());
        link.onGone(this::filesGone);
    }

    String runId() {
        return definition.runId();
    }

    /** The files queue of a run in Gorgon's dialect; null for a native one. */
    String gorgonQueue() {
        return link.gorgonQueue();
    }

    /** Whether it takes no more files and only has to come to its end. */
    boolean isClosing() {
        return share.isClosing();
    }

    // ---- preparing

    /** Begins: tells the originator, prepares. */
    void begin(RunPreparation preparation, Executor preparers) {
        LOG.info("Taking part in run {} ({})", runId(), link.dialect());
        link.preparing();
        if (definition.heartbeat() != null) {
            heartbeat = context.loop().every(definition.heartbeat(), () -> carryOut(share.tick(System.nanoTime())));
        }
        try {
            preparers.execute(() -> prepare(preparation));
        } catch (RejectedExecutionException e) {
            carryOut(share.unprepared(Ending.runnerFailed("The listener has too many runs to prepare")));
        }
    }

    /** On a preparer's thread. Exactly one outcome reaches the loop. */
    private void prepare(RunPreparation preparation) {
        PreparedRun[] result = new PreparedRun[1];
        Ending failure = Ending.runnerFailed("The preparation was interrupted");
        try {
            preparing.run(() -> result[0] = preparation.prepare(definition, link.collecting()));
        } catch (PreparationException e) {
            LOG.debug("Preparing run {} failed", runId(), e);
            failure = Ending.of(e);
        } catch (InterruptedException e) {
            LOG.debug("Preparing run {} was stopped", runId());
        } catch (RuntimeException | Error e) {
            LOG.error("Preparing run {} failed", runId(), e);
            failure = Ending.runnerFailed(e.toString());
        }
        Ending why = failure;
        try {
            context.loop().execute(() -> preparationEnded(result[0], why));
        } catch (RejectedExecutionException e) {
            if (result[0] != null) {
                result[0].stop(Duration.ofSeconds(1));
                result[0].close(List.of(), Duration.ofSeconds(1));
            }
        }
    }

    private void preparationEnded(PreparedRun result, Ending failure) {
        handler.prepared(result);
        carryOut(result != null ? share.prepared() : share.unprepared(failure));
    }

    // ---- files, as the slots report them

    /** Whether one of our slots runs this very lease. */
    boolean isRunning(HeldFile file) {
        return share.files().contains(file.file().path(), file.lease());
    }

    /**
     * A slot has taken a file of this run.
     *
     * @return the slot's worker, made for its first file
     */
    Worker took(Slot slot, HeldFile file) {
        share.took(slot.number(), file.file().path(), file.lease());
        return handler.took(slot, file);
    }

    /** The file of a slot begins. */
    void started(Slot slot) {
        carryOut(share.started(slot.number()));
    }

    /** The file of a slot runs for long. */
    void runsLong(Slot slot) {
        carryOut(share.runsLong(slot.number()));
    }

    /**
     * Cases of the file of a slot have ended.
     *
     * @param sent to be called when they are on their way or need not be told
     */
    void cases(Slot slot, List<TestCase> cases, Runnable sent) {
        if (share.tellsCases(slot.number())) {
            link.cases(slot, handler.file(slot), cases, sent);
        } else {
            sent.run();
        }
    }

    /** The file of a slot has ended; the slot is free after this. */
    void ended(Slot slot, FileResult result) {
        carryOut(share.ended(slot.number(), result));
        handler.freed(slot);
    }

    /** A callback stands in the way of the file of a slot; the slot is free after this. */
    void unable(Slot slot, CallbackException e) {
        unable(slot, Ending.of(e));
    }

    /** The file of a slot cannot be run; the slot is free after this. */
    void unable(Slot slot, RunnerException e) {
        unable(slot, Ending.of(e));
    }

    private void unable(Slot slot, Ending why) {
        FileResult crashed = Results.crashed(handler.file(slot).file(), why.problem(), why.output());
        carryOut(share.unable(slot.number(), why, crashed));
        handler.freed(slot);
    }

    /** A free slot has found no file. */
    void foundNoFile() {
        if (link.endsWhenEmpty()) {
            context.loop().execute(() -> carryOut(share.foundNoFile()));
        }
    }

    /** The files queue does not exist. */
    void filesGone() {
        context.loop().execute(() -> {
            LOG.info("The files queue of run {} is gone", runId());
            carryOut(share.filesGone());
        });
    }

    /** A message of the run is of no use. */
    void refused(String why) {
        context.refused("A message in the files queue of run " + runId() + " is refused: " + why);
    }

    // ---- what the originator and the connection say

    /** The originator has shown that it is alive. */
    void originatorSeen() {
        carryOut(share.originatorSeen(System.nanoTime()));
    }

    /** The same definition has come again. */
    void definedAgain() {
        carryOut(share.definedAgain(System.nanoTime()));
    }

    /** The connection stands (again). */
    void attach(BrokerSession session) throws IOException {
        link.attach(session);
        List<ShareEffect> effects = share.connected(System.nanoTime());
        context.loop().execute(() -> carryOut(effects)); // once all runs have it
    }

    /** The connection is lost. What runs goes on. */
    void detach() {
        share.disconnected();
        link.detach();
    }

    /** The run is over. */
    void finish() {
        carryOut(share.finish());
    }

    /** The run is cancelled. */
    void cancel(String reason) {
        LOG.info("Run {} is cancelled: {}", runId(), reason.substring(0, Math.min(MAX_REASON, reason.length())));
        carryOut(share.cancel());
    }

    /**
     * The listener shuts down.
     *
     * @param limit for each closing callback
     */
    void shutDown(Duration limit) {
        carryOut(share.shutDown(limit));
    }

    // ---- what is to be done

    private void carryOut(List<ShareEffect> effects) {
        handler.carryOut(effects);
    }

    private void closed(Ending failure) {
        carryOut(share.closed(failure));
    }

    private void ends(ShareEffect how) {
        if (!(how instanceof ShareEffect.Gone gone)) {
            preparing.stop();
            return;
        }
        if (heartbeat != null) {
            heartbeat.cancel();
        }
        LOG.info("Left run {} after {} files", runId(), share.files().filesRun());
        onGone.gone(this, gone.mayRejoin());
    }

    /** What it is doing, for people. */
    ListenerStatus.Run status() {
        return new ListenerStatus.Run(
                runId(),
                definition.project(),
                link.dialect(),
                share.phase().name().toLowerCase(Locale.ROOT),
                share.files().filesRun(),
                List.copyOf(share.files().paths()));
    }
}
