package io.jenkins.plugins.distributedtest.jenkins.step;

import hudson.model.Run;
import io.jenkins.plugins.distributedtest.jenkins.executors.OwnListeners;
import io.jenkins.plugins.distributedtest.jenkins.executors.PipelineBranches;
import io.jenkins.plugins.distributedtest.jenkins.executors.RunAccess;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.Executor;
import java.util.concurrent.RejectedExecutionException;

/**
 * Where the run of a step and the listeners meet that other steps of the pipeline run for it: these may come before the
 * run is there, and after it is over. Here as long as the step goes on. From any thread.
 */
final class RunGuests {
    private static final Map<String, RunGuests> OPEN = new ConcurrentHashMap<>();

    private final String build;
    private final RunMask mask;
    private final Branches branches;
    private final Host host;
    private volatile String title;
    private final List<ListenerRun> waiting = new ArrayList<>();
    private final List<ListenerRun> staying = new ArrayList<>();
    private RunAccess access;
    private OwnListeners own;
    private Executor loop;
    private boolean over;

    /** What a step without a workspace waits for: the first listener's is its own. */
    interface Host {
        /**
         * A listener has come.
         *
         * @return whether the workspace is the run's
         */
        boolean isIn(String node, String directory);

        /** No listener has come, and none will. */
        void none();
    }

    private RunGuests(String build, String title, RunMask mask, Branches branches, Host host) {
        this.build = build;
        this.title = title;
        this.mask = mask;
        this.branches = branches;
        this.host = host;
    }

    /**
     * A step begins, or goes on after a restart.
     *
     * @param stateId names the step
     * @param build the build
     * @param title the run's title; null if it is not known yet
     * @param mask what is hidden in the run's texts
     * @param branches of the step's block; null if it has none
     * @param host what waits for the first listener; null if the step has a workspace
     */
    static RunGuests open(String stateId, Run<?, ?> build, String title, RunMask mask, Branches branches, Host host) {
        RunGuests guests = new RunGuests(build.getExternalizableId(), title, mask, branches, host);
        OPEN.put(stateId, guests);
        return guests;
    }

    /** A step has ended. */
    static void close(String stateId) {
        RunGuests guests = OPEN.remove(stateId);
        if (guests != null) {
            guests.over();
        }
    }

    /** All branches of a step's block have ended. */
    static void none(String stateId) {
        RunGuests guests = OPEN.get(stateId);
        if (guests != null && guests.host != null) {
            guests.host.none();
        }
    }

    /** Those of a step; null if it is not there. */
    static RunGuests of(String stateId) {
        return OPEN.get(stateId);
    }

    /** Those of a build's run with a title; null if there is none yet. */
    static RunGuests of(Run<?, ?> build, String title) {
        String id = build.getExternalizableId();
        return OPEN.values().stream()
                .filter(each -> each.build.equals(id) && title.equals(each.title))
                .findFirst()
                .orElse(null);
    }

    /** What is hidden in the run's texts. */
    RunMask mask() {
        return mask;
    }

    /** The branches of the step's block, for the run. */
    PipelineBranches branches() {
        return branches == null ? PipelineBranches.NONE : branches;
    }

    /** Whether listeners come from branches of the step's own block. */
    boolean isBlock() {
        return branches != null;
    }

    /** The run's title is known. */
    void called(String name) {
        title = name;
    }

    /** A listener has come. It hears when to start and when to end. */
    void join(ListenerRun guest) {
        if (guest.branch() >= 0 && branches != null) {
            branches.came(guest.branch());
        }
        boolean stays = host != null && host.isIn(guest.node(), guest.directory());
        synchronized (this) {
            if (stays && !over) {
                staying.add(guest);
            }
            if (own == null && !over) {
                waiting.add(guest);
                return;
            }
        }
        admit(guest);
    }

    /** The run is there. */
    void live(RunAccess where, OwnListeners listeners, Executor runLoop) {
        List<ListenerRun> here;
        synchronized (this) {
            access = where;
            own = listeners;
            loop = runLoop;
            here = List.copyOf(waiting);
            waiting.clear();
        }
        here.forEach(this::admit);
    }

    private void admit(ListenerRun guest) {
        boolean late;
        synchronized (this) {
            late = over;
        }
        if (late || !onLoop(() -> own.came(guest))) {
            guest.release();
        } else {
            guest.serve(access);
        }
    }

    private boolean onLoop(Runnable task) {
        try {
            loop.execute(task);
            return true;
        } catch (RejectedExecutionException e) {
            return false; // the run is over
        }
    }

    /**
     * A listener has ended.
     *
     * @param why for people; null if it was asked to
     */
    void left(ListenerRun guest, String why) {
        boolean there;
        synchronized (this) {
            there = own != null;
            waiting.remove(guest);
        }
        if (there) {
            onLoop(() -> own.left(guest, why));
        }
    }

    /** A listener that served was lost, or somebody has stopped it: its branch's failure is not the step's. */
    void excuse(ListenerRun guest, String why) {
        if (guest.branch() >= 0 && branches != null) {
            branches.excuse(guest.branch(), why);
        }
    }

    /** Whether a listener's step has to stay, since the run's workspace is its. */
    synchronized boolean mustStay(ListenerRun guest) {
        return staying.contains(guest);
    }

    /** Whether the run is over, results included. */
    synchronized boolean isOver() {
        return over;
    }

    /** The run is over, results included: all listeners are to end, and those that come later are not needed. */
    void over() {
        List<ListenerRun> here = new ArrayList<>();
        synchronized (this) {
            over = true;
            here.addAll(waiting);
            here.addAll(staying);
            waiting.clear();
            staying.clear();
        }
        here.forEach(ListenerRun::release);
    }
}
