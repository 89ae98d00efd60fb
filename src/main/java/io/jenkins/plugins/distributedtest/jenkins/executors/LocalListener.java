package io.jenkins.plugins.distributedtest.jenkins.executors;

import hudson.model.Computer;
import io.jenkins.plugins.distributedtest.config.Configuration;
import io.jenkins.plugins.distributedtest.originator.RunLoad;
import java.io.IOException;
import java.util.HashSet;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.UUID;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.TimeUnit;
import jenkins.model.Jenkins;

/**
 * The listener of a run on the node where its step waits. When it ends though nobody has asked it to, or its agent has
 * gone and come back, it is started again, a few times. On the run's loop, but for the start itself.
 */
final class LocalListener {
    private static final int STARTS = 3;
    private static final long PAUSE = TimeUnit.SECONDS.toNanos(5);
    /** A start that took longer is not waited for any more. */
    private static final long COMING = TimeUnit.MINUTES.toNanos(2);

    private final RunOwner owner;
    private final int slots;
    private final Set<String> ids = new HashSet<>();
    private int starts;
    /** When it was started last, or had ended, in {@link System#nanoTime}. */
    private long since;

    private boolean starting;
    private boolean joined;
    private boolean over;
    /** The one that runs, or is to; guarded by this object, as the following is. */
    private Serving serving;

    private String problem;
    private boolean ended;

    /**
     * @param owner the run
     * @param slots how many files at a time; 0 for the node's processors over its executors
     */
    LocalListener(RunOwner owner, int slots) {
        this.owner = owner;
        this.slots = slots;
    }

    /** Starts it. Returns at once. */
    void begin() {
        String id = UUID.randomUUID().toString();
        ids.add(id);
        starts++;
        since = System.nanoTime();
        starting = true;
        joined = false;
        try {
            owner.blocking().execute(() -> start(id));
        } catch (RejectedExecutionException e) {
            failed("too many distributed runs begin at the same time on this controller");
        }
    }

    private void start(String id) {
        try {
            Computer computer = Jenkins.get().getComputer(owner.node());
            if (computer == null) {
                throw new IOException("agent " + owner.node() + " is gone");
            }
            Serving started = Serving.start(computer, owner.access(), id, slots, environment());
            synchronized (this) {
                serving = started;
                if (ended) {
                    started.stop();
                }
            }
        } catch (IOException | RuntimeException e) {
            failed(e.getMessage() == null ? e.toString() : e.getMessage());
        } catch (InterruptedException e) {
            failed("interrupted");
        }
    }

    private synchronized void failed(String why) {
        problem = why;
    }

    /** Variables by which the listener itself would be configured are for the run, not for it. */
    private Map<String, String> environment() {
        Map<String, String> variables = new TreeMap<>(owner.environment());
        variables.keySet().removeIf(Configuration::isVariable);
        return variables;
    }

    /** Looks how it is. */
    void tick(RunLoad load) {
        Serving now;
        String why;
        synchronized (this) {
            now = serving;
            why = problem;
        }
        joined |= now != null && load.listeners().contains(now.listenerId());
        if (why != null) {
            ended("cannot be started on " + place() + ": " + why, null);
        } else if (now != null && now.isOver()) {
            ServeEnd end = now.end();
            if (!end.asked()) {
                owner.run().gone(now.listenerId(), end.ending());
            }
            ended("on " + now.place() + " has ended: " + end.ending(), joined ? "" : end.indented());
        } else if (starts > 0 && !starting && !over && System.nanoTime() - since > PAUSE) {
            begin();
        }
    }

    private void ended(String how, String output) {
        synchronized (this) {
            serving = null;
            problem = null;
            if (ended) {
                return;
            }
        }
        starting = false;
        joined = false;
        over = starts >= STARTS;
        since = System.nanoTime();
        owner.say("The step's own listener " + how + (over ? ". It is not started again." : "")
                + (output == null ? "" : output));
    }

    private String place() {
        return owner.node().isEmpty() ? "the built-in node" : owner.node();
    }

    /** Whether it is on its way. */
    boolean isComing() {
        return starting && !joined && System.nanoTime() - since < COMING;
    }

    /** Whether it takes part. */
    boolean hasJoined() {
        return joined;
    }

    /** All ids that it has had. */
    Set<String> ids() {
        return ids;
    }

    /** Ends it for good. Returns at once. */
    void end() {
        over = true;
        synchronized (this) {
            ended = true;
            if (serving != null) {
                serving.stop();
            }
        }
    }
}
