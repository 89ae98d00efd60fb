package io.jenkins.plugins.distributedtest.zuul.task;

import static org.assertj.core.api.Assertions.assertThat;

import io.jenkins.plugins.distributedtest.report.SampleRuns;
import io.jenkins.plugins.distributedtest.suite.Collected;
import io.jenkins.plugins.distributedtest.suite.FileReport;
import io.jenkins.plugins.distributedtest.suite.FileStatus;
import io.jenkins.plugins.distributedtest.suite.Quarantine;
import io.jenkins.plugins.distributedtest.suite.RunEnd;
import io.jenkins.plugins.distributedtest.suite.RunReport;
import io.jenkins.plugins.distributedtest.suite.TestCase;
import java.util.List;
import org.junit.jupiter.api.Test;

/** What Zuul hears of a run's end. */
class DistributedOutcomeTest {
    private static Outcome outcome(FileStatus status, List<TestCase> cases, Quarantine quarantine) {
        FileReport file =
                SampleRuns.file(SampleRuns.attempt(SampleRuns.result("a.rb", status, 1, cases), SampleRuns.WORKER, 0));
        return DistributedTask.outcome(
                new RunReport(
                        "r",
                        "p",
                        SampleRuns.START,
                        1,
                        RunEnd.COMPLETED,
                        "",
                        List.of(file),
                        List.of(),
                        false,
                        Collected.NOTHING,
                        quarantine),
                List.of(),
                null);
    }

    @Test
    void aRunThatPassedIsASuccess() {
        assertThat(outcome(FileStatus.PASSED, List.of(SampleRuns.passed("adds")), Quarantine.NONE)
                        .problems())
                .isEmpty();
    }

    @Test
    void aRunWithoutATestIsAFailure() {
        assertThat(outcome(FileStatus.PASSED, List.of(), Quarantine.NONE).problems())
                .singleElement()
                .asString()
                .contains("FAILURE: No test was run");
    }

    @Test
    void whatFailsInQuarantineIsNone() {
        List<TestCase> cases = List.of(SampleRuns.failed("adds", "no"));
        assertThat(outcome(FileStatus.FAILED, cases, Quarantine.NONE).problems())
                .singleElement()
                .asString()
                .contains("1 of 1 files failed: a.rb");
        Quarantine quarantine = new Quarantine(List.of(new Quarantine.Entry("a.rb", "", "adds")));
        assertThat(outcome(FileStatus.FAILED, cases, quarantine).problems()).isEmpty();
    }
}
