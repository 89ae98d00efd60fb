package io.jenkins.plugins.distributedtest.originator;

import io.jenkins.plugins.distributedtest.suite.FileReport;
import io.jenkins.plugins.distributedtest.suite.FileResult;
import io.jenkins.plugins.distributedtest.suite.ListenerReport;
import io.jenkins.plugins.distributedtest.suite.RunEnd;
import io.jenkins.plugins.distributedtest.suite.TestFile;
import io.jenkins.plugins.distributedtest.suite.WorkerId;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/**
 * The truth about one run, whatever happens around it: a state machine without input or output of its own. Every input
 * carries its time, in seconds from the start of the run and never running backwards, and returns what is to be done.
 * One thread calls it.
 *
 * <p>The story: {@link #begin} publishes every file. Listeners come and go ({@link NativePeers}, {@link RubyPeers}), their
 * workers {@link #start} and {@link #finish} files ({@link LeaseBook} has the rules), heartbeats reconcile what was lost
 * on the way, {@link #tick} notices who has gone silent and what has run out of time. When every file is
 * done, or the run cannot or must not go on, there is one {@link Effect.End}; after it inputs are ignored, but for
 * listeners that say goodbye.
 *
 * <p>While the connection to the broker is down nobody can be heard, so no clock but the run's own runs; after
 * {@link #reconnected} they all start anew and everything queued is published again under new leases.
 */
final class RunState {
    private final RunRules rules;
    private final LeaseBook leases;
    private final ListenerBook listeners;
    private final RunClock clock;
    private final NativePeers natives;
    private final RubyPeers ruby;

    private List<Effect> effects = new ArrayList<>();
    private RunEnd end = RunEnd.RUNNING;
    private String problem = "";
    private double endedAt = Double.NaN;
    private boolean published;

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
        this.clock = new RunClock(rules, leases, listeners, effect -> effects.add(effect));
        this.natives = new NativePeers(this);
        this.ruby = new RubyPeers(this);
    }

    /** It is published already, and its connection lost just now: a run that is taken up from paper. */
    void restored(double now) {
        published = true;
        clock.restored(now);
    }

    // ---- the connection

    /** The broker is reached, but the run is not ready to be published: the sources are being prepared. */
    List<Effect> reached(double now) {
        clock.reached();
        return take();
    }

    /** The broker will not have us, whatever the time: a wrong password, an unknown virtual host. */
    List<Effect> refused(double now, String reason) {
        if (!clock.wasReached() && !hasEnded()) {
            end(
                    now,
                    RunEnd.ERROR,
                    reason + ". Check \"connection\" in the configuration, DISTRIBUTED_TEST_BROKER or" + " --broker.");
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
        clock.published(now);
        leases.publishQueued();
        published = true;
        note(new RunEvent.Published(now, leases.size()));
        return take();
    }

    /** The connection is lost, or an attempt to make it has failed. */
    List<Effect> disconnected(double now, String reason) {
        clock.disconnected(now, reason);
        note(new RunEvent.ConnectionLost(now, reason));
        return take();
    }

    /**
     * The broker is reached again, the queues are there, and what waited in the reply queue has been handled.
     *
     * @param anew whether it had forgotten the run's queues, so that no peer can have survived that does not connect again
     */
    List<Effect> reconnected(double now, boolean anew) {
        clock.reconnected(now);
        if (anew) {
            ruby.brokerStartedAnew(now);
        }
        if (!hasEnded()) {
            effects.add(new Effect.PurgeFiles());
            int count = leases.publishQueued();
            note(new RunEvent.ConnectionRestored(now, count));
        }
        return settled(now);
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
            FileState file = leases.get(path);
            WorkerId before = file == null ? null : file.holder;
            leases.start(now, worker, path, lease);
            if (before != null && file.isHeldBy(worker)) {
                listeners.movedFrom(before, worker);
            }
            clock.started(now);
        }
        return settled(now);
    }

    /**
     * A worker has ended a file.
     *
     * @param casesBefore how many of its cases it has told of before, which the result does not have
     */
    List<Effect> finish(double now, WorkerId worker, int lease, FileResult result, int casesBefore) {
        listeners.seen(now, worker);
        if (hasEnded()) {
            return take();
        }
        leases.finish(now, worker, lease, Received.checked(result, rules.longestAttempt()), casesBefore);
        clock.progress(now);
        return settled(now);
    }

    // ---- time

    /** This process itself stood still until now, for some seconds. */
    void stoodStill(double now, double seconds) {
        clock.stoodStill(now, seconds);
    }

    /** Time has passed. */
    List<Effect> tick(double now) {
        if (hasEnded()) {
            return take();
        }
        String overdue = clock.tick(now, published);
        if (overdue != null && !hasEnded()) {
            end(now, RunEnd.ERROR, overdue);
        }
        return settled(now);
    }

    // ---- the end

    /** Somebody cancels the run. */
    List<Effect> cancel(double now, String reason) {
        if (!hasEnded()) {
            end(now, RunEnd.CANCELLED, reason);
        }
        return take();
    }

    /** After every input: whether the run has ended by it, and what is to be done. */
    List<Effect> settled(double now) {
        if (!hasEnded()) {
            ruby.lose(now);
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

    /** A listener is known to be gone, its machine with it, through no fault of the files that it ran. */
    List<Effect> gone(double now, String listener, String why) {
        ListenerState state = listeners.get(listener);
        if (state != null && state.isActive() && !hasEnded()) {
            listeners.left(now, state, null, why, "");
            leases.loseAll(now, listener, "its listener is gone: " + why, false);
        }
        return settled(now);
    }

    /** Whether files wait for a worker. */
    boolean hasQueued() {
        return leases.queued() > 0;
    }

    /** What there is to do. */
    RunLoad load() {
        return leases.load(listeners.active());
    }

    /** Every file that a listener runs is taken from it, unless the run has ended. */
    void loseAll(double now, String listener, String reason, boolean counts) {
        if (!hasEnded()) {
            leases.loseAll(now, listener, reason, counts);
        }
    }

    private void note(RunEvent event) {
        effects.add(new Effect.Notify(event));
    }

    /** Something more is to be done. */
    void add(Effect effect) {
        effects.add(effect);
    }

    /** What is to be done, handed over. */
    List<Effect> take() {
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

    /** Whether a listener still takes part that will say when it leaves. */
    boolean awaitsGoodbye() {
        return listeners.all().stream().anyMatch(ListenerState::awaitsGoodbye);
    }

    /** Inputs from our listeners that are about themselves. */
    NativePeers natives() {
        return natives;
    }

    /** Inputs from Ruby listeners. */
    RubyPeers ruby() {
        return ruby;
    }

    RunRules rules() {
        return rules;
    }

    /** For how many seconds nothing is to be heard of somebody who is then given up. */
    double silence() {
        return rules.silence();
    }

    RunClock clock() {
        return clock;
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
}
