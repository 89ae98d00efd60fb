package io.jenkins.plugins.distributedtest.jenkins.job;

import static org.assertj.core.api.Assertions.assertThat;

import io.jenkins.plugins.distributedtest.report.SampleRuns;
import io.jenkins.plugins.distributedtest.suite.Attempt;
import io.jenkins.plugins.distributedtest.suite.Collected;
import io.jenkins.plugins.distributedtest.suite.FileReport;
import io.jenkins.plugins.distributedtest.suite.FileStatus;
import io.jenkins.plugins.distributedtest.suite.Quarantine;
import io.jenkins.plugins.distributedtest.suite.RunEnd;
import io.jenkins.plugins.distributedtest.suite.RunReport;
import io.jenkins.plugins.distributedtest.suite.TestCase;
import io.jenkins.plugins.distributedtest.suite.WorkerId;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

class JobTrendTest {
    private static final TestName ADDS = new TestName("", "a.rb", "Sample", "adds");

    private JobTrend trend = JobTrend.EMPTY;
    private final Map<String, RunReport> reports = new HashMap<>();
    private int builds;

    private static Attempt failed(String path, WorkerId on, String... names) {
        List<TestCase> cases = List.of(names).stream()
                .map(name -> SampleRuns.failed(name, "no " + name))
                .toList();
        return SampleRuns.attempt(SampleRuns.result(path, FileStatus.FAILED, 2, cases), on, 1);
    }

    private static Attempt passed(String path, WorkerId on, String... names) {
        List<TestCase> cases = List.of(names).stream().map(SampleRuns::passed).toList();
        return SampleRuns.attempt(SampleRuns.result(path, FileStatus.PASSED, 3, cases), on, 1);
    }

    private static Attempt of(String path, FileStatus status) {
        return SampleRuns.attempt(SampleRuns.result(path, status, 3, List.of()), SampleRuns.WORKER, 1);
    }

    private void build(String title, String sources, Attempt... attempts) {
        Map<String, List<Attempt>> byFile = new HashMap<>();
        for (Attempt attempt : attempts) {
            byFile.computeIfAbsent(attempt.result().file().path(), each -> new ArrayList<>())
                    .add(attempt);
        }
        build(
                title,
                sources,
                byFile.values().stream()
                        .map(all -> SampleRuns.file(all.toArray(Attempt[]::new)))
                        .toList());
    }

    private void build(String title, String sources, List<FileReport> files) {
        builds++;
        RunReport report = new RunReport(
                "run-" + builds,
                "shop",
                SampleRuns.START,
                20,
                RunEnd.COMPLETED,
                "",
                files,
                List.of(SampleRuns.listener(SampleRuns.WORKER, 2, 0.5)));
        RunPoint run = RunPoint.of(builds, title, new Tested(sources, sources), report);
        reports.put(run.runId(), report);
        trend = trend.after(run, report, this::passedIn, Set.of());
    }

    /** As the controller does it: from the reports of builds that are still there. */
    private Set<TestName> passedIn(RunPoint run, Set<TestName> tests) {
        RunReport report = reports.get(run.runId());
        Set<TestName> passed = new java.util.HashSet<>();
        if (report != null) {
            RunFacts.of(run.title(), report, tests::contains).seen().forEach((test, shown) -> {
                if (shown.stream().anyMatch(each -> !each.bad())) {
                    passed.add(test);
                }
            });
        }
        return passed;
    }

    private TestTrack track(TestName test) {
        return trend.tests().stream()
                .filter(each -> each.test().equals(test))
                .findFirst()
                .orElseThrow();
    }

    @Test
    void aTestThatPassesInARetryIsFlaky() {
        build("", "", passed("b.rb", SampleRuns.OTHER, "b"));
        build("", "", failed("a.rb", SampleRuns.WORKER, "adds"), passed("a.rb", SampleRuns.OTHER, "adds"));
        assertThat(trend.flaky()).singleElement().satisfies(test -> {
            assertThat(test.test()).isEqualTo(ADDS);
            assertThat(test.flaky()).isEqualTo(1);
            assertThat(test.firstFlaky()).isEqualTo(2);
            assertThat(test.message()).isEqualTo("no adds");
            assertThat(test.hosts()).containsEntry("ci-1", new TestTrack.HostCount(1, 0));
        });
    }

    @Test
    void aTestThatFailsAndPassesInBuildsOfOneCommitIsFlaky() {
        build("", "c1", failed("a.rb", SampleRuns.WORKER, "adds"));
        assertThat(trend.flaky()).isEmpty();
        build("", "c1", passed("a.rb", SampleRuns.WORKER, "adds"));
        assertThat(trend.flaky())
                .singleElement()
                .satisfies(test -> assertThat(test.flaky()).isEqualTo(1));
        build("", "c1", passed("a.rb", SampleRuns.WORKER, "adds"));
        assertThat(track(ADDS).flaky()).as("told once").isEqualTo(1);
        assertThat(track(ADDS).passedInRow()).isEqualTo(2);
    }

    @Test
    void soIsOneThatPassedFirst() {
        build("", "c1", passed("a.rb", SampleRuns.WORKER, "adds"));
        build("", "c1", failed("a.rb", SampleRuns.WORKER, "adds"));
        assertThat(trend.flaky())
                .singleElement()
                .satisfies(test -> assertThat(test.firstFlaky()).isEqualTo(2));
    }

