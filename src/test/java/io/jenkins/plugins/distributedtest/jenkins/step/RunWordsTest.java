package io.jenkins.plugins.distributedtest.jenkins.step;

import static io.jenkins.plugins.distributedtest.report.SampleRuns.OTHER;
import static io.jenkins.plugins.distributedtest.report.SampleRuns.START;
import static io.jenkins.plugins.distributedtest.report.SampleRuns.WORKER;
import static io.jenkins.plugins.distributedtest.report.SampleRuns.attempt;
import static io.jenkins.plugins.distributedtest.report.SampleRuns.file;
import static io.jenkins.plugins.distributedtest.report.SampleRuns.problem;
import static io.jenkins.plugins.distributedtest.report.SampleRuns.result;
import static org.assertj.core.api.Assertions.assertThat;

import io.jenkins.plugins.distributedtest.originator.RunEvent;
import io.jenkins.plugins.distributedtest.report.SampleRuns;
import io.jenkins.plugins.distributedtest.suite.Attempt;
import io.jenkins.plugins.distributedtest.suite.FileReport;
import io.jenkins.plugins.distributedtest.suite.FileStatus;
import io.jenkins.plugins.distributedtest.suite.RunEnd;
import io.jenkins.plugins.distributedtest.suite.RunReport;
import io.jenkins.plugins.distributedtest.suite.TestFile;
import io.jenkins.plugins.distributedtest.wire.NativeMessage;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.ObjectOutputStream;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

/** What a run's result, its verdict and its log say. */
class RunWordsTest {
    private final LiveCounts counts = new LiveCounts(3);
    private final Narrator narrator = new Narrator(counts, (file, text) -> "<" + file + "|" + text + ">");

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

    @Test
    void failingTestsAndWhatIsNoTestsFaultAreToldApart() {
        Verdict failed = Verdict.of(run(RunEnd.COMPLETED, ""));
        assertThat(failed.kind()).isEqualTo(Verdict.Kind.TESTS_FAILED);
        assertThat(failed.message()).isEqualTo("Tests failed: 1 of 4 files, 1 of them timed out");
        Verdict early = Verdict.of(run(RunEnd.FAILED_FAST, ""));
        assertThat(early.kind()).isEqualTo(Verdict.Kind.TESTS_FAILED);
        assertThat(early.message()).contains("stopped early");
        Verdict broken = Verdict.of(run(RunEnd.ERROR, "no listener came"));
        assertThat(broken.kind()).isEqualTo(Verdict.Kind.BROKEN);
        assertThat(broken.message()).contains("no fault of a test", "no listener came");
        assertThat(Verdict.of(run(RunEnd.CANCELLED, "")).kind()).isEqualTo(Verdict.Kind.CANCELLED);
        RunReport green = new RunReport("id", "p", START, 1, RunEnd.COMPLETED, "", List.of(), List.of());
        assertThat(Verdict.of(green)).isEqualTo(new Verdict(Verdict.Kind.GREEN, ""));
    }

    @Test
    void theLogTellsWhoAnsweredAndEachFailureWithALink() {
        assertThat(narrator.tell(new RunEvent.ListenerPreparing(0, "l", "ci-1", "1.0", 2)))
                .isEqualTo("Listener ci-1/l answers with 2 slots, version 1.0");
        assertThat(narrator.tell(new RunEvent.ListenerReady(1, "l", "ci-1", 0.25)))
                .contains("is ready, sources there in 0.3 s");
        assertThat(narrator.tell(new RunEvent.FileStarted(1, new TestFile("a.rb"), WORKER, 1)))
                .isNull();
        Attempt good = attempt(result("a.rb", FileStatus.PASSED, 1, List.of()), WORKER, 1);
        assertThat(narrator.tell(new RunEvent.FileFinished(2, good, true))).isNull();
        Attempt bad = attempt(
                result("b.rb", FileStatus.FAILED, 1, List.of(SampleRuns.failed("sums", "expected 3"))), WORKER, 1);
        assertThat(narrator.tell(new RunEvent.FileFinished(3, bad, true)))
                .contains("b.rb", "sums", "expected 3", "<b.rb|on the build's page>");
        assertThat(narrator.tell(new RunEvent.ListenerLeft(
                        4, "l", "ci-1", NativeMessage.Left.Reason.CALLBACK_FAILED, "after_sync failed", "boom")))
                .contains("after_sync failed", "boom");
    }

