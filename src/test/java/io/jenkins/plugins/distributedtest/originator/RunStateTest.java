package io.jenkins.plugins.distributedtest.originator;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.jenkins.plugins.distributedtest.suite.CaseStatus;
import io.jenkins.plugins.distributedtest.suite.FileGroups;
import io.jenkins.plugins.distributedtest.suite.FileReport;
import io.jenkins.plugins.distributedtest.suite.FileResult;
import io.jenkins.plugins.distributedtest.suite.FileStatus;
import io.jenkins.plugins.distributedtest.suite.Quarantine;
import io.jenkins.plugins.distributedtest.suite.RunEnd;
import io.jenkins.plugins.distributedtest.suite.TestCase;
import io.jenkins.plugins.distributedtest.suite.TestFile;
import io.jenkins.plugins.distributedtest.suite.WorkerId;
import io.jenkins.plugins.distributedtest.wire.NativeMessage;
import io.jenkins.plugins.distributedtest.wire.NativeMessage.FileJob;
import io.jenkins.plugins.distributedtest.wire.NativeMessage.Heartbeat.Running;
import io.jenkins.plugins.distributedtest.wire.NativeMessage.Left.Reason;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

/** One rule at a time. */
class RunStateTest {
    private static final WorkerId W1 = new WorkerId("one", "host1", 1);
    private static final WorkerId W2 = new WorkerId("two", "host2", 1);

    private final List<FileJob> published = new ArrayList<>();
    private final List<RunEvent> events = new ArrayList<>();
    private final List<Effect> others = new ArrayList<>();
    private RunState state;

    private RunState begin(int failFast, int retries, int budget, String... files) {
        return begin(
                new RunRules(
                        10,
                        5,
                        1000,
                        60,
                        5,
                        20,
                        30,
                        30,
                        600,
                        failFast,
                        retries,
                        budget,
                        "broker B, cluster C",
                        Quarantine.NONE,
                        FileGroups.NONE),
                files);
    }

    private RunState begin(RunRules rules, String... files) {
        state = new RunState(rules, Arrays.stream(files).map(TestFile::new).toList(), Map.of());
        perform(state.begin(0));
        return state;
    }

    private void perform(List<Effect> effects) {
        for (Effect effect : effects) {
            if (effect instanceof Effect.Publish publish) {
                published.add(publish.job());
            } else if (effect instanceof Effect.Notify notify) {
                events.add(notify.event());
            } else {
                others.add(effect);
            }
        }
    }

    private void join(double now, WorkerId worker) {
        perform(state.natives()
                .preparing(
                        now,
                        new NativeMessage.Preparing(
                                worker.listener(), worker.host(), "inbox-" + worker.listener(), "1", 1)));
        perform(state.natives().ready(now, worker.listener(), 0.5, true));
    }

    private void start(double now, WorkerId worker, String file, int lease) {
        perform(state.start(now, worker, file, lease));
    }

    private void finish(double now, WorkerId worker, String file, int lease, FileStatus status) {
        perform(state.finish(now, worker, lease, result(file, status), 0));
    }

    private static FileResult result(String file, FileStatus status) {
        boolean crashed = status == FileStatus.CRASHED;
        return FileResult.of(new TestFile(file), status, 1)
                .withOutput("output")
                .withEnding(crashed ? 137 : null, crashed ? "KILL" : null)
                .by("t");
    }

    private FileReport file(String path) {
        return state.fileReports().stream()
                .filter(f -> f.file().path().equals(path))
                .findFirst()
                .orElseThrow();
    }

    private FileJob lastJob() {
        return published.get(published.size() - 1);
    }

    private <E extends RunEvent> List<E> events(Class<E> type) {
        return events.stream().filter(type::isInstance).map(type::cast).toList();
    }

    @Test
    void filesArePublishedInTheSuitesOrderUnderTheirFirstLease() {
        begin(0, 0, 0, "b", "a", "c");
        assertThat(published).extracting(FileJob::file).containsExactly("b", "a", "c");
        assertThat(published).extracting(FileJob::lease).containsOnly(1);
    }

    @Test
    void aSuiteWithoutFilesOrWithAFileTwiceIsRefused() {
        assertThatThrownBy(() -> begin(0, 0, 0)).isInstanceOf(IllegalArgumentException.class);
        assertThatThrownBy(() -> begin(0, 0, 0, "a", "a")).hasMessageContaining("twice: a");
    }

