package io.jenkins.plugins.distributedtest.originator;

import io.jenkins.plugins.distributedtest.suite.WorkerId;
import io.jenkins.plugins.distributedtest.wire.NativeMessage;
import io.jenkins.plugins.distributedtest.wire.NativeMessage.Left;
import java.util.HashSet;
import java.util.List;
import java.util.Set;

/**
 * What our listeners tell a run of themselves: that they take part, are ready, live, and leave; and of the cases of files
 * that they run. Times as in {@link RunState}.
 */
final class NativePeers {
    private final RunState run;

    NativePeers(RunState run) {
        this.run = run;
    }

    /** A listener takes part. */
    List<Effect> preparing(double now, NativeMessage.Preparing message) {
        ListenerState known = run.listeners().get(message.listener());
        if (known != null && known.phase != ListenerState.Phase.PREPARING) {
            // It has forgotten the run and begins anew: whatever its workers had is gone.
            run.loseAll(now, known.id, "its listener began anew", false);
        }
        run.listeners().preparing(now, message);
        return run.settled(now);
    }

    /**
     * A listener takes files.
     *
     * @param accepted whether its tree is the originator's
     */
    List<Effect> ready(double now, String listener, double syncSeconds, boolean accepted) {
        ListenerState state = run.listeners().ready(now, listener, syncSeconds);
        if (state != null && !accepted) {
            String why = "its source tree differs from the originator's after the sync";
            if (state.inbox != null) {
                run.add(new Effect.CancelListener(state.inbox, why));
            }
            leave(now, state, Left.Reason.TREE_DIFFERS, why, "");
        }
        return run.settled(now);
    }

    /** A listener takes no further part, by its own word. */
    List<Effect> left(double now, Left message) {
        ListenerState state = run.listeners().get(message.listener());
        if (state == null) {
            state = run.listeners().seen(now, message.listener(), "");
        }
        if (state.phase != ListenerState.Phase.LEFT) {
            Left.Reason reason = message.reason() == null ? Left.Reason.DONE : message.reason();
            leave(now, state, reason, message.problem(), message.output());
        }
        return run.settled(now);
    }

    /** A worker tells of cases of a file before its end. */
    List<Effect> cases(double now, NativeMessage.Cases told) {
        ListenerState state = run.listeners().seen(now, told.worker());
        if (!run.hasEnded() && state.phase != ListenerState.Phase.LEFT) {
            run.leases().cases(now, told, run.rules().longestAttempt());
            run.clock().progress(now);
        }
        return run.settled(now);
    }

    /**
     * The run is over: those that are alive and not done with it.
     *
     * @param now the time, in seconds from the start of the run
     * @return empty if there are none, or they are silent
     */
    List<ListenerState> ending(double now) {
        return run.listeners().all().stream()
                .filter(state -> state.awaitsGoodbye() && now - state.lastSeen <= run.silence())
                .toList();
    }

    /** The run is over, and some listeners have not said within some seconds that they are done with it. */
    List<Effect> withoutGoodbye(double now, long seconds) {
        for (ListenerState state : List.copyOf(run.listeners().all())) {
            if (state.awaitsGoodbye()) {
                String why =
                        "it has not said within " + seconds + " s that it is done with the run, so that nobody knows"
                                + " whether its processes and closing callbacks have ended";
                run.listeners().left(now, state, null, why, "");
                state.left = Double.NaN;
            }
        }
        return run.take();
    }

    private void leave(double now, ListenerState state, Left.Reason reason, String why, String output) {
        run.listeners().left(now, state, reason, why, output);
        if (run.hasEnded()) {
            state.left = Double.NaN;
        }
        String cause = why == null || why.isEmpty() ? "its listener left" : "its listener left: " + why;
        run.loseAll(now, state.id, cause, false);
    }

    /** A listener is alive, and says what it runs. */
    List<Effect> heartbeat(double now, NativeMessage.Heartbeat message) {
        ListenerState state = run.listeners().seen(now, message.listener(), "");
        if (run.hasEnded()) {
            return run.take();
        }
        Set<String> listed = new HashSet<>();
        for (NativeMessage.Heartbeat.Running running : message.running()) {
            listed.add(running.file() + "\n" + running.lease() + "\n" + running.slot());
            healLostStart(now, state, running);
        }
        for (FileState file : run.leases().running()) {
            String entry = file.file.path() + "\n" + file.lease + "\n" + file.holder.slot();
            if (file.holder.listener().equals(state.id) && !listed.contains(entry)) {
                // A broker that lost its messages may have lost the result: then it was not the file's fault.
                boolean counts = file.since > run.clock().connectedAt();
                run.leases().lost(now, file, "its listener no longer runs it", counts);
            }
        }
        return run.settled(now);
    }

    private void healLostStart(double now, ListenerState state, NativeMessage.Heartbeat.Running running) {
        FileState file = run.leases().get(running.file());
        if (file != null
                && file.phase == FileState.Phase.QUEUED
                && file.lease == running.lease()
                && state.phase != ListenerState.Phase.LEFT) {
            WorkerId worker = new WorkerId(state.id, state.host, running.slot());
            run.leases().start(now, worker, running.file(), running.lease());
            run.clock().progress(now);
        }
    }
}
