package io.jenkins.plugins.distributedtest.jenkins.job;

import com.fasterxml.jackson.annotation.JsonIgnoreProperties;
import io.jenkins.plugins.distributedtest.report.FileOutcome;
import io.jenkins.plugins.distributedtest.report.Totals;
import io.jenkins.plugins.distributedtest.report.WallTime;
import io.jenkins.plugins.distributedtest.suite.CaseStatus;
import io.jenkins.plugins.distributedtest.suite.FileReport;
import io.jenkins.plugins.distributedtest.suite.RunReport;
import java.util.List;
import java.util.Locale;
import java.util.stream.Stream;

/**
 * What a job remembers of one of its runs.
 *
 * @param build the build's number
 * @param runId the run's id
 * @param title its title; possibly empty
 * @param commit the commit that was tested, for people; empty if it is not known
 * @param sources what stands for the very sources and parameters; empty if they are not known
 * @param startedAt when it started, ISO 8601 in UTC
 * @param end how it ended, in lower case
 * @param green whether everything ran and passed
 * @param wallSeconds from its start to its end
 * @param lowerBoundSeconds the least that was possible on its slots
 * @param busyShare the share of the slots' time in which they ran files, 0 to 1
 * @param slots how many slots took part
 * @param files files in all
 * @param bad files that failed, crashed or ran too long
 * @param flaky files that passed on a retry
 * @param cases test cases in all
 * @param casesBad test cases that failed
 * @param estimates about how long it would have taken on other numbers of slots, from few to many
 */
@JsonIgnoreProperties(ignoreUnknown = true)
record RunPoint(
        int build,
        String runId,
        String title,
        String commit,
        String sources,
        String startedAt,
        String end,
        boolean green,
        double wallSeconds,
        double lowerBoundSeconds,
        double busyShare,
        int slots,
        int files,
        int bad,
        int flaky,
        int cases,
        int casesBad,
        List<Estimate> estimates) {
    private static final int MOST_SLOTS = 100_000;

    /**
     * About how long a run would have taken.
     *
     * @param slots on so many slots, all there from the start
     * @param seconds from its first file to its last
     */
    record Estimate(int slots, double seconds) {}

    RunPoint {
        estimates = estimates == null ? List.of() : List.copyOf(estimates);
    }

    static RunPoint of(int build, String title, Tested tested, RunReport report) {
        Totals totals = Totals.of(report);
        WallTime time = WallTime.of(report);
        return new RunPoint(
                build,
                report.runId(),
                title,
                tested.commit(),
                tested.sources(),
                report.startedAt().toString(),
                report.end().name().toLowerCase(Locale.ROOT),
                report.isGreen(),
                report.wallSeconds(),
                time.lowerBoundSeconds(),
                time.utilization(),
                report.slots(),
                report.files().size(),
                totals.badFiles(),
                totals.files(FileOutcome.FLAKY),
                totals.cases(),
                totals.cases(CaseStatus.FAILED) + totals.cases(CaseStatus.ERROR),
                estimates(report));
    }

    private static List<Estimate> estimates(RunReport report) {
        int slots = report.slots();
        double[] seconds = report.files().stream()
                .mapToDouble(FileReport::seconds)
                .filter(each -> each > 0)
                .toArray();
        if (slots < 1 || seconds.length == 0) {
            return List.of();
        }
        return Stream.of(slots / 4, slots / 2, slots, slots * 2, slots * 4)
                .filter(each -> each > 0 && each <= MOST_SLOTS)
                .map(each -> new Estimate(each, WallTime.simulate(seconds, new double[each])))
                .toList();
    }

    /** Whether two runs tested the very same, under the same title. */
    boolean isOfSame(RunPoint other) {
        return !sources.isEmpty() && sources.equals(other.sources) && title.equals(other.title);
    }
}
