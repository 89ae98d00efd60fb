package io.jenkins.plugins.distributedtest.runner;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import io.jenkins.plugins.distributedtest.suite.CaseStatus;
import io.jenkins.plugins.distributedtest.suite.FileResult;
import io.jenkins.plugins.distributedtest.suite.FileStatus;
import io.jenkins.plugins.distributedtest.suite.RunnerSettings;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Python files, compared with what {@code python -m pytest} and {@code python -m unittest} say of them. */
class PythonOwnCommandTest {
    private static final String DEBIAN = "/usr/bin/python3";

    @TempDir
    Path directory;

    private record Said(boolean ok, int passed, int failed) {}

    private Said own(Path workspace, String... command) throws Exception {
        OwnProcess own = OwnProcess.run(workspace, command);
        String said = own.said();
        Matcher ran = Pattern.compile("(?m)^Ran (\\d+) test").matcher(said);
        if (ran.find()) {
            int bad = number(said, "(?:failures|errors)=(\\d+)");
            return new Said(own.isWell(), Integer.parseInt(ran.group(1)) - bad, bad);
        }
        return new Said(own.isWell(), number(said, "(\\d+) passed"), number(said, "(\\d+) (?:failed|error)"));
    }

    private static int number(String text, String pattern) {
        Matcher matcher = Pattern.compile(pattern).matcher(text);
        int sum = 0;
        while (matcher.find()) {
            sum += Integer.parseInt(matcher.group(1));
        }
        return sum;
    }

    private static Said said(FileResult result) {
        int passed = (int) result.cases().stream()
                .filter(one -> one.status() == CaseStatus.PASSED)
                .count();
        int failed = (int)
                result.cases().stream().filter(one -> one.status().isBad()).count();
        return new Said(result.status() == FileStatus.PASSED, passed, failed);
    }

    private ScriptJob job(String python, Map<String, List<String>> args) throws Exception {
        RunnerSettings settings = ScriptJob.settings(Map.of("python", List.of(python)), args, null);
        return new ScriptJob(directory, settings);
    }

    private Said pytest(ScriptJob job, String python, String... more) throws Exception {
        List<String> command =
                new ArrayList<>(List.of(python, "-m", "pytest", "-p", "no:cacheprovider", "-o", "addopts=-q"));
        command.addAll(List.of(more));
        return own(job.workspace, command.toArray(String[]::new));
    }

