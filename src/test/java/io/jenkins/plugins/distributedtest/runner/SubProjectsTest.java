package io.jenkins.plugins.distributedtest.runner;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.jenkins.plugins.distributedtest.suite.FileResult;
import io.jenkins.plugins.distributedtest.suite.FileStatus;
import io.jenkins.plugins.distributedtest.suite.RunnerSettings;
import io.jenkins.plugins.distributedtest.suite.SubProject;
import io.jenkins.plugins.distributedtest.suite.TestFile;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Trees with more than one project, each compared with its own command, run in its directory. */
class SubProjectsTest {
    @TempDir
    Path directory;

    private ScriptJob job;
    private Path workspace;

    @BeforeEach
    void makeWorkspace() throws Exception {
        job = new ScriptJob(directory);
        workspace = job.workspace;
    }

    @AfterEach
    void close() {
        job.close();
    }

    private void write(String path, String text) throws Exception {
        job.write(path, text);
    }

    private RunnerSettings settle(RunnerSettings settings, String... files) throws Exception {
        return SuiteRunners.settle(
                workspace,
                settings,
                List.of(),
                Arrays.stream(files).map(TestFile::new).toList());
    }

    private void open(RunnerSettings settings) throws Exception {
        job = new ScriptJob(directory, settings);
    }

    private FileResult run(String file) throws Exception {
        return job.run(file);
    }

    private void passesAsBy(String project, List<String> ownCommand, String file) throws Exception {
        OwnProcess own = OwnProcess.run(workspace.resolve(project), Map.of(), ownCommand);
        assertThat(own.isWell())
                .as("%s in %s: %s", ownCommand, project, own.said())
                .isTrue();
        FileResult result = run(file);
        assertThat(result.status()).as(ScriptJob.all(result)).isEqualTo(FileStatus.PASSED);
        assertThat(result.file().path()).isEqualTo(file);
        assertThat(result.cases()).isNotEmpty();
    }

    private static List<String> directories(RunnerSettings settings) {
        return settings.projects().stream().map(SubProject::directory).toList();
    }

    @Test
    void rspecRunsInItsEngineWithTheEnginesOptionsAndLibrary() throws Exception {
        Framework.RSPEC.required();
        write(".rspec", "--require spec_helper\n");
        write("spec/spec_helper.rb", "WHOSE = 'root'\n");
        write("spec/r_spec.rb", "RSpec.describe('r') { it('is') { expect(WHOSE).to eq 'root' } }\n");
        write("engines/foo/.rspec", "--require spec_helper\n--require ./only_here\n");
        write("engines/foo/only_here.rb", "ONLY = 1\n");
        write("engines/foo/lib/foo.rb", "module Foo; end\n");
        write("engines/foo/spec/spec_helper.rb", "require 'foo'\nWHOSE = 'engine'\n");
        write("engines/foo/spec/f_spec.rb", """
                RSpec.describe(Foo) do
                  it('has its helper') { expect([WHOSE, ONLY]).to eq ['engine', 1] }
                  it('is at home') { expect(File.basename(Dir.pwd)).to eq 'foo' }
                end
                """);
        RunnerSettings settings = settle(RunnerSettings.DEFAULT, "spec/r_spec.rb", "engines/foo/spec/f_spec.rb");
        assertThat(directories(settings)).containsExactly("engines/foo");
        open(settings);

        for (int round = 0; round < 2; round++) {
            passesAsBy("", List.of("rspec", "spec"), "spec/r_spec.rb");
            passesAsBy("engines/foo", List.of("rspec"), "engines/foo/spec/f_spec.rb");
        }
    }

    @Test
    void minitestRunsInItsGem() throws Exception {
        Framework.MINITEST.required();
        write("gems/one/one.gemspec", "");
        write("gems/two/two.gemspec", "");
        for (String gem : List.of("one", "two")) {
            write("gems/" + gem + "/lib/lib_of.rb", "LIB = '" + gem + "'\n");
            write("gems/" + gem + "/test/test_helper.rb", "require 'minitest/autorun'\nrequire 'lib_of'\n");
            write("gems/" + gem + "/test/a_test.rb", """
                    require 'test_helper'
                    class ATest < Minitest::Test
                      def test_lib; assert_equal '%s', LIB; assert File.exist?('test/a_test.rb'); end
                    end
                    """.formatted(gem));
        }
        open(settle(RunnerSettings.DEFAULT, "gems/one/test/a_test.rb", "gems/two/test/a_test.rb"));

        for (String gem : List.of("one", "two")) {
            passesAsBy(
                    "gems/" + gem,
                    List.of("ruby", "-Ilib", "-Itest", "test/a_test.rb"),
                    "gems/" + gem + "/test/a_test.rb");
        }
    }

    @Test
    void pytestRunsInThePackageThatConfiguresIt() throws Exception {
        Framework.PYTEST.required();
        write("pyproject.toml", "[tool.pytest.ini_options]\nmarkers = ['ofroot']\naddopts = '--strict-markers'\n");
        write("conftest.py", "");
        write("tests/test_root.py", "import pytest\n@pytest.mark.ofroot\ndef test_r(): pass\n");
        write("libs/plain/pyproject.toml", "[project]\nname = 'plain'\n");
        write("libs/plain/tests/test_p.py", "import pytest\n@pytest.mark.ofroot\ndef test_p(): pass\n");
        write("libs/own/pytest.ini", "[pytest]\npythonpath = src\n");
        write("libs/own/src/own_module.py", "");
        write(
                "libs/own/tests/test_root.py",
                "import os, own_module\ndef test_o(): assert os.path.exists('src/own_module.py')\n");
        RunnerSettings settings = settle(
                RunnerSettings.DEFAULT,
                "tests/test_root.py",
                "libs/plain/tests/test_p.py",
                "libs/own/tests/test_root.py");
        assertThat(directories(settings)).containsExactly("libs/own");
        open(settings);

        List<String> pytest = List.of("python3", "-m", "pytest", "-q", "-p", "no:cacheprovider");
        passesAsBy(
                "",
                Stream.concat(pytest.stream(), Stream.of("tests", "libs/plain")).toList(),
                "tests/test_root.py");
        passesAsBy("libs/own", pytest, "libs/own/tests/test_root.py");
        FileResult plain = run("libs/plain/tests/test_p.py");
        assertThat(plain.status()).as(ScriptJob.all(plain)).isEqualTo(FileStatus.PASSED);
    }

