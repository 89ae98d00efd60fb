package io.jenkins.plugins.distributedtest.runner;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import io.jenkins.plugins.distributedtest.suite.FileResult;
import io.jenkins.plugins.distributedtest.suite.FileStatus;
import io.jenkins.plugins.distributedtest.suite.RunnerSettings;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** What fails after the last test makes the framework's own command fail; it must not get lost here. */
class AfterLastFileTest {
    @TempDir
    Path directory;

    private ScriptJob job;

    @AfterEach
    void close() {
        if (job != null) {
            job.close();
        }
    }

    private void open(String isolatedRunner) throws Exception {
        RunnerSettings settings = Framework.SETTINGS;
        job = new ScriptJob(
                directory, isolatedRunner == null ? settings : settings.isolated(Map.of(isolatedRunner, "file")));
    }

    private void ownCommandFails(String... command) throws Exception {
        assertThat(OwnProcess.run(job.workspace, command).exitCode()).isNotZero();
    }

    /** Runs the file, which passes; returns what failed afterwards. */
    private String afterwards(String file) throws Exception {
        FileResult result = job.run(file);
        assertThat(result.status()).as(ScriptJob.all(result)).isEqualTo(FileStatus.PASSED);
        WorkerRunner worker = job.worker(1);
        assertThat(worker.problems()).isEmpty();
        worker.close();
        return String.join("\n", worker.problems());
    }

    private void rspec() throws Exception {
        Framework.RSPEC.required();
        job.write(".rspec", "--require ./spec_helper.rb\n");
        job.write("spec_helper.rb", "RSpec.configure { |c| c.after(:suite) { raise 'left dirty' } }\n");
        job.write("spec/a_spec.rb", "RSpec.describe('a') { it('is') {} }\n");
        ownCommandFails("rspec");
    }

    @Test
    void aSuiteHookOfRSpec() throws Exception {
        open(null);
        rspec();
        assertThat(afterwards("spec/a_spec.rb"))
                .contains("`after(:suite)` hook", "left dirty (RuntimeError)", "spec_helper.rb:1");
    }

    /** The file has the process to itself, so it is the file that fails. */
    @Test
    void aSuiteHookOfRSpecInAProcessPerFile() throws Exception {
        open("rspec");
        rspec();
        FileResult result = job.run("spec/a_spec.rb");
        assertThat(result.status()).as(ScriptJob.all(result)).isEqualTo(FileStatus.FAILED);
        assertThat(result.message()).contains("left dirty");
        assertThat(result.cases()).hasSize(1);
    }

    @Test
    void aBlockOfMinitest() throws Exception {
        Framework.MINITEST.required();
        open(null);
        job.write("test/a_test.rb", """
                require 'minitest/autorun'
                Minitest.after_run { raise 'after run' }
                class ATest < Minitest::Test
                  def test_a; end
                end
                """);
        ownCommandFails("ruby", "test/a_test.rb");
        assertThat(afterwards("test/a_test.rb")).contains("after run (RuntimeError)", "a_test.rb:2");
    }

    /** What runs when the process ends decides about the exit code of the framework's own command. */
    @ParameterizedTest
    @EnumSource
    void anExitCodeGivenAtTheVeryEnd(Framework framework) throws Exception {
        framework.required();
        open(null);
        String path = framework.path("a");
        String test = framework.file("A", framework.code("nil", "pass"));
        job.write(
                path,
                framework.code("at_exit { exit 3 }\n", "import atexit, os\natexit.register(os._exit, 3)\n") + test);
        ownCommandFails(
                switch (framework) {
                    case RSPEC -> new String[] {"rspec"};
                    case MINITEST, TEST_UNIT -> new String[] {"ruby", path};
                    case PYTEST -> new String[] {"python3", "-m", "pytest", "-p", "no:cacheprovider"};
                    case UNITTEST -> new String[] {"python3", "-m", "unittest", path};
                });
        assertThat(afterwards(path)).contains("exit code 3");
    }

    /** Each process has run a part of the suite only: what it has covered says nothing of the whole. */
    @Test
    void aLimitOfSimpleCovHoldsForTheWholeSuiteOnly() throws Exception {
        Framework.RSPEC.required();
        open(null);
        assumeTrue(OwnProcess.run(job.workspace, "ruby", "-e", "require 'simplecov'")
                        .exitCode()
                == 0);
        job.write("spec/spec_helper.rb", "require 'simplecov'\nSimpleCov.start { minimum_coverage 100 }\n");
        for (String name : List.of("one", "two")) {
            job.write("lib/" + name + ".rb", "def " + name + "\n  1\nend\n");
            job.write(
                    "spec/" + name + "_spec.rb",
                    "require 'spec_helper'\nrequire 'one'\nrequire 'two'\nRSpec.describe('" + name + "') { it('is') { "
                            + name + " } }\n");
        }
        assertThat(OwnProcess.run(job.workspace, "rspec").exitCode()).isZero();
        ownCommandFails("rspec", "spec/one_spec.rb");
        assertThat(afterwards("spec/one_spec.rb")).isEmpty();
    }

    private void pytest(String conftest) throws Exception {
        Framework.PYTEST.required();
        open(null);
        job.write("conftest.py", conftest);
        job.write("tests/test_a.py", "def test_a(): pass\n");
        ownCommandFails("python3", "-m", "pytest", "-p", "no:cacheprovider");
    }

    @Test
    void aSessionFixtureOfPytest() throws Exception {
        pytest("""
                import pytest
                @pytest.fixture(scope='session', autouse=True)
                def server():
                    yield
                    raise RuntimeError('port still open')
                """);
        assertThat(afterwards("tests/test_a.py")).contains("torn down", "RuntimeError: port still open", "conftest.py");
    }

    @Test
    void aHookOfPytestThatAsksForAnExitCode() throws Exception {
        pytest("def pytest_sessionfinish(session): session.exitstatus = 1\n");
        assertThat(afterwards("tests/test_a.py")).contains("exit code 1 although no test failed");
    }

    @Test
    void aHookOfPytestThatExits() throws Exception {
        pytest("import sys\ndef pytest_unconfigure(config): sys.exit(3)\n");
        assertThat(afterwards("tests/test_a.py")).contains("called exit(3)", "conftest.py:2");
    }

    @Test
    void nothingFailsWhereNothingDoes() throws Exception {
        open(null);
        for (Framework framework : List.of(Framework.RSPEC, Framework.MINITEST, Framework.PYTEST, Framework.UNITTEST)) {
            framework.required();
            job.write(framework.path("good"), framework.file("Good", framework.code("nil", "pass")));
            assertThat(job.run(framework.path("good")).status()).isEqualTo(FileStatus.PASSED);
            job.write(framework.path("bad"), framework.file("Bad", framework.failing));
            assertThat(job.run(framework.path("bad")).status()).isEqualTo(FileStatus.FAILED);
        }
        WorkerRunner worker = job.worker(1);
        worker.close();
        assertThat(worker.problems()).isEmpty();
    }
}
