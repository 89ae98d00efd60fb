package io.jenkins.plugins.distributedtest.runner;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.jenkins.plugins.distributedtest.suite.FileResult;
import io.jenkins.plugins.distributedtest.suite.FileStatus;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What is pytest's and unittest's own. */
class PythonRunnersTest {
    @TempDir
    Path directory;

    private ScriptJob job;

    @BeforeEach
    void open() throws IOException {
        job = new ScriptJob(directory);
    }

    @AfterEach
    void close() {
        job.close();
    }

    @Test
    void pytestHonoursTheProjectButHidesNoFailure() throws Exception {
        Framework.PYTEST.required();
        job.write("pytest.ini", "[pytest]\naddopts = -x -v\nfilterwarnings = error\n");
        job.write("tests/conftest.py", "import pytest\n@pytest.fixture\ndef seven(): return 7\n");
        job.write("tests/test_a.py", """
                import os, pytest, warnings
                def test_one(seven): assert seven == 8
                def test_two(seven): assert seven == 9
                def test_warns(): warnings.warn('an error here')
                def test_forks():
                    pid = os.fork()
                    if not pid: os._exit(0)
                    os.waitpid(pid, 0)
                @pytest.mark.skip(reason='later')
                def test_skip(): pass
                @pytest.mark.xfail(reason='known')
                def test_known(): assert False
                @pytest.mark.parametrize('v', ['a::b', 'c'])
                def test_each(v, capsys): print(v); assert capsys.readouterr().out == v + chr(10)
                @pytest.fixture
                def broken(): raise RuntimeError('no fixture')
                def test_broken(broken): pass
                """);
        FileResult result = job.run("tests/test_a.py");
        assertThat(ScriptJob.told(result))
                .isEqualTo(Map.of(
                        "test_one",
                        "FAILED",
                        "test_two",
                        "FAILED",
                        "test_warns",
                        "FAILED",
                        "test_forks",
                        "PASSED",
                        "test_skip",
                        "SKIPPED",
                        "test_known",
                        "SKIPPED",
                        "test_each[a::b]",
                        "PASSED",
                        "test_each[c]",
                        "PASSED",
                        "test_broken",
                        "ERROR"));
        assertThat(result.cases().get(0).failure().message()).contains("assert 7 == 8");
        assertThat(result.cases().get(0).className()).isEqualTo("tests.test_a");
        assertThat(result.output()).doesNotContain("test session starts");
    }

    @Test
    void pytestTellsNoTestsFromASkippedModule() throws Exception {
        Framework.PYTEST.required();
        job.close();
        job = new ScriptJob(directory, ScriptJob.settings(null, Map.of("pytest", List.of("-k", "not slow")), null));
        job.write("tests/test_none.py", "x = 1\n");
        job.write("tests/test_slow.py", "def test_slow(): assert False\n");
        job.write("tests/test_skip.py", "import pytest\npytest.skip('not here', allow_module_level=True)\n");

        FileResult none = job.run("tests/test_none.py");
        assertThat(none.status()).as(ScriptJob.all(none)).isEqualTo(FileStatus.PASSED);
        assertThat(none.cases()).isEmpty();
        FileResult slow = job.run("tests/test_slow.py");
        assertThat(slow.status()).as(ScriptJob.all(slow)).isEqualTo(FileStatus.PASSED);
        assertThat(slow.cases()).isEmpty();
        FileResult skip = job.run("tests/test_skip.py");
        assertThat(skip.status()).as(ScriptJob.all(skip)).isEqualTo(FileStatus.PASSED);
        assertThat(skip.cases())
                .singleElement()
                .satisfies(c -> assertThat(c.failure().message()).isEqualTo("not here"));
    }

    @Test
    void pytestTellsAWrongOptionInItsOwnWords() throws Exception {
        Framework.PYTEST.required();
        job.close();
        job = new ScriptJob(directory, ScriptJob.settings(null, Map.of("pytest", List.of("--no-such")), null));
        job.write("tests/test_a.py", "def test_a(): pass\n");
        FileResult result = job.run("tests/test_a.py");
        assertThat(result.status()).isEqualTo(FileStatus.FAILED);
        assertThat(result.message()).contains("--no-such").contains("4");
    }

    @Test
    void helpersOfOneNameInTwoDirectoriesAreKeptApart() throws Exception {
        for (Framework framework : List.of(Framework.PYTEST, Framework.UNITTEST)) {
            framework.required();
            for (String each : List.of("one", "two")) {
                String file = framework.path("same").replaceFirst("/", "/" + each + "/");
                job.write(file.replaceFirst("[^/]+$", "helper.py"), "NAME = '" + each + "'\n");
                job.write(file, "import helper\n" + framework.file("Same", "assert helper.NAME == '" + each + "'"));
                FileResult result = job.run(file);
                assertThat(result.status()).as(ScriptJob.all(result)).isEqualTo(FileStatus.PASSED);
            }
        }
    }