    @Test
    void aRunCompletesWithItsLastFile() {
        begin(0, 0, 0, "a", "b");
        join(1, W1);
        start(2, W1, "a", 1);
        finish(3, W1, "a", 1, FileStatus.PASSED);
        assertThat(state.hasEnded()).isFalse();
        start(3, W1, "b", 1);
        finish(4, W1, "b", 1, FileStatus.FAILED);
        assertThat(state.end()).isEqualTo(RunEnd.COMPLETED);
        assertThat(others).containsExactly(new Effect.End(RunEnd.COMPLETED, ""));
        assertThat(file("a").isPassed()).isTrue();
        assertThat(file("b").isFailed()).isTrue();
        assertThat(file("b").last().startOffset()).isEqualTo(3);
    }

    @Test
    void aResultUnderAnOldLeaseOrOfAnotherWorkerIsRefused() {
        begin(0, 0, 0, "a");
        join(0, W1);
        join(0, W2);
        start(1, W1, "a", 1);
        perform(state.tick(22)); // both have been silent for 20 s
        assertThat(lastJob()).extracting(FileJob::file, FileJob::lease).containsExactly("a", 2);
        start(23, W2, "a", 2);
        finish(24, W1, "a", 1, FileStatus.FAILED);
        finish(24, W1, "a", 2, FileStatus.FAILED);
        assertThat(state.hasEnded()).isFalse();
        assertThat(events(RunEvent.StaleRefused.class)).hasSize(2);
        finish(25, W2, "a", 2, FileStatus.PASSED);
        assertThat(state.end()).isEqualTo(RunEnd.COMPLETED);
        assertThat(file("a").isPassed()).isTrue();
        finish(26, W2, "a", 2, FileStatus.PASSED);
        assertThat(file("a").attempts()).hasSize(2);
    }

    @Test
    void aRedeliveredFileMovesItsLeaseToTheNewWorker() {
        begin(0, 0, 0, "a");
        join(0, W1);
        join(0, W2);
        start(1, W1, "a", 1);
        start(2, W2, "a", 1);
        finish(3, W1, "a", 1, FileStatus.FAILED);
        assertThat(state.hasEnded()).isFalse();
        finish(4, W2, "a", 1, FileStatus.PASSED);
        assertThat(file("a").attempts()).hasSize(1);
        assertThat(file("a").last().worker()).isEqualTo(W2);
    }

    @Test
    void aHeartbeatThatDoesNotListARunningFileEndsItsLease() {
        begin(0, 0, 0, "a", "b");
        join(0, W1);
        start(1, W1, "a", 1);
        perform(state.natives().heartbeat(2, new NativeMessage.Heartbeat("one", List.of(new Running(1, "a", 1)))));
        assertThat(events(RunEvent.LeaseLost.class)).isEmpty();
        perform(state.natives().heartbeat(3, new NativeMessage.Heartbeat("one", List.of())));
        assertThat(events(RunEvent.LeaseLost.class)).hasSize(1);
        assertThat(lastJob()).extracting(FileJob::file, FileJob::lease).containsExactly("a", 2);
    }

    @Test
    void aHeartbeatHealsALostStart() {
        begin(0, 0, 0, "a");
        join(0, W1);
        perform(state.natives().heartbeat(1, new NativeMessage.Heartbeat("one", List.of(new Running(1, "a", 1)))));
        assertThat(events(RunEvent.FileStarted.class)).hasSize(1);
        finish(2, W1, "a", 1, FileStatus.PASSED);
        assertThat(state.end()).isEqualTo(RunEnd.COMPLETED);
    }

    @Test
    void aResultLostWithABrokerIsNotBlamedOnTheFile() {
        begin(0, 0, 0, "a");
        join(0, W1);
        start(1, W1, "a", 1);
        perform(state.disconnected(2, "gone"));
        perform(state.reconnected(10, false));
        assertThat(published).hasSize(1); // a running file keeps its lease
        perform(state.natives().heartbeat(11, new NativeMessage.Heartbeat("one", List.of())));
        assertThat(lastJob().lease()).isEqualTo(2);
        assertThat(file("a").attempts()).isEmpty();
    }

    /** Its next attempt may come as late as the broker was away, for the pauses between attempts double. */
    @Test
    void aListenerThatComesBackLaterThanTheRunIsNotLost() {
        begin(0, 0, 0, "a");
        join(0, W1);
        start(1, W1, "a", 1);
        perform(state.disconnected(2, "gone"));
        perform(state.reconnected(32, false));
        perform(state.tick(82));
        assertThat(events(RunEvent.LeaseLost.class)).isEmpty();
        perform(state.tick(89));
        assertThat(events(RunEvent.LeaseLost.class)).hasSize(1);
    }