    @Test
    void troublesWithTheBrokerAreToldOnce() {
        assertThat(narrator.tell(new RunEvent.ConnectionLost(1, "refused"))).contains("refused", "Trying again");
        assertThat(narrator.tell(new RunEvent.ConnectionLost(2, "refused"))).isNull();
        assertThat(narrator.tell(new RunEvent.ConnectionRestored(3, 0))).contains("reached again");
        assertThat(narrator.tell(new RunEvent.ConnectionRestored(4, 0))).isNull();
    }

    @Test
    void aFloodOfFailuresIsCutDownToLinesAndThenToThePage() {
        Attempt bad = attempt(result("b.rb", FileStatus.FAILED, 1, List.of(SampleRuns.failed("x", "why"))), WORKER, 1);
        int told = 0;
        int whole = 0;
        for (int i = 0; i < 3000; i++) {
            String text = narrator.tell(new RunEvent.FileFinished(i, bad, false));
            told += text == null ? 0 : 1;
            whole += text != null && text.contains("why") ? 1 : 0;
        }
        assertThat(whole).isEqualTo(100);
        assertThat(told).isEqualTo(2000);
    }

    @Test
    void progressIsToldAtGrowingIntervalsAndOnlyIfThereIsAny() {
        List<Double> times = new ArrayList<>();
        for (int second = 1; second <= 1000; second++) {
            Attempt good = attempt(result("a.rb", FileStatus.PASSED, 1, List.of()), WORKER, 1);
            counts.event(new RunEvent.FileFinished(second, good, true));
            if (narrator.progress(second) != null) {
                times.add((double) second);
            }
        }
        assertThat(times).containsExactly(10.0, 30.0, 70.0, 150.0, 310.0, 610.0, 910.0);
        assertThat(narrator.progress(5000)).isNotNull();
        assertThat(narrator.progress(9000)).isNull();
    }

    @Test
    void theStatusCountsWhatIsDoneAndRunning() {
        assertThat(counts.toString()).isEqualTo("preparing");
        counts.event(new RunEvent.Published(0, 3));
        assertThat(counts.toString()).isEqualTo("0 of 3 files done, no listener");
        counts.event(new RunEvent.ListenerReady(1, WORKER.listener(), "ci-1", 0));
        counts.event(new RunEvent.FileStarted(1, new TestFile("a.rb"), WORKER, 1));
        counts.event(new RunEvent.FileStarted(1, new TestFile("b.rb"), WORKER, 1));
        Attempt bad = attempt(result("b.rb", FileStatus.FAILED, 1, List.of()), WORKER, 1);
        counts.event(new RunEvent.FileFinished(2, bad, true));
        assertThat(counts.toString()).isEqualTo("1 of 3 files done, 1 failed, 1 running on 1 listener");
        counts.event(new RunEvent.LeaseLost(3, new TestFile("a.rb"), WORKER, 1, "gone"));
        counts.event(new RunEvent.ListenerLeft(3, WORKER.listener(), "ci-1", null, "", ""));
        assertThat(counts.toString()).isEqualTo("1 of 3 files done, 1 failed, no listener");
        LiveCounts again = new LiveCounts(4);
        again.restore(run(RunEnd.RUNNING, ""));
        assertThat(again.toString()).isEqualTo("3 of 4 files done, 1 failed on 1 listener");
    }
}
