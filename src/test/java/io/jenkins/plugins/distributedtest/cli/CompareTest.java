package io.jenkins.plugins.distributedtest.cli;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.contentOf;
import static org.awaitility.Awaitility.await;

import com.fasterxml.jackson.databind.JsonNode;
import io.jenkins.plugins.distributedtest.suite.RuntimeHistory;
import java.io.File;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** {@code compare}: each framework's own command beside our run, equal and with a difference of each kind. */
class CompareTest extends CompareFixture {
    private JsonNode difference(String name) {
        for (JsonNode each : json.path("differences")) {
            if (each.path("name").asText().equals(name)) {
                return each;
            }
        }
        throw new AssertionError("no difference " + name + " in\n" + said);
    }

    private void pytest(String... files) throws Exception {
        needs("python3", "-c", "import pytest");
        write("distributed-test.json", "{\"files\": [\"tests/**/test_*.py\"]}");
        for (int i = 0; i < files.length; i += 2) {
            write(files[i], files[i + 1]);
        }
    }

    @Test
    void pytestIsEqual() throws Exception {
        pytest("tests/test_a.py", """
                import pytest
                @pytest.mark.parametrize('x', [1, 'a b', '\\x1b', 'a::b', '[c]'])
                def test_p(x): pass
                def test_skipped(): pytest.skip('no')
                @pytest.mark.xfail
                def test_xfails(): assert 0
                def test_fails(): assert 0
                class TestC:
                    def test_m(self): pass
                @pytest.fixture
                def broken(): raise ValueError
                def test_error(broken): pass
                """, "tests/test_d.py", "import pytest\npytest.skip('x', allow_module_level=True)\n");

        assertThat(compare()).as(said::toString).isEqualTo(ExitCode.OK);
        isEqual(6, 2, 3);
    }

    /** More than fits into one message: 60,000 cases, 15 MB of names, one of them failing after all others. */
    @Test
    void aFileOfVeryManyTestsIsToldWhole() throws Exception {
        needs("ruby", "-e", "require 'minitest'");
        write("distributed-test.json", "{\"files\": [\"test/*_test.rb\"]}");
        write("test/many_test.rb", """
                require 'minitest/autorun'
                class ManyTest < Minitest::Test
                  def self.runnable_methods = public_instance_methods(false).map(&:to_s).sort
                  (1...60_000).each { |i| define_method("test_#{'%06d' % i}_#{'long ' * 40}") { pass } }
                  def test_zz_fails = flunk
                end
                """);
        write(
                "test/few_test.rb",
                "require 'minitest/autorun'\nclass FewTest < Minitest::Test\n  def test_a = pass\nend\n");

        assertThat(compare()).as(said::toString).isEqualTo(ExitCode.OK);
        isEqual(60_000, 1, 0);
    }

    /** Doctests, data files that a conftest collects, other names, and a package below that has a configuration too. */
    @ParameterizedTest
    @ValueSource(strings = {"python3", "/usr/bin/python3"})
    void whateverPytestCollectsByItselfRunsWithoutBeingNamed(String python) throws Exception {
        needs(python, "-c", "import pytest");
        write("distributed-test.json", "{\"runners\": {\"interpreters\": {\"python\": [\"" + python + "\"]}}}");
        write("pyproject.toml", """
                [tool.pytest.ini_options]
                addopts = "--doctest-modules --doctest-glob=*.rst"
                testpaths = ["src", "checks", "docs", "below"]
                python_files = ["check_*.py"]
                pythonpath = ["src"]
                """);
        write("src/pkg/__init__.py", "");
        write("src/pkg/mod.py", """
                def two():
                    '''
                    >>> two()
                    2
                    '''
                    return 2
                def test_is_no_test(): assert False
                """);
        write("src/pkg/bad.py", "def three():\n    '''\n    >>> three()\n    3\n    '''\n    return 2\n");
        write("docs/use.rst", "Use\n===\n\n>>> 1 + 1\n2\n");
        write("checks/check_a.py", "def test_a(): pass\ndef test_b(): assert False\n");
        write("checks/test_not.py", "def test_never(): assert False\n");
        write("checks/data/one.yaml", "");
        write("checks/conftest.py", """
                import pytest
                collect_ignore = ['check_ignored.py']
                def pytest_collect_file(parent, file_path):
                    if file_path.suffix == '.yaml':
                        return Data.from_parent(parent, path=file_path)
                class Data(pytest.File):
                    def collect(self):
                        yield Item.from_parent(self, name='it')
                class Item(pytest.Item):
                    def runtest(self): pass
                """);
        write("checks/check_ignored.py", "def test_ignored(): assert False\n");
        write("below/pyproject.toml", "[tool.pytest.ini_options]\npython_files = 'no_*.py'\n");
        write("below/check_c.py", "def test_c(): pass\n");

        assertThat(compare()).as(said::toString).isEqualTo(ExitCode.OK);
        isEqual(5, 2, 0);
    }