    @Test
    void nobodyIsSilentWhileTheOriginatorItselfStandsStill() {
        begin(0, 0, 0, "a");
        join(0, W1);
        start(1, W1, "a", 1);
        state.stoodStill(300, 299);
        perform(state.tick(300));
        perform(state.tick(319));
        assertThat(events(RunEvent.LeaseLost.class)).isEmpty();
        perform(state.tick(321));
        assertThat(events(RunEvent.LeaseLost.class)).hasSize(1);
    }

    @Test
    void aConnectionThatWasLostIsWaitedForAsLongAsTheOriginatorIsAwake() {
        begin(0, 0, 0, "a");
        join(0, W1);
        perform(state.disconnected(2, "gone"));
        state.stoodStill(900, 890);
        perform(state.tick(900));
        assertThat(state.end()).isEqualTo(RunEnd.RUNNING);
    }

    @Test
    void queuedFilesArePublishedAgainUnderNewLeasesAfterALossOfTheConnection() {
        begin(0, 0, 0, "a", "b");
        join(0, W1);
        start(1, W1, "a", 1);
        perform(state.disconnected(2, "gone"));
        perform(state.tick(300)); // nobody can be heard: nobody is silent
        assertThat(events(RunEvent.LeaseLost.class)).isEmpty();
        perform(state.reconnected(301, false));
        assertThat(others).containsExactly(new Effect.PurgeFiles());
        assertThat(lastJob()).extracting(FileJob::file, FileJob::lease).containsExactly("b", 2);
        perform(state.tick(302));
        assertThat(events(RunEvent.LeaseLost.class)).isEmpty();
        finish(303, W1, "a", 1, FileStatus.PASSED);
        assertThat(file("a").isPassed()).isTrue();
    }

    @Test
    void aFileThatPassesAfterItsListenerWasLostIsNeitherCrashedNorFlaky() {
        begin(0, 0, 0, "a");
        join(0, W1);
        start(1, W1, "a", 1);
        join(15, W2);
        perform(state.tick(22)); // W1 has been silent for 20 s
        assertThat(file("a").attempts())
                .extracting(attempt -> attempt.result().status())
                .containsExactly(FileStatus.LOST);
        assertThat(file("a").isFinished()).isFalse();
        start(23, W2, "a", 2);
        finish(24, W2, "a", 2, FileStatus.PASSED);
        assertThat(file("a").isPassed()).isTrue();
        assertThat(file("a").isFlaky()).isFalse();
        assertThat(file("a").seconds()).isEqualTo(1);
        assertThat(state.end()).isEqualTo(RunEnd.COMPLETED);
    }

    @Test
    void aFileThatIsLostWithTwoListenersIsRed() {
        begin(0, 0, 0, "a");
        join(0, W1);
        start(1, W1, "a", 1);
        join(15, W2);
        perform(state.tick(22));
        start(23, W2, "a", 2);
        perform(state.tick(44));
        assertThat(state.end()).isEqualTo(RunEnd.COMPLETED);
        assertThat(file("a").isFailed()).isTrue();
        assertThat(file("a").last().result().status()).isEqualTo(FileStatus.CRASHED);
        assertThat(file("a").last().result().message()).contains("host1/one#1: lost", "host2/two#1: lost");
        assertThat(state.leases().bad()).isEqualTo(1);
    }

    @Test
    void whatRunsIsToldWhileTheRunGoesOn() {
        begin(0, 0, 0, "a", "b");
        join(0, W1);
        start(1, W1, "a", 1);
        assertThat(file("a").running()).isEqualTo(new FileReport.Running(W1, 1, 1));
        assertThat(file("a").isFinished()).isFalse();
        assertThat(file("b").running()).isNull();
        perform(state.cancel(3, "enough"));
        assertThat(file("a").running()).isNull();
        assertThat(file("a").last().result().status()).isEqualTo(FileStatus.CANCELLED);
    }

    @Test
    void aFileThatTookDownTwoWorkersIsFinalAndTellsOfBoth() {
        begin(0, 3, 10, "a", "b");
        join(0, W1);
        join(0, W2);
        start(1, W1, "a", 1);
        finish(2, W1, "a", 1, FileStatus.CRASHED);
        assertThat(lastJob()).isEqualTo(new FileJob("a", 2, 10, 0, List.of(W1), true));
        start(3, W2, "a", 2);
        finish(4, W2, "a", 2, FileStatus.CRASHED);
        assertThat(published).hasSize(3);
        assertThat(file("a").last().result().status()).isEqualTo(FileStatus.CRASHED);
        assertThat(file("a").last().result().message()).contains("host1/one#1", "host2/two#1", "signal KILL", "output");
        assertThat(file("a").attempts()).hasSize(2);
        assertThat(events(RunEvent.FileFinished.class))
                .extracting(RunEvent.FileFinished::isFinal)
                .containsExactly(false, true);
    }

