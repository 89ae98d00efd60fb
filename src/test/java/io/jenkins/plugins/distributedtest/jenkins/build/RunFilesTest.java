package io.jenkins.plugins.distributedtest.jenkins.build;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.jenkins.plugins.distributedtest.report.JsonReport;
import io.jenkins.plugins.distributedtest.report.SampleRuns;
import io.jenkins.plugins.distributedtest.suite.FileReport;
import io.jenkins.plugins.distributedtest.suite.RunEnd;
import io.jenkins.plugins.distributedtest.suite.RunReport;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.zip.GZIPInputStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.NullSource;
import org.junit.jupiter.params.provider.ValueSource;

class RunFilesTest {
    @TempDir
    Path build;

    @Test
    void keepsAllOfARunWhatThePageIsToldAndASummary() throws IOException {
        RunReport run = SampleRuns.big(5, 300, 2, 4, 3);
        RunFiles files = new RunFiles(build);
        assertThat(files.isThere(run.runId())).isFalse();
        assertThat(files.readSummary(run.runId())).isNull();
        files.write(run);

        assertThat(files.isThere(run.runId())).isTrue();
        assertThat(JsonReport.read(files.report(run.runId()))).isEqualTo(run);
        try (InputStream in = new GZIPInputStream(Files.newInputStream(files.page(run.runId())))) {
            JsonNode answer = new ObjectMapper().readTree(in);
            assertThat(answer.get("state").textValue()).isEqualTo("finished");
            assertThat(answer.has("next_seconds")).isFalse();
            assertThat(answer.at("/report/files").size()).isEqualTo(300);
            assertThat(answer.at("/report/wall_time/slots").intValue()).isEqualTo(8);
        }
        RunSummary summary = files.readSummary(run.runId());
        assertThat(summary.counts().files()).isEqualTo(300);
        assertThat(summary.counts().bad()).isEqualTo((int) run.failed().count()).isPositive();
        assertThat(summary.counts().flaky()).isEqualTo((int) run.flaky().count());
        assertThat(summary.failures())
                .extracting(RunSummary.FailedFile::file)
                .containsExactlyElementsOf(
                        run.failed().map(file -> file.file().path()).toList());
        assertThat(summary.failures().get(0).message()).isNotEmpty();
        assertThat(summary.green()).isFalse();
        assertThat(summary.lowerBoundSeconds()).isPositive();
        assertThat(summary).isEqualTo(new RunFiles(build).readSummary(run.runId()));
    }

    @Test
    void aSummaryStaysSmall() throws IOException {
        List<FileReport> bad = SampleRuns.big(5, 9_000, 2, 4, 1).failed().toList();
        List<FileReport> many = new java.util.ArrayList<>();
        for (int i = 0; i < 6; i++) {
            many.addAll(bad);
        }
        RunReport run = new RunReport("r", "p", SampleRuns.START, 1, RunEnd.COMPLETED, "", many, List.of());
        RunSummary summary = RunSummary.of(io.jenkins.plugins.distributedtest.report.PageReport.of(
                run, io.jenkins.plugins.distributedtest.report.RerunCommand.DEFAULT));
        assertThat(summary.counts().bad()).isEqualTo(many.size()).isGreaterThan(RunSummary.MOST_FAILURES);
        assertThat(summary.failures()).hasSize(RunSummary.MOST_FAILURES);
        assertThat(summary.failures())
                .allSatisfy(one -> assertThat(one.message().length()).isLessThanOrEqualTo(301));
    }

    @Test
    void fiftyThousandTestsAreFewMegabytesToSend() throws IOException {
        RunReport run = SampleRuns.big(8, 5_000, 8, 8, 10);
        RunFiles files = new RunFiles(build);
        files.write(run);
        assertThat(Files.size(files.page(run.runId()))).isLessThan(2_000_000);
        assertThat(Files.size(files.report(run.runId()))).isGreaterThan(Files.size(files.page(run.runId())) * 5);
    }

    @Test
    void aSpoiltSummaryIsAnErrorThatNamesTheFile() throws IOException {
        RunFiles files = new RunFiles(build);
        files.write(SampleRuns.run(List.of(), 1));
        Path summary = build.resolve("distributed-test/run-1.summary.json");
        Files.writeString(summary, "{");
        assertThatThrownBy(() -> files.readSummary("run-1"))
                .isInstanceOf(IOException.class)
                .hasMessageContaining(summary.toString());
    }

    @ParameterizedTest
    @NullSource
    @ValueSource(strings = {"", "../x", "a/b", "a\\b", ".", "..", "a.b", "-a", "a b", "ü", "a\n", "a\u0000"})
    void anIdThatIsNoPlainNameIsRefused(String id) {
        RunFiles files = new RunFiles(build);
        assertThatThrownBy(() -> files.report(id))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("id of a run");
        assertThatThrownBy(() -> LiveRuns.register(id, () -> null)).isInstanceOf(IllegalArgumentException.class);
    }
}
