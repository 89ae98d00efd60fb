package io.jenkins.plugins.distributedtest.listener;

import io.jenkins.plugins.distributedtest.amqp.BrokerSession;
import io.jenkins.plugins.distributedtest.callback.CallbackException;
import io.jenkins.plugins.distributedtest.loop.EventLoop;
import io.jenkins.plugins.distributedtest.runner.RunnerException;
import io.jenkins.plugins.distributedtest.suite.FileResult;
import io.jenkins.plugins.distributedtest.wire.NativeMessage;
import io.jenkins.plugins.distributedtest.wire.NativeMessage.Left.Reason;
import java.io.IOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.concurrent.Executor;
import java.util.concurrent.RejectedExecutionException;
import java.util.function.Consumer;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * A listener's share of one run, whatever its dialect.
 *
 * <p>Its story: <em>preparing</em>, while a thread of its own gets the sources and runs the opening callbacks;
 * <em>ready</em>, while slots take the run's files; <em>closing</em>, once the run is over, was cancelled, or something
 * failed: the slots take no more of its files, what runs is killed, and when the last of it has ended a thread runs
 * the closing callbacks and removes the workspace. Then it is gone.
 *
 * <p>A failure of the set-up (a callback, a runner that cannot be started) ends the share, not the run: the files go
 * back to where others can get them, instead of failing here one after the other.
 *
 * <p>Everything here is on the event loop.
 */
final class WorkerManager {
    private static final Logger LOG = LoggerFactory.getLogger(WorkerManager.class);
    private static final Duration NO_LIMIT = Duration.ofDays(365);

    private enum State {
        PREPARING,
        READY,
        CLOSING
    }

    /** How the share ends. */
    private record Ending(Reason reason, String callback, String problem, String output) {}

    private final Job job;
    private final RunLink link;
    private final ListenerContext context;
    private final SlotGroup slots;
    private final Consumer<WorkerManager> onGone;
    private final Avoidance avoidance = new Avoidance();
    private final Interruptible preparing = new Interruptible();
    private final Map<Integer, Worker> workers = new HashMap<>();
    private State state = State.PREPARING;
    private boolean preparationEnded;
    private PreparedJob prepared;
    private EventLoop.Scheduled heartbeat;
    private Ending farewell;
    private boolean killed;
    private boolean failed;
    private boolean abandoned;
    private boolean closeBegun;
    private Duration closingLimit = NO_LIMIT;
    private long lastServed;
    private long filesRun;
    private long originatorSeen = System.nanoTime();
    private long lastTick = originatorSeen;

    /**
     * @param job the job
     * @param link its dialect's ways
     * @param context the listener
     * @param slots the listener's slots
     * @param onGone told when nothing is left of the share
     */
    WorkerManager(Job job, RunLink link, ListenerContext context, SlotGroup slots, Consumer<WorkerManager> onGone) {
        this.job = job;
        this.link = link;
        this.context = context;
        this.slots = slots;
        this.onGone = onGone;
        link.onGone(this::filesGone);
    }

    Job job() {
        return job;
    }

    Avoidance avoidance() {
        return avoidance;
    }

    long lastServed() {
        return lastServed;
    }

    void serving(long tick) {
        lastServed = tick;
    }

    /** Whether its originator is a Ruby one. */
    boolean isRuby() {
        return link.isRuby();
    }

    /** The files queue of a run in Gorgon's dialect; null for a native one. */
    String gorgonQueue() {
        return link.gorgonQueue();
    }

    /** Whether it was given up since its originator was silent; it may come back. */
    boolean isAbandoned() {
        return abandoned;
    }

    /** Whether it has left since something failed here. */
    boolean hasFailed() {
        return failed;
    }

    /** Whether it takes no more files and only has to come to its end. */
    boolean isClosing() {
        return state == State.CLOSING;
    }

    // ---- preparing

    /** Begins: tells the originator, prepares. */
    void begin(JobPreparation preparation, Executor preparers) {
        LOG.info("Taking part in run {} ({})", job.runId(), link.dialect());
        link.preparing();
        if (job.heartbeat() != null) {
            heartbeat = context.loop().every(job.heartbeat(), this::tick);
        }
        try {
            preparers.execute(() -> prepare(preparation));
        } catch (RejectedExecutionException e) {
            preparationEnded = true;
            fail(new Ending(Reason.RUNNER_FAILED, null, "The listener has too many runs to prepare", ""));
        }
    }

    /** On a preparer's thread. Exactly one of the two outcomes reaches the loop. */
    private void prepare(JobPreparation preparation) {
        PreparedJob[] result = new PreparedJob[1];
        PreparationException[] failure = new PreparationException[1];
        try {
            preparing.run(() -> result[0] = preparation.prepare(job));
        } catch (PreparationException e) {
            LOG.debug("Preparing run {} failed", job.runId(), e);
            failure[0] = e;
        } catch (InterruptedException e) {
            LOG.debug("Preparing run {} was stopped", job.runId());
        } catch (RuntimeException | Error e) {
            LOG.error("Preparing run {} failed", job.runId(), e);
            failure[0] = new PreparationException(Reason.RUNNER_FAILED, null, e.toString(), "", e);
        }
        try {
            context.loop().execute(() -> preparationEnded(result[0], failure[0]));
        } catch (RejectedExecutionException e) {
            if (result[0] != null) {
                result[0].cancel();
                result[0].close(List.of(), Duration.ofSeconds(1));
            }
        }
    }

