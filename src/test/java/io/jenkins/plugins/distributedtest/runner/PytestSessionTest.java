package io.jenkins.plugins.distributedtest.runner;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import io.jenkins.plugins.distributedtest.suite.CaseStatus;
import io.jenkins.plugins.distributedtest.suite.FileResult;
import io.jenkins.plugins.distributedtest.suite.FileStatus;
import io.jenkins.plugins.distributedtest.suite.TestCase;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * A worker's session of pytest, compared with that of {@code python -m pytest} without arguments, for the Python on the
 * path and for Debian's, which bring different versions of pytest.
 */
class PytestSessionTest {
    private static final String DEBIAN = "/usr/bin/python3";

    @TempDir
    Path directory;

    private ScriptJob job;

    @AfterEach
    void close() {
        if (job != null) {
            job.close();
        }
    }

    private void open(String python) throws Exception {
        assumeTrue(OwnProcess.has(python, "pytest"), python + " has no pytest");
        job = new ScriptJob(directory, ScriptJob.settings(Map.of("python", List.of(python)), null, null));
    }

    /** Whatever the Python on the path is: it may be Debian's. */
    private boolean hasPytest8(String python) throws Exception {
        return OwnProcess.run(
                        job.workspace, python, "-c", "import pytest; assert int(pytest.__version__.split('.')[0]) >= 8")
                .isWell();
    }

    /** The outcomes of all tests by their names, as pytest's own report has them. */
    private Map<String, String> own(String python) throws Exception {
        Path report = directory.resolve("own.xml");
        OwnProcess.run(
                job.workspace, python, "-m", "pytest", "-p", "no:cacheprovider", "--junitxml", report.toString());
        CaseCollector cases = new CaseCollector(CaseSink.NONE);
        JUnitXmlReader.read(report, cases);
        return told(cases.cases());
    }

    private static Map<String, String> told(List<TestCase> cases) {
        Map<String, String> told = new TreeMap<>();
        cases.forEach(one -> told.put(
                one.className() + "." + one.name(),
                one.status() == CaseStatus.ERROR ? "FAILED" : one.status().name()));
        return told;
    }

    private Map<String, String> ours(String... files) throws Exception {
        List<TestCase> cases = new ArrayList<>();
        for (String file : files) {
            FileResult result = job.run(file);
            assertThat(result.message()).as(ScriptJob.all(result)).isEmpty();
            cases.addAll(result.cases());
        }
        return told(cases);
    }

    private int count(String text) throws Exception {
        Matcher matcher = Pattern.compile("(?m)^" + text + "$").matcher(job.read("notes"));
        int count = 0;
        while (matcher.find()) {
            count++;
        }
        return count;
    }

    @ParameterizedTest
    @ValueSource(strings = {"python3", DEBIAN})
    void aSessionIsThereOnce(String python) throws Exception {
        open(python);
        job.write("conftest.py", """
                import pytest
                def note(text): open('notes', 'a').write(text + '\\n')
                note('loaded')
                def pytest_sessionstart(session): note('start')
                def pytest_sessionfinish(session): note('finish')
                @pytest.fixture(scope='session', autouse=True)
                def server():
                    note('up')
                    yield object()
                    note('down')
                @pytest.fixture(scope='module')
                def table(server):
                    note('table')
                    yield
                    note('drop')
                """);
        for (String each : List.of("tests/test_a.py", "tests/sub/test_b.py", "tests/test_c.py")) {
            job.write(each, "def test_1(table, server): pass\ndef test_2(table): pass\n");
        }
        Map<String, String> own = own(python);
        String notes = job.read("notes");
        Files.delete(job.workspace.resolve("notes"));

        assertThat(ours("tests/test_a.py", "tests/sub/test_b.py", "tests/test_c.py"))
                .isEqualTo(own)
                .hasSize(6);
        assertThat(count("down")).isZero();
        job.worker(1).close();
        assertThat(job.read("notes")).isEqualTo(notes);
        assertThat(count("up")).isEqualTo(1);
        assertThat(count("drop")).isEqualTo(3);
    }

