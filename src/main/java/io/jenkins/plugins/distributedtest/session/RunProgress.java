package io.jenkins.plugins.distributedtest.session;

import io.jenkins.plugins.distributedtest.originator.RunEvent;
import io.jenkins.plugins.distributedtest.originator.RunRequest;
import io.jenkins.plugins.distributedtest.suite.FileReport;
import io.jenkins.plugins.distributedtest.suite.RunReport;
import io.jenkins.plugins.distributedtest.suite.TestFile;
import io.jenkins.plugins.distributedtest.suite.WorkerId;
import java.util.Collection;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Set;

/**
 * How far a run is, and how long it will take. Fed with the run's events on one thread, which also asks it; only the
 * text can be read from any thread, and is made when something has changed, so that asking costs nothing.
 */
public final class RunProgress {
    private final int total;
    private final Map<TestFile, Double> expected;
    private final Set<TestFile> open;
    private final Map<WorkerId, Running> running = new LinkedHashMap<>();
    /** Slots of the listeners that take part or prepare to; 0 if unknown. */
    private final Map<String, Integer> slots = new HashMap<>();

    private final Set<String> ready = new HashSet<>();
    private int failed;
    private int retried;
    private double doneSeconds;
    private int measured;
    private volatile String text = "preparing";

    /**
     * A file on a worker.
     *
     * @param file the file
     * @param since when it started, in seconds from the start of the run
     */
    public record Running(TestFile file, double since) {}

    /** Progress of a run that is asked for. */
    public RunProgress(RunRequest request) {
        this(request.ordered(), request.expected());
    }

    /**
     * @param files the suite
     * @param expected recorded runtimes in seconds, where known
     */
    public RunProgress(Collection<TestFile> files, Map<TestFile, Double> expected) {
        total = files.size();
        open = new HashSet<>(files);
        this.expected = Map.copyOf(expected);
    }

    /** Takes up a run where it was. */
    public void restore(RunReport report) {
        for (FileReport file : report.files()) {
            if (file.isFinished()) {
                done(file.file(), file.last().result().seconds(), file.isFailed());
            }
        }
        report.listeners().stream()
                .filter(each -> !Double.isNaN(each.joinedOffset()) && Double.isNaN(each.leftOffset()))
                .forEach(each -> {
                    slots.put(each.listener(), each.slots());
                    ready.add(each.listener());
                });
        text = describe();
    }

    /** Takes in an event. */
    public void event(RunEvent event) {
        if (event instanceof RunEvent.FileStarted started) {
            running.put(started.worker(), new Running(started.file(), started.offset()));
            ready.add(started.worker().listener());
        } else if (event instanceof RunEvent.FileFinished finished) {
            finished(finished);
        } else if (event instanceof RunEvent.LeaseLost lost) {
            running.remove(lost.worker());
        } else if (event instanceof RunEvent.ListenerPreparing preparing) {
            slots.put(preparing.listener(), preparing.slots());
            ready.remove(preparing.listener());
        } else if (event instanceof RunEvent.ListenerReady joined) {
            ready.add(joined.listener());
        } else if (event instanceof RunEvent.ListenerLeft left) {
            slots.remove(left.listener());
            ready.remove(left.listener());
            running.keySet().removeIf(worker -> worker.listener().equals(left.listener()));
        }
        text = describe();
    }

    private void finished(RunEvent.FileFinished finished) {
        Running was = running.get(finished.attempt().worker());
        if (was != null && was.file().equals(finished.file())) {
            running.remove(finished.attempt().worker());
        }
        if (!finished.isFinal()) {
            retried++;
            return;
        }
        done(
                finished.file(),
                finished.attempt().result().seconds(),
                finished.attempt().result().status().isBad());
    }

    private void done(TestFile file, double seconds, boolean bad) {
        open.remove(file);
        doneSeconds += seconds;
        measured++;
        failed += bad ? 1 : 0;
    }

    /** How many files the suite has. */
    public int total() {
        return total;
    }

    /** How many have their result. */
    public int done() {
        return total - open.size();
    }

    /** How many failed. */
    public int failed() {
        return failed;
    }

    /** What is running, by worker. */
    public Map<WorkerId, Running> running() {
        return Map.copyOf(running);
    }

    /** Whether a listener takes part, or prepares to. */
    public boolean hasListeners() {
        return !ready.isEmpty() || !slots.isEmpty();
    }

    /** Slots of the listeners that are ready, as far as they are known. */
    public int slots() {
        return ready.stream()
                .mapToInt(listener -> slots.getOrDefault(listener, 0))
                .sum();
    }

    /**
     * Seconds until the end, about: what is left over the slots, but no less than the longest file. NaN while nothing
     * is known.
     *
     * @param now seconds from the start of the run
     */
    public double remaining(double now) {
        double usual = measured > 0 ? doneSeconds / measured : Double.NaN;
        Map<TestFile, Double> since = new HashMap<>();
        running.values().forEach(each -> since.put(each.file(), now - each.since()));
        double sum = 0;
        double longest = 0;
        for (TestFile file : open) {
            double left = Math.max(0, expected.getOrDefault(file, usual) - since.getOrDefault(file, 0.0));
            sum += left;
            longest = Math.max(longest, left);
        }
        return Math.max(longest, sum / Math.max(1, slots()));
    }

    private String describe() {
        int listeners = ready.size();
        return done() + " of " + total + (total == 1 ? " file done" : " files done") + counted(failed, " failed")
                + counted(retried, " retried") + counted(running.size(), " running")
                + (listeners == 0
                        ? ", no listener"
                        : " on " + listeners + (listeners == 1 ? " listener" : " listeners"));
    }

    private static String counted(int number, String word) {
        return number > 0 ? ", " + number + word : "";
    }

    /** How far it is, such as {@code 12 of 60 files done, 1 failed, 4 running on 2 listeners}. From any thread. */
    @Override
    public String toString() {
        return text;
    }
}
