package io.jenkins.plugins.distributedtest.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Files;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Test files that forget to require their framework: what {@code rake test} says of them, and what our run says. */
class RubyFrameworkRequiredTest extends CompareFixture {
    @BeforeEach
    void needsRake() throws Exception {
        needs("rake", "--version");
    }

    private int rake() throws Exception {
        return new ProcessBuilder("rake", "test")
                .directory(project.toFile())
                .redirectOutput(ProcessBuilder.Redirect.DISCARD)
                .redirectError(ProcessBuilder.Redirect.DISCARD)
                .start()
                .waitFor();
    }

    private int run(String... files) {
        List<String> all = new ArrayList<>(List.of("run", "-C", project.toString(), "--local", "2"));
        all.addAll(List.of("--set", "work_directory=" + directory.resolve("work")));
        all.addAll(List.of(files));
        return execute(all.toArray(String[]::new));
    }

    private void project(String framework, String rakefile) throws Exception {
        needs("ruby", "-e", "gem '" + framework + "'");
        boolean minitest = framework.equals("minitest");
        write("Rakefile", rakefile);
        write("lib/shop.rb", "module Shop; end\n");
        write("test/helper.rb", "require 'shop'\nrequire '" + (minitest ? "minitest/autorun" : "test/unit") + "'\n");
        String text = "class %s < " + (minitest ? "Minitest::Test" : "Test::Unit::TestCase")
                + "\n  def test_it() = assert(true)\nend\n";
        write("test/m_test.rb", "require 'helper'\n" + text.formatted("MTest"));
        write("test/z_test.rb", text.formatted("ZTest"));
    }

    private static final String TEST_TASK =
            "require 'rake/testtask'\nRake::TestTask.new { |t| t.pattern = 'test/*_test.rb'; t.libs << 'test' }\n";

    @ParameterizedTest
    @ValueSource(strings = {"minitest", "test-unit"})
    void aFileThatIsLoadedFirstWithoutItsFrameworkFails(String framework) throws Exception {
        project(framework, TEST_TASK);
        // An earlier file has required it.
        assertThat(rake()).isZero();
        assertThat(run()).as(said::toString).isEqualTo(ExitCode.OK);

        write("test/a_test.rb", "Numbers = [1]\n"); // needs none
        write(
                "test/b_test.rb",
                "module Shop; end\n"
                        + Files.readString(project.resolve("test/z_test.rb")).replace("ZTest", "BTest"));
        assertThat(rake()).isEqualTo(1);
        assertThat(run()).as(said::toString).isEqualTo(ExitCode.FAILURES);
        assertThat(said.toString())
                .contains(
                        "test/b_test.rb",
                        "uninitialized constant ",
                        "requires the framework, so rake test fails here, too")
                .contains("1 failed");
        assertThat(run("--set", "files=[\"test/*_test.rb\"]"))
                .as(said::toString)
                .isEqualTo(ExitCode.FAILURES);
    }

    @ParameterizedTest
    @ValueSource(strings = {"minitest", "test-unit"})
    void aFileThatIsRunAloneWithoutItsFrameworkFails(String framework) throws Exception {
        project(framework, TEST_TASK);

        assertThat(run("test/z_test.rb")).as(said::toString).isEqualTo(ExitCode.FAILURES);
        assertThat(run("test/m_test.rb")).as(said::toString).isEqualTo(ExitCode.OK);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "require 'rake/testtask'\nRake::TestTask.new { |t| t.pattern = 'test/*_test.rb'; t.ruby_opts << '-Itest -rhelper' }\n",
                "require 'minitest/test_task'\nMinitest::TestTask.create { |t| t.test_globs = ['test/*_test.rb']; t.warning = false }\n",
            })
    void aTaskMayLoadTheFrameworkBeforeTheFiles(String rakefile) throws Exception {
        project("minitest", rakefile);
        write("test/a_test.rb", "require 'shop'\nclass ATest < Minitest::Test\n  def test_it() = assert(true)\nend\n");

        assertThat(rake()).isZero();
        assertThat(run()).as(said::toString).isEqualTo(ExitCode.OK);
        assertThat(said.toString()).contains("3 passed");
    }

    @Test
    void theFirstFileIsThatOfTheFirstPattern() throws Exception {
        project(
                "minitest",
                TEST_TASK.replace("t.pattern = 'test/*_test.rb'", "t.test_files = %w[test/m_test.rb test/a_test.rb]"));
        write("test/a_test.rb", "class ATest < Minitest::Test\n  def test_it() = assert(true)\nend\n");

        assertThat(rake()).isZero();
        assertThat(run()).as(said::toString).isEqualTo(ExitCode.OK);
        assertThat(said.toString()).contains("2 passed");
    }
}
