package io.jenkins.plugins.distributedtest.report;

import io.jenkins.plugins.distributedtest.suite.Attempt;
import io.jenkins.plugins.distributedtest.suite.FileReport;
import io.jenkins.plugins.distributedtest.suite.FileStatus;
import io.jenkins.plugins.distributedtest.suite.ListenerReport;
import io.jenkins.plugins.distributedtest.suite.RunEnd;
import io.jenkins.plugins.distributedtest.suite.RunReport;
import io.jenkins.plugins.distributedtest.suite.TestFile;
import io.jenkins.plugins.distributedtest.suite.WorkerId;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.PriorityQueue;

/**
 * Explains the wall time of a run: how near it came to the least that was possible, and where the rest went. All times
 * in seconds; offsets count from the start of the run.
 *
 * @param wallSeconds from the start of the run to its end
 * @param lowerBoundSeconds the least that these files can take on these slots: {@link RunReport#lowerBoundSeconds}
 * @param longest the file that took longest in all its attempts together; null when nothing ran
 * @param longestSeconds how long that was
 * @param testSeconds all attempts of all files together
 * @param slots how many slots took part
 * @param startupSeconds from the start of the run until the first file started
 * @param slotSeconds how long slots were there, together: each from when its listener was ready to when it left or the
 *     run ended
 * @param idleBefore slot-seconds in which a slot was there and had not had its first file yet
 * @param idleBetween slot-seconds between a slot's files
 * @param idleAfter slot-seconds after a slot's last file
 * @param syncSeconds how long the slowest listener took to get the sources
 * @param straggler who ended last; null when nothing ran and while the run goes on
 * @param orderSavingSeconds about how much slowest first would have saved against the order of this run
 * @param savings about how much more slots would save, for growing numbers of slots; empty when nothing ran
 */
