package io.jenkins.plugins.distributedtest.jenkins.step;

import static org.assertj.core.api.Assertions.assertThat;

import io.jenkins.plugins.distributedtest.report.SampleRuns;
import io.jenkins.plugins.distributedtest.suite.FileReport;
import io.jenkins.plugins.distributedtest.suite.FileStatus;
import io.jenkins.plugins.distributedtest.suite.RunEnd;
import io.jenkins.plugins.distributedtest.suite.RunReport;
import io.jenkins.plugins.distributedtest.suite.TestCase;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

class CheckTextTest {
    private static RunReport run(RunEnd end, String problem, List<FileReport> files) {
        return new RunReport(
                "run-1",
                "shop",
                SampleRuns.START,
                12.5,
                end,
                problem,
                files,
                List.of(SampleRuns.listener(SampleRuns.WORKER, 2, 0.5)));
    }

    private static FileReport file(String path, FileStatus status, TestCase... cases) {
        return SampleRuns.file(
                SampleRuns.attempt(SampleRuns.result(path, status, 1, List.of(cases)), SampleRuns.WORKER, 1));
    }

    @Test
    void aGreenRunHasItsCounts() {
        CheckText text = CheckText.of(run(
                RunEnd.COMPLETED,
                "",
                List.of(
                        file("a.rb", FileStatus.PASSED, SampleRuns.passed("adds")),
                        file("b.rb", FileStatus.PASSED, SampleRuns.passed("x"), SampleRuns.passed("y")))));
        assertThat(text.title()).isEqualTo("2 files passed");
        assertThat(text.summary())
                .contains("| files | 2 | 2 | 0 | | 0 | 0 |", "| tests | 3 | 3 | 0 | 0 | | |", "12.5 s on 2 slots.");
        assertThat(text.text()).isEmpty();
    }

    @Test
    void failuresAreToldByTheNameOfTheTest() {
        CheckText text = CheckText.of(run(
                RunEnd.COMPLETED,
                "",
                List.of(
                        file("a.rb", FileStatus.PASSED, SampleRuns.passed("adds")),
                        file(
                                "spec/b_spec.rb",
                                FileStatus.FAILED,
                                SampleRuns.failed("sub_tracts", "expected <b>3</b>\n```\nnot ```` 4"),
                                SampleRuns.failed("other", "no")),
                        file("c.rb", FileStatus.TIMED_OUT))));
        assertThat(text.title()).isEqualTo("Tests failed: 2 of 3 files, 1 of them timed out");
        assertThat(text.text())
                .contains("sub\\_tracts** and 1 more test  \nspec/b\\_spec.rb\n")
                // As it is: in a block that what it holds cannot end.
                .contains("`````text\nexpected <b>3</b>\n```\nnot ```` 4\n`````\n")
                .contains("**c.rb timed out**  \nc.rb\n");
    }

    @Test
    void manyAndLongFailuresStayShort() {
        List<FileReport> files = new ArrayList<>();
        for (int i = 0; i < 2_000; i++) {
            files.add(file("f" + i, FileStatus.FAILED, SampleRuns.failed("t".repeat(5_000), "m".repeat(50_000))));
        }
        CheckText text = CheckText.of(run(RunEnd.COMPLETED, "", files));
        assertThat(text.text().length()).isLessThan(60_000);
        assertThat(text.text()).contains("1,980 more files failed.").doesNotContain("f20\n");
    }

    @Test
    void whatWentWrongIsTheTitle() {
        CheckText text = CheckText.of(run(RunEnd.ERROR, "No listener has answered within 60 s\nmore", List.of()));
        assertThat(text.title())
                .contains("could not be carried out (no fault of a test): No listener has answered within 60 s")
                .doesNotContain("more");
        assertThat(CheckText.of(run(RunEnd.CANCELLED, "", List.of())).title()).contains("cancelled");
    }
}
