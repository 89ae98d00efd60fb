package io.jenkins.plugins.distributedtest.report;

import io.jenkins.plugins.distributedtest.suite.CaseStatus;
import io.jenkins.plugins.distributedtest.suite.FileReport;
import io.jenkins.plugins.distributedtest.suite.RunReport;
import java.util.EnumMap;
import java.util.Map;

/**
 * Counts a run. Of a file's test cases those of its last attempt count.
 *
 * @param byOutcome how many files by outcome
 * @param byStatus how many cases by status
 * @param attempts how many attempts there were
 */
public record Totals(Map<FileOutcome, Integer> byOutcome, Map<CaseStatus, Integer> byStatus, int attempts) {
    /** Copies the maps. */
    public Totals {
        byOutcome = Map.copyOf(byOutcome);
        byStatus = Map.copyOf(byStatus);
    }

    /** Counts a run. */
    public static Totals of(RunReport report) {
        Map<FileOutcome, Integer> files = new EnumMap<>(FileOutcome.class);
        Map<CaseStatus, Integer> cases = new EnumMap<>(CaseStatus.class);
        int attempts = 0;
        for (FileReport file : report.files()) {
            files.merge(FileOutcome.of(file), 1, Integer::sum);
            attempts += file.attempts().size();
            if (!file.attempts().isEmpty()) {
                file.last().result().cases().forEach(c -> cases.merge(c.status(), 1, Integer::sum));
            }
        }
        return new Totals(files, cases, attempts);
    }

    /** How many files have an outcome. */
    public int files(FileOutcome outcome) {
        return byOutcome.getOrDefault(outcome, 0);
    }

    /** How many files are bad: failed, timed out or crashed. */
    public int badFiles() {
        return files(FileOutcome.FAILED) + files(FileOutcome.TIMED_OUT) + files(FileOutcome.CRASHED);
    }

    /** How many cases have a status. */
    public int cases(CaseStatus status) {
        return byStatus.getOrDefault(status, 0);
    }

    /** How many cases there are. */
    public int cases() {
        return byStatus.values().stream().mapToInt(Integer::intValue).sum();
    }
}
