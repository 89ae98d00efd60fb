package io.jenkins.plugins.distributedtest.cli;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import io.jenkins.plugins.distributedtest.report.JsonReport;
import io.jenkins.plugins.distributedtest.runner.Runners;
import io.jenkins.plugins.distributedtest.suite.FileReport;
import io.jenkins.plugins.distributedtest.suite.RunReport;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A run with tests in quarantine: by the exit code, and by what is said. */
class QuarantinedRunTest {
    @TempDir
    Path project;

    private StringWriter said;

    @BeforeEach
    void makeProject() throws Exception {
        assumeTrue(Runners.available().contains("unittest"), "unittest is not installed on this host");
        Files.createDirectories(project.resolve("tests"));
        test("test_a.py", "def test_bad(self):\n        self.fail('as so often')");
        test("test_b.py", "def test_good(self):\n        pass");
        Files.writeString(
                project.resolve("distributed-test.json"),
                "{\"files\": [\"tests/*.py\"], \"runners\": {\"files\": {\"**\": \"unittest\"}}}");
    }

    private void test(String name, String body) throws Exception {
        Files.writeString(
                project.resolve("tests/" + name),
                "import os, unittest\nclass T(unittest.TestCase):\n    " + body + "\n");
    }

    private int run(String quarantine, String... more) throws Exception {
        said = new StringWriter();
        Files.writeString(project.resolve("flaky.txt"), quarantine);
        List<String> all = new ArrayList<>(List.of("run", "-C", project.toString(), "--local", "1"));
        all.addAll(List.of("--json", project.resolve("run.json").toString()));
        all.addAll(List.of("--quarantine", project.resolve("flaky.txt").toString()));
        all.addAll(List.of(more));
        return Main.commandLine()
                .setOut(new PrintWriter(said, true))
                .setErr(new PrintWriter(said, true))
                .execute(all.toArray(String[]::new));
    }

    @Test
    void whereOnlyQuarantinedTestsFailTheRunPassesAndNamesThem() throws Exception {
        assertThat(run("# since May\n\ntests/test_a.py :: test_bad\n", "--fail-fast", "1"))
                .as(said::toString)
                .isEqualTo(ExitCode.OK);
        assertThat(said.toString())
                .contains("Failed, but in quarantine: the run does not fail by them (1)", "test_bad", "as so often")
                .contains("PASSED in", "2 files (1 passed, 1 failed in quarantine)");
        RunReport report = JsonReport.read(project.resolve("run.json"));
        assertThat(report.isGreen()).isTrue();
        assertThat(report.failedInQuarantine().map(FileReport::file))
                .extracting("path")
                .containsExactly("tests/test_a.py");
    }

    @Test
    void anotherFailureStaysOne() throws Exception {
        test("test_b.py", "def test_worse(self):\n        self.fail('really')");
        assertThat(run("tests/test_a.py :: test_bad")).as(said::toString).isEqualTo(ExitCode.FAILURES);
        assertThat(said.toString()).contains("Failed (1)", "1 failed, 1 failed in quarantine");
        test(
                "test_a.py",
                "def test_bad(self):\n        self.fail('a')\n    def test_other(self):\n        self.fail('b')");
        test("test_b.py", "def test_good(self):\n        pass");
        assertThat(run("tests/test_a.py :: test_bad"))
                .as("one in the same file, too")
                .isEqualTo(ExitCode.FAILURES);
    }

    @Test
    void aCrashIsNotHiddenByACaseInQuarantineButByTheWholeFile() throws Exception {
        test(
                "test_a.py",
                "def test_bad(self):\n        self.fail('a')\n    def test_later(self):\n        os._exit(9)");
        assertThat(run("tests/test_a.py :: test_bad\ntests/test_a.py :: test_later"))
                .as(said::toString)
                .isEqualTo(ExitCode.FAILURES);
        assertThat(run("tests/test_a.py")).as(said::toString).isEqualTo(ExitCode.OK);
        assertThat(said.toString()).contains("failed in quarantine");
    }

    @Test
    void aNameThatIsNowhereIsTold() throws Exception {
        test("test_a.py", "def test_good(self):\n        pass");
        assertThat(run("tests/test_a.py :: test_gone\ntests/gone.py :: test_x")).isEqualTo(ExitCode.OK);
        assertThat(said.toString())
                .contains("In quarantine, but of no file of this run: tests/gone.py :: test_x")
                .contains("In quarantine, but no such test in its file (1)", "tests/test_a.py :: test_gone");
    }

    @Test
    void whatCannotBeMeantIsRefusedByName() throws Exception {
        assertThat(run("\ntests/test_a.py ::\n")).isEqualTo(ExitCode.ERROR);
        assertThat(said.toString()).contains("Line 2 of", "flaky.txt names no test");
        assertThat(run("", "--quarantine", project.resolve("no.txt").toString()))
                .isNotEqualTo(ExitCode.OK);
        said = new StringWriter();
        int code = Main.commandLine()
                .setOut(new PrintWriter(said, true))
                .setErr(new PrintWriter(said, true))
                .execute("run", "-C", project.toString(), "--local", "1", "--set", "quarantine=no.txt");
        assertThat(code).isEqualTo(ExitCode.ERROR);
        assertThat(said.toString()).contains("There is no file", "no.txt", "make it");
    }
}