    /** To pytest they are parameters, and the parts of a node id. */
    @ParameterizedTest
    @ValueSource(strings = {"python3", DEBIAN})
    void aFilesNameIsItsPathWhateverIsInIt(String python) throws Exception {
        assumeTrue(OwnProcess.has(python, "pytest"), python + " has no pytest");
        try (ScriptJob job = job(python, null)) {
            for (String file : List.of(
                    "tests/test_[slug].py", "tests/test_a::b.py", "tests/[x]/test_in.py", "tests/test_(1)+{2}.py")) {
                job.write(
                        file,
                        "import pytest\n@pytest.mark.parametrize('p', ['a::b', '[c]'])\ndef test_x(p): pass\n"
                                + "class TestY:\n    def test_z(self): assert 0\n");
                FileResult result = job.run(file);
                assertThat(said(result)).as(ScriptJob.all(result)).isEqualTo(new Said(false, 2, 1));
                assertThat(ScriptJob.told(result).keySet())
                        .containsExactlyInAnyOrder("test_x[a::b]", "test_x[[c]]", "test_z");
            }
            assertThat(pytest(job, python, "--import-mode=importlib", "tests")).isEqualTo(new Said(false, 8, 4));
        }
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "-p no:xdist",
                "-n 2",
                "-n auto --dist loadfile",
                "-x",
                "--maxfail=1",
                "",
                "-p no:cov -p no:xdist"
            })
    void optionsOfTheProjectDoNotBreakFiles(String addopts) throws Exception {
        assumeTrue(
                OwnProcess.has(DEBIAN, "xdist") && OwnProcess.has(DEBIAN, "pytest_cov"),
                "pytest-xdist and pytest-cov are not installed");
        try (ScriptJob job = job(DEBIAN, null)) {
            job.write("pytest.ini", "[pytest]\naddopts = " + addopts + "\n");
            job.write("tests/test_a.py", "def test_one(): pass\ndef test_two(): pass\n");
            FileResult result = job.run("tests/test_a.py");
            assertThat(said(result)).as(ScriptJob.all(result)).isEqualTo(new Said(true, 2, 0));
            assertThat(own(job.workspace, DEBIAN, "-m", "pytest", "tests")).isEqualTo(new Said(true, 2, 0));
        }
    }

    /** What is asked of the whole session cannot be asked of each file. */
    @ParameterizedTest
    @ValueSource(strings = {"[pytest]\naddopts = --cov=app --cov-fail-under=100\n", "[pytest]\naddopts = --cov=app\n"})
    void aBoundOfCoverageForTheSessionFailsNoFile(String ini) throws Exception {
        assumeTrue(OwnProcess.has(DEBIAN, "pytest_cov"), "pytest-cov is not installed");
        try (ScriptJob job = job(DEBIAN, null)) {
            job.write("pytest.ini", ini);
            job.write(".coveragerc", "[report]\nfail_under = 100\n");
            job.write("app/__init__.py", "def a():\n    return 1\ndef b():\n    return 2\n");
            job.write("tests/test_a.py", "import app\ndef test_a(): assert app.a() == 1\n");
            job.write("tests/test_b.py", "import app\ndef test_b(): assert app.b() == 2\n");
            for (String file : List.of("tests/test_a.py", "tests/test_b.py")) {
                FileResult result = job.run(file);
                assertThat(said(result)).as(ScriptJob.all(result)).isEqualTo(new Said(true, 1, 0));
            }
            assertThat(own(job.workspace, DEBIAN, "-m", "pytest", "tests")).isEqualTo(new Said(true, 2, 0));
        }
    }

    private static final String SPAWNING = """
            import concurrent.futures, multiprocessing, sys, unittest
            def square(x): return x * x
            def squares(method):
                context = multiprocessing.get_context(method)
                with concurrent.futures.ProcessPoolExecutor(2, mp_context=context) as pool:
                    return list(pool.map(square, range(4)))
            class TestIt(unittest.TestCase):
                def test_spawn(self): self.assertEqual(squares("spawn"), [0, 1, 4, 9])
                def test_forkserver(self): self.assertEqual(squares("forkserver"), [0, 1, 4, 9])
                def test_fork(self): self.assertEqual(squares("fork"), [0, 1, 4, 9])
                def test_manager(self):
                    with multiprocessing.Manager() as manager:
                        shared = manager.dict()
                        shared["a"] = 1
                        self.assertEqual(dict(shared), {"a": 1})
                def test_daemon(self):
                    child = multiprocessing.get_context("spawn").Process(target=square, args=(2,), daemon=True)
                    child.start()
                    child.join()
                    self.assertEqual(child.exitcode, 0)
                def test_main(self): self.assertTrue(sys.argv[0].endswith("__main__.py"), sys.argv)
            """;

    @ParameterizedTest
    @ValueSource(strings = {"python3", DEBIAN})
    void processesThatTestsStartInEveryWayRun(String python) throws Exception {
        assumeTrue(OwnProcess.has(python, "pytest"), python + " has no pytest");
        try (ScriptJob job = job(python, null)) {
            job.write("tests/test_spawning.py", SPAWNING);
            job.write("checks/__init__.py", "");
            job.write("checks/test_spawning.py", SPAWNING);
            FileResult inPytest = job.run("tests/test_spawning.py");
            assertThat(said(inPytest)).as(ScriptJob.all(inPytest)).isEqualTo(new Said(true, 6, 0));
            FileResult inUnittest = job.run("checks/test_spawning.py");
            assertThat(inUnittest.runner()).isEqualTo("unittest");
            assertThat(said(inUnittest))
                    .as(ScriptJob.all(inUnittest).concat(""))
                    .isEqualTo(new Said(true, 6, 0));
            assertThat(pytest(job, python, "tests")).isEqualTo(new Said(true, 6, 0));
        }
    }

    @Test
    void eachFileHasItsOwnProcessWhereThatIsAsked() throws Exception {
        Framework.PYTEST.required();
        RunnerSettings settings = Framework.SETTINGS.isolated(Map.of("pytest", "file", "unittest", "file"));
        try (ScriptJob job = new ScriptJob(directory, settings)) {
            String text = "import os\ndef test_x(): print('pid', os.getpid())\n";
            job.write("tests/test_a.py", text);
            job.write("tests/test_b.py", text);
            FileResult a = job.run("tests/test_a.py");
            FileResult b = job.run("tests/test_b.py");
            assertThat(a.status()).as(ScriptJob.all(a)).isEqualTo(FileStatus.PASSED);
            assertThat(b.status()).as(ScriptJob.all(b)).isEqualTo(FileStatus.PASSED);
            assertThat(a.output()).contains("pid ").isNotEqualTo(b.output());
        }
    }
}