    @Test
    void aTestThatIsMendedIsNot() {
        build("", "c1", failed("a.rb", SampleRuns.WORKER, "adds"));
        build("", "c2", passed("a.rb", SampleRuns.WORKER, "adds"));
        build("", "", failed("a.rb", SampleRuns.WORKER, "adds"));
        build("", "", passed("a.rb", SampleRuns.WORKER, "adds"));
        assertThat(trend.flaky()).as("nor where no revision is known").isEmpty();
        assertThat(track(ADDS).failedRuns()).isEqualTo(2);
    }

    @Test
    void anotherStageIsAnotherEnvironment() {
        build("jdk17", "c1", failed("a.rb", SampleRuns.WORKER, "adds"));
        build("jdk21", "c1", passed("a.rb", SampleRuns.WORKER, "adds"));
        assertThat(trend.flaky()).isEmpty();
    }

    @Test
    void aFileThatCrashedAndPassedIsFlakyAsAWholeButALostOneIsNot() {
        build("", "", of("a.rb", FileStatus.CRASHED), passed("a.rb", SampleRuns.WORKER, "adds"));
        build("", "", of("b.rb", FileStatus.LOST), passed("b.rb", SampleRuns.WORKER, "adds"));
        assertThat(trend.flaky()).singleElement().satisfies(test -> {
            assertThat(test.test()).isEqualTo(TestName.whole("", "a.rb"));
            assertThat(test.message()).isEqualTo("crashed");
        });
    }

    @Test
    void aHostThatFailsAloneIsNamed() {
        for (int i = 0; i < 2; i++) {
            build("", "", failed("a.rb", SampleRuns.WORKER, "adds"), passed("a.rb", SampleRuns.OTHER, "adds"));
        }
        assertThat(track(ADDS).loneHost()).isEqualTo("ci-1");
        build("", "", failed("a.rb", SampleRuns.OTHER, "adds"), passed("a.rb", SampleRuns.WORKER, "adds"));
        assertThat(track(ADDS).loneHost()).isEmpty();
    }

    @Test
    void aTestInQuarantineIsFollowedAndProposedForReleaseWhenItHasPassedOftenEnough() {
        Quarantine quarantine =
                new Quarantine(List.of(new Quarantine.Entry("a.rb", "", "adds"), new Quarantine.Entry("b.rb", "", "")));
        for (int i = 1; i <= TestTrack.RELEASE_AFTER; i++) {
            RunReport report = new RunReport(
                    "run-" + i,
                    "shop",
                    SampleRuns.START,
                    1,
                    RunEnd.COMPLETED,
                    "",
                    List.of(
                            SampleRuns.file(passed("a.rb", SampleRuns.WORKER, "adds", "subtracts")),
                            SampleRuns.file(
                                    i == 3
                                            ? failed("b.rb", SampleRuns.WORKER, "x")
                                            : passed("b.rb", SampleRuns.WORKER, "x"))),
                    List.of(),
                    false,
                    Collected.NOTHING,
                    quarantine);
            Set<TestName> watched = JobTrends.quarantined("", report);
            assertThat(watched).containsExactlyInAnyOrder(ADDS, TestName.whole("", "b.rb"));
            trend = trend.after(RunPoint.of(i, "", Tested.UNKNOWN, report), report, this::passedIn, watched);
            assertThat(track(ADDS).isProposedForRelease()).isEqualTo(i == TestTrack.RELEASE_AFTER);
        }
        assertThat(trend.tests())
                .filteredOn(test -> test.test().file().equals("b.rb"))
                .noneMatch(TestTrack::isProposedForRelease);
    }

    @Test
    void slowFilesHaveATrend() {
        for (int seconds : new int[] {10, 10, 10, 10, 10, 20, 20, 20, 20, 20}) {
            build(
                    "",
                    "",
                    SampleRuns.attempt(
                            SampleRuns.result("slow.rb", FileStatus.PASSED, seconds, List.of()), SampleRuns.WORKER, 0),
                    SampleRuns.attempt(
                            SampleRuns.result("fast.rb", FileStatus.PASSED, 1, List.of()), SampleRuns.WORKER, 0));
        }
        assertThat(trend.files()).extracting(FileTrack::file).containsExactly("slow.rb", "fast.rb");
        FileTrack slow = trend.files().get(0);
        assertThat(slow.typicalSeconds()).isEqualTo(20);
        assertThat(slow.trendWords()).isEqualTo("100\u00a0% slower");
        assertThat(slow.isSlower()).isTrue();
        assertThat(trend.files().get(1).trendWords()).isEmpty();
    }

    @Test
    void whatIsKeptIsBounded() {
        for (int run = 0; run < JobTrend.MOST_RUNS + 50; run++) {
            int from = run * 20;
            build(
                    "",
                    "c" + run,
                    IntStream.range(from, from + 20)
                            .mapToObj(i -> SampleRuns.file(failed("f" + i + ".rb", SampleRuns.WORKER, "adds")))
                            .toList());
        }
        assertThat(trend.runs()).hasSize(JobTrend.MOST_RUNS);
        assertThat(trend.runs().get(0).build()).isEqualTo(51);
        assertThat(trend.tests()).hasSize(JobTrend.MOST_TESTS);
        assertThat(trend.files()).hasSize(JobTrend.MOST_FILES);
    }

    @Test
    void aRunSaysWhatOtherNumbersOfSlotsWouldHaveMeant() {
        build(
                "",
                "",
                IntStream.range(0, 8)
                        .mapToObj(i -> SampleRuns.file(passed("f" + i + ".rb", SampleRuns.WORKER, "adds")))
                        .toList());
        assertThat(trend.runs().get(0).estimates())
                .containsExactly(
                        new RunPoint.Estimate(1, 24),
                        new RunPoint.Estimate(2, 12),
                        new RunPoint.Estimate(4, 6),
                        new RunPoint.Estimate(8, 3));
    }
}
