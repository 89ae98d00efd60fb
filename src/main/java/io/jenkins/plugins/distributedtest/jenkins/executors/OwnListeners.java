package io.jenkins.plugins.distributedtest.jenkins.executors;

import io.jenkins.plugins.distributedtest.originator.RunEvent;
import io.jenkins.plugins.distributedtest.originator.RunLoad;
import java.util.HashSet;
import java.util.Set;

/**
 * The listeners that a run has for itself: one on the node where its step waits, and those on executors that it
 * asks Jenkins for, and those that steps of the pipeline run for it. They end with the run, and serve no other. Everything
 * here is on the run's loop; what may block is done elsewhere.
 */
public final class OwnListeners {
    /** A listener that is there answers sooner. */
    private static final double QUIET_SECONDS = 5;

    private final RunOwner owner;
    private final OwnSettings settings;
    private final LocalListener local;
    private final Crew crew;
    private final GuestList guests;
    private final Set<String> others = new HashSet<>();
    private boolean expecting;
    private boolean ended;
    /** When the listeners were invited, in seconds; NaN before. */
    private double invited = Double.NaN;

    private boolean saidAlone;
    private boolean counted;
    private double joinedAt = Double.NaN;

    /**
     * @param owner the run
     * @param settings what the step says
     * @param branches of the step's block
     */
    public OwnListeners(RunOwner owner, OwnSettings settings, PipelineBranches branches) {
        this.owner = owner;
        this.settings = settings;
        this.local = new LocalListener(owner, Math.max(0, settings.localSlots()));
        this.crew = new Crew(owner, settings.executors());
        this.guests = new GuestList(owner, branches);
    }

    /** Ends those that run on the controller's own node, when the controller stops. */
    public static void endHere() {
        ServedRuns.here().endAll();
        GuestSockets.here().closeAll();
    }

    /**
     * Has them started. Returns at once.
     *
     * @param published whether the run's files are published already
     */
    public void begin(boolean published) {
        if (ended) {
            return;
        }
        if (published) {
            invited();
        }
        if (settings.localSlots() != 0) {
            local.begin();
        }
        crew.tick(owner.run().load(), localSlots());
        expect();
    }

    /** Slots of the step's own listener as far as they are known; 0 if there is none. */
    private int localSlots() {
        return local.isComing() || local.hasJoined() ? Math.max(1, settings.localSlots()) : 0;
    }

    /**
     * Something has happened in the run. Once its files are published listeners can take part; and an executor for which
     * no file is left need not wait for the next second.
     */
    public void event(RunEvent event) {
        if (event instanceof RunEvent.Published) {
            invited();
        } else if (event instanceof RunEvent.ListenerReady) {
            look(owner.run().load()); // a short run may be over before the next second
        } else if (event instanceof RunEvent.FileFinished && !owner.run().hasQueued()) {
            crew.tick(owner.run().load(), localSlots());
            guests.tick(owner.run().load());
        }
    }

    /** A step of the pipeline is about to start a listener. */
    public void came(Guest guest) {
        if (ended) {
            guest.release();
        } else {
            guests.came(guest, seconds());
            expect();
        }
    }

    /**
     * A listener of a step of the pipeline has ended.
     *
     * @param why for people; null if it was asked to
     */
    public void left(Guest guest, String why) {
        if (!ended) {
            guests.left(guest, why);
        }
    }

    private void invited() {
        invited = seconds();
        if (settings.minimum() > 0) {
            owner.run().askOtherClusters();
        }
    }

    /** A second has passed. */
    public void tick() {
        RunLoad load = owner.run().load();
        look(load);
        crew.tick(load, localSlots());
        guests.tick(load);
        expect();
        tellAlone();
        count();
    }

    /** Notes who takes part. */
    private void look(RunLoad load) {
        local.tick(load);
        for (String each : load.listeners()) {
            if (!local.ids().contains(each)) {
                others.add(each);
            }
        }
    }

    private boolean isAlone() {
        return local.hasJoined() && others.isEmpty();
    }

    private void expect() {
        boolean now = local.isComing() || crew.isComing() || guests.isComing(seconds());
        if (now != expecting) {
            expecting = now;
            owner.run().expectListeners(now);
        }
    }

    private void tellAlone() {
        if (local.hasJoined() && Double.isNaN(joinedAt)) {
            joinedAt = seconds();
        }
        if (isAlone() && !crew.isComing() && !saidAlone && seconds() - joinedAt > QUIET_SECONDS) {
            saidAlone = true;
            owner.say("No other listener has answered: the suite runs on this step's own executor alone."
                    + " With more listeners it is faster: the step's option agents, or Manage Jenkins › System ›"
                    + " Distributed tests.");
        }
    }

    private void count() {
        double patience = settings.patience().toMillis() / 1000.0;
        if (counted || Double.isNaN(invited) || seconds() - invited < patience) {
            return;
        }
        counted = true;
        if (others.size() < settings.minimum()) {
            owner.run()
                    .fail((others.isEmpty() ? "No listener" : "No more than " + others.size())
                            + " besides the step's own has come within " + Math.round(patience)
                            + " s, and minimum is " + settings.minimum() + ". "
                            + (others.isEmpty() ? owner.run().otherClusters() : "")
                            + "Start more listeners, wait longer for them with listenerTimeout, or lower minimum.");
        }
    }

    private static double seconds() {
        return System.nanoTime() / 1e9;
    }

    /** The run is over: ends them. Returns at once. */
    public void end() {
        ended = true;
        if (isAlone() && !saidAlone) {
            owner.say("No other listener has taken part: the suite ran on this step's own executor alone.");
        }
        local.end();
        crew.end();
        guests.end();
    }

    /** How the executors stand that were asked for, for people; empty if there is nothing to say. On the loop. */
    public String words() {
        return crew.words();
    }
}