public record WallTime(
        double wallSeconds,
        double lowerBoundSeconds,
        TestFile longest,
        double longestSeconds,
        double testSeconds,
        int slots,
        double startupSeconds,
        double slotSeconds,
        double idleBefore,
        double idleBetween,
        double idleAfter,
        double syncSeconds,
        Straggler straggler,
        double orderSavingSeconds,
        List<Saving> savings) {

    /**
     * The attempt that ended last.
     *
     * @param file its file
     * @param worker who ran it
     * @param startOffset when it started
     * @param seconds how long it took
     * @param aloneSeconds how long it ran on when every other slot had ended its last file
     */
    public record Straggler(TestFile file, WorkerId worker, double startOffset, double seconds, double aloneSeconds) {}

    /**
     * What more slots would save.
     *
     * @param moreSlots how many more
     * @param seconds by how much the wall time would be shorter, about
     */
    public record Saving(int moreSlots, double seconds) {}

    /** Copies the savings. */
    public WallTime {
        savings = List.copyOf(savings);
    }

    /** Slot-seconds in which a slot was there and ran no file. */
    public double idleSeconds() {
        return idleBefore + idleBetween + idleAfter;
    }

    /** The share of the slots' time in which they ran files, 0 to 1; 0 when there were none. */
    public double utilization() {
        return slotSeconds <= 0 ? 0 : Math.max(0, 1 - idleSeconds() / slotSeconds);
    }

    /**
     * The least number of more slots that brings at least nine tenths of what more slots can bring at all; null when
     * they would save less than a twentieth of the wall time.
     */
    public Saving worthwhile() {
        if (savings.isEmpty()) {
            return null;
        }
        double best = savings.get(savings.size() - 1).seconds();
        if (best < wallSeconds / 20) {
            return null;
        }
        return savings.stream()
                .filter(s -> s.seconds() >= 0.9 * best)
                .findFirst()
                .orElse(null);
    }

    /**
     * Explains a run.
     *
     * @param report the run, ended or live
     */
    public static WallTime of(RunReport report) {
        return new Computation(report).result();
    }

    /**
     * Simulates handing out files to slots: whichever slot is free first takes the next file.
     *
     * @param seconds how long each file takes, in the order in which they are handed out
     * @param ready when each slot is there; at least one
     * @return when the last file ends; 0 without files
     */
    public static double simulate(double[] seconds, double[] ready) {
        if (ready.length == 0) {
            throw new IllegalArgumentException("No slot to run on");
        }
        PriorityQueue<Double> free = new PriorityQueue<>();
        for (double offset : ready) {
            free.add(offset);
        }
        double end = 0;
        for (double time : seconds) {
            double ended = free.remove() + time;
            end = Math.max(end, ended);
            free.add(ended);
        }
        return end;
    }

    /** Adds up one report. */
    private static final class Computation {
        private record Span(double start, double end) {}

        private final RunReport report;
        private final Map<WorkerId, List<Span>> spans = new HashMap<>();
        private double before;
        private double between;
        private double after;
        private double slotSeconds;
        private double[] ready;

        Computation(RunReport report) {
            this.report = report;
            for (FileReport file : report.files()) {
                for (Attempt attempt : file.attempts()) {
                    spans.computeIfAbsent(attempt.worker(), w -> new ArrayList<>())
                            .add(span(attempt));
                }
                FileReport.Running running = file.running();
                if (running != null) {
                    spans.computeIfAbsent(running.worker(), w -> new ArrayList<>())
                            .add(new Span(
                                    running.startOffset(), Math.max(running.startOffset(), report.wallSeconds())));
                }
            }
        }

        private static Span span(Attempt attempt) {
            return new Span(attempt.startOffset(), end(attempt));
        }

        private static double end(Attempt attempt) {
            return attempt.startOffset() + attempt.result().seconds();
        }

        WallTime result() {
            addIdle();
            FileReport longest = report.files().stream()
                    .filter(file -> !file.attempts().isEmpty())
                    .max(Comparator.comparingDouble(FileReport::seconds))
                    .orElse(null);
            double first = spans.values().stream()
                    .flatMap(List::stream)
                    .mapToDouble(Span::start)
                    .min()
                    .orElse(report.wallSeconds());
            double[] asRun = report.files().stream()
                    .filter(file -> !file.attempts().isEmpty())
                    .mapToDouble(FileReport::seconds)
                    .toArray();
            double[] slowestFirst = descending(asRun);
            return new WallTime(
                    report.wallSeconds(),
                    report.lowerBoundSeconds(),
                    longest == null ? null : longest.file(),
                    longest == null ? 0 : longest.seconds(),
                    report.testSeconds(),
                    ready.length,
                    first,
                    slotSeconds,
                    before,
                    between,
                    after,
                    report.listeners().stream()
                            .mapToDouble(ListenerReport::syncSeconds)
                            .max()
                            .orElse(0),
                    straggler(),
                    asRun.length == 0 || ready.length == 0
                            ? 0
                            : Math.max(0, simulate(asRun, ready) - simulate(slowestFirst, ready)),
                    savings(slowestFirst));
        }

        private static double[] descending(double[] values) {
            double[] sorted = values.clone();
            Arrays.sort(sorted);
            for (int i = 0; i < sorted.length / 2; i++) {
                double swap = sorted[i];
                sorted[i] = sorted[sorted.length - 1 - i];
                sorted[sorted.length - 1 - i] = swap;
            }
            return sorted;
        }

        /**
         * Slots of listeners that were ready, and those of listeners that the report does not know but that ran files.
         */
        private void addIdle() {
            List<Double> offsets = new ArrayList<>();
            Map<WorkerId, List<Span>> left = new HashMap<>(spans);
            for (ListenerReport listener : report.listeners()) {
                if (Double.isNaN(listener.joinedOffset())) {
                    continue;
                }
                double end = Double.isNaN(listener.leftOffset())
                        ? report.wallSeconds()
                        : Math.min(listener.leftOffset(), report.wallSeconds());
                for (int slot = 1; slot <= listener.slots(); slot++) {
                    WorkerId worker = new WorkerId(listener.listener(), listener.host(), slot);
                    addSlot(left.remove(worker), listener.joinedOffset(), end);
                    offsets.add(listener.joinedOffset());
                }
            }
            for (List<Span> unknown : left.values()) {
                double start = unknown.stream().mapToDouble(Span::start).min().orElse(0);
                addSlot(unknown, start, report.wallSeconds());
                offsets.add(start);
            }
            ready = offsets.stream().mapToDouble(Double::doubleValue).toArray();
        }

        private void addSlot(List<Span> files, double start, double end) {
            slotSeconds += Math.max(0, end - start);
            if (files == null) {
                // It never got one: as much a slot too many at the end as one at the start.
                after += Math.max(0, end - start);
                return;
            }
            files.sort(Comparator.comparingDouble(Span::start));
            before += Math.max(0, files.get(0).start() - start);
            double free = files.get(0).end();
            for (Span span : files.subList(1, files.size())) {
                between += Math.max(0, span.start() - free);
                free = Math.max(free, span.end());
            }
            after += Math.max(0, end - free);
        }

        /** Who ended last, when all have ended: while slots still run, nobody is. */
        private Straggler straggler() {
            if (report.end() == RunEnd.RUNNING) {
                return null;
            }
            FileReport lastFile = null;
            Attempt last = null;
            for (FileReport file : report.files()) {
                for (Attempt attempt : file.attempts()) {
                    boolean lost = attempt.result().status() == FileStatus.LOST;
                    if (!lost && (last == null || end(attempt) > end(last))) {
                        last = attempt;
                        lastFile = file;
                    }
                }
            }
            if (last == null) {
                return null;
            }
            WorkerId worker = last.worker();
            double others = spans.entrySet().stream()
                    .filter(entry -> !entry.getKey().equals(worker))
                    .flatMap(entry -> entry.getValue().stream())
                    .mapToDouble(Span::end)
                    .max()
                    .orElse(last.startOffset());
            double alone = end(last) - Math.max(others, last.startOffset());
            return new Straggler(
                    lastFile.file(), worker, last.startOffset(), last.result().seconds(), Math.max(0, alone));
        }

        /**
         * Doubles the number of more slots until each file has its own, and leaves out those that bring nothing more.
         */
        private List<Saving> savings(double[] slowestFirst) {
            List<Saving> savings = new ArrayList<>();
            if (slowestFirst.length == 0 || ready.length == 0) {
                return savings;
            }
            double now = simulate(slowestFirst, ready);
            double earliest = Arrays.stream(ready).min().orElse(0);
            double saved = 0;
            for (int more = 1; more + ready.length <= 2 * Math.max(slowestFirst.length, ready.length); more *= 2) {
                double[] with = Arrays.copyOf(ready, ready.length + more);
                Arrays.fill(with, ready.length, with.length, earliest);
                double seconds = now - simulate(slowestFirst, with);
                if (seconds > saved) {
                    saved = seconds;
                    savings.add(new Saving(more, seconds));
                }
            }
            return savings;
        }
    }
}
