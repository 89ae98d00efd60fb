package io.jenkins.plugins.distributedtest.session;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import io.jenkins.plugins.distributedtest.config.Configuration;
import io.jenkins.plugins.distributedtest.config.RunConfiguration;
import io.jenkins.plugins.distributedtest.suite.EmptySuiteException;
import io.jenkins.plugins.distributedtest.suite.SuiteException;
import io.jenkins.plugins.distributedtest.suite.TestFile;
import io.jenkins.plugins.distributedtest.suite.TestSuite;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A project whose own pytest says which tests it has. */
class PytestProjectTest {
    @TempDir
    Path directory;

    @BeforeEach
    void make() throws Exception {
        Process pytest = new ProcessBuilder("python3", "-c", "import pytest")
                .redirectErrorStream(true)
                .redirectOutput(ProcessBuilder.Redirect.DISCARD)
                .start();
        assumeTrue(pytest.waitFor(60, TimeUnit.SECONDS) && pytest.exitValue() == 0, "python3 has no pytest");
        write("pytest.ini", "[pytest]\npython_files = check_*.py\naddopts = --doctest-glob=*.rst\n");
        write("tests/check_a.py", "raise SystemExit('it is not imported to be found')\n");
        write("tests/test_b.py", "");
        write("docs/use.rst", ">>> 1\n1\n");
        write("web/a.test.js", "");
    }

    private void write(String path, String text) throws IOException {
        Path file = directory.resolve(path);
        Files.createDirectories(file.getParent());
        Files.writeString(file, text);
    }

    private ProjectRun read(SuiteChoice choice) throws Exception {
        Configuration configuration =
                Configuration.load(directory, null, Configuration.Role.ORIGINATOR, Map.of(), List.of());
        return ProjectRun.read(configuration, RunConfiguration.from(configuration), choice);
    }

    private ProjectRun named(String... files) throws Exception {
        return read((run, configFiles) -> TestSuite.of(directory, List.of(files)));
    }

    private static List<String> runners(ProjectRun run) {
        return run.files().stream()
                .map(file ->
                        file + " " + run.settings().runners().projectOf(file).runner())
                .toList();
    }

    @Test
    void theSuiteIsWhatPytestCollectsWithoutAnImport() throws Exception {
        assertThat(runners(read(SuiteChoice.configured("…"))))
                .containsExactly("docs/use.rst pytest", "tests/check_a.py pytest");
    }

    /** As the command that runs a failed file again has it. */
    @Test
    void oneOfItsFilesIsRunByPytestWhateverItsName() throws Exception {
        assertThat(runners(named("docs/use.rst"))).containsExactly("docs/use.rst pytest");
        assertThat(runners(named("tests/check_a.py", "tests/test_b.py")))
                .containsExactly("tests/check_a.py pytest", "tests/test_b.py pytest");
    }

    @Test
    void filesOfOthersStayTheirs() throws Exception {
        ProjectRun run = named("web/a.test.js", "tests/test_b.py");
        assertThat(run.settings()
                        .runners()
                        .projectOf(new TestFile("web/a.test.js"))
                        .runner())
                .isNull();
    }

    @Test
    void neitherOfTwoToolsIsLeftOutSilently() throws Exception {
        write("package.json", "{\"scripts\": {\"test\": \"jest\"}}");
        assertThatThrownBy(() -> read(SuiteChoice.configured("…")))
                .isInstanceOf(SuiteException.class)
                .hasMessageContainingAll("Both jest and pytest", "\"files\"");
    }

    @Test
    void aProjectWithoutTestsIsToldSo() throws Exception {
        write("pytest.ini", "[pytest]\npython_files = none_*.py\n");
        assertThatThrownBy(() -> read(SuiteChoice.configured("…")))
                .isInstanceOf(EmptySuiteException.class)
                .hasMessageContaining("pytest finds no tests in " + directory);
    }
}
