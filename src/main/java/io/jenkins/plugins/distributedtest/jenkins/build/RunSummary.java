package io.jenkins.plugins.distributedtest.jenkins.build;

import com.fasterxml.jackson.annotation.JsonIgnoreProperties;
import io.jenkins.plugins.distributedtest.report.FileOutcome;
import io.jenkins.plugins.distributedtest.report.PageReport;
import io.jenkins.plugins.distributedtest.report.Totals;
import io.jenkins.plugins.distributedtest.suite.Attempt;
import io.jenkins.plugins.distributedtest.suite.CaseStatus;
import io.jenkins.plugins.distributedtest.suite.FileReport;
import io.jenkins.plugins.distributedtest.suite.FileResult;
import io.jenkins.plugins.distributedtest.suite.RunReport;
import io.jenkins.plugins.distributedtest.suite.TestCase;
import java.util.List;
import java.util.Locale;
import java.util.Objects;

/**
 * A run in short: its end, its totals, and its failures. Small however big the run is.
 *
 * @param runId the run's id
 * @param project the project's name
 * @param startedAt when it started, ISO 8601 in UTC
 * @param end how it ended: {@code running}, {@code completed}, {@code failed_fast}, {@code cancelled} or {@code error}
 * @param problem what went wrong with the run as a whole; empty for nothing
 * @param green whether everything ran and passed
 * @param wallSeconds from the start to the end, or until now
 * @param lowerBoundSeconds the least wall time that was possible on these slots
 * @param slots how many slots took part
 * @param listeners how many listeners took part
 * @param counts files and cases by what came of them
 * @param failures files that failed, in the suite's order; the first {@value #MOST_FAILURES} of them
 */
@JsonIgnoreProperties(ignoreUnknown = true)
record RunSummary(
        String runId,
        String project,
        String startedAt,
        String end,
        String problem,
        boolean green,
        double wallSeconds,
        double lowerBoundSeconds,
        int slots,
        int listeners,
        Counts counts,
        List<FailedFile> failures) {
    /** How many failures are told one by one. */
    static final int MOST_FAILURES = 1000;

    private static final int MOST_CHARACTERS = 300;

    RunSummary {
        failures = List.copyOf(failures);
    }

    /**
     * Files by outcome, and the cases of their last attempts by status.
     *
     * @param files files in all
     * @param passed files that passed at once
     * @param flaky files that passed on a retry
     * @param noTests files that passed without a single test
     * @param failed files that failed
     * @param timedOut files that ran longer than allowed
     * @param crashed files that took their worker down
     * @param unfinished files without a result
     * @param cases cases in all
     * @param casesPassed cases that passed
     * @param casesFailed cases that failed
     * @param casesError cases with an error
     * @param casesSkipped cases that were left out
     * @param inQuarantine files among the bad ones in which nothing failed that is not in quarantine
     */
    @JsonIgnoreProperties(ignoreUnknown = true)
    record Counts(
            int files,
            int passed,
            int flaky,
            int noTests,
            int failed,
            int timedOut,
            int crashed,
            int unfinished,
            int cases,
            int casesPassed,
            int casesFailed,
            int casesError,
            int casesSkipped,
            int inQuarantine) {
        static Counts of(Totals totals, int inQuarantine) {
            int files = totals.byOutcome().values().stream()
                    .mapToInt(Integer::intValue)
                    .sum();
            return new Counts(
                    files,
                    totals.files(FileOutcome.PASSED),
                    totals.files(FileOutcome.FLAKY),
                    totals.files(FileOutcome.NO_TESTS),
                    totals.files(FileOutcome.FAILED),
                    totals.files(FileOutcome.TIMED_OUT),
                    totals.files(FileOutcome.CRASHED),
                    totals.files(FileOutcome.UNFINISHED),
                    totals.cases(),
                    totals.cases(CaseStatus.PASSED),
                    totals.cases(CaseStatus.FAILED),
                    totals.cases(CaseStatus.ERROR),
                    totals.cases(CaseStatus.SKIPPED),
                    inQuarantine);
        }

        /** How many files are bad. */
        int bad() {
            return failed + timedOut + crashed;
        }
    }

    /**
     * A file that failed.
     *
     * @param file its path
     * @param outcome {@code failed}, {@code timed_out} or {@code crashed}
     * @param host where its last attempt ran
     * @param test name of its first bad case; empty if the file as a whole is bad
     * @param message what went wrong, cut; may be empty
     */
    @JsonIgnoreProperties(ignoreUnknown = true)
    record FailedFile(String file, String outcome, String host, String test, String message) {
        static FailedFile of(FileReport file) {
            Attempt last = file.last();
            FileResult result = last.result();
            TestCase bad = result.cases().stream()
                    .filter(test -> test.status().isBad())
                    .findFirst()
                    .orElse(null);
            String message = bad == null || bad.failure() == null
                    ? result.message()
                    : bad.failure().message();
            return new FailedFile(
                    file.file().path(),
                    word(FileOutcome.of(file)),
                    last.worker().host(),
                    bad == null ? "" : bad.name(),
                    cut(Objects.requireNonNullElse(message, "")));
        }
    }

    static RunSummary of(PageReport page) {
        RunReport run = page.report();
        return new RunSummary(
                run.runId(),
                run.project(),
                run.startedAt().toString(),
                word(run.end()),
                run.trouble(),
                run.isGreen(),
                run.wallSeconds(),
                page.wallTime().lowerBoundSeconds(),
                page.wallTime().slots(),
                (int) run.listeners().stream()
                        .filter(one -> !Double.isNaN(one.joinedOffset()))
                        .count(),
                Counts.of(page.totals(), (int) run.failedInQuarantine().count()),
                run.failed().limit(MOST_FAILURES).map(FailedFile::of).toList());
    }

    private static String cut(String text) {
        return text.length() <= MOST_CHARACTERS ? text : text.substring(0, MOST_CHARACTERS) + "\u2026";
    }

    private static String word(Enum<?> value) {
        return value.name().toLowerCase(Locale.ROOT);
    }
}