    /** pytest imports both by one name, and fails without having run one of them. */
    @Test
    void filesThatPytestImportsByOneNameFailAsThere() throws Exception {
        needs("python3", "-c", "import pytest");
        write("pytest.ini", "[pytest]\n");
        write("a/test_x.py", "def test_a(): pass\n");
        write("b/test_x.py", "def test_b(): pass\n");
        assertThat(ownPytest()).isEqualTo(2);

        assertThat(compare()).as(said::toString).isEqualTo(ExitCode.ERROR);
        assertThat(said.toString()).contains("import file mismatch", "a/test_x.py and b/test_x.py", "__init__.py");

        write("pytest.ini", "[pytest]\naddopts = --import-mode=importlib\n");
        assertThat(ownPytest()).isZero();
        assertThat(compare()).as(said::toString).isEqualTo(ExitCode.OK);
        isEqual(2, 0, 0);
    }

    private int ownPytest() throws Exception {
        return new ProcessBuilder("python3", "-m", "pytest", "-q")
                .directory(project.toFile())
                .redirectOutput(ProcessBuilder.Redirect.DISCARD)
                .start()
                .waitFor();
    }

    @Test
    void aPytestThatCannotBeAskedIsAnErrorThatSaysTheWayOut() throws Exception {
        write("pytest.ini", "[pytest]\n");
        write("tests/test_a.py", "def test_a(): pass\n");
        write("tests/conftest.py", "import no_such_module\n");

        assertThat(compare()).isEqualTo(ExitCode.ERROR);
        assertThat(said.toString()).contains("pytest does not tell", "no_such_module", "\"files\"");
    }

    @Test
    void unittestIsEqual() throws Exception {
        write("distributed-test.json", """
                {"files": ["tests/test_*.py"], "runners": {"files": {"**": "unittest"},
                 "interpreters": {"python": ["/usr/bin/python3"]}}}
                """);
        write("tests/__init__.py", "");
        write("tests/test_bad.py", "import no_such_module\n");
        write("tests/test_again.py", "from tests.test_u import T\n");
        write("tests/test_u.py", """
                import unittest
                class T(unittest.TestCase):
                    def test_a(self): pass
                    def test_s(self): self.skipTest('x')
                    def test_f(self): self.fail()
                    def test_sub(self):
                        for i in range(3):
                            with self.subTest(i=i): self.assertNotEqual(i, 1)
                    @unittest.expectedFailure
                    def test_ef(self): self.fail()
                class S(unittest.TestCase):
                    @classmethod
                    def setUpClass(cls): raise ValueError
                    def test_x(self): pass
                """);

        assertThat(compare()).as(said::toString).isEqualTo(ExitCode.OK);
        isEqual(2, 6, 4);
    }

    @Test
    void nodeIsEqual() throws Exception {
        needs("node", "--version");
        write("distributed-test.json", "{\"files\": [\"test/*.test.js\"]}");
        write("package.json", "{\"scripts\": {\"test\": \"node --test test/*.test.js\"}}");
        write("test/helper.js", "throw new Error('no test')\n");
        write("test/plain.test.js", "console.log(1)\n");
        write("test/exit.test.js", "process.exitCode = 3\n");
        write("test/a.test.js", """
                const { test, describe, it } = require('node:test');
                const assert = require('assert');
                test('t1', () => {});
                test('sub', async (t) => { await t.test('x', () => {}); await t.test('y', () => { assert(0); }); });
                describe('g', () => {
                  it('a', () => {});
                  it.skip('b', () => {});
                  it.todo('c');
                  describe('h', () => { it('a', () => { throw new Error('x'); }); });
                });
                """);

        assertThat(compare()).as(said::toString).isEqualTo(ExitCode.OK);
        isEqual(4, 4, 2);
    }

