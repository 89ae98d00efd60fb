package io.jenkins.plugins.distributedtest.originator;

import io.jenkins.plugins.distributedtest.suite.FileResult;
import io.jenkins.plugins.distributedtest.suite.WorkerId;
import io.jenkins.plugins.distributedtest.wire.NativeMessage.Left;
import java.util.HashSet;
import java.util.List;
import java.util.Set;

/** What Ruby listeners tell a run, who know no leases and send no heartbeats. Times as in {@link RunState}. */
final class RubyPeers {
    private final RunState run;
    private final RubyCrashes crashes = new RubyCrashes();
    /** When the broker was reached again after it was started anew; NaN if there is nothing to do about that. */
    private double anewAt = Double.NaN;
    /** The listeners of the time before, of which nothing was heard since. */
    private final Set<String> unheard = new HashSet<>();

    RubyPeers(RunState run) {
        this.run = run;
    }

    /** Takes the files from their workers that are known by now to be gone. */
    void lose(double now) {
        for (FileState file : crashes.lost(run.leases())) {
            run.leases().lost(now, file, "its host reported a crash", true);
        }
        if (now > anewAt + run.silence()) {
            loseOlderThan(now, anewAt);
            anewAt = Double.NaN;
        }
    }

    /** A Ruby listener and its workers end with their connection: none is left of the time before. */
    void brokerStartedAnew(double now) {
        anewAt = now;
        run.listeners().all().stream()
                .filter(listener -> listener.ruby && listener.isActive())
                .forEach(listener -> unheard.add(listener.id));
    }

    private void loseOlderThan(double now, double time) {
        String why = "the broker was started anew, which no Ruby listener survives";
        for (ListenerState listener : List.copyOf(run.listeners().all())) {
            if (unheard.remove(listener.id) && listener.isActive()) {
                run.listeners().left(now, listener, null, why, "");
            }
        }
        for (FileState file : run.leases().running()) {
            if (file.holder.listener().startsWith(ListenerBook.RUBY) && file.since < time) {
                run.leases().lost(now, file, why, false);
            }
        }
    }

    /** A Ruby worker begins a file. */
    List<Effect> start(double now, String hostname, String workerId, String path) {
        unheard.remove(ListenerBook.RUBY + hostname);
        return run.start(
                now, RubyCrashes.worker(hostname, workerId), path, run.leases().lease(path));
    }

    /**
     * A Ruby worker has ended a file. Under which lease, only the book knows: a worker that lost the file is refused.
     */
    List<Effect> finish(double now, String hostname, String workerId, FileResult result) {
        WorkerId worker = RubyCrashes.worker(hostname, workerId);
        String path = result.file().path();
        FileState file = run.leases().get(path);
        boolean late = file != null && !file.isHeldBy(worker) && file.hasLost(worker);
        return run.finish(now, worker, late ? -1 : run.leases().lease(path), result, 0);
    }

    /** A worker, a manager or a pull of a Ruby listener has crashed. */
    List<Effect> crash(double now, String hostname, String text) {
        ListenerState state = run.listeners().seen(now, ListenerBook.RUBY + hostname, hostname);
        if (!run.hasEnded() && !crashes.crashed(now, state.id, run.leases())) {
            run.listeners().left(now, state, Left.Reason.RUNNER_FAILED, "it crashed: " + firstLines(text), text);
        }
        return run.settled(now);
    }

    /** A callback of a Ruby listener has raised: it takes no part. */
    List<Effect> raised(double now, String hostname, String message, String backtrace) {
        ListenerState state = run.listeners().seen(now, ListenerBook.RUBY + hostname, hostname);
        boolean runs = run.leases().running().stream()
                .anyMatch(f -> f.holder.listener().equals(state.id));
        if (!run.hasEnded() && !runs) {
            run.listeners().left(now, state, Left.Reason.CALLBACK_FAILED, message, backtrace);
        }
        return run.settled(now);
    }

    private static String firstLines(String text) {
        String brief = text.strip();
        return brief.length() <= 300 ? brief : brief.substring(0, 300) + "…";
    }
}
