package io.jenkins.plugins.distributedtest.report;

import static io.jenkins.plugins.distributedtest.report.SampleRuns.attempt;
import static io.jenkins.plugins.distributedtest.report.SampleRuns.file;
import static io.jenkins.plugins.distributedtest.report.SampleRuns.listener;
import static io.jenkins.plugins.distributedtest.report.SampleRuns.result;
import static io.jenkins.plugins.distributedtest.report.SampleRuns.run;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import io.jenkins.plugins.distributedtest.suite.FileReport;
import io.jenkins.plugins.distributedtest.suite.FileStatus;
import io.jenkins.plugins.distributedtest.suite.ListenerReport;
import io.jenkins.plugins.distributedtest.suite.RunEnd;
import io.jenkins.plugins.distributedtest.suite.RunReport;
import io.jenkins.plugins.distributedtest.suite.TestFile;
import io.jenkins.plugins.distributedtest.suite.WorkerId;
import java.util.List;
import org.assertj.core.data.Offset;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class WallTimeTest {
    private static final Offset<Double> EXACT = within(1e-6);
    private static final WorkerId FIRST = new WorkerId("l1", "h", 1);
    private static final WorkerId SECOND = new WorkerId("l1", "h", 2);
    private static final WorkerId OTHER = new WorkerId("l2", "h", 1);

    private static FileReport ran(String path, WorkerId worker, double start, double seconds) {
        return file(attempt(result(path, FileStatus.PASSED, seconds, List.of()), worker, start));
    }

    @Test
    void addsUpIdleTimeBeforeBetweenAndAfterFiles() {
        // slot 1: ready 1, runs 2-5 and 6-8; slot 2: ready 1, runs 1-4; the run ends at 10
        WallTime time = WallTime.of(run(
                List.of(ran("a", FIRST, 2, 3), ran("b", FIRST, 6, 2), ran("c", SECOND, 1, 3)),
                10,
                listener(FIRST, 2, 1)));
        assertThat(time.slots()).isEqualTo(2);
        assertThat(time.slotSeconds()).isCloseTo(18, EXACT);
        assertThat(time.idleBefore()).isCloseTo(1, EXACT);
        assertThat(time.idleBetween()).isCloseTo(1, EXACT);
        assertThat(time.idleAfter()).isCloseTo(2 + 6, EXACT);
        assertThat(time.idleSeconds()).isCloseTo(10, EXACT);
        assertThat(time.utilization()).isCloseTo(8 / 18.0, EXACT);
        assertThat(time.startupSeconds()).isCloseTo(1, EXACT);
        assertThat(time.syncSeconds()).isCloseTo(0.5, EXACT);
    }

    @Test
    void namesTheStragglerAndHowLongItRanAlone() {
        WallTime time = WallTime.of(run(
                List.of(ran("a", FIRST, 0, 3), ran("late", FIRST, 3, 6), ran("c", SECOND, 0, 5)),
                9.5,
                listener(FIRST, 2, 0)));
        assertThat(time.straggler().file().path()).isEqualTo("late");
        assertThat(time.straggler().worker()).isEqualTo(FIRST);
        assertThat(time.straggler().aloneSeconds()).isCloseTo(4, EXACT);
        assertThat(time.lowerBoundSeconds()).isCloseTo(7, EXACT);
        assertThat(time.longest().path()).isEqualTo("late");
    }

    @Test
    void saysWhatMoreSlotsWouldSaveAndStopsAtTheLongestFile() {
        // 8 files of 1 s on one slot: 2 slots 4 s, 3 slots 3 s, 5 slots 2 s, 9 slots 1 s
        List<FileReport> files = new java.util.ArrayList<>();
        for (int i = 0; i < 8; i++) {
            files.add(ran("f" + i, FIRST, i, 1));
        }
        WallTime time = WallTime.of(run(files, 8, listener(FIRST, 1, 0)));
        assertThat(time.savings())
                .containsExactly(
                        new WallTime.Saving(1, 4),
                        new WallTime.Saving(2, 5),
                        new WallTime.Saving(4, 6),
                        new WallTime.Saving(8, 7));
        assertThat(time.worthwhile()).isEqualTo(new WallTime.Saving(8, 7));
    }

    @Test
    void moreSlotsAreNotWorthwhileWhenOneFileRules() {
        WallTime time = WallTime.of(
                run(List.of(ran("long", FIRST, 0, 100), ran("short", SECOND, 0, 1)), 100, listener(FIRST, 2, 0)));
        assertThat(time.savings()).isEmpty();
        assertThat(time.worthwhile()).isNull();
    }

    @Test
    void saysWhatSlowestFirstWouldSave() {
        // shortest first on 2 slots: 1,1 then 10 -> 11; slowest first: 10
        WallTime time = WallTime.of(run(
                List.of(ran("a", FIRST, 0, 1), ran("b", SECOND, 0, 1), ran("c", FIRST, 1, 10)),
                11,
                listener(FIRST, 2, 0)));
        assertThat(time.orderSavingSeconds()).isCloseTo(1, EXACT);
    }

    @Test
    void countsEachAttemptAndListenersThatLeft() {
        ListenerReport left = new ListenerReport("l1", "h", "", 1, 0, 4, 0, "lost");
        ListenerReport never = new ListenerReport("l3", "x", "", 8, Double.NaN, 1, 9, "sync failed");
        WorkerId unknown = new WorkerId("ruby", "h2", 1);
        FileReport retried = file(
                attempt(result("a", FileStatus.CRASHED, 3, List.of()), FIRST, 1),
                attempt(result("a", FileStatus.PASSED, 5, List.of()), unknown, 5));
        WallTime time = WallTime.of(run(List.of(retried), 10, left, never));
        assertThat(time.slots()).isEqualTo(2);
        assertThat(time.longestSeconds()).isCloseTo(8, EXACT);
        assertThat(time.slotSeconds()).isCloseTo(4 + 5, EXACT);
        assertThat(time.idleSeconds()).isCloseTo(1, EXACT);
    }

    @Test
    void theLowerBoundCountsSlotsWhileTheyWereThere() {
        // One slot throughout; nine more for the first 4 s: 40 s of work are done at 4 + (40 - 40) / 1 at best.
        ListenerReport stays = listener(OTHER, 1, 2);
        ListenerReport goes = new ListenerReport("l1", "h", "", 9, 2, 6, 0, "lost");
        List<FileReport> work = java.util.stream.IntStream.range(0, 60)
                .mapToObj(i -> ran("f" + i, OTHER, 2 + i, 1))
                .toList();
        assertThat(WallTime.of(run(work, 62, stays, goes)).lowerBoundSeconds()).isCloseTo(4 + 20, EXACT);
        assertThat(WallTime.of(run(work, 62, stays)).lowerBoundSeconds()).isCloseTo(60, EXACT);
        // One that comes 10 s after the first helps from then on.
        assertThat(WallTime.of(run(work, 62, stays, listener(FIRST, 1, 12))).lowerBoundSeconds())
                .isCloseTo(10 + 25, EXACT);
    }

    @Test
    void whatWasLostWithAListenerCountsInNoTime() {
        ListenerReport lost = new ListenerReport("l1", "h", "", 1, 0, 60, 0, "lost");
        FileReport again = file(
                attempt(result("a", FileStatus.LOST, 60, List.of()), FIRST, 0),
                attempt(result("a", FileStatus.PASSED, 5, List.of()), OTHER, 60));
        WallTime time = WallTime.of(run(List.of(again), 66, lost, listener(OTHER, 1, 0)));
        assertThat(time.longestSeconds()).isCloseTo(5, EXACT);
        assertThat(time.testSeconds()).isCloseTo(5, EXACT);
        assertThat(time.lowerBoundSeconds()).isCloseTo(5, EXACT);
        assertThat(time.straggler().startOffset()).isCloseTo(60, EXACT);
        FileReport only = file(attempt(result("a", FileStatus.LOST, 60, List.of()), FIRST, 0));
        assertThat(WallTime.of(run(List.of(only), 66, lost)).straggler()).isNull();
    }

    @Test
    void aSlotThatRunsAFileIsBusyAndNobodyIsAStragglerYet() {
        FileReport running = new FileReport(new TestFile("now"), List.of(), 30, new FileReport.Running(FIRST, 1, 2));
        RunReport live = new RunReport(
                "run-1",
                "shop",
                SampleRuns.START,
                10,
                RunEnd.RUNNING,
                "",
                List.of(running, ran("done", SECOND, 1, 3)),
                List.of(listener(FIRST, 2, 0)));
        WallTime time = WallTime.of(live);
        assertThat(time.slotSeconds()).isCloseTo(20, EXACT);
        assertThat(time.idleBefore()).isCloseTo(2 + 1, EXACT);
        assertThat(time.idleAfter()).isCloseTo(6, EXACT);
        assertThat(time.straggler()).isNull();
        assertThat(time.longest().path()).isEqualTo("done");
    }

    @Test
    void explainsARunInWhichNothingRan() {
        WallTime time = WallTime.of(run(List.of(), 3, listener(FIRST, 2, 1)));
        assertThat(time.straggler()).isNull();
        assertThat(time.longest()).isNull();
        assertThat(time.idleSeconds()).isCloseTo(4, EXACT);
        assertThat(time.savings()).isEmpty();
        assertThat(WallTime.of(run(List.of(), 3)).utilization()).isZero();
    }

    @Test
    void simulatesWhoeverIsFreeFirstTakesTheNext() {
        assertThat(WallTime.simulate(new double[] {4, 3, 3, 2}, new double[] {0, 0}))
                .isCloseTo(6, EXACT);
        assertThat(WallTime.simulate(new double[] {1, 1}, new double[] {0, 5})).isCloseTo(2, EXACT);
        assertThat(WallTime.simulate(new double[] {}, new double[] {3})).isZero();
        assertThatThrownBy(() -> WallTime.simulate(new double[] {1}, new double[] {}))
                .isInstanceOf(IllegalArgumentException.class);
    }

    @ParameterizedTest
    @ValueSource(longs = {41, 42, 43, 44, 45})
    void itsPartsAddUp(long seed) {
        RunReport report = SampleRuns.big(seed, 300, 3, 4, 1);
        WallTime time = WallTime.of(report);
        assertThat(time.idleSeconds() + time.testSeconds()).isCloseTo(time.slotSeconds(), within(1e-3));
        assertThat(time.lowerBoundSeconds()).isLessThanOrEqualTo(time.wallSeconds());
        assertThat(time.straggler().startOffset() + time.straggler().seconds()).isLessThanOrEqualTo(time.wallSeconds());
        assertThat(time.savings()).isSortedAccordingTo((a, b) -> Double.compare(a.seconds(), b.seconds()));
    }
}