    @Test
    void rspecIsEqual() throws Exception {
        needs("ruby", "-S", "rspec", "--version");
        write("distributed-test.json", "{\"files\": [\"spec/**/*_spec.rb\"]}");
        write("spec/b_spec.rb", "RSpec.describe('b') { it('x') {}; it('x') { raise 'x' } }\n");
        write("spec/a_spec.rb", """
                RSpec.describe String do
                  describe '#size' do
                    it('works') { expect('a'.size).to eq 1 }
                    it { is_expected.to eq '' }
                    it('fails') { expect(1).to eq 2 }
                    it('pends')
                    xit('is skipped') {}
                  end
                  context('when x') { it('::y') {}; it { raise 'boom' } }
                end
                """);

        assertThat(compare()).as(said::toString).isEqualTo(ExitCode.OK);
        isEqual(4, 3, 2);
    }

    /** Whatever plugins do to reporters, and where there are none. */
    @ParameterizedTest
    @ValueSource(
            strings = {
                "",
                "ENV['MT_NO_PLUGINS'] = '1'",
                "def Minitest.plugin_x_init(_) = (reporter.reporters.clear; reporter << Minitest::StatisticsReporter.new);"
                        + " Minitest.extensions << 'x'"
            })
    void minitestIsEqual(String plugins) throws Exception {
        needs("ruby", "-e", "require 'minitest'");
        write("distributed-test.json", "{\"files\": [\"test/**/*_test.rb\"]}");
        write("test/shared.rb", "module Shared; def test_shared; assert true; end; end\n");
        write("test/a_test.rb", "require 'minitest/autorun'\n" + plugins + """

                require 'shared'
                class ATest < Minitest::Test
                  include Shared
                  def test_a; assert true; end
                  def test_b; assert false; end
                  def test_c; skip 'x'; end
                  def test_e; raise 'x'; end
                end
                describe 'spec style' do
                  it('works') {}
                  describe('in') { it('x') {} }
                end
                """);

        assertThat(compare()).as(said::toString).isEqualTo(ExitCode.OK);
        isEqual(4, 2, 1);
    }

    /** As suites do that make a test of each file that lies in a directory. */
    @Test
    void namesWithThePathOfTheTreeAreTheSame() throws Exception {
        needs("ruby", "-e", "require 'minitest'");
        write("distributed-test.json", "{\"files\": [\"test/**/*_test.rb\"]}");
        write("test/cases/one.txt", "1");
        write("test/cases/two.txt", "3");
        write("test/a_test.rb", """
                require 'minitest/autorun'
                class ATest < Minitest::Test
                  Dir[File.expand_path('cases/*.txt', __dir__)].each do |file|
                    define_method("test_#{file}_to_html") { assert_operator(File.read(file).to_i, :<, 2) }
                  end
                end
                """);

        assertThat(compare()).as(said::toString).isEqualTo(ExitCode.OK);
        isEqual(1, 1, 0);
    }

    /** What no glob of test files names: a package's own tests, and what its load_tests makes of its modules. */
    @ParameterizedTest
    @ValueSource(
            strings = {
                "",
                "import unittest\nclass InPackage(unittest.TestCase):\n    def test_own(self): pass\n",
                "import doctest, lib\ndef load_tests(loader, tests, pattern):\n"
                        + "    tests.addTests(doctest.DocTestSuite(lib))\n"
                        + "    tests.addTests(loader.discover(__path__[0], pattern))\n    return tests\n",
                "import unittest\ndef load_tests(loader, tests, pattern):\n"
                        + "    from . import test_a, helper\n    suite = unittest.TestSuite()\n"
                        + "    suite.addTest(test_a.A('test_bad'))\n"
                        + "    suite.addTests(loader.loadTestsFromModule(helper))\n    return suite\n",
                "def load_tests(loader, tests, pattern):\n    raise RuntimeError('no')\n",
                "def load_tests(loader, tests, pattern):\n    return loader.loadTestsFromName('not_there')\n"
            })
    void testsOfPackagesAreEqual(String init) throws Exception {
        needs("python3", "-c", "import unittest");
        write("distributed-test.json", """
                {"files": ["checks/**/test_*.py"], "runners": {"files": {"checks/**": "unittest"}}}
                """);
        String test = "import unittest\nclass %s(unittest.TestCase):\n"
                + "    def test_good(self): pass\n    def test_bad(self): self.fail('x')\n";
        write("lib.py", "def one():\n    \"\"\">>> one()\n    2\n    \"\"\"\n    return 1\n");
        write("checks/__init__.py", init);
        write("checks/helper.py", test.formatted("Helper"));
        write("checks/test_a.py", test.formatted("A"));
        write("checks/deep/__init__.py", "");
        write("checks/deep/test_b.py", test.formatted("B"));

        // Whatever the files of one process have loaded before.
        assertThat(compare("--slots", "1")).as(said::toString).isEqualTo(ExitCode.OK);
        assertThat(compare()).as(said::toString).isEqualTo(ExitCode.OK);
    }

