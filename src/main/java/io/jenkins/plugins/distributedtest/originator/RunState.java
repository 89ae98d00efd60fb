package io.jenkins.plugins.distributedtest.originator;

import io.jenkins.plugins.distributedtest.suite.FileReport;
import io.jenkins.plugins.distributedtest.suite.FileResult;
import io.jenkins.plugins.distributedtest.suite.ListenerReport;
import io.jenkins.plugins.distributedtest.suite.RunEnd;
import io.jenkins.plugins.distributedtest.suite.TestFile;
import io.jenkins.plugins.distributedtest.suite.WorkerId;
import io.jenkins.plugins.distributedtest.wire.NativeMessage;
import io.jenkins.plugins.distributedtest.wire.NativeMessage.Left;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;

/**
 * The truth about one run, whatever happens around it: a state machine without input or output of its own. Every input
 * carries its time, in seconds from the start of the run and never running backwards, and returns what is to be done.
 * One thread calls it.
 *
 * <p>The story: {@link #begin} publishes every file. Listeners come ({@link #preparing}, {@link #ready}), their workers
 * {@link #start} and {@link #finish} files ({@link LeaseBook} has the rules), {@link #heartbeat heartbeats} reconcile
 * what was lost on the way, {@link #tick} notices who has gone silent and what has run out of time. When every file is
 * done, or the run cannot or must not go on, there is one {@link Effect.End}; after it inputs are ignored, but for
 * listeners that say good-bye.
 *
 * <p>While the connection to the broker is down nobody can be heard, so no clock but the run's own runs; after
 * {@link #reconnected} they all start anew and everything queued is published again under new leases.
 */
final class RunState {
    /** Longest pause between a listener's attempts to connect, with its jitter, in seconds. */
    private static final double LONGEST_PAUSE = 36;
    /** A pause is as long as all before it together, and a fifth longer by chance. */
    private static final double LAG = 1.2;

    private final RunRules rules;
    private final LeaseBook leases;
    private final ListenerBook listeners;
    private final RubyCrashes rubyCrashes = new RubyCrashes();

    private List<Effect> effects = new ArrayList<>();
    private RunEnd end = RunEnd.RUNNING;
    private String problem = "";
    private double endedAt = Double.NaN;
    private boolean published;
    private boolean reached;
    private boolean connected;
    private double disconnectedAt = Double.NaN;
    private String disconnectReason = "not connected yet";
    private double reconnectedAt;
    /** From when listeners can be expected to be heard after a loss of the connection. */
    private double clocksFrom;
    private double lastStart;
    private double idleWait;
    private double nextWaitingNote;

    /**
     * @param rules the rules
     * @param ordered the suite in the order of publishing; not empty, no file twice
     * @param expected recorded runtimes in seconds
     */
    RunState(RunRules rules, List<TestFile> ordered, Map<TestFile, Double> expected) {
        if (ordered.isEmpty()) {
            throw new IllegalArgumentException("The suite has no files.");
        }
        this.rules = rules;
        this.listeners = new ListenerBook(effect -> effects.add(effect));
        this.leases = new LeaseBook(
                rules, ordered, expected, avoid -> listeners.hasOthersThan(avoid), effect -> effects.add(effect));
        this.idleWait = rules.idleRepublish();
    }

    /**
     * A run taken up from paper: published already, its connection lost just now.
     *
     * @param rules the rules
     * @param snapshot the run
     * @param now seconds from the start of the run, which may be long ago
     */
    static RunState restore(RunRules rules, RunSnapshot snapshot, double now) {
        List<TestFile> files = snapshot.files().stream()
                .map(saved -> new TestFile(saved.path()))
                .toList();
        Map<TestFile, Double> expected = new HashMap<>();
        snapshot.files().forEach(saved -> expected.put(new TestFile(saved.path()), saved.expectedSeconds()));
        RunState state = new RunState(rules, files, expected);
        snapshot.files().forEach(saved -> RunSnapshot.load(saved, state.leases.get(saved.path())));
        state.leases.restored(snapshot.retriesSpent());
        snapshot.listeners().forEach(saved -> state.listeners.restore(RunSnapshot.load(saved, now)));
        state.reached = true;
        state.published = true;
        state.disconnectedAt = now;
        state.disconnectReason = "taken up again";
        return state;
    }

