package io.jenkins.plugins.distributedtest.session;

import io.jenkins.plugins.distributedtest.report.Totals;
import io.jenkins.plugins.distributedtest.suite.FileStatus;
import io.jenkins.plugins.distributedtest.suite.ListenerReport;
import io.jenkins.plugins.distributedtest.suite.RunEnd;
import io.jenkins.plugins.distributedtest.suite.RunReport;
import java.util.Optional;

/**
 * What a run's end means for who asked for it.
 *
 * @param kind what it means
 * @param message why, for people; empty if all is well
 */
public record RunVerdict(Kind kind, String message) {
    /** What a run's end can mean. */
    public enum Kind {
        /** Everything passed. */
        GREEN,
        /** Tests failed. */
        TESTS_FAILED,
        /** No listener that came could get the sources. */
        NO_SOURCES,
        /** Something else went wrong that is no test's fault. */
        BROKEN,
        /** Somebody cancelled it. */
        CANCELLED;

        /** Whether the files were run as far as they were to be: the tests' own results decide. */
        public boolean isTested() {
            return this == GREEN || this == TESTS_FAILED;
        }
    }

    /** Judges a run. */
    public static RunVerdict of(RunReport report) {
        return switch (report.end()) {
            case COMPLETED ->
                report.isGreen() ? new RunVerdict(Kind.GREEN, "") : new RunVerdict(Kind.TESTS_FAILED, failed(report));
            case FAILED_FAST ->
                new RunVerdict(
                        Kind.TESTS_FAILED, failed(report) + "; the run was stopped early, as fail fast asks for");
            case CANCELLED -> new RunVerdict(Kind.CANCELLED, "The distributed run was cancelled");
            case ERROR, RUNNING ->
                report.isProjectBroken()
                        ? new RunVerdict(Kind.TESTS_FAILED, notLoaded(report))
                        : new RunVerdict(report.isSyncFailed() ? Kind.NO_SOURCES : Kind.BROKEN, broken(report));
        };
    }

    private static String failed(RunReport report) {
        if (report.lacksTests()) {
            return "No test was run: none of the " + report.files().size()
                    + " files has a test, or filters left out all";
        }
        Optional<String> besideFiles = besideFiles(report);
        if (besideFiles.isPresent() && report.failedOutOfQuarantine().findAny().isEmpty()) {
            return "Tests failed: all files passed, but " + besideFiles.get();
        }
        Totals totals = Totals.of(report);
        long quarantined = report.failedInQuarantine().count();
        StringBuilder text = new StringBuilder("Tests failed: ")
                .append(totals.badFiles() - quarantined)
                .append(" of ")
                .append(report.files().size())
                .append(report.files().size() == 1 ? " file" : " files");
        append(text, count(report, FileStatus.TIMED_OUT), "timed out");
        append(text, count(report, FileStatus.CRASHED), "crashed");
        if (quarantined > 0) {
            text.append("; beside them ").append(quarantined).append(" in quarantine");
        }
        return text.toString();
    }

    /** What makes a run fail besides its files. */
    private static Optional<String> besideFiles(RunReport report) {
        return report.closedBadly()
                .findFirst()
                .map(first -> "test code that runs after the last of them failed on " + first.host() + ": "
                        + first.problem().lines().findFirst().orElse(""))
                .or(() -> report.beyondLimits().stream().findFirst());
    }

    private static long count(RunReport report, FileStatus status) {
        return report.failedOutOfQuarantine()
                .filter(file -> file.last().result().status() == status)
                .count();
    }

    private static void append(StringBuilder text, long count, String word) {
        if (count > 0) {
            text.append(", ").append(count).append(" of them ").append(word);
        }
    }

    /** As its framework's own command fails. */
    private static String notLoaded(RunReport report) {
        ListenerReport first = report.listeners().get(0);
        return "Tests failed: no file was run, since what the project loads before them does not load (" + first.host()
                + "): " + first.problem().lines().findFirst().orElse("");
    }

    private static String broken(RunReport report) {
        String problem = report.end() == RunEnd.ERROR ? report.problem() : "it has not ended";
        return "The distributed run could not be carried out (no fault of a test): " + problem;
    }
}