    @Test
    void testUnitIsEqual() throws Exception {
        needs("ruby", "-e", "require 'test/unit'; Test::Unit::AutoRunner.need_auto_run = false");
        write(
                "distributed-test.json",
                "{\"files\": [\"test/test_*.rb\"], \"runners\": {\"files\": {\"**\": \"test-unit\"}}}");
        write("test/test_a.rb", """
                require 'test/unit'
                class ATest < Test::Unit::TestCase
                  def test_a; assert true; end
                  def test_b; assert false; end
                  def test_c; omit 'x'; end
                  def test_e; raise 'x'; end
                  data('one' => 1, 'two' => 2)
                  def test_d(x); assert x; end
                  test('named one') { pend 'y' }
                end
                """);

        assertThat(compare()).as(said::toString).isEqualTo(ExitCode.OK);
        isEqual(3, 2, 2);
    }

    /** Named as for the one framework, written for the other: both sides run it with its own. */
    @Test
    void testUnitUnderMinitestsNamesIsEqual() throws Exception {
        needs("ruby", "-e", "require 'test/unit'; Test::Unit::AutoRunner.need_auto_run = false");
        needs("ruby", "-e", "require 'minitest'");
        write("distributed-test.json", "{\"files\": [\"test/**/test_*.rb\"]}");
        write("test/helper.rb", "require 'test/unit'\n");
        write("test/test_a.rb", """
                require_relative 'helper'
                class TestA < Test::Unit::TestCase
                  def test_passes; assert true; end
                  def test_fails; assert false; end
                end
                """);

        assertThat(compare()).as(said::toString).isEqualTo(ExitCode.OK);
        isEqual(1, 1, 0);
    }

    @Test
    void aFileThatItsOwnCommandDoesNotRunIsToldSo() throws Exception {
        needs("ruby", "-S", "rspec", "--version");
        write("distributed-test.json", "{\"files\": [\"**/*_spec.rb\"]}");
        write("spec/a_spec.rb", "RSpec.describe('a') { it('one') {} }\n");
        write("benchmarks/b_spec.rb", "RSpec.describe('b') { it('two') {} }\n");

        assertThat(compare()).as(said::toString).isEqualTo(ExitCode.DIFFERENT);
        assertThat(difference("two").path("cause").asText()).isEqualTo("not_run");
    }

    @Test
    void aFileThatFitsBothPatternsOfUnittestIsCountedOnce() throws Exception {
        write("distributed-test.json", """
                {"files": ["tests/*.py"], "runners": {"files": {"**": "unittest"},
                 "interpreters": {"python": ["/usr/bin/python3"]}}}
                """);
        String test = "import unittest\nclass T(unittest.TestCase):\n    def test_it(self): pass\n";
        write("tests/test_a.py", test);
        write("tests/test_b_test.py", test);
        write("tests/c_test.py", test);

        assertThat(compare()).as(said::toString).isEqualTo(ExitCode.OK);
        isEqual(3, 0, 0);
    }