    /** The run on paper. */
    RunSnapshot snapshot(String runId, long startedAtMillis) {
        return new RunSnapshot(
                runId,
                startedAtMillis,
                leases.retriesSpent(),
                leases.all().stream().map(RunSnapshot::save).toList(),
                listeners.all().stream().map(RunSnapshot::save).toList());
    }

    // ---- the connection

    /** The broker is reached, but the run is not ready to be published: the sources are being prepared. */
    List<Effect> reached(double now) {
        reached = true;
        connected = true;
        return take();
    }

    /** The broker will not have us, whatever the time: a wrong password, an unknown virtual host. */
    List<Effect> refused(double now, String reason) {
        if (!reached && !hasEnded()) {
            end(now, RunEnd.ERROR, reason + ". Check \"connection\" in the configuration, DISTRIBUTED_TEST_BROKER or"
                    + " --broker.");
        }
        return take();
    }

    /** Something that has nothing to do with listeners makes the run impossible. */
    List<Effect> fail(double now, String reason) {
        if (!hasEnded()) {
            end(now, RunEnd.ERROR, reason);
        }
        return take();
    }

    /** The broker is reached, the run's queues and its sources are there: publish. */
    List<Effect> begin(double now) {
        reached = true;
        connected = true;
        reconnectedAt = now;
        lastStart = now;
        clocksFrom = now;
        listeners.restartClocks(now);
        leases.publishQueued();
        published = true;
        note(new RunEvent.Published(now, leases.size()));
        return take();
    }

    /** The connection is lost, or an attempt to make it has failed. */
    List<Effect> disconnected(double now, String reason) {
        disconnectReason = reason;
        if (connected) {
            connected = false;
            disconnectedAt = now;
        }
        note(new RunEvent.ConnectionLost(now, reason));
        return take();
    }

    /** The broker is reached again, the queues are there, and what waited in the reply queue has been handled. */
    List<Effect> reconnected(double now) {
        connected = true;
        reconnectedAt = now;
        lastStart = now;
        clocksFrom = now + lag(now);
        listeners.restartClocks(clocksFrom);
        if (!hasEnded()) {
            effects.add(new Effect.PurgeFiles());
            int count = leases.publishQueued();
            note(new RunEvent.ConnectionRestored(now, count));
        }
        return settled(now);
    }

    /**
     * By how much a listener may come back later than we. The pauses between its attempts double, so it is away for
     * twice as long as the broker was at most, and no longer than the longest pause.
     */
    private double lag(double now) {
        double outage = Double.isNaN(disconnectedAt) ? 0 : now - disconnectedAt;
        return Math.min(LONGEST_PAUSE, LAG * outage);
    }

    // ---- listeners

    /** A listener takes part. */
    List<Effect> preparing(double now, NativeMessage.Preparing message) {
        ListenerState known = listeners.get(message.listener());
        if (known != null && known.phase != ListenerState.Phase.PREPARING) {
            // It has forgotten the run and begins anew: whatever its workers had is gone.
            loseAll(now, known.id, "its listener began anew", false);
        }
        listeners.preparing(now, message);
        return settled(now);
    }

    /**
     * A listener takes files.
     *
     * @param accepted whether its tree is the originator's
     */
    List<Effect> ready(double now, String listener, double syncSeconds, boolean accepted) {
        ListenerState state = listeners.ready(now, listener, syncSeconds);
        if (state != null && !accepted) {
            String why = "its source tree differs from the originator's after the sync";
            if (state.inbox != null) {
                effects.add(new Effect.CancelListener(state.inbox, why));
            }
            leave(now, state, Left.Reason.TREE_DIFFERS, why, "");
        }
        return settled(now);
    }