    private void preparationEnded(PreparedJob result, PreparationException failure) {
        preparationEnded = true;
        prepared = result;
        if (state == State.CLOSING) {
            closeWhenIdle();
        } else if (result != null) {
            ready();
        } else if (failure != null) {
            fail(new Ending(failure.reason(), failure.callback(), failure.getMessage(), failure.output()));
        } else {
            fail(new Ending(Reason.RUNNER_FAILED, null, "The preparation was interrupted", ""));
        }
    }

    private void ready() {
        state = State.READY;
        context.metrics().synced(prepared.tree().seconds());
        link.ready(prepared.tree().treeDigest(), prepared.tree().seconds());
        slots.all().forEach(slot -> slot.join(this, link.feed(this, slot)));
        context.changed();
        slots.wakeAll();
    }

    // ---- files, as the slots report them

    /** The worker of a slot, made for its first file. */
    Worker worker(int slot) {
        return workers.computeIfAbsent(slot, prepared::newWorker);
    }

    /** Whether one of our slots runs this very lease. */
    boolean isRunning(HeldFile file) {
        return file.lease() > 0
                && slots.all().stream()
                        .map(Slot::current)
                        .anyMatch(each -> each != null
                                && each.run() == this
                                && each.lease() == file.lease()
                                && each.file().equals(file.file()));
    }

    void started(Slot slot, HeldFile file) {
        if (state == State.READY || link.isRuby()) {
            link.started(slot, file);
        }
    }

    void finished(Slot slot, HeldFile file, FileResult result) {
        filesRun++;
        context.fileRun();
        context.metrics().file(result.status(), result.seconds());
        // Once it has said farewell, the originator gives its files to others. A Ruby one does not.
        if (state == State.READY || link.isRuby()) {
            link.finished(slot, file, result);
        }
    }

    /** A slot cannot run files of this run. */
    void unable(Slot slot, HeldFile file, boolean wasStarted, Exception why) {
        boolean isCallback = why instanceof CallbackException || why instanceof RunnerException r && r.isCallback();
        String callback = why instanceof CallbackException c ? c.callback() : null;
        String output =
                why instanceof CallbackException c ? c.output() : why instanceof RunnerException r ? r.output() : "";
        if (wasStarted && link.isRuby()) {
            link.finished(slot, file, Results.crashed(file.file(), why.getMessage(), output));
        }
        if (state != State.CLOSING) {
            Reason reason = isCallback ? Reason.CALLBACK_FAILED : Reason.RUNNER_FAILED;
            fail(new Ending(reason, callback, why.getMessage(), output));
        }
    }

    /** A slot has ended a file of this run. */
    void slotFreed() {
        closeWhenIdle();
    }

    /** A free slot has found no file. */
    void foundNoFile() {
        if (link.isRuby()) {
            later(() -> {
                if (state == State.READY
                        && context.session() != null
                        && running().isEmpty()) {
                    finish();
                }
            });
        }
    }

    /** The files queue does not exist. */
    void filesGone() {
        later(() -> {
            if (state != State.CLOSING && link.isRuby()) {
                cancel("the originator has deleted its queue");
            }
            // Others may come back, after a restart of the broker: the silence of the originator decides.
        });
    }

    /** A message of the run is of no use. */
    void refused(String why) {
        context.refused("A message in the files queue of run " + job.runId() + " is refused: " + why);
    }

    // ---- what the originator says, and does not say

    /** The originator has shown that it is alive. */
    void originatorSeen() {
        originatorSeen = System.nanoTime();
        if (link.originatorSeen() && state == State.READY) {
            slots.wakeAll();
        }
    }

    /** The same definition has come again: there may be files again. */
    void definedAgain() {
        originatorSeen();
        link.refill();
        if (state == State.READY) {
            slots.wakeAll();
        }
    }

    private void tick() {
        if (context.session() == null) {
            return;
        }
        long now = System.nanoTime();
        if (job.patience() != null) {
            if (now - lastTick > job.patience().toNanos() / 2) {
                originatorSeen = now; // we stood still ourselves, stopped or suspended, and could hear nobody
            }
            lastTick = now;
            if (now - originatorSeen > job.patience().toNanos()) {
                originatorGone();
                return;
            }
        }
        link.refill();
        if (state == State.READY) {
            slots.wakeAll();
        }
        if (state != State.CLOSING) {
            link.heartbeat(heartbeatOf());
        }
    }