    private void maven() throws Exception {
        needs("mvn", "--version");
        write("pom.xml", """
                <project xmlns="http://maven.apache.org/POM/4.0.0">
                  <modelVersion>4.0.0</modelVersion><groupId>g</groupId><artifactId>a</artifactId><version>1</version>
                  <properties><maven.compiler.release>17</maven.compiler.release>
                    <project.build.sourceEncoding>UTF-8</project.build.sourceEncoding></properties>
                  <dependencies><dependency><groupId>org.junit.jupiter</groupId><artifactId>junit-jupiter</artifactId>
                    <version>5.14.1</version><scope>test</scope></dependency></dependencies>
                  <build><plugins>
                    <plugin><artifactId>maven-compiler-plugin</artifactId><version>3.14.1</version></plugin>
                    <plugin><artifactId>maven-surefire-plugin</artifactId><version>3.5.4</version></plugin>
                  </plugins></build>
                </project>
                """);
        write("distributed-test.json", """
                {"files": ["src/test/java/**/*Test.java"], "runners": {
                 "class_path": ["target/test-classes"],
                 "class_path_command": ["mvn", "-q", "dependency:build-classpath", "-Dmdep.outputFile=/dev/stdout"]}}
                """);
        write("src/test/java/a/BTest.java", """
                package a;
                import org.junit.jupiter.api.*;
                import org.junit.jupiter.params.*;
                import org.junit.jupiter.params.provider.*;
                class BTest {
                    @Test void passes() {}
                    @Test void fails() { Assertions.fail("x"); }
                    @Test @Disabled void disabled() {}
                    @Test @DisplayName("has another name") void named() {}
                    @ParameterizedTest @ValueSource(ints = {1, 2}) void adds(int x) {}
                    @Nested class In { @Test void nested() {} }
                }
                """);
    }

    @Test
    void mavenIsEqual() throws Exception {
        maven();

        assertThat(compare()).as(said::toString).isEqualTo(ExitCode.OK);
        isEqual(5, 1, 1);
    }

    @Test
    void theBuildToolThatIsSetIsTheOneOfBothSides() throws Exception {
        maven();
        Path tool = directory.resolve("our-mvn");
        Files.writeString(tool, "#!/bin/sh\necho \"$@\" >> '" + tool + ".calls'\nexec mvn \"$@\"\n");
        assertThat(tool.toFile().setExecutable(true)).isTrue();
        write("distributed-test.json", "{\"runners\": {\"interpreters\": {\"maven\": [\"" + tool + "\"]}}}");

        assertThat(compare()).as(said::toString).isEqualTo(ExitCode.OK);
        assertThat(contentOf(new File(tool + ".calls")))
                .contains("process-test-classes")
                .contains("verify");
    }

    @Test
    void aClassThatTheGlobsLeaveOutIsToldByName() throws Exception {
        maven();
        write(
                "src/test/java/a/MoreTests.java",
                "package a; class MoreTests {" + " @org.junit.jupiter.api.Test void more() {} }");

        assertThat(compare()).as(said::toString).isEqualTo(ExitCode.DIFFERENT);
        assertThat(difference("more").path("cause").asText()).isEqualTo("not_found");
        assertThat(said.toString()).contains("a.MoreTests was not found by the globs", "not in our run");
    }

    @Test
    void aFileThatTheGlobsLeaveOutIsToldByName() throws Exception {
        pytest("tests/test_a.py", "def test_a(): pass\n", "other/test_o.py", "def test_o(): pass\n");

        assertThat(compare()).as(said::toString).isEqualTo(ExitCode.DIFFERENT);
        assertThat(said.toString())
                .contains("other/test_o.py was not found by the globs", "DIFFERENT: 1 case is equal, 1 differs");
        assertThat(difference("test_o").path("with").asText()).isEqualTo("other/test_o.py");
    }

    /** The files in another order than the own command's. */
    private void slowestFirst(String... files) throws IOException {
        Map<String, Double> seconds = new HashMap<>();
        for (int i = 0; i < files.length; i++) {
            seconds.put(files[i], 100.0 - i);
        }
        Path file = project.resolve(".distributed-test/runtimes.json");
        Files.createDirectories(file.getParent());
        RuntimeHistory.of(seconds).write(file);
    }

    @Test
    void whatSharesStateWithTheFileBeforeItIsToldWithThatFile() throws Exception {
        pytest(
                "state.py", "value = 0\n",
                "tests/test_a.py", "import state\ndef test_clean(): assert state.value == 0\n",
                "tests/test_b.py", "def test_b(): pass\n",
                "tests/test_c.py", "import state\ndef test_spoils(): state.value = 1\n");
        slowestFirst("tests/test_c.py", "tests/test_a.py", "tests/test_b.py");

        assertThat(compare("--slots", "1")).as(said::toString).isEqualTo(ExitCode.DIFFERENT);
        assertThat(said.toString()).contains("tests/test_a.py shares state with tests/test_c.py");

        slowestFirst("tests/test_c.py", "tests/test_b.py", "tests/test_a.py");
        assertThat(compare("--slots", "1")).as(said::toString).isEqualTo(ExitCode.DIFFERENT);
        assertThat(difference("test_clean").path("with").asText()).isEqualTo("tests/test_c.py");
        assertThat(difference("test_clean").path("cause").asText()).isEqualTo("shares_state");
    }