    /** A listener takes no further part, by its own word. */
    List<Effect> left(double now, Left message) {
        ListenerState state = listeners.get(message.listener());
        if (state == null) {
            state = listeners.seen(now, message.listener(), "");
        }
        if (state.phase != ListenerState.Phase.LEFT) {
            Left.Reason reason = message.reason() == null ? Left.Reason.DONE : message.reason();
            leave(now, state, reason, message.problem(), message.output());
        }
        return settled(now);
    }

    private void leave(double now, ListenerState state, Left.Reason reason, String why, String output) {
        listeners.left(now, state, reason, why, output);
        if (hasEnded()) {
            state.left = Double.NaN;
        }
        String cause = why == null || why.isEmpty() ? "its listener left" : "its listener left: " + why;
        loseAll(now, state.id, cause, false);
    }

    /** A listener is alive, and says what it runs. */
    List<Effect> heartbeat(double now, NativeMessage.Heartbeat message) {
        ListenerState state = listeners.seen(now, message.listener(), "");
        if (hasEnded()) {
            return take();
        }
        Set<String> listed = new HashSet<>();
        for (NativeMessage.Heartbeat.Running run : message.running()) {
            listed.add(run.file() + "\n" + run.lease() + "\n" + run.slot());
            healLostStart(now, state, run);
        }
        for (FileState file : leases.running()) {
            String entry = file.file.path() + "\n" + file.lease + "\n" + file.holder.slot();
            if (file.holder.listener().equals(state.id) && !listed.contains(entry)) {
                // A broker that lost its messages may have lost the result: then it was not the file's fault.
                leases.lost(now, file, "its listener no longer runs it", file.since > reconnectedAt);
            }
        }
        return settled(now);
    }

    private void healLostStart(double now, ListenerState state, NativeMessage.Heartbeat.Running run) {
        FileState file = leases.get(run.file());
        if (file != null
                && file.phase == FileState.Phase.QUEUED
                && file.lease == run.lease()
                && state.phase != ListenerState.Phase.LEFT) {
            leases.start(now, new WorkerId(state.id, state.host, run.slot()), run.file(), run.lease());
            lastStart = now;
        }
    }

    // ---- files

    /** A worker begins a file. */
    List<Effect> start(double now, WorkerId worker, String path, int lease) {
        ListenerState state = listeners.seen(now, worker);
        if (hasEnded()) {
            return take();
        }
        if (state.ruby && state.phase == ListenerState.Phase.LEFT) {
            // Another listener on the same host: Ruby listeners are told apart by their host only.
            listeners.revive(now, state);
        }
        if (state.phase == ListenerState.Phase.LEFT) {
            leases.startRefused(now, worker, path, lease);
        } else {
            leases.start(now, worker, path, lease);
            lastStart = now;
            idleWait = rules.idleRepublish();
        }
        return settled(now);
    }

    /** A worker has ended a file. */
    List<Effect> finish(double now, WorkerId worker, int lease, FileResult result) {
        listeners.seen(now, worker);
        if (hasEnded()) {
            return take();
        }
        leases.finish(now, worker, lease, result);
        lastStart = now;
        return settled(now);
    }

    // ---- Ruby listeners: no leases, no heartbeats

    /** A Ruby worker begins a file. */
    List<Effect> rubyStart(double now, String hostname, String workerId, String path) {
        return start(now, RubyCrashes.worker(hostname, workerId), path, leases.lease(path));
    }

    /** A Ruby worker has ended a file. Under which lease, only the book knows: a worker that lost the file is refused. */
    List<Effect> rubyFinish(double now, String hostname, String workerId, FileResult result) {
        WorkerId worker = RubyCrashes.worker(hostname, workerId);
        String path = result.file().path();
        FileState file = leases.get(path);
        boolean late = file != null && !file.isHeldBy(worker) && leases.hasLost(path, worker);
        return finish(now, worker, late ? -1 : leases.lease(path), result);
    }

