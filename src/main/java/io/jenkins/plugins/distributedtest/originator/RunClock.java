package io.jenkins.plugins.distributedtest.originator;

import java.util.List;
import java.util.Locale;
import java.util.function.Consumer;

/**
 * What time does to a run: who has gone silent, what has run out of time, whether anybody is there at all. Only the
 * clock of the run as a whole runs while there is no connection; nobody can be heard then. Times as in {@link
 * RunState}.
 */
final class RunClock {
    /** Longest pause between a listener's attempts to connect, with its jitter, in seconds. */
    private static final double LONGEST_PAUSE = 36;
    /** A pause is as long as all before it together, and a fifth longer by chance. */
    private static final double LAG = 1.2;
    /** How long another listener is waited for, in seconds, where a project did not load on any that came. */
    private static final double BROKEN_PROJECT_GRACE = 1;
    /** How often observers are told that the run waits for listeners, in seconds. */
    private static final double WAITING_NOTE = 10;
    /** The longest pause before an idle queue is filled again, in seconds. */
    private static final double LONGEST_IDLE = 1800;

    private final RunRules rules;
    private final LeaseBook leases;
    private final ListenerBook listeners;
    private final Consumer<Effect> out;
    private boolean reached;
    private boolean connected;
    private double connectedAt;
    /** From when listeners can be expected to be heard after a loss of the connection. */
    private double clocksFrom;

    private double disconnectedAt = Double.NaN;
    private String disconnectReason = "not connected yet";
    private double lastStart;
    private double idleWait;
    private double nextWaitingNote;
    /** Whether listeners have been asked for that are still to come. */
    private boolean expecting;

    RunClock(RunRules rules, LeaseBook leases, ListenerBook listeners, Consumer<Effect> out) {
        this.rules = rules;
        this.leases = leases;
        this.listeners = listeners;
        this.out = out;
        this.idleWait = rules.idleRepublish();
    }

    /** Listeners have been asked for and are still to come, or no more: while they are, nobody's absence ends the run. */
    void expecting(boolean listenersToCome) {
        expecting = listenersToCome;
    }

    /** The broker is reached, but the run is not published. */
    void reached() {
        reached = true;
        connected = true;
    }

    /** Whether the broker was ever reached. */
    boolean wasReached() {
        return reached;
    }

    /** The run is published: listeners can be heard from now on. */
    void published(double now) {
        connected(now, now);
    }

    /** The connection is back: listeners can be heard again as soon as they are back themselves. */
    void reconnected(double now) {
        connected(now, now + lag(now));
    }

    private void connected(double now, double from) {
        reached = true;
        connected = true;
        connectedAt = now;
        lastStart = now;
        clocksFrom = from;
        listeners.restartClocks(from);
    }

    /**
     * This process itself stood still for some seconds (stopped, or on a machine that was suspended): it is its own
     * fault that nobody was heard, and that the broker was not reached.
     */
    void stoodStill(double now, double seconds) {
        disconnectedAt += seconds;
        lastStart = now;
        clocksFrom = Math.max(clocksFrom, now);
        listeners.restartClocks(Math.max(clocksFrom, now));
    }

    /**
     * By how much a listener may come back later than we. The pauses between its attempts double, so it is away for
     * twice as long as the broker was at most, and no longer than the longest pause.
     */
    private double lag(double now) {
        double outage = Double.isNaN(disconnectedAt) ? 0 : now - disconnectedAt;
        return Math.min(LONGEST_PAUSE, LAG * outage);
    }

    /** Since when listeners can be heard. */
    double connectedAt() {
        return connectedAt;
    }

    /** The connection is lost, or an attempt to make it has failed. */
    void disconnected(double now, String reason) {
        disconnectReason = reason;
        if (connected) {
            connected = false;
            disconnectedAt = now;
        }
    }

    /** The run is taken up from paper, its connection lost just now. */
    void restored(double now) {
        reached = true;
        disconnectedAt = now;
        disconnectReason = "taken up again";
    }

    /** A file has started or ended: the run is not idle. */
    void progress(double now) {
        lastStart = now;
    }

    /** A worker has taken a file: the queue is not lost. */
    void started(double now) {
        lastStart = now;
        idleWait = rules.idleRepublish();
    }

