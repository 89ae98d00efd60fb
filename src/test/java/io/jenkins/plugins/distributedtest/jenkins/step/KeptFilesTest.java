package io.jenkins.plugins.distributedtest.jenkins.step;

import static io.jenkins.plugins.distributedtest.report.SampleRuns.WORKER;
import static io.jenkins.plugins.distributedtest.report.SampleRuns.attempt;
import static io.jenkins.plugins.distributedtest.report.SampleRuns.file;
import static io.jenkins.plugins.distributedtest.report.SampleRuns.result;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.jenkins.plugins.distributedtest.originator.RunSnapshot;
import io.jenkins.plugins.distributedtest.report.SampleRuns;
import io.jenkins.plugins.distributedtest.suite.FileStatus;
import io.jenkins.plugins.distributedtest.suite.RunReport;
import io.jenkins.plugins.distributedtest.suite.RuntimeHistory;
import io.jenkins.plugins.distributedtest.suite.TestFile;
import io.jenkins.plugins.distributedtest.wire.SyncSpec;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What is kept in the directories of builds and jobs. */
class KeptFilesTest {
    @TempDir
    private Path directory;

    private static RunReport report(String path, FileStatus status, double seconds) {
        return SampleRuns.run(
                List.of(file(attempt(result(path, status, seconds, List.of(SampleRuns.passed("x"))), WORKER, 0))),
                seconds);
    }

    @Test
    void runtimesAreRecordedByNameAndBeginWithThoseOfTheTargetBranch() throws Exception {
        RuntimeHistory target = RuntimeHistory.of(Map.of("a.rb", 4.0, "other.rb", 9.0));
        JobRecords.record(directory, "default", report("a.rb", FileStatus.PASSED, 2), target);
        RuntimeHistory own = JobRecords.runtimes(directory, "default");
        assertThat(own.seconds(new TestFile("a.rb"))).hasValue(3.0);
        assertThat(own.seconds(new TestFile("other.rb"))).hasValue(9.0);
        JobRecords.record(directory, "default", report("a.rb", FileStatus.PASSED, 1), target);
        assertThat(JobRecords.runtimes(directory, "default").seconds(new TestFile("a.rb")))
                .hasValue(2.0);
        assertThat(JobRecords.runtimes(directory, "specs").size()).isZero();
        assertThatThrownBy(() -> JobRecords.runtimes(directory, "../x")).isInstanceOf(IllegalArgumentException.class);
        assertThat(JobRecords.fault(null)).isNull();
        assertThat(JobRecords.fault("specs-1.x")).isNull();
        assertThat(JobRecords.fault("")).contains("letters");
    }

    @Test
    void failedFilesOfAllStepsOfABuildAreTogether() throws Exception {
        assertThat(JobRecords.failed(directory)).isNull();
        JobRecords.addFailed(directory, report("a.rb", FileStatus.PASSED, 1));
        assertThat(JobRecords.failed(directory)).isEmpty();
        JobRecords.addFailed(directory, report("b.rb", FileStatus.FAILED, 1));
        JobRecords.addFailed(directory, report("c.rb", FileStatus.CRASHED, 1));
        assertThat(JobRecords.failed(directory)).containsExactly(new TestFile("b.rb"), new TestFile("c.rb"));
    }

    @Test
    void whatIsKeptOfARunComesBackAndGoesAtItsEnd() throws IOException {
        SavedRun saved = new SavedRun(directory.resolve("distributed-test"), "state");
        assertThat(saved.canBeTakenUp()).isFalse();
        saved.delete();
        SavedRun.Plan plan =
                new SavedRun.Plan("id", "ci", null, null, new byte[] {1, 2}, "t", "/ws", "out.xml", null, null, "", "");
        saved.writePlan(plan);
        SyncSpec spec =
                new SyncSpec(SyncSpec.Kind.GIT, List.of(".git"), "c0ffee", "https://x", "main", null, null, null);
        assertThat(saved.sources()).isNull();
        saved.writeSources(spec);
        assertThat(saved.canBeTakenUp()).isFalse();
        RunSnapshot snapshot = new RunSnapshot("id", 5, 0, List.of(), List.of());
        saved.writeSnapshot(snapshot);
        assertThat(saved.canBeTakenUp()).isTrue();
        assertThat(saved.hasManifest()).isFalse();
        byte[] manifest = "f 1 x\n".repeat(1000).getBytes(StandardCharsets.UTF_8);
        saved.writeManifest(manifest);
        saved.markPublished();

        SavedRun again = new SavedRun(directory.resolve("distributed-test"), "state");
        assertThat(again.plan()).usingRecursiveComparison().isEqualTo(plan);
        assertThatThrownBy(again.plan()::runSettings)
                .isInstanceOf(IOException.class)
                .hasMessageContaining("update of the plugin")
                .hasMessageContaining("start the build again");
        assertThat(again.sources()).isEqualTo(spec);
        assertThat(again.manifest()).isEqualTo(manifest);
        assertThat(again.snapshot()).isEqualTo(snapshot);
        assertThat(again.isPublished()).isTrue();
        again.delete();
        assertThat(again.canBeTakenUp()).isFalse();
        try (Stream<Path> left = Files.list(directory.resolve("distributed-test"))) {
            assertThat(left).isEmpty();
        }
    }
}