    /** A worker, a manager or a pull of a Ruby listener has crashed. */
    List<Effect> rubyCrash(double now, String hostname, String text) {
        ListenerState state = listeners.seen(now, ListenerBook.RUBY + hostname, hostname);
        if (!hasEnded() && !rubyCrashes.crashed(now, state.id, leases)) {
            listeners.left(now, state, Left.Reason.RUNNER_FAILED, "it crashed: " + firstLines(text), text);
        }
        return settled(now);
    }

    /** A callback of a Ruby listener has raised: it takes no part. */
    List<Effect> rubyRaised(double now, String hostname, String message, String backtrace) {
        ListenerState state = listeners.seen(now, ListenerBook.RUBY + hostname, hostname);
        boolean runs = leases.running().stream().anyMatch(f -> f.holder.listener().equals(state.id));
        if (!hasEnded() && !runs) {
            listeners.left(now, state, Left.Reason.CALLBACK_FAILED, message, backtrace);
        }
        return settled(now);
    }

    // ---- time

    /** Time has passed. */
    List<Effect> tick(double now) {
        if (hasEnded()) {
            return take();
        }
        if (now > rules.runTimeout()) {
            end(now, RunEnd.ERROR, "The run took longer than its timeout of " + time(rules.runTimeout())
                    + ": " + leases.done() + " of " + leases.size() + " files are done.");
            return take();
        }
        if (!connected) {
            return tickDisconnected(now);
        }
        if (!published) {
            return take();
        }
        for (ListenerState listener : List.copyOf(listeners.all())) {
            if (!listener.ruby && listener.isActive() && now - listener.lastSeen > rules.silence()) {
                String why = "nothing was heard of it for " + time(rules.silence());
                listeners.left(now, listener, null, why, "");
                loseAll(now, listener.id, why, true);
            }
        }
        for (FileState file : leases.running()) {
            double deadline = Math.max(
                    file.since + rules.fileTimeout() + rules.fileGrace(), clocksFrom + rules.silence());
            if (now > deadline) {
                leases.lost(now, file, "no result within the file timeout of " + time(rules.fileTimeout()), true);
            }
        }
        refillWhenIdle(now);
        waitForListeners(now);
        return settled(now);
    }

    private List<Effect> tickDisconnected(double now) {
        double limit = reached ? disconnectedAt + rules.reconnectTimeout() : rules.connectTimeout();
        if (now > limit) {
            String since = reached
                    ? "The connection to the broker was lost " + time(now - disconnectedAt) + " ago and does not come back: "
                    : "The broker could not be reached within " + time(rules.connectTimeout()) + ": ";
            end(now, RunEnd.ERROR, since + disconnectReason
                    + ". Check that it runs and is reachable from here, or start one: distributed-test broker.");
        }
        return take();
    }

    /** Nothing runs though there are files and listeners: messages may have been lost, so the queue is filled anew. */
    private void refillWhenIdle(double now) {
        boolean ready = listeners.all().stream().anyMatch(l -> l.phase == ListenerState.Phase.READY);
        if (!ready || !leases.running().isEmpty() || leases.queued() == 0) {
            lastStart = now;
            return;
        }
        if (now - lastStart > idleWait) {
            lastStart = now;
            idleWait = Math.min(2 * idleWait, 1800);
            effects.add(new Effect.PurgeFiles());
            leases.publishQueued();
        }
    }

