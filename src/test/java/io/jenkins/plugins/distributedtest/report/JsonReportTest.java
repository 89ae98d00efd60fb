package io.jenkins.plugins.distributedtest.report;

import static io.jenkins.plugins.distributedtest.report.SampleRuns.WORKER;
import static io.jenkins.plugins.distributedtest.report.SampleRuns.attempt;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.jenkins.plugins.distributedtest.suite.CaseStatus;
import io.jenkins.plugins.distributedtest.suite.Collected;
import io.jenkins.plugins.distributedtest.suite.Failure;
import io.jenkins.plugins.distributedtest.suite.FileReport;
import io.jenkins.plugins.distributedtest.suite.FileResult;
import io.jenkins.plugins.distributedtest.suite.FileStatus;
import io.jenkins.plugins.distributedtest.suite.ListenerReport;
import io.jenkins.plugins.distributedtest.suite.Quarantine;
import io.jenkins.plugins.distributedtest.suite.RunEnd;
import io.jenkins.plugins.distributedtest.suite.RunReport;
import io.jenkins.plugins.distributedtest.suite.TestCase;
import io.jenkins.plugins.distributedtest.suite.TestFile;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class JsonReportTest {
    @TempDir
    Path directory;

    private RunReport again(RunReport report) throws IOException {
        Path file = directory.resolve("run.json");
        JsonReport.write(report, file);
        return JsonReport.read(file);
    }

    @ParameterizedTest
    @ValueSource(longs = {31, 32, 33})
    void aRunIsReadAgainAsItWas(long seed) throws Exception {
        RunReport report = SampleRuns.big(seed, 150, 3, 4, 5);
        assertThat(again(report)).isEqualTo(report);
    }

    private static RunReport hostile() {
        String nasty = "\u0000\u001B[1m</script><!-- \uD83D\uDE00 \uD800 \uDC00 \u2028 é \"\\";
        TestCase test =
                new TestCase(nasty, nasty, Double.NaN, CaseStatus.ERROR, new Failure(nasty, nasty, nasty), nasty, 5);
        TestCase bare = new TestCase("", "", 0, CaseStatus.SKIPPED, new Failure("", "", ""), "", 0);
        FileResult result = FileResult.of(new TestFile("spec/é <b>.rb"), FileStatus.CRASHED, 1.25)
                .withCases(List.of(test, bare))
                .withMessage(nasty)
                .withOutput(nasty)
                .withSeed(4711)
                .withEnding(137, "KILL")
                .by("x");
        return new RunReport(
                "id",
                nasty,
                SampleRuns.START.plusNanos(123456789),
                Double.NaN,
                RunEnd.ERROR,
                nasty,
                List.of(new FileReport(result.file(), List.of(attempt(result, WORKER, 0.5)), 3)),
                List.of(new ListenerReport("l", "h", nasty, 4, Double.NaN, 2, 0, nasty)));
    }

    @Test
    void anyTextAndMissingNumberSurvives() throws Exception {
        assertThat(again(hostile())).isEqualTo(hostile());
    }

    @Test
    void saysWhatFailsABuildOfWhichAllFilesPassed() throws Exception {
        List<FileReport> files = new ArrayList<>();
        for (String path : List.of("ATest.java", "BTest.java")) {
            FileResult passed = FileResult.of(new TestFile(path), FileStatus.PASSED, 1)
                    .withCases(List.of(SampleRuns.passed("works")))
                    .withMessage("Flaky tests: 2; the build fails from 3 on (failOnFlakeCount) in surefire:test")
                    .by("junit");
            files.add(new FileReport(passed.file(), List.of(attempt(passed, WORKER, 0)), 0));
        }
        RunReport report = SampleRuns.run(files, 2, SampleRuns.listener(WORKER, 1, 0.5));
        String said = "4 tests passed only when they were run again: the build fails from 3 on (failOnFlakeCount)"
                + " in surefire:test";
        assertThat(report.isGreen()).isFalse();
        assertThat(report.trouble()).isEqualTo(said);
        RunReport again = again(report);
        assertThat(again.problem()).isEqualTo(said);
        assertThat(again.trouble()).isEqualTo(said);
        assertThat(again.isGreen()).isFalse();
        assertThat(SampleRuns.run(files.subList(0, 1), 2).trouble()).isEmpty();
    }

    @Test
    void theFileIsPureAscii() throws Exception {
        again(hostile());
        assertThat(Files.readString(directory.resolve("run.json"), StandardCharsets.ISO_8859_1))
                .matches(text -> text.chars().allMatch(c -> c == '\n' || c >= ' ' && c < 127));
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "{", "[]", "{}", "{\"version\": 99}", "{\"version\": 1}", "null"})
    void namesAFileThatIsNoReport(String content) throws Exception {
        Path file = Files.writeString(directory.resolve("odd.json"), content);
        assertThatThrownBy(() -> JsonReport.read(file))
                .isInstanceOf(IOException.class)
                .hasMessageContaining(file.toString());
    }

    private static RunReport live() {
        FileReport running =
                new FileReport(new TestFile("now.rb"), List.of(), 3, new FileReport.Running(WORKER, 2, 1.5));
        return new RunReport("run-2", "shop", SampleRuns.START, 4, RunEnd.RUNNING, "", List.of(running), List.of());
    }

    private static RunReport quarantined() {
        return new RunReport(
                "run-3",
                "shop",
                SampleRuns.START,
                4,
                RunEnd.COMPLETED,
                "",
                List.of(SampleRuns.file(attempt(
                        SampleRuns.result("a.rb", FileStatus.FAILED, 1, List.of(SampleRuns.failed("adds", "no"))),
                        WORKER,
                        1))),
                List.of(),
                false,
                Collected.NOTHING,
                new Quarantine(List.of(
                        new Quarantine.Entry("a.rb", "", "adds"), new Quarantine.Entry("b.rb", "B", "subtracts"))));
    }

    @Test
    void aQuarantineSurvivesTheWay() throws Exception {
        assertThat(again(quarantined())).isEqualTo(quarantined());
        assertThat(again(quarantined()).isGreen()).isTrue();
    }

    @Test
    void whatRunsSurvivesTheWay() throws Exception {
        assertThat(again(live())).isEqualTo(live());
    }

    private static RunReport collecting() {
        RunReport run = live();
        return new RunReport(
                run.runId(),
                run.project(),
                run.startedAt(),
                run.wallSeconds(),
                run.end(),
                run.problem(),
                run.files(),
                run.listeners(),
                false,
                new Collected("/there", 3, 1L << 40, List.of("host/1a2b"), List.of("too much")),
                Quarantine.NONE);
    }

    @Test
    void whatWasBroughtBackIsReadAsItWasWritten() throws Exception {
        assertThat(again(collecting()).collected()).isEqualTo(collecting().collected());
        assertThat(again(live()).collected()).isEqualTo(Collected.NOTHING);
    }

    @Test
    void everyKeyIsDocumentedAndNoOtherOne() throws Exception {
        Set<String> written = new TreeSet<>();
        for (RunReport report :
                List.of(SampleRuns.big(31, 400, 2, 2, 3), hostile(), live(), collecting(), quarantined())) {
            again(report);
            Deque<JsonNode> nodes = new ArrayDeque<>();
            nodes.add(new ObjectMapper().readTree(directory.resolve("run.json").toFile()));
            while (!nodes.isEmpty()) {
                JsonNode node = nodes.remove();
                node.fieldNames().forEachRemaining(written::add);
                node.forEach(nodes::add);
            }
        }
        Set<String> documented = new TreeSet<>();
        Matcher keys = Pattern.compile("^\\| `([a-z_]+)` \\|", Pattern.MULTILINE)
                .matcher(Files.readString(Path.of("docs/json-report.md")));
        while (keys.find()) {
            documented.add(keys.group(1));
        }
        assertThat(documented).isEqualTo(written);
    }
}
