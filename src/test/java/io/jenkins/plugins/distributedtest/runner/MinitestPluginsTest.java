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
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Plugins of Minitest decide here as they do in its own command, which each test runs, too. */
class MinitestPluginsTest {
    private static final String PASSING = "require 'minitest/autorun'\nclass %s < Minitest::Test\n"
            + "  def test_a = assert(true)\n  def test_b = assert(true)\nend\n";

    @TempDir
    Path directory;

    private ScriptJob job;

    @BeforeEach
    void open() throws IOException {
        Framework.MINITEST.required();
        job = new ScriptJob(directory);
    }

    @AfterEach
    void close() {
        job.close();
    }

    private OwnProcess own(String file, String... args) throws Exception {
        List<String> command = new ArrayList<>(List.of("ruby", "-Ilib", "-Itest", file));
        command.addAll(List.of(args));
        return OwnProcess.run(job.workspace, command.toArray(String[]::new));
    }

    /** Plugins stand where Minitest finds them: below minitest/ on the load path. */
    private void plugin(String place, String text) throws IOException {
        job.write(place + "/minitest/strict_plugin.rb", "module Minitest\n" + text + "\nend\n");
    }

    private static String reporter(String methods) {
        return "  class Strict < AbstractReporter\n" + methods + "\n  end\n"
                + "  def self.plugin_strict_init(options) = (reporter << Strict.new)\n";
    }

    /** One that does not let a run without assertions of its own kind pass; one that looks at all files' tests. */
    @ParameterizedTest
    @CsvSource({"test, def passed? = false", "lib, def record(*) = @n = @n.to_i + 1; def passed? = @n < 4"})
    void aReporterThatIsNotContentFailsTheRun(String place, String methods) throws Exception {
        plugin(place, reporter(methods));
        for (String name : List.of("one", "two")) {
            job.write("test/" + name + "_test.rb", PASSING.formatted(name.equals("one") ? "One" : "Two"));
            FileResult result = job.run("test/" + name + "_test.rb");
            assertThat(result.status()).as(ScriptJob.all(result)).isEqualTo(FileStatus.PASSED);
            assertThat(result.cases()).hasSize(2);
        }
        job.write("all.rb", "require 'one_test'\nrequire 'two_test'\n");
        assertThat(own("all.rb").isWell()).isFalse();
        WorkerRunner worker = job.worker(1);
        worker.close();
        assertThat(worker.problems())
                .singleElement()
                .asString()
                .contains("Minitest::Strict", "does not let the run pass");
    }

    /** What only repeats that tests have failed is no other failure: such a file may pass at its next try. */
    @Test
    void aReporterThatCountsFailuresSaysNothingNew() throws Exception {
        plugin(
                "test",
                "  class Strict < StatisticsReporter; end\n"
                        + "  def self.plugin_strict_init(options) = (reporter << Strict.new(options[:io], options))\n");
        job.write("test/a_test.rb", Framework.MINITEST.file("A", "flunk"));
        assertThat(job.run("test/a_test.rb").status()).isEqualTo(FileStatus.FAILED);
        WorkerRunner worker = job.worker(1);
        worker.close();
        assertThat(worker.problems()).isEmpty();
    }

    /** Also where it takes every other reporter away. */
    @ParameterizedTest
    @CsvSource({"''", "reporter.reporters.clear"})
    void whatAPluginSetsUpIsThereForTests(String more) throws Exception {
        job.write("test/helper.rb", "require 'minitest/autorun'\n$helper = true\n");
        plugin(
                "test",
                "  LOADED_AFTER_HELPER = $helper\n  def self.plugin_strict_init(options)\n    " + more
                        + "\n    $sets = $sets.to_i + 1\n  end\n");
        String test = "require 'helper'\nclass %s < Minitest::Test\n"
                + "  def test_it = assert_equal([true, 1], [Minitest::LOADED_AFTER_HELPER, $sets])\nend\n";
        for (String name : List.of("One", "Two")) {
            job.write("test/" + name + "_test.rb", test.formatted(name));
            assertThat(own("test/" + name + "_test.rb").isWell()).isTrue();
            FileResult result = job.run("test/" + name + "_test.rb");
            assertThat(ScriptJob.told(result)).as(ScriptJob.all(result)).isEqualTo(Map.of("test_it", "PASSED"));
        }
    }

    /** As those that end a run at the first failure. */
    @Test
    void aPluginMayEndTheRun() throws Exception {
        job.write(
                "test/minitest/rails_plugin.rb",
                "# not that of an installed Rails, whose summary comes after this plugin\n");
        plugin("test", reporter("def record(result) = (raise Interrupt if result.failures.any?)"));
        job.write("test/a_test.rb", Framework.MINITEST.file("A", "flunk", "flunk", "flunk"));
        job.write("test/b_test.rb", PASSING.formatted("B"));
        assertThat(own("test/a_test.rb").said()).contains("1 failures");
        FileResult result = job.run("test/a_test.rb");
        assertThat(result.status()).isEqualTo(FileStatus.FAILED);
        assertThat(result.cases()).as(ScriptJob.all(result)).hasSize(1);
        assertThat(result.message()).contains("plugin of Minitest ended the run");
        assertThat(job.run("test/b_test.rb").cases()).hasSize(2);
    }

    @Test
    void optionsOfAPluginAreOptions() throws Exception {
        job.close();
        job = new ScriptJob(
                directory,
                ScriptJob.settings(Map.of(), Map.of("minitest", List.of("--strict", "--seed", "7")), Map.of()));
        plugin(
                "test",
                "  def self.plugin_strict_options(opts, options) = opts.on('--strict') { options[:strict] = true }\n"
                        + "  def self.plugin_strict_init(options) = $strict = options[:strict]\n");
        job.write(
                "test/a_test.rb",
                "require 'minitest/autorun'\nclass A < Minitest::Test\n"
                        + "  def test_it = assert_equal([true, 7], [$strict, Minitest.seed])\nend\n");
        assertThat(own("test/a_test.rb", "--strict", "--seed", "7").isWell()).isTrue();
        FileResult result = job.run("test/a_test.rb");
        assertThat(ScriptJob.told(result)).as(ScriptJob.all(result)).isEqualTo(Map.of("test_it", "PASSED"));
    }

    @Test
    void withoutPluginsThereAreNone() throws Exception {
        job.close();
        job = new ScriptJob(
                directory, ScriptJob.settings(Map.of(), Map.of("minitest", List.of("--no-plugins")), Map.of()));
        plugin("test", reporter("def passed? = false"));
        job.write("test/a_test.rb", PASSING.formatted("A"));
        assertThat(own("test/a_test.rb", "--no-plugins").isWell()).isTrue();
        assertThat(job.run("test/a_test.rb").status()).isEqualTo(FileStatus.PASSED);
        WorkerRunner worker = job.worker(1);
        worker.close();
        assertThat(worker.problems()).isEmpty();
    }

    @Test
    void anOptionThatNobodyKnowsIsNamed() throws Exception {
        job.close();
        job = new ScriptJob(directory, ScriptJob.settings(Map.of(), Map.of("minitest", List.of("--strikt")), Map.of()));
        job.write("test/a_test.rb", PASSING.formatted("A"));
        assertThat(own("test/a_test.rb", "--strikt").isWell()).isFalse();
        assertThatThrownBy(() -> job.run("test/a_test.rb"))
                .isInstanceOf(RunnerException.class)
                .hasMessageContaining("--strikt");
    }
}
