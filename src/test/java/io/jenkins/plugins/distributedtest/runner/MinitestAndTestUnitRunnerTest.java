package io.jenkins.plugins.distributedtest.runner;

import static org.assertj.core.api.Assertions.assertThat;

import io.jenkins.plugins.distributedtest.suite.FileResult;
import io.jenkins.plugins.distributedtest.suite.FileStatus;
import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** What is Minitest's and test-unit's own. */
class MinitestAndTestUnitRunnerTest {
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
    void minitestRunsSpecsParallelTestsAndHooksOfTheEnd() throws Exception {
        Framework.MINITEST.required();
        job.write("test/a_test.rb", """
                require 'minitest/autorun'
                Minitest.after_run { File.write('after_run', 'once') }
                class Wide < Minitest::Test
                  parallelize_me!
                  5.times { |i| define_method("test_#{i}") { sleep 0.01 } }
                end
                describe 'a spec' do
                  it('works') { _(1 + 1).must_equal 2 }
                  it('waits') { skip 'for better times' }
                end
                """);
        FileResult result = job.run("test/a_test.rb");
        assertThat(result.status()).as(ScriptJob.all(result)).isEqualTo(FileStatus.PASSED);
        assertThat(result.cases()).hasSize(7);
        assertThat(ScriptJob.told(result))
                .containsEntry("test_4", "PASSED")
                .containsEntry("test_0001_works", "PASSED")
                .containsEntry("test_0002_waits", "SKIPPED");
        assertThat(job.read("after_run")).isEmpty();
        job.close();
        assertThat(job.read("after_run")).isEqualTo("once");
    }

    /** Suites use what the framework's own command has loaded, knowingly or not. */
    @ParameterizedTest
    @EnumSource(
            value = Framework.class,
            names = {"MINITEST", "TEST_UNIT"})
    void whatTheOwnCommandHasLoadedIsLoaded(Framework framework) throws Exception {
        framework.required();
        job.write("test/loaded_test.rb", """
                require '%s'
                class Loaded < %s
                  def test_told = File.write(ENV.fetch('TOLD', 'ours'), $LOADED_FEATURES.join("\\n"))
                end
                """.formatted(
                        framework == Framework.MINITEST ? "minitest/autorun" : "test/unit",
                        framework == Framework.MINITEST ? "Minitest::Test" : "Test::Unit::TestCase"));
        OwnProcess own = OwnProcess.run(
                job.workspace, Map.of("TOLD", "own"), List.of("ruby", "-Ilib", "-Itest", "test/loaded_test.rb"));
        assertThat(own.isWell()).as(own.said()).isTrue();

        FileResult result = job.run("test/loaded_test.rb");
        assertThat(result.status()).as(ScriptJob.all(result)).isEqualTo(FileStatus.PASSED);
        List<String> ours = job.read("ours").lines().toList();
        assertThat(job.read("own").lines().filter(feature -> !feature.endsWith("/loaded_test.rb")))
                .isSubsetOf(ours);
    }

    @Test
    void minitestTellsTheSeedOfAFileThatFailed() throws Exception {
        Framework.MINITEST.required();
        job.write("test/a_test.rb", Framework.MINITEST.file("A", "flunk"));
        assertThat(job.run("test/a_test.rb").output()).containsPattern("--seed \\d+");
    }

    @Test
    void testUnitTellsDataPendingOmittedAndClassFixtures() throws Exception {
        Framework.TEST_UNIT.required();
        job.write("unit/a_test.rb", """
                require 'test/unit'
                class A < Test::Unit::TestCase
                  data('one' => 1, 'two' => 2)
                  def test_data(value) = assert_equal(1, value)
                  def test_later = pend('not yet')
                  def test_never = omit('not here')
                end
                """);
        job.write("unit/b_test.rb", """
                require 'test/unit'
                class B < Test::Unit::TestCase
                  def self.shutdown = raise('cannot clean up')
                  def test_b = assert(true)
                end
                """);
        assertThat(ScriptJob.told(job.run("unit/a_test.rb")))
                .isEqualTo(Map.of(
                        "test_data[one]",
                        "PASSED",
                        "test_data[two]",
                        "FAILED",
                        "test_later",
                        "SKIPPED",
                        "test_never",
                        "SKIPPED"));
        FileResult fixture = job.run("unit/b_test.rb");
        assertThat(fixture.status()).isEqualTo(FileStatus.FAILED);
        // As test-unit names what fails around the tests of a class.
        assertThat(ScriptJob.told(fixture)).isEqualTo(Map.of("test_b", "PASSED", "B", "ERROR"));
        assertThat(fixture.cases().get(1).failure().message()).contains("cannot clean up");
    }
}