    private void waitForListeners(double now) {
        for (ListenerState listener : List.copyOf(listeners.all())) {
            boolean runs = leases.running().stream().anyMatch(f -> f.holder.listener().equals(listener.id));
            if (listener.ruby
                    && listener.isActive()
                    && !runs
                    && leases.queued() > 0
                    && now - Math.max(listener.lastSeen, lastStart) > rules.listenerTimeout()) {
                listeners.left(now, listener, null, "took no file for " + time(rules.listenerTimeout()), "");
            }
        }
        double alone = listeners.aloneSince();
        if (Double.isNaN(alone)) {
            return;
        }
        double wait = listeners.allRefused() ? rules.refusalGrace() : rules.listenerTimeout();
        if (now - alone > wait) {
            end(now, RunEnd.ERROR, noListener());
        } else if (now >= nextWaitingNote) {
            nextWaitingNote = now + 10;
            note(new RunEvent.WaitingForListeners(now, alone + wait - now));
        }
    }

    private String noListener() {
        if (listeners.isEmpty()) {
            return "No listener has answered within " + time(rules.listenerTimeout()) + " (" + rules.place()
                    + "). Start one on each machine that is to run tests: distributed-test listen,"
                    + " with the same broker and cluster.";
        }
        return "No listener is left (" + rules.place() + "), " + (leases.size() - leases.done()) + " of "
                + leases.size() + " files have no result. " + listeners.problems();
    }

    // ---- the end

    /** Somebody cancels the run. */
    List<Effect> cancel(double now, String reason) {
        if (!hasEnded()) {
            end(now, RunEnd.CANCELLED, reason);
        }
        return take();
    }

    private List<Effect> settled(double now) {
        if (!hasEnded()) {
            for (FileState file : rubyCrashes.lost(leases)) {
                leases.lost(now, file, "its host reported a crash", true);
            }
            if (leases.done() == leases.size()) {
                end(now, RunEnd.COMPLETED, "");
            } else if (rules.failFast() > 0 && leases.bad() >= rules.failFast()) {
                end(now, RunEnd.FAILED_FAST, "");
            }
        }
        return take();
    }

    private void end(double now, RunEnd how, String why) {
        end = how;
        problem = why == null ? "" : why;
        endedAt = now;
        effects.removeIf(effect -> effect instanceof Effect.Publish);
        effects.add(new Effect.End(how, problem));
    }

    private void loseAll(double now, String listener, String reason, boolean counts) {
        if (hasEnded()) {
            return;
        }
        for (FileState file : leases.running()) {
            if (file.holder.listener().equals(listener)) {
                leases.lost(now, file, reason, counts);
            }
        }
    }

    private void note(RunEvent event) {
        effects.add(new Effect.Notify(event));
    }

    private List<Effect> take() {
        List<Effect> taken = effects;
        effects = new ArrayList<>();
        return taken;
    }

    // ---- what there is to see

    boolean hasEnded() {
        return end != RunEnd.RUNNING;
    }

    RunEnd end() {
        return end;
    }

    String problem() {
        return problem;
    }

    /** When the run ended, in seconds from its start; NaN while it goes on. */
    double endedAt() {
        return endedAt;
    }

    boolean isPublished() {
        return published;
    }

    /** How many messages were refused as stale. */
    int staleRefused() {
        return leases.stale();
    }

    /** Whether a listener still takes part. */
    boolean hasActiveListeners() {
        return listeners.all().stream().anyMatch(ListenerState::isActive);
    }

    /** Whether a listener still takes part that will say when it leaves. */
    boolean awaitsGoodbye() {
        return listeners.all().stream().anyMatch(l -> l.isActive() && !l.ruby);
    }

    LeaseBook leases() {
        return leases;
    }

    ListenerBook listeners() {
        return listeners;
    }

    List<FileReport> fileReports() {
        return leases.reports(endedAt);
    }

    List<ListenerReport> listenerReports() {
        return listeners.reports();
    }

    private static String time(double seconds) {
        return seconds == Math.rint(seconds)
                ? (long) seconds + " s"
                : String.format(Locale.ROOT, "%.1f s", seconds);
    }

    private static String firstLines(String text) {
        String brief = text.strip();
        return brief.length() <= 300 ? brief : brief.substring(0, 300) + "…";
    }
}