    @Test
    void losingAListenerWhileAFileRunsCountsAsOneCrash() {
        begin(0, 0, 0, "a");
        join(0, W1);
        start(1, W1, "a", 1);
        perform(state.tick(22));
        assertThat(file("a").attempts()).hasSize(1);
        join(22, W2);
        start(23, W2, "a", 2);
        finish(24, W2, "a", 2, FileStatus.PASSED);
        assertThat(file("a").isPassed()).isTrue();
        assertThat(state.listenerReports().get(0).problem()).contains("nothing was heard of it for 20 s");
    }

    @Test
    void aListenerThatIsShutDownGivesItsFilesBackWithoutBlame() {
        begin(0, 0, 0, "a");
        join(0, W1);
        start(1, W1, "a", 1);
        perform(state.natives().left(2, new NativeMessage.Left("one", Reason.SHUTDOWN, "", "")));
        assertThat(lastJob().lease()).isEqualTo(2);
        assertThat(file("a").attempts()).isEmpty();
        start(3, W1, "a", 2);
        assertThat(lastJob().lease())
                .as("a listener that has left cannot take files")
                .isEqualTo(3);
    }

    @Test
    void aFailedFileIsRetriedOnAnotherWorkerAndIsFlakyWhenItPassesThere() {
        begin(0, 1, 5, "a");
        join(0, W1);
        join(0, W2);
        start(1, W1, "a", 1);
        finish(2, W1, "a", 1, FileStatus.FAILED);
        assertThat(lastJob()).isEqualTo(new FileJob("a", 2, 10, 0, List.of(W1), true));
        start(3, W2, "a", 2);
        finish(4, W2, "a", 2, FileStatus.PASSED);
        assertThat(file("a").isFlaky()).isTrue();
    }

    @Test
    void casesThatAreToldBeforeTheEndAreTheResultsFirst() {
        begin(0, 0, 0, "a");
        join(0, W1);
        start(1, W1, "a", 1);
        tell(W1, 0, "one", "two");
        tell(W1, 0, "one", "two"); // sent again after a loss of the connection
        tell(W1, 1, "two", "three");
        tell(W2, 3, "four"); // by somebody who does not have the file
        perform(state.finish(2, W1, 1, result("a", FileStatus.PASSED).withCases(cases("last")), 3));
        assertThat(file("a").last().result().cases())
                .extracting(TestCase::name)
                .containsExactly("one", "two", "three", "last");
        assertThat(state.end()).isEqualTo(RunEnd.COMPLETED);
    }

    @Test
    void aFileOfWhoseResultAPartIsLostIsRunAgain() {
        begin(0, 0, 0, "a");
        join(0, W1);
        start(1, W1, "a", 1);
        tell(W1, 0, "one");
        tell(W1, 2, "three");
        perform(state.finish(2, W1, 1, result("a", FileStatus.PASSED).withCases(cases("last")), 3));
        assertThat(state.hasEnded()).isFalse();
        assertThat(lastJob()).extracting(FileJob::file, FileJob::lease).containsExactly("a", 2);
        start(3, W1, "a", 2);
        perform(state.finish(4, W1, 2, result("a", FileStatus.PASSED).withCases(cases("one")), 0));
        assertThat(file("a").attempts()).hasSize(1);
        assertThat(file("a").isFlaky()).isFalse();
        assertThat(file("a").last().result().cases()).hasSize(1);
    }

    @Test
    void casesOfAWorkerThatLostItsFileAreNotAnothers() {
        begin(0, 0, 0, "a");
        join(0, W1);
        join(0, W2);
        start(1, W1, "a", 1);
        tell(W1, 0, "one");
        start(2, W2, "a", 1); // delivered again
        perform(state.finish(3, W2, 1, result("a", FileStatus.PASSED).withCases(cases("last")), 0));
        assertThat(file("a").last().result().cases()).extracting(TestCase::name).containsExactly("last");
    }

    private void tell(WorkerId worker, int from, String... names) {
        perform(state.natives().cases(1, new NativeMessage.Cases(worker, "a", 1, from, cases(names))));
    }

