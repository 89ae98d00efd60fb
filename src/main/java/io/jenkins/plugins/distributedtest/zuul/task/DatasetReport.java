package io.jenkins.plugins.distributedtest.zuul.task;

import io.jenkins.plugins.distributedtest.files.DirectoryTree;
import io.jenkins.plugins.distributedtest.report.JUnitReport;
import io.jenkins.plugins.distributedtest.suite.Attempt;
import io.jenkins.plugins.distributedtest.suite.FileReport;
import io.jenkins.plugins.distributedtest.suite.FileResult;
import io.jenkins.plugins.distributedtest.suite.FileStatus;
import io.jenkins.plugins.distributedtest.suite.RunEnd;
import io.jenkins.plugins.distributedtest.suite.RunReport;
import io.jenkins.plugins.distributedtest.suite.TestFile;
import io.jenkins.plugins.distributedtest.suite.WorkerId;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;

/** The JUnit report of a job with datasets, each as one suite. */
final class DatasetReport {
    static final String NAME = "datasets.xml";

    private DatasetReport() {}

    static void write(String job, Instant startedAt, List<DatasetResult> results, Path target) throws IOException {
        WorkerId here = new WorkerId("executor", "localhost", 1);
        List<FileReport> files = new ArrayList<>();
        double offset = 0;
        for (DatasetResult each : results) {
            TestFile file = new TestFile(each.name());
            FileResult result = FileResult.of(
                            file,
                            each.outcome().ok() ? FileStatus.PASSED : FileStatus.FAILED,
                            each.outcome().seconds())
                    .withMessage(String.join("\n", each.outcome().problems()))
                    .by("dataset");
            files.add(new FileReport(file, List.of(new Attempt(result, here, 1, offset)), 0));
            offset += each.outcome().seconds();
        }
        DirectoryTree.delete(target); // whatever the job has left there
        JUnitReport.write(
                new RunReport("datasets", job, startedAt, offset, RunEnd.COMPLETED, "", files, List.of()), target);
    }
}