    /** Requests to fork that come while one is being forked are read at once, and the socket tells of them but once. */
    @Test
    void workersThatAreWantedAtTheSameTimeAreAllForked() throws Exception {
        Framework.PYTEST.required();
        job.close();
        job = new ScriptJob(directory, ScriptJob.settings(null, null, Map.of("pytest", List.of("application.py"))));
        job.write("application.py", "import os, time\nos.register_at_fork(before=lambda: time.sleep(0.3))\n");
        job.write("tests/test_a.py", "def test_a(): pass\n");
        job.open(null);
        ExecutorService slots = Executors.newFixedThreadPool(4);
        try {
            List<Future<FileResult>> results = new ArrayList<>();
            for (int slot = 1; slot <= 4; slot++) {
                int number = slot;
                results.add(slots.submit(() -> job.run(number, "tests/test_a.py", ScriptJob.LONG)));
            }
            for (Future<FileResult> result : results) {
                assertThat(result.get(3, TimeUnit.MINUTES).status()).isEqualTo(FileStatus.PASSED);
            }
        } finally {
            slots.shutdownNow();
        }
    }

    @Test
    void theApplicationIsLoadedOnceForAllSlots() throws Exception {
        for (Framework framework : List.of(Framework.PYTEST, Framework.UNITTEST)) {
            framework.required();
            job.close();
            job = new ScriptJob(
                    directory.resolve(framework.runner),
                    ScriptJob.settings(null, null, Map.of(framework.runner, List.of("application.py"))));
            job.write("application.py", "import os\nPID = os.getpid()\nopen('loads', 'a').write('loaded\\n')\n");
            String file = framework.path("a");
            job.write(file, "import application, os\n" + framework.file("A", "print(application.PID, os.getpid())"));
            job.open(null);
            String[] one = job.run(1, file, ScriptJob.LONG).output().strip().split(" ");
            String[] two = job.run(2, file, ScriptJob.LONG).output().strip().split(" ");
            assertThat(job.read("loads")).isEqualTo("loaded\n");
            assertThat(one[0]).isEqualTo(two[0]).isNotEqualTo(one[1]);
            assertThat(one[1]).isNotEqualTo(two[1]);
        }
    }

    @Test
    void aPythonWithoutPytestIsToldWithTheWayOut() throws Exception {
        Framework.PYTEST.required();
        job.close();
        job = new ScriptJob(
                directory, ScriptJob.settings(Map.of("python", List.of("python3", "-S", "-E")), null, null));
        job.write("tests/test_a.py", "def test_a(): pass\n");
        assertThatThrownBy(() -> job.run("tests/test_a.py"))
                .isInstanceOf(RunnerException.class)
                .hasMessageContaining("pytest is not installed")
                .hasMessageContaining("-m pip install pytest");
    }

    @Test
    void unittestTellsSubtestsFixturesSkipsAndExpectedFailures() throws Exception {
        Framework.UNITTEST.required();
        job.write("checks/test_a.py", """
                import unittest
                class A(unittest.TestCase):
                    def test_sub(self):
                        for i in range(3):
                            with self.subTest(i=i): self.assertNotEqual(i, 1)
                    @unittest.skip('later')
                    def test_skip(self): pass
                    @unittest.expectedFailure
                    def test_known(self): self.fail()
                    @unittest.expectedFailure
                    def test_mended(self): pass
                class B(unittest.TestCase):
                    @classmethod
                    def setUpClass(cls): raise RuntimeError('no class')
                    def test_b(self): pass
                class C(unittest.IsolatedAsyncioTestCase):
                    async def test_async(self): pass
                """);
        job.write(
                "checks/test_module.py",
                "import unittest\ndef setUpModule(): raise RuntimeError('no module')\n"
                        + Framework.UNITTEST.file("M", "pass"));
        Map<String, String> told = ScriptJob.told(job.run("checks/test_a.py"));
        assertThat(told)
                .hasSize(6)
                .containsEntry("test_sub (i=1)", "FAILED")
                .containsEntry("test_skip", "SKIPPED")
                .containsEntry("test_known", "SKIPPED")
                .containsEntry("test_mended", "FAILED")
                .containsEntry("test_async", "PASSED");
        assertThat(told.toString()).contains("setUpClass");
        FileResult module = job.run("checks/test_module.py");
        assertThat(module.status()).isEqualTo(FileStatus.FAILED);
        assertThat(module.cases())
                .singleElement()
                .satisfies(c -> assertThat(c.failure().message()).isEqualTo("no module"));
    }
}