    private static List<TestCase> cases(String... names) {
        return Stream.of(names)
                .map(name -> new TestCase(name, "A", 0, CaseStatus.PASSED, null, "", 0))
                .toList();
    }

    @Test
    void aRetryWithoutTestsPassesNothingThatFailedBefore() {
        begin(0, 1, 5, "a");
        join(0, W1);
        start(1, W1, "a", 1);
        TestCase bad = new TestCase("bad", "A", 1, CaseStatus.FAILED, null, "", 0);
        perform(state.finish(2, W1, 1, result("a", FileStatus.FAILED).withCases(List.of(bad)), 0));
        start(3, W1, "a", 2);
        finish(4, W1, "a", 2, FileStatus.PASSED);
        assertThat(file("a").isFailed()).isTrue();
        assertThat(file("a").last().result().message()).contains("had no tests when it was run again");
    }

    @Test
    void nobodyIsAvoidedWhereThereIsNobodyElse() {
        begin(0, 1, 5, "a");
        join(0, W1);
        start(1, W1, "a", 1);
        finish(2, W1, "a", 1, FileStatus.FAILED);
        assertThat(lastJob().avoid()).isEmpty();
    }

    @Test
    void retriesStopAtTheFilesLimitAndAtTheRunsBudget() {
        begin(0, 5, 2, "a", "b");
        join(0, W1);
        for (int lease = 1; lease <= 3; lease++) {
            start(lease, W1, "a", lease);
            finish(lease, W1, "a", lease, FileStatus.TIMED_OUT);
        }
        assertThat(file("a").attempts()).hasSize(3);
        start(5, W1, "b", 1);
        finish(5, W1, "b", 1, FileStatus.FAILED);
        assertThat(state.end()).isEqualTo(RunEnd.COMPLETED);
        assertThat(file("b").attempts()).hasSize(1);
    }

    @Test
    void failFastEndsTheRunAndReportsWhatDidNotFinish() {
        begin(2, 0, 0, "a", "b", "c", "d");
        join(0, W1);
        join(0, W2);
        start(1, W2, "c", 1);
        for (String name : List.of("a", "b")) {
            start(1, W1, name, 1);
            finish(2, W1, name, 1, FileStatus.FAILED);
        }
        assertThat(state.end()).isEqualTo(RunEnd.FAILED_FAST);
        assertThat(file("c").isFinished()).isFalse();
        assertThat(file("c").last().result().status()).isEqualTo(FileStatus.CANCELLED);
        assertThat(file("d").attempts()).isEmpty();
        finish(3, W2, "c", 1, FileStatus.PASSED);
        assertThat(file("c").isFinished())
                .as("a result after the end does not count")
                .isFalse();
    }

    @Test
    void theRunsTimeoutEndsIt() {
        begin(0, 0, 0, "a");
        join(0, W1);
        for (double now = 0; now <= 1010; now += 10) {
            perform(state.natives().heartbeat(now, new NativeMessage.Heartbeat("one", List.of())));
            perform(state.tick(now));
        }
        assertThat(state.end()).isEqualTo(RunEnd.ERROR);
        assertThat(state.problem()).contains("timeout of 1000 s", "0 of 1 files");
    }

    @Test
    void aFileThatRunsFarBeyondItsTimeoutIsTakenAwayWhateverTheListenerSays() {
        begin(0, 0, 0, "a");
        join(0, W1);
        start(0, W1, "a", 1);
        for (double now = 0; now <= 21; now += 3) {
            perform(state.natives()
                    .heartbeat(now, new NativeMessage.Heartbeat("one", List.of(new Running(1, "a", 1)))));
            perform(state.tick(now));
        }
        assertThat(lastJob().lease()).isEqualTo(2);
    }

    @Test
    void w6NoListenerIsAnErrorThatNamesTheBrokerAndTheWayOut() {
        begin(0, 0, 0, "a");
        perform(state.tick(59));
        assertThat(state.hasEnded()).isFalse();
        assertThat(events(RunEvent.WaitingForListeners.class)).isNotEmpty();
        perform(state.tick(61));
        assertThat(state.end()).isEqualTo(RunEnd.ERROR);
        assertThat(state.problem()).contains("60 s", "broker B, cluster C", "distributed-test listen");
    }