    @Test
    void whatSharesStateInItsOwnCommandIsToldSo() throws Exception {
        pytest(
                "state.py", "value = 0\n",
                "tests/test_a.py", "import state\ndef test_spoils(): state.value = 1\n",
                "tests/test_b.py", "import state\ndef test_clean(): assert state.value == 0\n");
        slowestFirst("tests/test_b.py", "tests/test_a.py");

        assertThat(compare("--slots", "1")).as(said::toString).isEqualTo(ExitCode.DIFFERENT);
        assertThat(difference("test_clean").path("cause").asText()).isEqualTo("shares_state");
        assertThat(said.toString())
                .contains("tests/test_b.py shares state with what its own command runs in the same process")
                .contains("own command: failed, our run: passed", "The verdicts differ");
    }

    @Test
    void filesThatItsOwnCommandLeavesOutForAnotherAreToldWithThatOne() throws Exception {
        pytest("tests/test_a.py", "def test_a(): pass\n", "tests/test_bad.py", "import no_such_module\n");

        assertThat(compare()).as(said::toString).isEqualTo(ExitCode.DIFFERENT);
        assertThat(difference("test_a").path("with").asText()).isEqualTo("tests/test_bad.py");
    }

    @Test
    void whatDoesNotTravelIsToldAsNeedOfTheDirectoryItself() throws Exception {
        pytest("tests/test_a.py", "import os\ndef test_git(): assert os.path.exists('.git/HEAD')\n", ".git/HEAD", "x");

        assertThat(compare()).as(said::toString).isEqualTo(ExitCode.DIFFERENT);
        assertThat(difference("test_git").path("cause").asText()).isEqualTo("working_directory");
        assertThat(said.toString()).contains("tests/test_a.py needs the working directory itself");
    }

    @Test
    void aDirectoryThatIsNeededIsNamed() throws Exception {
        pytest("web/tests/test_a.py", "def test_here(): open('data.txt')\n", "web/data.txt", "x");
        String own = "[\"sh\", \"-c\", \"cd web && exec python3 -m pytest --junitxml=../out.xml\"]";

        assertThat(compare("--files", "web/tests/*.py", "--command", own, "--reports", "out.xml"))
                .as(said::toString)
                .isEqualTo(ExitCode.DIFFERENT);
        assertThat(difference("test_here").path("with").asText()).isEqualTo("web");
        assertThat(said.toString()).contains("needs the working directory web (\"projects\": [\"web\"])");
    }

    @Test
    void projectsAreComparedEachByItsOwnCommandInItsDirectory() throws Exception {
        pytest(
                "tests/test_a.py", "def test_a(): pass\n",
                "pytest.ini", "[pytest]\n",
                "web/pytest.ini", "[pytest]\n",
                "web/data.txt", "x",
                "web/tests/test_w.py", "def test_w(): open('data.txt')\n");

        assertThat(compare("--files", "**/tests/test_*.py")).as(said::toString).isEqualTo(ExitCode.OK);
    }

    @Test
    void theFilesThatAreNamedAreTheFilesOfBothSides() throws Exception {
        pytest("tests/test_a.py", "def test_a(): pass\n", "tests/test_b.py", "def test_b(): assert 0\n");

        assertThat(compare("tests/test_a.py")).as(said::toString).isEqualTo(ExitCode.OK);
        isEqual(1, 0, 0);
    }

    private static final String REPORT = "<testsuite name='s'><testcase classname='c' name='a.sh'/></testsuite>";

    /** A command of the user's, which writes a report. */
    private int given(String script) throws IOException {
        write("distributed-test.json", "{\"files\": [\"*.sh\"], \"runners\": {\"command\": [\"sh\", \"{file}\"]}}");
        write("a.sh", "true");
        write("own", script);
        return compare("--command", "sh own", "--reports", "out/*.xml");
    }

    @Test
    void aCommandCanBeGivenWithItsReports() throws Exception {
        assertThat(given("mkdir out; echo \"" + REPORT + "\" > out/r.xml"))
                .as(said::toString)
                .isEqualTo(ExitCode.OK);
    }

