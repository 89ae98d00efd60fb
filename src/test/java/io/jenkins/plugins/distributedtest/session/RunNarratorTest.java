package io.jenkins.plugins.distributedtest.session;

import static io.jenkins.plugins.distributedtest.report.SampleRuns.OTHER;
import static io.jenkins.plugins.distributedtest.report.SampleRuns.START;
import static io.jenkins.plugins.distributedtest.report.SampleRuns.WORKER;
import static io.jenkins.plugins.distributedtest.report.SampleRuns.attempt;
import static io.jenkins.plugins.distributedtest.report.SampleRuns.file;
import static io.jenkins.plugins.distributedtest.report.SampleRuns.problem;
import static io.jenkins.plugins.distributedtest.report.SampleRuns.result;
import static org.assertj.core.api.Assertions.assertThat;

import io.jenkins.plugins.distributedtest.originator.RunEvent;
import io.jenkins.plugins.distributedtest.report.ConsoleSummary;
import io.jenkins.plugins.distributedtest.report.RerunCommand;
import io.jenkins.plugins.distributedtest.report.SampleRuns;
import io.jenkins.plugins.distributedtest.report.Terminal;
import io.jenkins.plugins.distributedtest.suite.Attempt;
import io.jenkins.plugins.distributedtest.suite.FileReport;
import io.jenkins.plugins.distributedtest.suite.FileStatus;
import io.jenkins.plugins.distributedtest.suite.RunEnd;
import io.jenkins.plugins.distributedtest.suite.RunReport;
import io.jenkins.plugins.distributedtest.suite.TestFile;
import io.jenkins.plugins.distributedtest.wire.NativeMessage;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

/** What a run tells while it goes on, and what its end means. */
class RunNarratorTest {
    private static final List<TestFile> SUITE =
            Stream.of("a.rb", "b.rb", "c.rb").map(TestFile::new).toList();

    private final RunProgress counts = new RunProgress(SUITE, Map.of());
    private final ConsoleSummary summary = new ConsoleSummary(Terminal.PLAIN, RerunCommand.DEFAULT);
    private final RunNarrator narrator =
            new RunNarrator(summary, counts, RunNarrator.ADVICE, (file, text) -> "<" + file + "|" + text + ">");

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
    void failingTestsAndWhatIsNoTestsFaultAreToldApart() {
        RunVerdict failed = RunVerdict.of(run(RunEnd.COMPLETED, ""));
        assertThat(failed.kind()).isEqualTo(RunVerdict.Kind.TESTS_FAILED);
        assertThat(failed.message()).isEqualTo("Tests failed: 1 of 4 files, 1 of them timed out");
        RunVerdict early = RunVerdict.of(run(RunEnd.FAILED_FAST, ""));
        assertThat(early.kind()).isEqualTo(RunVerdict.Kind.TESTS_FAILED);
        assertThat(early.message()).contains("stopped early");
        RunVerdict broken = RunVerdict.of(run(RunEnd.ERROR, "no listener came"));
        assertThat(broken.kind()).isEqualTo(RunVerdict.Kind.BROKEN);
        assertThat(broken.message()).contains("no fault of a test", "no listener came");
        assertThat(RunVerdict.of(run(RunEnd.CANCELLED, "")).kind()).isEqualTo(RunVerdict.Kind.CANCELLED);
        RunReport green = new RunReport("id", "p", START, 1, RunEnd.COMPLETED, "", List.of(), List.of());
        assertThat(RunVerdict.of(green)).isEqualTo(new RunVerdict(RunVerdict.Kind.GREEN, ""));
    }

    @Test
    void theLogTellsWhoAnsweredAndEachFailureWithALink() {
        assertThat(narrator.tell(new RunEvent.ListenerPreparing(0, "l", "ci-1", "1.0", 2)))
                .isEqualTo("Listener ci-1/l answers with 2 slots, version 1.0");
        assertThat(narrator.tell(new RunEvent.ListenerReady(1, "l", "ci-1", 0.25)))
                .isEqualTo("Listener ci-1/l is ready, 2 slots in all, sources there in 0.3 s");
        assertThat(narrator.tell(new RunEvent.FileStarted(1, new TestFile("a.rb"), WORKER, 1)))
                .isEmpty();
        Attempt good = attempt(result("a.rb", FileStatus.PASSED, 1, List.of()), WORKER, 1);
        assertThat(narrator.tell(new RunEvent.FileFinished(2, good, true))).isEmpty();
        Attempt part = attempt(result("b.rb", FileStatus.PASSED, 1, List.of()).withMessage("1 of 2 run"), WORKER, 1);
        assertThat(narrator.tell(new RunEvent.FileFinished(2, part, true))).isEqualTo("Warning: b.rb: 1 of 2 run");
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
        assertThat(narrator.tell(new RunEvent.ConnectionLost(2, "refused"))).isEmpty();
        assertThat(narrator.tell(new RunEvent.ConnectionRestored(3, 0))).contains("reached again");
        assertThat(narrator.tell(new RunEvent.ConnectionRestored(4, 0))).isEmpty();
    }