    @Test
    void w6WhenEveryListenerHasRefusedTheRunEndsSoonAndSaysWhyEachDid() {
        begin(0, 0, 0, "a");
        join(0, W1);
        perform(state.natives()
                .left(1, new NativeMessage.Left("one", Reason.CALLBACK_FAILED, "after_sync failed: boom", "out")));
        perform(state.natives().preparing(1, new NativeMessage.Preparing("two", "host2", "i", "1", 1)));
        perform(state.natives().left(2, new NativeMessage.Left("two", Reason.SYNC_FAILED, "no space", "")));
        perform(state.tick(6));
        assertThat(state.hasEnded()).isFalse();
        perform(state.tick(8));
        assertThat(state.end()).isEqualTo(RunEnd.ERROR);
        assertThat(state.problem()).contains("host1/one: after_sync failed: boom", "host2/two: no space");
    }

    @Test
    void aListenerThatWasShutDownMayBeFollowedByAnother() {
        begin(0, 0, 0, "a");
        join(0, W1);
        perform(state.natives().left(1, new NativeMessage.Left("one", Reason.SHUTDOWN, "", "")));
        perform(state.tick(50));
        assertThat(state.hasEnded()).isFalse();
        join(55, W2);
        perform(state.natives().heartbeat(62, new NativeMessage.Heartbeat("two", List.of())));
        perform(state.tick(63));
        assertThat(state.hasEnded()).isFalse();
    }

    @Test
    void aListenerWhoseTreeDiffersIsToldToGoAndItsStartsAreRefused() {
        begin(0, 0, 0, "a");
        join(0, W2);
        perform(state.natives().preparing(1, new NativeMessage.Preparing("one", "host1", "inbox-one", "1", 1)));
        perform(state.natives().ready(1, "one", 0, false));
        assertThat(others).singleElement().isInstanceOfSatisfying(Effect.CancelListener.class, cancel -> {
            assertThat(cancel.inbox()).isEqualTo("inbox-one");
            assertThat(cancel.reason()).contains("tree differs");
        });
        start(2, W1, "a", 1);
        assertThat(events(RunEvent.FileStarted.class)).isEmpty();
        assertThat(lastJob().lease()).isEqualTo(2);
        assertThat(events(RunEvent.ListenerLeft.class))
                .singleElement()
                .extracting(RunEvent.ListenerLeft::reason)
                .isEqualTo(Reason.TREE_DIFFERS);
    }

    @Test
    void anIdleRunWithListenersFillsItsQueueAnew() {
        begin(0, 0, 0, "a");
        join(0, W1);
        for (double now = 1; now < 32; now += 5) {
            perform(state.natives().heartbeat(now, new NativeMessage.Heartbeat("one", List.of())));
            perform(state.tick(now));
        }
        assertThat(others).containsExactly(new Effect.PurgeFiles());
        assertThat(lastJob().lease()).isEqualTo(2);
    }

    @Test
    void cancellingEndsTheRunOnce() {
        begin(0, 0, 0, "a");
        perform(state.cancel(1, "Ctrl-C"));
        perform(state.cancel(2, "again"));
        assertThat(others).containsExactly(new Effect.End(RunEnd.CANCELLED, "Ctrl-C"));
    }

    @Test
    void aBrokerThatCannotBeReachedIsAnErrorThatNamesIt() {
        state = new RunState(
                new RunRules(
                        10, 5, 1000, 60, 5, 20, 30, 30, 600, 0, 0, 0, "broker B", Quarantine.NONE, FileGroups.NONE),
                List.of(new TestFile("a")),
                Map.of());
        perform(state.disconnected(1, "Broker B cannot be reached: connection refused"));
        perform(state.tick(29));
        assertThat(state.hasEnded()).isFalse();
        perform(state.tick(31));
        assertThat(state.end()).isEqualTo(RunEnd.ERROR);
        assertThat(state.problem())
                .containsOnlyOnce("Broker B")
                .contains("30 s", "connection refused", "distributed-test broker");
    }

    @Test
    void aConnectionThatStaysLostEndsTheRun() {
        begin(0, 0, 0, "a");
        perform(state.disconnected(10, "reset"));
        perform(state.tick(609));
        assertThat(state.hasEnded()).isFalse();
        perform(state.tick(611));
        assertThat(state.problem()).contains("does not come back", "reset");
    }

    // ---- Ruby listeners

    @Test
    void aRubyWorkersFinishWithoutAStartAndASecondFinishAreTolerated() {
        begin(0, 0, 0, "a", "b");
        perform(state.ruby().finish(1, "vm", "1", result("a", FileStatus.PASSED)));
        perform(state.ruby().finish(2, "vm", "1", result("a", FileStatus.PASSED)));
        assertThat(state.hasEnded()).as("it counts files, not finish messages").isFalse();
        assertThat(file("a").attempts()).hasSize(1);
        perform(state.ruby().start(3, "vm", "1", "b"));
        perform(state.ruby().finish(4, "vm", "1", result("b", FileStatus.PASSED)));
        assertThat(state.end()).isEqualTo(RunEnd.COMPLETED);
    }