    private List<NativeMessage.Heartbeat.Running> heartbeatOf() {
        List<NativeMessage.Heartbeat.Running> list = new ArrayList<>();
        for (Slot slot : running()) {
            if (slot.isStarted()) {
                HeldFile file = slot.current();
                list.add(new NativeMessage.Heartbeat.Running(
                        slot.number(), file.file().path(), file.lease()));
            }
        }
        return list;
    }

    private void originatorGone() {
        if (state != State.CLOSING) {
            context.problem("Run " + job.runId() + " is abandoned: nothing was heard of its originator for "
                    + job.patience().toSeconds() + " s");
            abandoned = true;
            link.deleteEntities();
            end(null, true);
        }
    }

    /** The connection stands (again). */
    void attach(BrokerSession session) throws IOException {
        originatorSeen = System.nanoTime(); // all clocks of silence start anew
        link.attach(session);
        if (state == State.READY) {
            later(slots::wakeAll);
        }
    }

    /** The connection is lost. What runs goes on. */
    void detach() {
        link.detach();
    }

    // ---- the end

    /** The run is over: ends well, then says so. */
    void finish() {
        if (state != State.CLOSING) {
            farewell = new Ending(Reason.DONE, null, "", "");
            // What still runs is of no interest any more; the other workers get their closing callbacks.
            List<Worker> stale =
                    running().stream().map(slot -> worker(slot.number())).toList();
            end(null, false);
            close(() -> stale.forEach(Worker::cancel));
        }
    }

    /** The run is cancelled: kills its processes at once. */
    void cancel(String reason) {
        LOG.info("Run {} is cancelled: {}", job.runId(), reason);
        if (state != State.CLOSING) {
            farewell = new Ending(Reason.DONE, null, "", "");
        }
        end(null, true);
    }

    /** The listener shuts down: hands everything back at once. */
    void shutDown(Duration limit) {
        closingLimit = limit;
        end(state == State.CLOSING ? null : new Ending(Reason.SHUTDOWN, null, "", ""), true);
    }

    private void fail(Ending why) {
        failed = true;
        context.problem("This listener leaves run " + job.runId() + ": " + why.problem());
        // A Ruby originator waits for each file that was started, so those may end.
        end(why, !link.isRuby());
    }

    /**
     * Takes no more files and closes.
     *
     * @param now what to tell the originator at once; null for nothing
     * @param kill whether to kill what runs
     */
    private void end(Ending now, boolean kill) {
        if (state != State.CLOSING) {
            state = State.CLOSING;
            preparing.stop();
            slots.all().forEach(slot -> slot.settle(this));
            slots.all().forEach(slot -> slot.leave(this));
            if (now != null) {
                say(now);
            }
            context.changed();
        }
        if (kill && !killed) {
            killed = true;
            List<Worker> all = List.copyOf(workers.values());
            PreparedJob mine = prepared;
            close(() -> {
                all.forEach(Worker::cancel);
                if (mine != null) {
                    mine.cancel();
                }
            });
        }
        closeWhenIdle();
    }

    private void say(Ending words) {
        link.left(words.reason(), words.callback(), words.problem(), words.output());
    }

    private void closeWhenIdle() {
        if (state != State.CLOSING
                || closeBegun
                || !preparationEnded
                || !running().isEmpty()) {
            return;
        }
        closeBegun = true;
        PreparedJob mine = prepared;
        List<Worker> all = List.copyOf(workers.values());
        close(() -> {
            PreparedJob.Closing closing = mine == null ? PreparedJob.Closing.WELL : mine.close(all, closingLimit);
            context.loop().execute(() -> gone(closing));
        });
    }

    private void gone(PreparedJob.Closing closing) {
        CallbackException failure = closing.callback();
        if (farewell != null && !closing.problem().isEmpty()) {
            farewell = new Ending(Reason.CLOSING_FAILED, null, closing.problem(), "");
        } else if (failure != null) {
            context.problem("In run " + job.runId() + ": " + failure.getMessage());
            if (farewell != null) {
                farewell =
                        new Ending(Reason.CALLBACK_FAILED, failure.callback(), failure.getMessage(), failure.output());
            }
        }
        if (farewell != null) {
            say(farewell);
        }
        if (heartbeat != null) {
            heartbeat.cancel();
        }
        link.close();
        LOG.info("Left run {} after {} files", job.runId(), filesRun);
        onGone.accept(this);
    }

    private void close(Runnable work) {
        try {
            context.closers().execute(work);
        } catch (RejectedExecutionException e) {
            LOG.debug("The listener is closed", e);
        }
    }

    private List<Slot> running() {
        return slots.all().stream()
                .filter(slot -> slot.current() != null && slot.current().run() == this)
                .toList();
    }

    private void later(Runnable event) {
        context.loop().execute(event);
    }

    /** What it is doing, for people. */
    ListenerStatus.Run status() {
        return new ListenerStatus.Run(
                job.runId(),
                job.project(),
                link.dialect(),
                state.name().toLowerCase(Locale.ROOT),
                filesRun,
                running().stream().map(slot -> slot.current().file().path()).toList());
    }
}