    /** What comes of a whole tree: fixtures that fail, skips, warnings that are errors, what is ignored. */
    @ParameterizedTest
    @ValueSource(strings = {"python3", DEBIAN})
    void outcomesAreThoseOfTheWholeCommand(String python) throws Exception {
        open(python);
        job.write("pytest.ini", "[pytest]\nfilterwarnings = error\n    ignore::pytest.PytestReturnNotNoneWarning\n");
        job.write("tests/pytest.ini", "[pytest]\naddopts = --no-such-option\n");
        job.write("tests/conftest.py", """
                import pytest, helpers
                collect_ignore = ['test_ignored.py']
                @pytest.fixture(scope='session')
                def broken(): raise RuntimeError('no server')
                @pytest.fixture
                def raises(): return lambda: helpers.fail()
                """);
        job.write("tests/helpers.py", "class Odd(Exception): pass\ndef fail(): raise Odd()\n");
        job.write("tests/test_one.py", """
                import pytest, helpers, warnings
                def test_class_is_one(raises):
                    with pytest.raises(helpers.Odd): raises()
                def test_broken(broken): pass
                def test_warns(): warnings.warn('x')
                """);
        job.write("tests/test_two.py", """
                import pytest, helpers
                def test_class_is_one(raises):
                    with pytest.raises(helpers.Odd): raises()
                def test_broken_again(broken): pass
                @pytest.mark.skip
                def test_skip(): pass
                """);
        job.write("tests/test_ignored.py", "def test_never(): assert 0\n");

        Map<String, String> own = own(python);
        assertThat(own).hasSize(6);
        assertThat(ours("tests/test_one.py", "tests/test_two.py", "tests/test_one.py"))
                .isEqualTo(own);
        FileResult ignored = job.run("tests/test_ignored.py");
        if (hasPytest8(python)) {
            assertThat(ignored.cases()).isEmpty();
            assertThat(ignored.status()).isEqualTo(FileStatus.PASSED);
        }
        job.write("tests/test_import.py", "import warnings\nwarnings.warn('while it loads')\ndef test_x(): pass\n");
        FileResult warned = job.run("tests/test_import.py");
        assertThat(warned.status()).isEqualTo(FileStatus.FAILED);
        assertThat(warned.message()).contains("while it loads");
        assertThat(own(python)).isNotEqualTo(own);
    }

    @ParameterizedTest
    @ValueSource(strings = {"python3", DEBIAN})
    void whatEndsTheSessionEndsOneFile(String python) throws Exception {
        open(python);
        job.write("conftest.py", """
                import pytest
                def pytest_runtest_call(item):
                    if item.name == 'test_plugin_fails': raise_in_plugin()
                def pytest_runtest_logfinish(nodeid, location):
                    if 'test_logging_fails' in nodeid: raise KeyError('in a hook')
                """);
        job.write("tests/test_exit.py", "import pytest\ndef test_x(): pytest.exit('enough')\ndef test_y(): pass\n");
        job.write("tests/test_stop.py", """
                def test_stops(request): request.session.shouldstop = 'tired'
                def test_after(): pass
                """);
        job.write("tests/test_plugin.py", "def test_plugin_fails(): pass\n");
        job.write("tests/test_logging.py", "def test_logging_fails(): pass\n");
        job.write("tests/test_import.py", "import nothing_like_that\n");
        job.write("tests/test_sys_exit.py", "import sys\nsys.exit(0)\n");
        job.write("tests/test_good.py", "def test_x(tmp_path): pass\n");
        for (String[] each : new String[][] {
            {"exit", "called pytest.exit(): enough"},
            {"stop", "the session was stopped: tired"},
            {"plugin", ""},
            {"logging", "in a hook"},
            {"import", "nothing_like_that"},
            {"sys_exit", "exit(0)"}
        }) {
            FileResult bad = job.run("tests/test_" + each[0] + ".py");
            assertThat(bad.status()).as(ScriptJob.all(bad)).isEqualTo(FileStatus.FAILED);
            assertThat(bad.message()).contains(each[1]);
            FileResult good = job.run("tests/test_good.py");
            assertThat(good.status()).as(each[0] + ScriptJob.all(good)).isEqualTo(FileStatus.PASSED);
        }
    }