    @Test
    void w6AHungOrSilentlyDeadRubyWorkerLosesItsFileAfterTheFileTimeout() {
        begin(0, 0, 0, "a");
        perform(state.ruby().start(1, "vm", "1", "a"));
        perform(state.tick(22));
        assertThat(lastJob().lease()).isEqualTo(2);
        perform(state.ruby().start(23, "vm", "2", "a"));
        perform(state.ruby().finish(24, "vm", "1", result("a", FileStatus.FAILED)));
        assertThat(state.hasEnded()).as("late, so refused").isFalse();
        perform(state.ruby().finish(25, "vm", "2", result("a", FileStatus.PASSED)));
        assertThat(file("a").isPassed()).isTrue();
    }

    @Test
    void aCrashMessageEndsTheLeaseOfTheOnlyRunningWorkerOfItsHost() {
        begin(0, 0, 0, "a");
        perform(state.ruby().start(1, "vm", "1", "a"));
        perform(state.ruby().crash(2, "vm", "killed"));
        assertThat(lastJob().lease()).isEqualTo(2);
    }

    @Test
    void aCrashMessageWaitsUntilItIsClearWhichWorkerItMeans() {
        begin(0, 0, 0, "a", "b", "c");
        perform(state.ruby().start(1, "vm", "1", "a"));
        perform(state.ruby().start(1, "vm", "2", "b"));
        perform(state.ruby().crash(2, "vm", "killed"));
        assertThat(published).hasSize(3);
        perform(state.ruby().finish(3, "vm", "2", result("b", FileStatus.PASSED)));
        assertThat(lastJob()).extracting(FileJob::file, FileJob::lease).containsExactly("a", 2);
        assertThat(file("b").isPassed()).isTrue();
    }

    @Test
    void w6ARubyListenerThatCrashesBeforeItsFirstFileEndsTheRunWithItsWords() {
        begin(0, 0, 0, "a");
        perform(state.ruby().crash(1, "vm", "before_start failed: BOOM"));
        perform(state.tick(7));
        assertThat(state.end()).isEqualTo(RunEnd.ERROR);
        assertThat(state.problem()).contains("vm: it crashed: before_start failed: BOOM");
    }

    @Test
    void w6ARubyListenerWhoseCallbackRaisesEndsTheRunWithItsWords() {
        begin(0, 0, 0, "a");
        perform(state.ruby().raised(1, "vm", "after_sync callback failed. AFTER SYNC BOOM", "a\nb"));
        perform(state.tick(7));
        assertThat(state.problem()).contains("AFTER SYNC BOOM");
    }

    @Test
    void aRubyListenerThatVanishesWithoutAWordEndsTheRunInTheEnd() {
        begin(0, 0, 0, "a", "b");
        perform(state.ruby().start(1, "vm", "1", "a"));
        perform(state.ruby().finish(2, "vm", "1", result("a", FileStatus.PASSED)));
        for (double now = 3; now < 400 && !state.hasEnded(); now += 1) {
            perform(state.tick(now));
        }
        assertThat(others).contains(new Effect.PurgeFiles());
        assertThat(state.end()).isEqualTo(RunEnd.ERROR);
        assertThat(state.problem()).contains("vm: took no file for 60 s", "1 of 2 files");
    }

    @Test
    void aResultThatCannotBeDoesNotSpoilTheReport() {
        begin(0, 0, 0, "a", "b", "c");
        join(1, W1);
        double[] told = {Double.NaN, Double.POSITIVE_INFINITY, -5};
        for (int i = 0; i < told.length; i++) {
            String path = "abc".substring(i, i + 1);
            start(2, W1, path, 1);
            TestCase test = new TestCase("case", "class", told[i], CaseStatus.PASSED, null, "", -1);
            perform(state.finish(
                    3,
                    W1,
                    1,
                    FileResult.of(new TestFile(path), FileStatus.PASSED, told[i])
                            .withCases(List.of(test))
                            .withOutput("x".repeat(9 << 20))
                            .withEnding(null, "S".repeat(100_000))
                            .by("r".repeat(100_000)),
                    0));
        }
        assertThat(state.end()).isEqualTo(RunEnd.COMPLETED);
        assertThat(state.fileReports()).allSatisfy(report -> {
            FileResult result = report.last().result();
            assertThat(result.seconds()).isBetween(0.0, 15.0);
            assertThat(result.cases().get(0).seconds()).isBetween(0.0, 15.0);
            assertThat(result.cases().get(0).line()).isZero();
            assertThat(result.output().length()).isLessThan(3 << 20);
            assertThat(result.signal().length() + result.runner().length()).isLessThan(1000);
        });
    }