    /**
     * Time has passed.
     *
     * @param published whether the files are published
     * @return why the run cannot go on; null if it can
     */
    String tick(double now, boolean published) {
        if (now > rules.runTimeout()) {
            return "The run took longer than its timeout of " + time(rules.runTimeout()) + ": " + leases.done() + " of "
                    + leases.size() + " files are done.";
        }
        if (!connected) {
            return unreachable(now);
        }
        if (!published) {
            return null;
        }
        loseSilent(now);
        loseOverdue(now);
        refillWhenIdle(now);
        return waitForListeners(now);
    }

    private String unreachable(double now) {
        double limit = reached ? disconnectedAt + rules.reconnectTimeout() : rules.connectTimeout();
        if (now <= limit) {
            return null;
        }
        String since = reached
                ? "The connection to the broker was lost " + time(now - disconnectedAt)
                        + " ago and does not come back: "
                : "The broker could not be reached within " + time(rules.connectTimeout()) + ": ";
        return since + disconnectReason
                + ". Check that it runs and is reachable from here, or start one: distributed-test broker.";
    }

    private void loseSilent(double now) {
        for (ListenerState listener : List.copyOf(listeners.all())) {
            if (!listener.ruby && listener.isActive() && now - listener.lastSeen > rules.silence()) {
                String why = "nothing was heard of it for " + time(rules.silence());
                listeners.left(now, listener, null, why, "");
                leases.loseAll(now, listener.id, why, true);
            }
        }
    }

    private void loseOverdue(double now) {
        for (FileState file : leases.running()) {
            double deadline =
                    Math.max(file.since + rules.fileTimeout() + rules.fileGrace(), clocksFrom + rules.silence());
            if (now > deadline) {
                leases.lost(now, file, "no result within the file timeout of " + time(rules.fileTimeout()), true);
            }
        }
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
            idleWait = Math.min(2 * idleWait, LONGEST_IDLE);
            out.accept(new Effect.PurgeFiles());
            leases.publishQueued();
        }
    }

    private String waitForListeners(double now) {
        giveUpIdleRuby(now);
        if (expecting && !listeners.allRefused()) {
            listeners.aloneAsExpected(now);
            return null;
        }
        double alone = listeners.aloneSince();
        if (Double.isNaN(alone)) {
            return null;
        }
        double wait = !listeners.allRefused()
                ? rules.listenerTimeout()
                : listeners.allWithBrokenProject()
                        ? Math.min(BROKEN_PROJECT_GRACE, rules.refusalGrace())
                        : rules.refusalGrace();
        if (now - alone > wait) {
            return noListener();
        }
        if (now >= nextWaitingNote) {
            nextWaitingNote = now + WAITING_NOTE;
            out.accept(new Effect.Notify(new RunEvent.WaitingForListeners(now, alone + wait - now)));
            if (listeners.isEmpty()) {
                out.accept(new Effect.AskOtherClusters());
            }
        }
        return null;
    }

    private void giveUpIdleRuby(double now) {
        for (ListenerState listener : List.copyOf(listeners.all())) {
            boolean runs =
                    leases.running().stream().anyMatch(f -> f.holder.listener().equals(listener.id));
            if (listener.ruby
                    && listener.isActive()
                    && !runs
                    && leases.queued() > 0
                    && now - Math.max(listener.lastSeen, lastStart) > rules.listenerTimeout()) {
                listeners.left(now, listener, null, "took no file for " + time(rules.listenerTimeout()), "");
            }
        }
    }

    private String noListener() {
        if (listeners.isEmpty()) {
            return "No listener has answered within " + time(rules.listenerTimeout()) + " (" + rules.place()
                    + "). " + listeners.otherClusters().inWords()
                    + "Start one on each machine that is to run tests: distributed-test listen,"
                    + " with the same broker and cluster.";
        }
        return "No listener is left (" + rules.place() + "), " + (leases.size() - leases.done()) + " of "
                + leases.size() + " files have no result. " + listeners.problems();
    }

    private static String time(double seconds) {
        return seconds == Math.rint(seconds) ? (long) seconds + " s" : String.format(Locale.ROOT, "%.1f s", seconds);
    }
}
