package io.jenkins.plugins.distributedtest.jenkins.build;

import static org.assertj.core.api.Assertions.assertThat;

import io.jenkins.plugins.distributedtest.report.PageReport;
import io.jenkins.plugins.distributedtest.report.RerunCommand;
import io.jenkins.plugins.distributedtest.report.SampleRuns;
import io.jenkins.plugins.distributedtest.suite.FileReport;
import io.jenkins.plugins.distributedtest.suite.RunEnd;
import io.jenkins.plugins.distributedtest.suite.RunReport;
import io.jenkins.plugins.distributedtest.suite.TestFile;
import java.util.List;
import org.junit.jupiter.api.Test;

class RunSentenceTest {
    private static String sentence(RunState state, RunEnd end, String problem, double wall, List<FileReport> files) {
        RunReport run = new RunReport(
                "run-1",
                "shop",
                SampleRuns.START,
                wall,
                end,
                problem,
                files,
                List.of(SampleRuns.listener(SampleRuns.WORKER, 2, 0.5)));
        return RunSentence.of(state, RunSummary.of(PageReport.of(run, RerunCommand.DEFAULT)));
    }

    @Test
    void tellsHowARunStands() {
        List<FileReport> files =
                LiveRunTest.run(List.of(LiveRunTest.passed("a.rb"))).files();
        assertThat(sentence(RunState.LIVE, RunEnd.RUNNING, "", 3.04, files))
                .isEqualTo("running, 1 of 3 files, 3.0 s on 2 slots");
        assertThat(sentence(RunState.FINISHED, RunEnd.CANCELLED, "", 75.4, files))
                .isEqualTo("cancelled, 3 files, 2 without a result, 1 min 15 s on 2 slots");
        assertThat(sentence(RunState.FINISHED, RunEnd.ERROR, "No listener answered", 3725, files))
                .isEqualTo("error: No listener answered. 3 files, 2 without a result, 1 h 02 min on 2 slots");
        assertThat(sentence(RunState.FINISHED, RunEnd.COMPLETED, "", 1, files.subList(0, 1)))
                .isEqualTo("passed, 1 file, 1.0 s on 2 slots");
    }

    @Test
    void tellsThatARunWaitsForAListener() {
        FileReport queued = new FileReport(new TestFile("a.rb"), List.of(), 0);
        RunReport run =
                new RunReport("run-1", "shop", SampleRuns.START, 11, RunEnd.RUNNING, "", List.of(queued), List.of());
        assertThat(RunSentence.of(RunState.LIVE, RunSummary.of(PageReport.of(run, RerunCommand.STEP))))
                .isEqualTo("waiting for a listener to run 1 file, 11.0 s");
    }

    @Test
    void tellsOfFailuresAndFlakyFiles() {
        RunReport big = SampleRuns.big(4, 2_000, 2, 2, 2);
        String said = RunSentence.of(RunState.FINISHED, RunSummary.of(PageReport.of(big, RerunCommand.DEFAULT)));
        assertThat(said)
                .startsWith("failed, 2,000 files, " + big.failed().count() + " failed, "
                        + big.flaky().count() + " flaky, ");
    }

    @Test
    void tellsWhatIsKnownOfARunThatIsNotThere() {
        assertThat(RunSentence.of(RunState.WAITING, null)).isEqualTo("getting ready");
        assertThat(RunSentence.of(RunState.LOST, null)).contains("the log says why");
    }

    @Test
    void anAnchorHoldsAnyPath() {
        assertThat(FileAnchor.of("spec/a_b-1.rb")).isEqualTo("#file-spec/a_b-1.rb");
        assertThat(FileAnchor.of("a b\"<é>%.rb")).isEqualTo("#file-a%20b%22%3C%C3%A9%3E%25.rb");
    }
}
