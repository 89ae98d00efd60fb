package io.jenkins.plugins.distributedtest.cli;

import io.jenkins.plugins.distributedtest.originator.RunEvent;
import io.jenkins.plugins.distributedtest.suite.TestFile;
import io.jenkins.plugins.distributedtest.suite.WorkerId;
import java.util.Collection;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Set;

/** Counts of a run while it goes on, and how long it will take. Used by one thread. */
final class Progress {
    private final int total;
    private final Map<TestFile, Double> expected;
    private final Set<TestFile> open;
    private final Map<WorkerId, Running> running = new LinkedHashMap<>();
    private final Map<String, Integer> slots = new HashMap<>();
    private final Set<String> ready = new HashSet<>();
    private int failed;
    private int retried;
    private double doneSeconds;
    private int measured;

    /**
     * A file on a worker.
     *
     * @param file the file
     * @param since when it started, in seconds from the start of the run
     */
    record Running(TestFile file, double since) {}

    /**
     * @param files the suite
     * @param expected recorded runtimes in seconds, where known
     */
    Progress(Collection<TestFile> files, Map<TestFile, Double> expected) {
        total = files.size();
        open = new HashSet<>(files);
        this.expected = Map.copyOf(expected);
    }

    /** Takes in an event. */
    void event(RunEvent event) {
        if (event instanceof RunEvent.FileStarted started) {
            running.put(started.worker(), new Running(started.file(), started.offset()));
        } else if (event instanceof RunEvent.FileFinished finished) {
            finished(finished);
        } else if (event instanceof RunEvent.LeaseLost lost) {
            running.remove(lost.worker());
        } else if (event instanceof RunEvent.ListenerPreparing preparing) {
            slots.put(preparing.listener(), preparing.slots());
        } else if (event instanceof RunEvent.ListenerReady joined) {
            ready.add(joined.listener());
        } else if (event instanceof RunEvent.ListenerLeft left) {
            ready.remove(left.listener());
            running.keySet().removeIf(worker -> worker.listener().equals(left.listener()));
        }
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
        open.remove(finished.file());
        doneSeconds += finished.attempt().result().seconds();
        measured++;
        if (finished.attempt().result().status().isBad()) {
            failed++;
        }
    }

    /** How many files the suite has. */
    int total() {
        return total;
    }

    /** How many have their result. */
    int done() {
        return total - open.size();
    }

    /** How many failed. */
    int failed() {
        return failed;
    }

    /** What is running, by worker. */
    Map<WorkerId, Running> running() {
        return running;
    }

    /** Slots of the listeners that are ready. */
    int slots() {
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
    double remaining(double now) {
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

    /** Counts in words, such as {@code 12/60 done, 1 failed, 4 running}. */
    String counts() {
        return done() + "/" + total + " done, " + failed + " failed, " + running.size() + " running"
                + (retried > 0 ? ", " + retried + " retried" : "");
    }

    /** A time for people, such as {@code 40 s} or {@code 3 min 20 s}. */
    static String time(double seconds) {
        long whole = Math.round(seconds);
        return whole < 60 ? whole + " s" : whole / 60 + " min " + whole % 60 + " s";
    }
}