    /** From pytest 8 on, where the nodes of packages can stay. */
    @ParameterizedTest
    @ValueSource(strings = "python3")
    void fixturesOfAPackageStayForItsFiles(String python) throws Exception {
        open(python);
        assumeTrue(hasPytest8(python), python + " has an earlier pytest");
        for (String each : List.of("one", "two")) {
            job.write(each + "/__init__.py", "");
            job.write(each + "/conftest.py", """
                    import pytest
                    @pytest.fixture(scope='package', autouse=True)
                    def schema():
                        open('notes', 'a').write('up %1$s\\n')
                        yield
                        open('notes', 'a').write('down %1$s\\n')
                    """.formatted(each));
            job.write(each + "/test_a.py", "def test_1(): pass\n");
            job.write(each + "/test_b.py", "def test_1(): pass\n");
        }
        Map<String, String> own = own(python);
        String notes = job.read("notes");
        Files.delete(job.workspace.resolve("notes"));

        assertThat(ours("one/test_a.py", "one/test_b.py", "two/test_a.py", "two/test_b.py"))
                .isEqualTo(own);
        job.worker(1).close();
        assertThat(job.read("notes")).isEqualTo(notes).isEqualTo("up one\ndown one\nup two\ndown two\n");
    }

    /** A table of modules may hold what is no module, or is gone, or goes while garbage is collected. */
    @ParameterizedTest
    @ValueSource(strings = "python3")
    void whatElseIsAmongTheModulesDoesNoHarm(String python) throws Exception {
        open(python);
        job.write("a/test_odd.py", """
                import gc, sys, types, weakref
                class Lazy(types.ModuleType):
                    def __getattr__(self, name): raise RuntimeError('asked for ' + name)
                def test_leaves_odd_modules():
                    gone = types.ModuleType('gone')
                    sys.modules['gone'] = weakref.proxy(gone)
                    sys.modules['lazy'] = Lazy('lazy')
                    sys.modules['none'] = None
                    for i in range(500):
                        cycle = types.ModuleType('m')
                        cycle.cycle = cycle
                        name = 'collected%d' % i
                        sys.modules[name] = weakref.proxy(cycle, lambda _, name=name: sys.modules.pop(name, None))
                """);
        job.write("b/test_next.py", "def test_x(): pass\n");

        assertThat(ours("a/test_odd.py", "b/test_next.py", "a/test_odd.py")).hasSize(2);
    }

    /** As pytest-forked tells of a test that has taken down its process: one report, neither of a call nor of an end. */
    @ParameterizedTest
    @ValueSource(strings = {"python3", DEBIAN})
    void whatAPluginReportsInItsOwnWayCounts(String python) throws Exception {
        open(python);
        job.write("conftest.py", """
                import pytest
                @pytest.hookimpl(tryfirst=True)
                def pytest_runtest_protocol(item, nextitem):
                    if 'crash' not in item.name:
                        return None
                    from _pytest import runner
                    call = runner.CallInfo.from_call(lambda: 0 / 0, '???')
                    call.excinfo = 'CRASHED with signal 9'
                    report = runner.pytest_runtest_makereport(item, call)
                    item.ihook.pytest_runtest_logreport(report=report)
                    return True
                """);
        job.write("tests/test_a.py", "def test_crash(): pass\n");
        job.write("tests/test_b.py", "def test_crash(): pass\ndef test_well(): pass\n");
        OwnProcess own = OwnProcess.run(job.workspace, python, "-m", "pytest", "-p", "no:cacheprovider");
        assertThat(own.exitCode()).isEqualTo(1);
        for (String file : List.of("tests/test_a.py", "tests/test_b.py")) {
            FileResult result = job.run(file);
            assertThat(result.status()).as(ScriptJob.all(result)).isEqualTo(FileStatus.FAILED);
            assertThat(ScriptJob.told(result)).containsEntry("test_crash", "ERROR");
        }
        assertThat(ScriptJob.told(job.run("tests/test_b.py"))).containsEntry("test_well", "PASSED");
    }
}
