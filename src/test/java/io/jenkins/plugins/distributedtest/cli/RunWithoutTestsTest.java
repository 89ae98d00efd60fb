package io.jenkins.plugins.distributedtest.cli;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import io.jenkins.plugins.distributedtest.files.Json;
import io.jenkins.plugins.distributedtest.report.JsonReport;
import io.jenkins.plugins.distributedtest.runner.Runners;
import io.jenkins.plugins.distributedtest.suite.RunReport;
import java.io.IOException;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** A run in which no file has a test: {@code fail_if_no_tests} decides. */
class RunWithoutTestsTest {
    @TempDir
    Path project;

    private final StringWriter said = new StringWriter();

    @BeforeEach
    void makeProject() throws Exception {
        assumeTrue(Runners.available().contains("unittest"), "unittest is not installed on this host");
        Files.createDirectories(project.resolve("tests"));
        Files.writeString(project.resolve("tests/test_a.py"), "import unittest\n");
        Files.writeString(
                project.resolve("distributed-test.json"),
                "{\"files\": [\"tests/*.py\"], \"runners\": {\"files\": {\"**\": \"unittest\"}}}");
    }

    private int run(String... more) {
        List<String> all = new ArrayList<>(List.of("run", "-C", project.toString(), "--local", "1"));
        all.addAll(List.of("--json", project.resolve("run.json").toString()));
        all.addAll(List.of(more));
        return Main.commandLine()
                .setOut(new PrintWriter(said, true))
                .setErr(new PrintWriter(said, true))
                .execute(all.toArray(String[]::new));
    }

    private RunReport report() throws Exception {
        return JsonReport.read(project.resolve("run.json"));
    }

    @Test
    void failsUnlessThatIsAllowed() throws Exception {
        assertThat(run()).as(said::toString).isEqualTo(ExitCode.FAILURES);
        assertThat(said.toString()).contains("FAILED (no tests)", "1 without tests");
        assertThat(report().isGreen()).isFalse();

        assertThat(run("--set", "fail_if_no_tests=false")).as(said::toString).isEqualTo(ExitCode.OK);
        assertThat(said.toString()).contains("PASSED");
        assertThat(report().isGreen()).isTrue();
        assertThat(Json.PLAIN
                        .readTree(project.resolve("run.json").toFile())
                        .path("no_tests_allowed")
                        .asBoolean())
                .isTrue();
    }

    /** pytest ends with the exit code for "no tests" where all files skip themselves, and passes where one has a test. */
    @ParameterizedTest
    @ValueSource(booleans = {true, false})
    void filesThatSkipThemselvesHaveNoTests(boolean all) throws Exception {
        assumeTrue(own("import pytest").waitFor() == 0, "there is no pytest on this host");
        Files.writeString(
                project.resolve("distributed-test.json"),
                "{\"files\": [\"tests/*.py\"], \"runners\": {\"files\": {\"**\": \"pytest\"}}}");
        String skip = "import pytest\npytest.skip('not here', allow_module_level=True)\n";
        Files.writeString(project.resolve("tests/test_a.py"), skip);
        Files.writeString(
                project.resolve("tests/test_b.py"), all ? skip : "def test_one(): pass\ndef test_two(): pass\n");

        assertThat(own("import pytest, sys; sys.exit(pytest.main(['tests']))").waitFor())
                .isEqualTo(all ? 5 : 0);
        assertThat(run()).as(said::toString).isEqualTo(all ? ExitCode.FAILURES : ExitCode.OK);
        assertThat(said.toString()).contains(all ? "2 without tests" : "1 without tests");
    }

    private Process own(String program) throws IOException {
        return new ProcessBuilder("python3", "-c", program)
                .directory(project.toFile())
                .redirectErrorStream(true)
                .redirectOutput(ProcessBuilder.Redirect.DISCARD)
                .start();
    }

    /** Only what is without tests is forgiven. */
    @Test
    void aFailureStaysOne() throws Exception {
        Files.writeString(project.resolve("tests/test_b.py"), "import not_there\n");
        assertThat(run("--set", "fail_if_no_tests=false")).as(said::toString).isEqualTo(ExitCode.FAILURES);
    }
}
