package io.jenkins.plugins.distributedtest.jenkins.job;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.jenkins.plugins.distributedtest.report.SampleRuns;
import io.jenkins.plugins.distributedtest.suite.RunReport;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class TrendFileTest {
    @TempDir
    private Path job;

    @Test
    void isReadAsItWasWritten() throws Exception {
        assertThat(TrendFile.read(job)).isEqualTo(JobTrend.EMPTY);
        RunReport report = SampleRuns.big(7, 60, 3, 2, 4);
        JobTrend trend = JobTrend.EMPTY.after(
                RunPoint.of(1, "unit", new Tested("c1", "t1"), report), report, (run, tests) -> Set.of(), Set.of());
        assertThat(trend.tests()).isNotEmpty();
        TrendFile.write(job, trend);
        assertThat(TrendFile.read(job)).isEqualTo(trend);
    }

    @Test
    void aDamagedOneIsNamedWithTheWayOut() throws Exception {
        Files.createDirectories(TrendFile.in(job).getParent());
        Files.writeString(TrendFile.in(job), "{\"runs\": [");
        assertThatThrownBy(() -> TrendFile.read(job))
                .isInstanceOf(IOException.class)
                .hasMessageContaining(TrendFile.in(job).toString())
                .hasMessageContaining("Remove it, and the job's trend begins anew");
    }
}
