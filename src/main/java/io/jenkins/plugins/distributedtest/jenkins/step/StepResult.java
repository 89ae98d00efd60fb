package io.jenkins.plugins.distributedtest.jenkins.step;

import io.jenkins.plugins.distributedtest.report.FileOutcome;
import io.jenkins.plugins.distributedtest.report.Totals;
import io.jenkins.plugins.distributedtest.suite.CaseStatus;
import io.jenkins.plugins.distributedtest.suite.FileReport;
import io.jenkins.plugins.distributedtest.suite.RunReport;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.Locale;
import java.util.Map;
import java.util.stream.Stream;

/**
 * What the step returns: a map of plain values, which a script in the sandbox may read without anybody's approval, and
 * which survive a restart in the script's variables.
 */
final class StepResult {
    private StepResult() {}

    /**
     * The result of a run.
     *
     * @param report the run
     * @param url where it is shown, absolute or from Jenkins' root; null if nowhere
     * @return modifiable, as scripts expect
     */
    static LinkedHashMap<String, Object> of(RunReport report, String url) {
        Totals totals = Totals.of(report);
        LinkedHashMap<String, Object> result = new LinkedHashMap<>();
        result.put("runId", report.runId());
        result.put("end", report.end().name());
        result.put("green", report.isGreen());
        result.put("total", report.files().size());
        result.put("passed", totals.files(FileOutcome.PASSED) + totals.files(FileOutcome.FLAKY));
        result.put("failed", (int) report.failedOutOfQuarantine().count());
        result.put("flaky", paths(report.flaky()));
        result.put("failedFiles", paths(report.failedOutOfQuarantine()));
        result.put("quarantinedFiles", paths(report.failedInQuarantine()));
        result.put("unfinishedFiles", paths(report.unfinished()));
        result.put("tests", tests(totals));
        result.put("attempts", totals.attempts());
        result.put("wallSeconds", rounded(report.wallSeconds()));
        result.put("lowerBoundSeconds", rounded(report.lowerBoundSeconds()));
        result.put("testSeconds", rounded(report.testSeconds()));
        result.put("slots", report.slots());
        result.put("listeners", report.listeners().size());
        result.put("url", url);
        return result;
    }

    private static LinkedHashMap<String, Object> tests(Totals totals) {
        LinkedHashMap<String, Object> tests = new LinkedHashMap<>(Map.of("total", totals.cases()));
        for (CaseStatus status : CaseStatus.values()) {
            tests.put(status.name().toLowerCase(Locale.ROOT), totals.cases(status));
        }
        return tests;
    }

    private static ArrayList<String> paths(Stream<FileReport> files) {
        ArrayList<String> paths = new ArrayList<>();
        files.forEach(file -> paths.add(file.file().path()));
        return paths;
    }

    /** To a tenth of a second: it is for people. */
    private static double rounded(double seconds) {
        return Double.isFinite(seconds) ? Math.round(seconds * 10) / 10.0 : 0;
    }
}
