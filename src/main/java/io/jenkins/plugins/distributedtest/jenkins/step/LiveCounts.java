package io.jenkins.plugins.distributedtest.jenkins.step;

import io.jenkins.plugins.distributedtest.originator.RunEvent;
import io.jenkins.plugins.distributedtest.suite.Attempt;
import io.jenkins.plugins.distributedtest.suite.FileReport;
import io.jenkins.plugins.distributedtest.suite.RunReport;
import java.util.HashSet;
import java.util.Set;

/**
 * How far a run is, in numbers. Fed on the run's loop; its text can be read from any thread and is made when something
 * has changed, so that asking costs nothing.
 */
final class LiveCounts {
    private final int total;
    private final Set<String> running = new HashSet<>();
    private final Set<String> listeners = new HashSet<>();
    private final Set<String> preparing = new HashSet<>();
    private int done;
    private int failed;
    private volatile String text = "preparing";

    /** @param total how many files there are */
    LiveCounts(int total) {
        this.total = total;
    }

    /** Takes up a run where it was. */
    void restore(RunReport report) {
        for (FileReport file : report.files()) {
            if (file.isFinished()) {
                done++;
                failed += file.isFailed() ? 1 : 0;
            }
        }
        report.listeners().stream()
                .filter(each -> !Double.isNaN(each.joinedOffset()) && Double.isNaN(each.leftOffset()))
                .forEach(each -> listeners.add(each.listener()));
        describe();
    }

    /** Takes in what has happened. */
    void event(RunEvent event) {
        if (event instanceof RunEvent.FileStarted started) {
            running.add(started.file().path());
            listeners.add(started.worker().listener());
        } else if (event instanceof RunEvent.FileFinished finished) {
            running.remove(finished.file().path());
            if (finished.isFinal()) {
                done++;
                Attempt attempt = finished.attempt();
                failed += attempt.result().status().isBad() ? 1 : 0;
            }
        } else if (event instanceof RunEvent.LeaseLost lost) {
            running.remove(lost.file().path());
        } else if (event instanceof RunEvent.ListenerPreparing prepares) {
            preparing.add(prepares.listener());
        } else if (event instanceof RunEvent.ListenerReady ready) {
            preparing.remove(ready.listener());
            listeners.add(ready.listener());
        } else if (event instanceof RunEvent.ListenerLeft left) {
            preparing.remove(left.listener());
            listeners.remove(left.listener());
        }
        describe();
    }

    private void describe() {
        StringBuilder line = new StringBuilder()
                .append(done)
                .append(" of ")
                .append(total)
                .append(total == 1 ? " file done" : " files done");
        if (failed > 0) {
            line.append(", ").append(failed).append(" failed");
        }
        if (!running.isEmpty()) {
            line.append(", ").append(running.size()).append(" running");
        }
        line.append(
                listeners.isEmpty()
                        ? ", no listener"
                        : " on " + listeners.size() + (listeners.size() == 1 ? " listener" : " listeners"));
        text = line.toString();
    }

    /** How many files have their result. */
    int done() {
        return done;
    }

    /** Whether a listener takes part, or prepares to. */
    boolean hasListeners() {
        return !listeners.isEmpty() || !preparing.isEmpty();
    }

    @Override
    public String toString() {
        return text;
    }
}
