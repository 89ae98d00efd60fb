package io.jenkins.plugins.distributedtest.suite;

import java.time.Instant;
import java.util.List;
import java.util.Objects;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/**
 * All that is known of a run, at its end or, live, so far: what every report is made from.
 *
 * @param runId the run's id
 * @param project name of the project, for people
 * @param startedAt when the run started
 * @param wallSeconds from the start to the end, or until now
 * @param end how it ended
 * @param problem what went wrong when it ended in {@link RunEnd#ERROR}; empty otherwise
 * @param files the suite in the order of publishing
 * @param listeners who took part or tried to
 * @param noTestsAllowed whether it may be green without a single test
 * @param collected what was brought back of the files that tests have left
 * @param quarantine tests whose failure does not make it fail
 */
public record RunReport(
        String runId,
        String project,
        Instant startedAt,
        double wallSeconds,
        RunEnd end,
        String problem,
        List<FileReport> files,
        List<ListenerReport> listeners,
        boolean noTestsAllowed,
        Collected collected,
        Quarantine quarantine) {
    /** Copies the lists. */
    public RunReport {
        Objects.requireNonNull(runId, "runId");
        Objects.requireNonNull(startedAt, "startedAt");
        Objects.requireNonNull(end, "end");
        Objects.requireNonNull(quarantine, "quarantine");
        project = Objects.requireNonNullElse(project, "");
        problem = Objects.requireNonNullElse(problem, "");
        files = List.copyOf(files);
        listeners = List.copyOf(listeners);
        collected = Objects.requireNonNullElse(collected, Collected.NOTHING);
    }

    /** A run that was to bring nothing back. */
    public RunReport(
            String runId,
            String project,
            Instant startedAt,
            double wallSeconds,
            RunEnd end,
            String problem,
            List<FileReport> files,
            List<ListenerReport> listeners,
            boolean noTestsAllowed) {
        this(
                runId,
                project,
                startedAt,
                wallSeconds,
                end,
                problem,
                files,
                listeners,
                noTestsAllowed,
                Collected.NOTHING,
                Quarantine.NONE);
    }

    /** A run that shows nothing without a test, and so is not green then. */
    public RunReport(
            String runId,
            String project,
            Instant startedAt,
            double wallSeconds,
            RunEnd end,
            String problem,
            List<FileReport> files,
            List<ListenerReport> listeners) {
        this(runId, project, startedAt, wallSeconds, end, problem, files, listeners, false);
    }

    /** Files whose last attempt passed. */
    public Stream<FileReport> passed() {
        return files.stream().filter(FileReport::isPassed);
    }

    /** Files whose last attempt was bad. */
    public Stream<FileReport> failed() {
        return files.stream().filter(FileReport::isFailed);
    }

    /** Those of them whose failure counts: not all of it is in quarantine. */
    public Stream<FileReport> failedOutOfQuarantine() {
        return failed().filter(file -> !quarantine.covers(file.last().result()));
    }

    /** Files that failed, but all that failed in them is in quarantine. */
    public Stream<FileReport> failedInQuarantine() {
        return failed().filter(file -> quarantine.covers(file.last().result()));
    }

    /** Files that passed on a retry. */
    public Stream<FileReport> flaky() {
        return files.stream().filter(FileReport::isFlaky);
    }

    /** Files without a result: never started, or cancelled. */
    public Stream<FileReport> unfinished() {
        return files.stream().filter(f -> !f.isFinished());
    }

    /** How many slots the listeners that became ready had between them. */
    public int slots() {
        return listeners.stream()
                .filter(l -> !Double.isNaN(l.joinedOffset()))
                .mapToInt(ListenerReport::slots)
                .sum();
    }

    /** Seconds spent in all attempts together, those that were lost with their listeners left out. */
    public double testSeconds() {
        return files.stream().mapToDouble(FileReport::seconds).sum();
    }

    /**
     * The least wall time that these files can take on these slots, in seconds from when the first of them was there: the
     * longest file, or how long the slots need for all of them, each counted while it was there, whichever is more. 0
     * when nothing ran.
     */
    public double lowerBoundSeconds() {
        double longest = files.stream().mapToDouble(FileReport::seconds).max().orElse(0);
        return Math.max(longest, Capacity.of(this).secondsFor(testSeconds()));
    }

    /** Whether the run ended in an error because no listener that came could get the sources. */
    public boolean isSyncFailed() {
        return end == RunEnd.ERROR
                && !listeners.isEmpty()
                && listeners.stream().allMatch(one -> one.trouble() == ListenerReport.Trouble.NO_SOURCES);
    }

    /** Whether the run ended early because what the project loads before its tests loads on no listener that came. */
    public boolean isProjectBroken() {
        return end == RunEnd.ERROR
                && !listeners.isEmpty()
                && listeners.stream().allMatch(one -> one.trouble() == ListenerReport.Trouble.PROJECT);
    }

    /** Whether no file had a test, and that is a failure. */
    public boolean lacksTests() {
        return !noTestsAllowed && !files.isEmpty() && files.stream().allMatch(FileReport::showsNothing);
    }

    /** Listeners on which test code failed that runs after the last file, such as hooks of the whole suite. */
    public Stream<ListenerReport> closedBadly() {
        return listeners.stream().filter(one -> one.trouble() == ListenerReport.Trouble.CLOSING);
    }

    /** What went wrong with the run as a whole, a line each: its {@link #problem}, and {@link #beyondLimits}; empty for nothing. */
    public String trouble() {
        // A report that was read from JSON has the latter in its problem already.
        return Stream.concat(problem.lines(), beyondLimits().stream())
                .distinct()
                .collect(Collectors.joining("\n"));
    }

    /** What fails the build though all its files passed, a sentence each: more flaky tests than it takes. */
    public List<String> beyondLimits() {
        return FlakeLimits.exceeded(files);
    }

    /**
     * Whether everything ran and passed that is not in quarantine, what runs after the last file included. A run without a
     * single test is not green, unless that is allowed: what it was to show was not shown.
     */
    public boolean isGreen() {
        return end == RunEnd.COMPLETED
                && failedOutOfQuarantine().findAny().isEmpty()
                && closedBadly().findAny().isEmpty()
                && beyondLimits().isEmpty()
                && !lacksTests();
    }
}
