package io.jenkins.plugins.distributedtest.jenkins.step;

import static io.jenkins.plugins.distributedtest.report.SampleRuns.OTHER;
import static io.jenkins.plugins.distributedtest.report.SampleRuns.START;
import static io.jenkins.plugins.distributedtest.report.SampleRuns.WORKER;
import static io.jenkins.plugins.distributedtest.report.SampleRuns.attempt;
import static io.jenkins.plugins.distributedtest.report.SampleRuns.file;
import static io.jenkins.plugins.distributedtest.report.SampleRuns.problem;
import static io.jenkins.plugins.distributedtest.report.SampleRuns.result;
import static org.assertj.core.api.Assertions.assertThat;

import io.jenkins.plugins.distributedtest.report.SampleRuns;
import io.jenkins.plugins.distributedtest.suite.Attempt;
import io.jenkins.plugins.distributedtest.suite.FileReport;
import io.jenkins.plugins.distributedtest.suite.FileStatus;
import io.jenkins.plugins.distributedtest.suite.RunEnd;
import io.jenkins.plugins.distributedtest.suite.RunReport;
import io.jenkins.plugins.distributedtest.suite.TestFile;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.ObjectOutputStream;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

/** What the step returns. */
class StepResultTest {
    private static RunReport run(RunEnd end, String problem) {
        Attempt bad = attempt(problem("b.rb", FileStatus.TIMED_OUT, "took too long", "", null, null), WORKER, 0);
        Attempt firstBad =
                attempt(result("c.rb", FileStatus.FAILED, 1.04, List.of(SampleRuns.failed("x", "no"))), WORKER, 1);
        Attempt thenGood = attempt(result("c.rb", FileStatus.PASSED, 1, List.of(SampleRuns.passed("x"))), OTHER, 2);
        List<FileReport> files = List.of(
                file(attempt(result("a.rb", FileStatus.PASSED, 2, List.of(SampleRuns.passed("y"))), WORKER, 0)),
                file(bad),
                file(firstBad, thenGood),
                new FileReport(new TestFile("d.rb"), List.of(), 0));
        return new RunReport(
                "id", "project", START, 12.345, end, problem, files, List.of(SampleRuns.listener(WORKER, 2, 0.5)));
    }

    @Test
    void theResultIsAMapOfPlainValuesThatCanBeSaved() throws IOException {
        LinkedHashMap<String, Object> map = StepResult.of(run(RunEnd.COMPLETED, ""), "/job/x/1/distributed-tests/");
        assertThat(map)
                .containsEntry("passed", 2)
                .containsEntry("failed", 1)
                .containsEntry("total", 4)
                .containsEntry("flaky", List.of("c.rb"))
                .containsEntry("failedFiles", List.of("b.rb"))
                .containsEntry("quarantinedFiles", List.of())
                .containsEntry("unfinishedFiles", List.of("d.rb"))
                .containsEntry("wallSeconds", 12.3)
                .containsEntry("green", false)
                .containsEntry("end", "COMPLETED")
                .containsEntry("slots", 2)
                .containsEntry("url", "/job/x/1/distributed-tests/");
        assertThat(map.get("lowerBoundSeconds")).isInstanceOf(Double.class);
        assertThat(map.get("flaky")).isExactlyInstanceOf(ArrayList.class);
        assertThat(((Map<?, ?>) map.get("tests")).get("passed")).isEqualTo(2);
        new ObjectOutputStream(new ByteArrayOutputStream()).writeObject(map);
    }
}
