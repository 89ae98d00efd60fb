package io.jenkins.plugins.distributedtest.suite;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class RuntimeHistoryTest {
    private static final TestCase CASE = new TestCase("works", "A", 0.1, CaseStatus.FAILED, null, "", 0);

    @TempDir
    Path directory;

    private static List<TestFile> files(String... paths) {
        return Stream.of(paths).map(TestFile::new).toList();
    }

    private static FileReport ran(String path, Object... statusesAndSeconds) {
        TestFile file = new TestFile(path);
        List<Attempt> attempts = new ArrayList<>();
        for (int i = 0; i < statusesAndSeconds.length; i += 2) {
            FileStatus status = (FileStatus) statusesAndSeconds[i];
            FileResult result = FileResult.of(file, status, (Double) statusesAndSeconds[i + 1])
                    .withCases(status == FileStatus.FAILED ? List.of(CASE) : List.of());
            attempts.add(new Attempt(result, new WorkerId("l", "h", 1), i + 1, 0));
        }
        return new FileReport(file, attempts, 0);
    }

    private static RunReport run(FileReport... files) {
        return new RunReport("r", "p", Instant.EPOCH, 1, RunEnd.COMPLETED, "", List.of(files), List.of());
    }

    private static double seconds(RuntimeHistory history, String path) {
        return history.seconds(new TestFile(path)).orElse(-1);
    }

    @Test
    void ordersSlowestFirstAndUnknownOnesAsTheMedianBeforeEquals() {
        RuntimeHistory history = RuntimeHistory.of(Map.of("slow", 9.0, "mid", 3.0, "fast", 1.0, "elsewhere", 500.0));
        assertThat(history.order(files("fast", "new1", "mid", "new2", "slow")))
                .extracting(TestFile::path)
                .containsExactly("slow", "new1", "new2", "mid", "fast");
    }

    @Test
    void leavesTheOrderAloneWhenNothingIsKnown() {
        List<TestFile> suite = files("c", "a", "b");
        assertThat(RuntimeHistory.EMPTY.order(suite)).isEqualTo(suite);
    }

    @ParameterizedTest
    @ValueSource(longs = {11, 12, 13})
    void ordersARandomSuiteStablyAndLosesNothing(long seed) {
        Random random = new Random(seed);
        Map<String, Double> known = new java.util.HashMap<>();
        List<TestFile> suite = new ArrayList<>();
        for (int i = 0; i < 400; i++) {
            suite.add(new TestFile("f" + i));
            if (random.nextInt(3) > 0) {
                known.put("f" + i, (double) random.nextInt(20));
            }
        }
        Collections.shuffle(suite, random);
        RuntimeHistory history = RuntimeHistory.of(known);
        List<TestFile> ordered = history.order(suite);
        assertThat(ordered).containsExactlyInAnyOrderElementsOf(suite);
        List<TestFile> seen =
                ordered.stream().filter(f -> known.containsKey(f.path())).toList();
        for (int i = 1; i < seen.size(); i++) {
            double before = known.get(seen.get(i - 1).path());
            double here = known.get(seen.get(i).path());
            assertThat(before).isGreaterThanOrEqualTo(here);
            if (before == here) {
                assertThat(suite.indexOf(seen.get(i - 1))).isLessThan(suite.indexOf(seen.get(i)));
            }
        }
    }

    @Test
    void readsGorgonsFileAndWritesItSlowestFirst() throws Exception {
        Path file = Files.writeString(directory.resolve("runtime.json"), "{\"./spec/a.rb\": 1.5, \"spec/b.rb\": 20}");
        RuntimeHistory history = RuntimeHistory.read(file);
        assertThat(seconds(history, "spec/a.rb")).isEqualTo(1.5);
        history.write(file);
        assertThat(Files.readString(file)).isEqualTo("{\n  \"spec/b.rb\" : 20.0,\n  \"spec/a.rb\" : 1.5\n}\n");
        assertThat(RuntimeHistory.read(file)).isEqualTo(history);
        try (Stream<Path> all = Files.list(directory)) {
            assertThat(all).containsExactly(file);
        }
    }

    @Test
    void knowsNothingWhenThereIsNoFile() throws Exception {
        assertThat(RuntimeHistory.read(directory.resolve("none.json"))).isEqualTo(RuntimeHistory.EMPTY);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {"", "{", "[]", "{\"a\": \"1\"}", "{\"a\": -1}", "{\"a\": 1e999}", "{\"a\": null}", "\u0000"})
    void namesAMalformedFile(String content) throws Exception {
        Path file = Files.writeString(directory.resolve("runtime.json"), content);
        assertThatThrownBy(() -> RuntimeHistory.read(file))
                .isInstanceOf(SuiteException.class)
                .hasMessageContaining(file.toString())
                .hasMessageContaining("delete the file");
    }

    @Test
    void smoothsKnownTimesAndTakesNewOnesAsMeasured() {
        RuntimeHistory history = RuntimeHistory.of(Map.of("known", 10.0));
        RuntimeHistory next = history.updated(
                run(ran("known", FileStatus.PASSED, 20.0), ran("new", FileStatus.FAILED, 3.0)), file -> true);
        assertThat(seconds(next, "known")).isCloseTo(15, within(1e-9));
        assertThat(seconds(next, "new")).isEqualTo(3);
    }

    @Test
    void neverRecordsAttemptsThatSayNothing() {
        RuntimeHistory history = RuntimeHistory.of(Map.of("crashed", 5.0, "cancelled", 6.0, "timeout", 7.0));
        RuntimeHistory next = history.updated(
                run(
                        ran("crashed", FileStatus.CRASHED, 0.1),
                        ran("cancelled", FileStatus.PASSED, 8.0, FileStatus.CANCELLED, 0.1),
                        ran("timeout", FileStatus.TIMED_OUT, 3.0),
                        ran("longer", FileStatus.TIMED_OUT, 30.0),
                        ran("newCrash", FileStatus.CRASHED, 1.0),
                        ran("neverRan")),
                file -> true);
        assertThat(seconds(next, "crashed")).isEqualTo(5);
        assertThat(seconds(next, "cancelled")).isEqualTo(7);
        assertThat(seconds(next, "timeout")).isEqualTo(7);
        assertThat(seconds(next, "longer")).isEqualTo(30);
        assertThat(seconds(next, "newCrash")).isEqualTo(-1);
        assertThat(seconds(next, "neverRan")).isEqualTo(-1);
    }

    /** The case: a long file that never comes to a good end must not come last again. */
    @Test
    void recordsAtLeastAsLongOfFilesThatNeverCameToAnEnd() {
        RunReport run = run(
                ran("t/a", FileStatus.PASSED, 1.0),
                ran("t/b", FileStatus.PASSED, 2.0),
                ran("t/c", FileStatus.PASSED, 3.0),
                ran("t/crashed", FileStatus.CRASHED, 40.0, FileStatus.CRASHED, 50.0),
                ran("t/lost", FileStatus.LOST, 30.0),
                ran("t/cancelled", FileStatus.CANCELLED, 20.0),
                ran("t/broken", FileStatus.CRASHED, 0.1),
                ran("t/recorded", FileStatus.LOST, 60.0),
                ran("t/flaky", FileStatus.TIMED_OUT, 90.0, FileStatus.PASSED, 4.0));

        RuntimeHistory next = RuntimeHistory.of(Map.of("t/recorded", 10.0)).updated(run, file -> true);

        assertThat(seconds(next, "t/crashed")).isEqualTo(50);
        assertThat(seconds(next, "t/lost")).isEqualTo(30);
        assertThat(seconds(next, "t/cancelled")).isEqualTo(20);
        assertThat(seconds(next, "t/recorded")).isEqualTo(60);
        assertThat(seconds(next, "t/flaky")).isEqualTo(4);
        // That it fell at once says nothing of how long it would take: its neighbours do.
        assertThat(seconds(next, "t/broken")).isEqualTo(-1);
        assertThat(next.order(files("t/a", "t/b", "t/c", "t/broken", "t/crashed", "t/lost")))
                .extracting(TestFile::path)
                .containsExactly("t/crashed", "t/lost", "t/broken", "t/c", "t/b", "t/a");
    }

    @Test
    void judgesNewFilesByTheirNeighboursAndTheirSize() {
        Map<String, Double> known = new java.util.HashMap<>();
        for (int i = 0; i < 3; i++) {
            known.put("fast/a" + i + ".rb", 1.0);
            known.put("slow/a" + i + ".rb", 20.0);
            known.put("slow/a" + i + ".py", 5.0);
        }
        RuntimeHistory history = RuntimeHistory.of(known);
        List<TestFile> suite = new ArrayList<>(files(
                "fast/new.rb",
                "slow/new.rb",
                "slow/new.py",
                "slow/large.rb",
                "slow/huge.rb",
                "slow/small.rb",
                "slow/deep/er/new.rb",
                "other/new.rb",
                "other/new.sh"));
        known.keySet().forEach(path -> suite.add(new TestFile(path)));
        Map<String, Long> sizes = Map.of("slow/large.rb", 2_000L, "slow/huge.rb", 1_000_000L, "slow/small.rb", 10L);
        RuntimeEstimate estimate = history.estimate(suite, file -> sizes.getOrDefault(file.path(), 1_000L));

        assertThat(estimate.seconds(new TestFile("fast/new.rb"))).isEqualTo(1);
        assertThat(estimate.seconds(new TestFile("slow/new.rb"))).isEqualTo(20);
        assertThat(estimate.seconds(new TestFile("slow/new.py"))).isEqualTo(5);
        assertThat(estimate.seconds(new TestFile("slow/large.rb"))).isEqualTo(40);
        assertThat(estimate.seconds(new TestFile("slow/huge.rb"))).isEqualTo(80);
        assertThat(estimate.seconds(new TestFile("slow/small.rb"))).isEqualTo(5);
        assertThat(estimate.seconds(new TestFile("slow/deep/er/new.rb"))).isEqualTo(20);
        assertThat(estimate.seconds(new TestFile("other/new.rb"))).isEqualTo(10.5);
        assertThat(estimate.seconds(new TestFile("other/new.sh"))).isEqualTo(5);
        assertThat(estimate.isRecorded(new TestFile("slow/new.rb"))).isFalse();
        assertThat(RuntimeHistory.EMPTY.estimate(suite, FileSizes.UNKNOWN).seconds(new TestFile("slow/new.rb")))
                .isZero();
        // Where no size is known, neighbours alone.
        assertThat(history.estimate(suite, FileSizes.UNKNOWN).seconds(new TestFile("slow/huge.rb")))
                .isEqualTo(20);
    }

    /** The wall time of a suite with a long new file among long neighbours is nearer the bound than by the median. */
    @Test
    void aNewFileAmongLongOnesComesEarly() {
        Map<String, Double> known = new java.util.HashMap<>();
        for (int i = 0; i < 40; i++) {
            known.put("unit/t" + i, 0.1);
        }
        for (int i = 0; i < 4; i++) {
            known.put("system/t" + i, 10.0);
        }
        List<TestFile> suite =
                new ArrayList<>(known.keySet().stream().map(TestFile::new).toList());
        suite.add(new TestFile("system/new"));
        assertThat(RuntimeHistory.of(known).order(suite).get(0)).isEqualTo(new TestFile("system/new"));
    }

    @Test
    void keepsOtherFilesAsLongAsTheyExist() throws Exception {
        Files.writeString(directory.resolve("kept"), "");
        RuntimeHistory next = RuntimeHistory.of(Map.of("kept", 1.0, "gone", 2.0, "../odd", 3.0))
                .updated(run(ran("ran", FileStatus.PASSED, 1.0)), directory);
        assertThat(next.size()).isEqualTo(2);
        assertThat(seconds(next, "kept")).isEqualTo(1);
    }

    @Test
    void writesThroughALinkAndMakesDirectories() throws Exception {
        Path real = directory.resolve("deep/er/runtime.json");
        RuntimeHistory.EMPTY.write(real);
        Path link = Files.createSymbolicLink(directory.resolve("link.json"), real);
        RuntimeHistory.of(Map.of("a", 1.0)).write(link);
        assertThat(Files.isSymbolicLink(link)).isTrue();
        assertThat(Files.readString(real)).contains("\"a\" : 1.0");
    }

    @Test
    void failedFilesHoldFailedAndUnfinishedOnesAndAreReadAgain() throws Exception {
        RunReport report = run(
                ran("unfinished"),
                ran("good", FileStatus.PASSED, 1.0),
                ran("bad", FileStatus.FAILED, 1.0),
                ran("stopped", FileStatus.CANCELLED, 1.0),
                ran("flaky", FileStatus.FAILED, 1.0, FileStatus.PASSED, 1.0));
        assertThat(FailedFiles.of(report)).containsExactlyElementsOf(files("bad", "unfinished", "stopped"));
        Path file = directory.resolve("failed.json");
        FailedFiles.write(file, FailedFiles.of(report));
        assertThat(FailedFiles.read(file)).containsExactlyElementsOf(files("bad", "unfinished", "stopped"));
        Files.writeString(file, "[\"./spec/a.rb\",\"spec/a.rb\"]");
        assertThat(FailedFiles.read(file)).containsExactlyElementsOf(files("spec/a.rb"));
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "{}", "[1]", "[\"../x\"]", "[\"a\""})
    void namesAMalformedOrMissingFileOfFailures(String content) throws Exception {
        Path file = directory.resolve("failed.json");
        assertThatThrownBy(() -> FailedFiles.read(file))
                .isInstanceOf(SuiteException.class)
                .hasMessageContaining(file.toString());
        Files.writeString(file, content);
        assertThatThrownBy(() -> FailedFiles.read(file))
                .isInstanceOf(SuiteException.class)
                .hasMessageContaining(file.toString());
    }
}