    @Test
    void noGoodbyeIsAwaitedOfAListenerWhoseFileTheBrokerHasGivenToAnother() {
        begin(0, 0, 0, "a");
        join(1, W1);
        join(1, W2);
        start(2, W1, "a", 1);
        start(3, W2, "a", 1);
        finish(4, W2, "a", 1, FileStatus.PASSED);
        perform(state.natives().left(5, new NativeMessage.Left("two", Reason.DONE, "", "")));
        assertThat(state.awaitsGoodbye()).isFalse();
    }

    @Test
    void aGoodbyeIsAwaitedOfAListenerThatIsHeardAgain() {
        begin(0, 0, 0, "a");
        join(1, W1);
        join(1, W2);
        start(2, W1, "a", 1);
        start(3, W2, "a", 1);
        perform(state.natives().heartbeat(3.5, new NativeMessage.Heartbeat("one", List.of())));
        finish(4, W2, "a", 1, FileStatus.PASSED);
        perform(state.natives().left(5, new NativeMessage.Left("two", Reason.DONE, "", "")));
        assertThat(state.awaitsGoodbye()).isTrue();
    }

    @Test
    void messagesOfEverMoreListenersAreRefused() {
        begin(0, 0, 0, "a");
        for (int i = 0; i < ListenerBook.MAX_LISTENERS; i++) {
            perform(state.natives().heartbeat(1, new NativeMessage.Heartbeat("listener-" + i, List.of())));
        }
        assertThatThrownBy(() -> state.natives().heartbeat(1, new NativeMessage.Heartbeat("one more", List.of())))
                .hasMessageContaining("at most " + ListenerBook.MAX_LISTENERS);
        perform(state.natives().heartbeat(2, new NativeMessage.Heartbeat("listener-1", List.of())));
        assertThat(state.listenerReports()).hasSize(ListenerBook.MAX_LISTENERS);
    }

    @Test
    void aListenerThatIsKnownToBeGoneCostsItsFilesAtOnceAndThroughNoFaultOfTheirs() {
        begin(0, 0, 0, "a", "b");
        join(1, W1);
        join(1, W2);
        start(2, W1, "a", 1);
        start(2, W2, "b", 1);

        perform(state.gone(3, W1.listener(), "its agent is gone"));

        assertThat(lastJob().file()).isEqualTo("a");
        assertThat(lastJob().lease()).isEqualTo(2);
        assertThat(file("a").attempts()).isEmpty();
        assertThat(state.load().running()).containsExactly(Map.entry("two", 1));
        assertThat(state.load().queued()).containsOnlyKeys("a");
        assertThat(state.load().listeners()).containsExactly("two");
        perform(state.gone(3, "nobody", "never there"));
        finish(4, W2, "b", 1, FileStatus.PASSED);
        start(4, W2, "a", 2);
        finish(5, W2, "a", 2, FileStatus.PASSED);
        assertThat(state.end()).isEqualTo(RunEnd.COMPLETED);
    }

    @Test
    void nobodysAbsenceEndsARunWhileListenersAreStillToCome() {
        begin(0, 0, 0, "a");
        state.clock().expecting(true);
        perform(state.tick(500));
        assertThat(state.end()).isEqualTo(RunEnd.RUNNING);

        state.clock().expecting(false);
        perform(state.tick(530));
        assertThat(state.end()).isEqualTo(RunEnd.RUNNING);
        perform(state.tick(561));
        assertThat(state.end()).isEqualTo(RunEnd.ERROR);
        assertThat(state.problem()).startsWith("No listener has answered within 60 s");
    }

    @Test
    void listenersToComeDoNotHelpWhereEachThatCameHasRefused() {
        begin(0, 0, 0, "a");
        state.clock().expecting(true);
        join(1, W1);
        perform(state.natives().left(2, new NativeMessage.Left("one", Reason.CALLBACK_FAILED, "bundle failed", "")));
        perform(state.tick(8));
        assertThat(state.end()).isEqualTo(RunEnd.ERROR);
        assertThat(state.problem()).contains("bundle failed");
    }
}