    @Test
    void equalCasesWithAnotherVerdictAreDifferent() throws Exception {
        assertThat(given("mkdir out; echo \"" + REPORT + "\" > out/r.xml; exit 3"))
                .as(said::toString)
                .isEqualTo(ExitCode.DIFFERENT);
        assertThat(said.toString()).contains("its own command failed (exit code 3), our run passed");
    }

    @Test
    void aCommandWithoutAReportIsAnErrorThatShowsWhatItSaid() throws Exception {
        assertThat(given("echo no such thing; exit 1")).isEqualTo(ExitCode.ERROR);
        assertThat(said.toString()).contains("left no report: exit code 1", "sh own", "no such thing");
    }

    @Test
    void oldReportsAndWhatIsNoRegularFileAreNoReports() throws Exception {
        write("out/old.xml", REPORT);
        Files.setLastModifiedTime(project.resolve("out/old.xml"), FileTime.fromMillis(0));
        Path elsewhere = directory.resolve("elsewhere.xml");
        Files.writeString(elsewhere, REPORT);

        assertThat(given("mkfifo out/pipe.xml; touch " + elsewhere + "; ln -s " + elsewhere + " out/link.xml"))
                .isEqualTo(ExitCode.ERROR);
        assertThat(said.toString()).contains("left no report");
    }

    @Test
    void documentTypesInReportsAreRefused() throws Exception {
        write("secret", "SECRET");
        assertThat(given("mkdir out; cat > out/r.xml <<'E'\n<!DOCTYPE x [<!ENTITY e SYSTEM '" + project.toUri()
                        + "secret'>]><testsuite><testcase classname='c' name='&e;'/></testsuite>\nE\n"))
                .isEqualTo(ExitCode.ERROR);
        assertThat(said.toString()).contains("out/r.xml cannot be read").doesNotContain("SECRET");
    }

    @Test
    void withoutAKnownCommandItAsksForOne() throws Exception {
        write("distributed-test.json", "{\"files\": [\"*.sh\"], \"runners\": {\"command\": [\"sh\", \"{file}\"]}}");
        write("a.sh", "true");

        assertThat(compare()).isEqualTo(ExitCode.ERROR);
        assertThat(said.toString()).contains("give it with --command");
        assertThat(compare("--command", "sh own")).isEqualTo(ExitCode.ERROR);
        assertThat(said.toString()).contains("--command and --reports go together");
    }

    @Test
    void aSignalEndsTheOwnCommandAndOurs() throws Exception {
        for (String endless : List.of("own", "ours")) {
            write("distributed-test.json", "{\"files\": [\"*.sh\"], \"runners\": {\"command\": [\"sh\", \"{file}\"]}}");
            String hang = "echo $$ > " + directory + "/new; mv " + directory + "/new " + directory + "/" + endless
                    + "; sleep 600";
            write("a.sh", endless.equals("ours") ? hang : "true");
            write("own", endless.equals("own") ? hang : "mkdir -p out; echo \"" + REPORT + "\" > out/r.xml");
            Path temporary = Files.createDirectory(directory.resolve("tmp-" + endless));
            Process process = new ProcessBuilder(
                            "env",
                            "--default-signal=INT",
                            Path.of(System.getProperty("java.home"), "bin", "java")
                                    .toString(),
                            "-Djava.io.tmpdir=" + temporary,
                            "-cp",
                            System.getProperty("java.class.path"),
                            Main.class.getName(),
                            "compare",
                            "--set",
                            "work_directory=" + directory.resolve("work"),
                            "--command",
                            "sh own",
                            "--reports",
                            "out/*.xml")
                    .directory(project.toFile())
                    .redirectErrorStream(true)
                    .redirectOutput(directory.resolve("log").toFile())
                    .start();
            Path pid = directory.resolve(endless);
            await().atMost(Duration.ofSeconds(90)).until(() -> Files.exists(pid));
            ProcessHandle test = ProcessHandle.of(
                            Long.parseLong(Files.readString(pid).strip()))
                    .orElseThrow();

            new ProcessBuilder("kill", "-INT", String.valueOf(process.pid()))
                    .start()
                    .waitFor();

            assertThat(process.waitFor(60, TimeUnit.SECONDS)).isTrue();
            assertThat(process.exitValue())
                    .as(() -> contentOf(directory.resolve("log").toFile()))
                    .isEqualTo(ExitCode.CANCELLED);
            assertThat(test.isAlive()).isFalse();
            assertThat(temporary).isDirectoryNotContaining("glob:**compare*");
        }
    }
}