    @Test
    void aFloodOfFailuresIsCutDownToLinesAndThenToThePage() {
        Attempt bad = attempt(result("b.rb", FileStatus.FAILED, 1, List.of(SampleRuns.failed("x", "why"))), WORKER, 1);
        int told = 0;
        int whole = 0;
        for (int i = 0; i < 3000; i++) {
            String text = narrator.tell(new RunEvent.FileFinished(i, bad, false));
            told += text.isEmpty() ? 0 : 1;
            whole += text.contains("why") ? 1 : 0;
        }
        assertThat(whole).isEqualTo(100);
        assertThat(told).isEqualTo(2000);
    }

    @Test
    void progressIsToldAtGrowingIntervalsAndOnlyIfThereIsAny() {
        List<TestFile> suite = IntStream.rangeClosed(1, 1000)
                .mapToObj(i -> new TestFile(i + ".rb"))
                .toList();
        RunNarrator narrator = new RunNarrator(summary, new RunProgress(suite, Map.of()), RunNarrator.ADVICE);
        List<Double> times = new ArrayList<>();
        for (int second = 1; second <= 1000; second++) {
            Attempt good = attempt(result(second + ".rb", FileStatus.PASSED, 1, List.of()), WORKER, 1);
            narrator.tell(new RunEvent.FileFinished(second, good, true));
            if (!narrator.progress(second).isEmpty()) {
                times.add((double) second);
            }
        }
        assertThat(times).containsExactly(10.0, 30.0, 70.0, 150.0, 310.0, 610.0, 910.0);
        assertThat(narrator.progress(5000)).isNotEmpty();
        assertThat(narrator.progress(9000)).isEmpty();
    }

    @Test
    void theStatusCountsWhatIsDoneAndRunning() {
        assertThat(counts.toString()).isEqualTo("preparing");
        counts.event(new RunEvent.Published(0, 3));
        assertThat(counts.toString()).isEqualTo("0 of 3 files done, no listener");
        counts.event(new RunEvent.ListenerReady(1, WORKER.listener(), "ci-1", 0));
        counts.event(new RunEvent.FileStarted(1, new TestFile("a.rb"), WORKER, 1));
        counts.event(new RunEvent.FileStarted(1, new TestFile("b.rb"), OTHER, 1));
        Attempt bad = attempt(result("b.rb", FileStatus.FAILED, 1, List.of()), OTHER, 1);
        counts.event(new RunEvent.FileFinished(2, bad, false));
        counts.event(new RunEvent.FileFinished(2, bad, true));
        assertThat(counts.toString()).isEqualTo("1 of 3 files done, 1 failed, 1 retried, 1 running on 2 listeners");
        counts.event(new RunEvent.LeaseLost(3, new TestFile("a.rb"), WORKER, 1, "gone"));
        counts.event(new RunEvent.ListenerLeft(3, WORKER.listener(), "ci-1", null, "", ""));
        counts.event(new RunEvent.ListenerLeft(3, OTHER.listener(), "ci-2", null, "", ""));
        assertThat(counts.toString()).isEqualTo("1 of 3 files done, 1 failed, 1 retried, no listener");
        assertThat(counts.hasListeners()).isFalse();
        RunProgress again = new RunProgress(
                Stream.of("a.rb", "b.rb", "c.rb", "d.rb").map(TestFile::new).toList(), Map.of());
        again.restore(run(RunEnd.RUNNING, ""));
        assertThat(again.toString()).isEqualTo("3 of 4 files done, 1 failed on 1 listener");
    }

    @Test
    void waitingIsToldWithTheAdviceOnceItIsLongerThanAListenerNeeds() {
        assertThat(narrator.tell(new RunEvent.WaitingForListeners(1, 59))).isEmpty();
        assertThat(narrator.tell(new RunEvent.WaitingForListeners(10, 200)))
                .isEqualTo("No listener takes part; waiting 3 min 20 s more. " + RunNarrator.ADVICE);
    }

    @Test
    void listenersThatTakeLongToEndAreNamed() {
        assertThat(narrator.tell(new RunEvent.ListenerEnding(60, WORKER.listener(), "ci-1")))
                .startsWith("Listener ci-1/")
                .contains("is not done yet");
    }

    @Test
    void whereThereIsNoPageEveryFailureIsToldInFull() {
        RunNarrator plain = new RunNarrator(summary, counts, "");
        Attempt bad = attempt(result("b.rb", FileStatus.FAILED, 1, List.of(SampleRuns.failed("x", "why"))), WORKER, 1);
        for (int i = 0; i < 150; i++) {
            assertThat(plain.tell(new RunEvent.FileFinished(i, bad, false)))
                    .contains("why")
                    .doesNotContain("page");
        }
    }

    @Test
    void timeThatIsLeftIsSharedAmongTheSlotsButIsNoShorterThanTheLongestFile() {
        RunProgress expected = new RunProgress(SUITE, Map.of(SUITE.get(0), 8.0, SUITE.get(1), 4.0, SUITE.get(2), 4.0));
        assertThat(expected.remaining(0)).isEqualTo(16);
        expected.event(new RunEvent.ListenerPreparing(0, WORKER.listener(), "ci-1", "", 2));
        expected.event(new RunEvent.ListenerReady(0, WORKER.listener(), "ci-1", 0));
        assertThat(expected.slots()).isEqualTo(2);
        assertThat(expected.remaining(0)).isEqualTo(8);
        expected.event(new RunEvent.FileStarted(0, SUITE.get(0), WORKER, 1));
        assertThat(expected.remaining(4)).isEqualTo(6);
        assertThat(counts.remaining(0)).isNaN();
    }
}