    @Test
    void unittestAndNodeRunInTheirPackages() throws Exception {
        Framework.UNITTEST.required();
        write("services/a/setup.py", "");
        write("services/a/thing.py", "NAME = 'a'\n");
        write("services/a/tests/__init__.py", "");
        write("services/a/tests/test_thing.py", """
                import unittest, thing
                class T(unittest.TestCase):
                    def test_name(self): self.assertEqual('a', thing.NAME)
                """);
        write("services/b/package.json", "{\"scripts\": {\"test\": \"node --test\"}, \"type\": \"module\"}");
        write("services/b/data.txt", "b");
        write("services/b/test/b.test.js", """
                import test from 'node:test';
                import fs from 'node:fs';
                test('reads', () => fs.readFileSync('data.txt'));
                """);
        write("fixtures/c/package.json", "{\"scripts\": {\"test\": \"node --test\"}}");
        RunnerSettings settings = settle(
                new RunnerSettings(
                        List.of(new RunnerSettings.Rule("services/a/**", "unittest")),
                        null,
                        null,
                        null,
                        null,
                        null,
                        null),
                "services/a/tests/test_thing.py",
                "services/b/test/b.test.js",
                "fixtures/c/c.test.js");
        assertThat(directories(settings)).containsExactly("services/a", "services/b");
        open(settings);

        passesAsBy(
                "services/a",
                List.of("python3", "-m", "unittest", "tests.test_thing"),
                "services/a/tests/test_thing.py");
        passesAsBy("services/b", List.of("node", "--test", "test/b.test.js"), "services/b/test/b.test.js");
    }

    @Test
    void whatIsSetGoesBeforeWhatIsFound() throws Exception {
        Framework.RSPEC.required();
        write("engines/foo/.rspec", "");
        write(
                "tools/x_spec.rb",
                "RSpec.describe('x') { it('is') { expect(ENV.values_at('A', 'B')).to eq ['tool', nil] } }\n");
        write("tools/y.txt", "exit 3\n");
        write("engines/foo/f_spec.rb", "RSpec.describe('f') { it('is') { expect(File).to exist('engines/foo') } }\n");
        SubProject tools = new SubProject("tools", "rspec", null, Map.of("A", "tool"));
        RunnerSettings settings =
                settle(RunnerSettings.DEFAULT.in(List.of(tools)), "tools/x_spec.rb", "engines/foo/f_spec.rb");
        assertThat(settings.projects()).containsExactly(tools);
        assertThat(settings.used()).containsExactly("rspec");
        open(settings);

        assertThat(run("tools/x_spec.rb").status()).isEqualTo(FileStatus.PASSED);
        assertThat(run("engines/foo/f_spec.rb").status()).isEqualTo(FileStatus.PASSED);
        assertThat(run("tools/y.txt").runner()).isEqualTo("rspec");
    }

    @Test
    void commandRunsInTheProjectThatIsSet() throws Exception {
        write("web/check.txt", "hello\n");
        SubProject web = new SubProject(
                "web",
                "command",
                new RunnerSettings(null, null, null, null, null, null, List.of("grep", "hello", "{file}")),
                Map.of());
        open(settle(RunnerSettings.DEFAULT.in(List.of(web)), "web/check.txt"));

        FileResult result = run("web/check.txt");
        assertThat(result.status()).as(ScriptJob.all(result)).isEqualTo(FileStatus.PASSED);
        assertThat(result.output()).isEqualTo("hello\n");
    }

    @Test
    void aProjectWithoutDirectoryIsNamed() {
        assertThatThrownBy(() -> settle(RunnerSettings.DEFAULT.in(List.of(SubProject.in("gone"))), "a_spec.rb"))
                .isInstanceOf(RunnerException.class)
                .hasMessageContaining("gone has no directory")
                .hasMessageContaining("\"projects\"");
        assertThatThrownBy(() -> SubProject.in("../x")).isInstanceOf(IllegalArgumentException.class);
    }

    /** The preloader of the first project has ended by the time that the slot is in the second. */
    @Test
    void aSlotHasTheProcessesOfOneProject() throws Exception {
        Framework.RSPEC.required();
        for (String each : List.of("a", "b")) {
            write(each + "/.rspec", "");
            write(
                    each + "/x_spec.rb",
                    "RSpec.describe('x') { it('is') { File.write('pids', [Process.pid, Process.ppid].join(' ')) } }\n");
        }
        open(settle(RunnerSettings.DEFAULT, "a/x_spec.rb", "b/x_spec.rb"));

        run("a/x_spec.rb");
        List<Long> first = new ArrayList<>();
        for (String pid : Files.readString(workspace.resolve("a/pids")).split(" ")) {
            first.add(Long.valueOf(pid));
        }
        assertThat(first).allMatch(pid -> ProcessHandle.of(pid).isPresent());
        run("b/x_spec.rb");
        assertThat(first)
                .noneMatch(pid ->
                        ProcessHandle.of(pid).filter(ProcessHandle::isAlive).isPresent());
        assertThat(workspace.resolve("b/pids")).exists();
    }
}
