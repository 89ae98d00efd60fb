package io.jenkins.plugins.distributedtest.suite;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class QuarantineTest {
    @TempDir
    private Path directory;

    private Quarantine read(String text) throws Exception {
        Path file = directory.resolve("flaky.txt");
        Files.writeString(file, text);
        return Quarantine.read(file);
    }

    private static TestCase bad(String className, String name) {
        return new TestCase(name, className, 1, CaseStatus.FAILED, new Failure("no", "", ""), "", 0);
    }

    private static FileResult result(FileStatus status, TestCase... cases) {
        return FileResult.of(new TestFile("t/a.py"), status, 1).withCases(List.of(cases));
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "t/a.py :: test_x",
                "./t/a.py::test_x",
                "t/a.py::TestX::test_x",
                "t/a.py :: t.a.TestX test_x",
                "t/a.py :: t.a.TestX.test_x",
                "t/a.py :: t.a.TestX#test_x",
                "t/a.py"
            })
    void aTestIsNamedAsPeopleReadIt(String line) throws Exception {
        assertThat(read(line).covers(result(FileStatus.FAILED, bad("t.a.TestX", "test_x"))))
                .isTrue();
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "t/a.py :: test_y",
                "t/b.py :: test_x",
                "t/a.py :: est_x",
                "t/a.py :: stX test_x",
                "t/a.py :: TestY::test_x",
                "# t/a.py",
                ""
            })
    void anotherOneIsNotMeant(String line) throws Exception {
        assertThat(read(line).covers(result(FileStatus.FAILED, bad("t.a.TestX", "test_x"))))
                .isFalse();
    }

    @Test
    void whatIsWrongWithTheFileAsAWholeIsNotCoveredByItsCases() throws Exception {
        Quarantine quarantine = read("t/a.py :: x");
        TestCase x = bad("", "x");
        assertThat(quarantine.covers(result(FileStatus.FAILED, x))).isTrue();
        assertThat(quarantine.covers(result(FileStatus.FAILED, x).withMessage("an error outside of tests")))
                .isFalse();
        assertThat(quarantine.covers(result(FileStatus.CRASHED, x))).isFalse();
        assertThat(quarantine.covers(result(FileStatus.TIMED_OUT, x))).isFalse();
        assertThat(quarantine.covers(result(FileStatus.FAILED))).isFalse();
        assertThat(quarantine.covers(result(FileStatus.FAILED, x, bad("", "y"))))
                .isFalse();
        assertThat(quarantine.covers(result(FileStatus.PASSED))).isFalse();
        assertThat(read("t/a.py").covers(result(FileStatus.CRASHED, x))).isTrue();
    }

    @Test
    void aRunIsGreenWhereAllThatFailsIsInQuarantine() throws Exception {
        Quarantine quarantine = read("t/a.py :: x\nt/a.py :: gone");
        WorkerId worker = new WorkerId("l", "h", 1);
        FileReport file = new FileReport(
                new TestFile("t/a.py"), List.of(new Attempt(result(FileStatus.FAILED, bad("", "x")), worker, 1, 0)), 0);
        RunReport run = new RunReport(
                "r",
                "p",
                Instant.EPOCH,
                1,
                RunEnd.COMPLETED,
                "",
                List.of(file),
                List.of(),
                false,
                Collected.NOTHING,
                quarantine);
        assertThat(run.isGreen()).isTrue();
        assertThat(run.failed()).hasSize(1);
        assertThat(run.failedOutOfQuarantine()).isEmpty();
        assertThat(quarantine.unknown(run)).extracting(Quarantine.Entry::name).containsExactly("gone");
    }

    @Test
    void whatIsNoFileIsRefusedByName() throws Exception {
        assertThatThrownBy(() -> Quarantine.read(directory))
                .isInstanceOf(SuiteException.class)
                .hasMessageContaining(directory.toString());
        assertThatThrownBy(() -> read("t/a.py\n:: x\n")).hasMessageContaining("Line 2 of");
    }
}
