package io.jenkins.plugins.distributedtest.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Test files that bring other tests when one process loads them all, as {@code rake test} does, than each does alone. */
class RubyTogetherTest extends CompareFixture {
    private static final String MINITEST = "minitest";

    private String autorun = "";
    private String base = "";

    private void project(String framework) throws Exception {
        needs("ruby", "-e", "gem '" + framework + "'");
        needs("rake", "--version");
        boolean minitest = framework.equals(MINITEST);
        autorun = "require '" + (minitest ? "minitest/autorun" : "test/unit") + "'\n";
        base = minitest ? "Minitest::Test" : "Test::Unit::TestCase";
        write("Rakefile", """
                require 'rake/testtask'
                Rake::TestTask.new { |t| t.pattern = 'test/*_test.rb'; t.libs << 'test' }
                """);
        write("lib/shop.rb", "module Shop; PRICE = 1; end\n");
        write("test/a_test.rb", autorun + "require 'shop'\n" + tests("ATest", "one"));
    }

    private String tests(String name, String... tests) {
        StringBuilder text = new StringBuilder("class " + name + " < " + base + "\n");
        for (String each : tests) {
            text.append("  def test_").append(each).append(" = assert(true)\n");
        }
        return text.append("end\n").toString();
    }

    /** Files that are there so that not all others run behind the first one. */
    private void others() throws Exception {
        for (String each : List.of("R", "S", "T", "U", "V")) {
            write("test/" + each.toLowerCase(Locale.ROOT) + "_test.rb", autorun + tests(each + "Test", "it"));
        }
    }

    private void equal(int passed, int failed) throws Exception {
        for (String slots : List.of("1", "3")) {
            assertThat(compare("--slots", slots)).as(said::toString).isEqualTo(ExitCode.OK);
            isEqual(passed, failed, 0);
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {MINITEST, "test-unit"})
    void aClassMayBeThereOnlyWhereAnEarlierFileHasLoadedALibrary(String framework) throws Exception {
        project(framework);
        others();
        write("test/b_test.rb", autorun + tests("BTest", "two", "three").strip() + " if defined?(Shop)\n");
        write("test/c_test.rb", autorun + tests("CTest", "four").strip() + " unless defined?(Shop)\n");

        equal(8, 0);
    }

    @ParameterizedTest
    @ValueSource(strings = {MINITEST, "test-unit"})
    void aFileMayNeedWhatAnEarlierOneHasLoaded(String framework) throws Exception {
        project(framework);
        others();
        write("test/b_test.rb", tests("BTest", "two").replace("true", "Shop::PRICE == 2"));
        write("test/c_test.rb", "STOCK = Shop::PRICE\n" + tests("CTest", "three"));
        write("test/d_test.rb", "exit(3) unless defined?(Shop)\n" + tests("DTest", "four"));

        equal(8, 1);
    }

    @ParameterizedTest
    @ValueSource(strings = {MINITEST, "test-unit"})
    void aTestThatALaterFileReplacesRunsOnce(String framework) throws Exception {
        project(framework);
        others();
        write("test/b_test.rb", autorun + tests("Twice", "it", "other").replace("true", "false"));
        write("test/c_test.rb", autorun + tests("Twice", "it"));

        equal(7, 1);
    }

    @ParameterizedTest
    @ValueSource(strings = {MINITEST, "test-unit"})
    void aClassMayGetTestsFromALaterFile(String framework) throws Exception {
        project(framework);
        others();
        write("test/shared.rb", "module Shared; def test_shared = assert(true); end\n");
        write("test/b_test.rb", autorun + "require 'shared'\n" + tests("BTest").replace("end", "include Shared\nend"));
        write("test/c_test.rb", autorun + "require 'shared'\nmodule Shared; def test_late = assert(false); end\n");

        equal(7, 1);
    }

    @ParameterizedTest
    @ValueSource(strings = {MINITEST, "test-unit"})
    void testsOfAHelperRunOnce(String framework) throws Exception {
        project(framework);
        write("test/helper.rb", autorun + tests("HelperTest", "helps"));
        for (String each : List.of("R", "S", "T", "U", "V")) {
            write(
                    "test/" + each.toLowerCase(Locale.ROOT) + "_test.rb",
                    "require 'helper'\n" + tests(each + "Test", "it"));
        }

        equal(7, 0);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "class ATest < Struct.new(:one); end\n",
                "raise 'there is one already' if defined?(ATest)\n",
                "ATest.new('x').no_such_method if defined?(ATest)\n",
            })
    void aFileThatDoesNotLoadBehindTheOthersFailsTheRun(String text) throws Exception {
        project(MINITEST);
        write("test/b_test.rb", autorun + text + tests("BTest", "two"));
        Process rake = new ProcessBuilder("rake", "test")
                .directory(project.toFile())
                .redirectOutput(ProcessBuilder.Redirect.DISCARD)
                .redirectError(ProcessBuilder.Redirect.DISCARD)
                .start();
        assertThat(rake.waitFor()).isNotZero();

        assertThat(run()).as(said::toString).isEqualTo(ExitCode.FAILURES);

        assertThat(said.toString()).contains("test/b_test.rb", "rake test fails here, too, and runs nothing");
    }

    /** What the files leave for the end of their process is done by the one that loads them all beforehand, too. */
    @ParameterizedTest
    @ValueSource(strings = {MINITEST, "test-unit"})
    void loadingAllFilesBeforehandLeavesNothingBehind(String framework) throws Exception {
        project(framework);
        write("test/b_test.rb", autorun + "Dir.mkdir('made')\nat_exit { Dir.rmdir('made') }\n" + tests("BTest", "two"));

        equal(2, 0);
    }

    @ParameterizedTest
    @ValueSource(strings = {"fork { exit!(0) }", "spawn('sleep 300')"})
    void processesThatFilesStartWhenTheyAreLoadedDoNotDisturb(String text) throws Exception {
        project(MINITEST);
        write("test/b_test.rb", autorun + text + "\n" + tests("BTest", "two"));

        assertThat(run()).as(said::toString).isEqualTo(ExitCode.OK);
        assertThat(said.toString()).contains("2 passed");
    }

    @Test
    void whereEachFileIsToBeAloneItDecidesAlone() throws Exception {
        project(MINITEST);
        write("test/b_test.rb", autorun + tests("BTest", "two").strip() + " if defined?(Shop)\n");

        assertThat(run("--set", "runners.isolation={\"minitest\": \"file\"}"))
                .as(said::toString)
                .isEqualTo(ExitCode.OK);
        assertThat(said.toString()).contains("1 passed", "1 without tests");
    }

    /** What is not the files' own fault is told, and files are run as they load alone. */
    @Test
    void thatFilesCannotBeLoadedBeforehandIsSaid() throws Exception {
        project(MINITEST);
        // Of its processes the first one fails.
        write("test/b_test.rb", autorun + """
                unless File.exist?('begun')
                  File.write('begun', '')
                  raise Errno::EADDRINUSE, 'port 80'
                end
                """ + tests("BTest", "two"));

        assertThat(run()).as(said::toString).isEqualTo(ExitCode.OK);
        assertThat(said.toString()).contains("test/b_test.rb raises Errno::EADDRINUSE", "port 80", "2 passed");
    }

    private int run(String... arguments) {
        List<String> all = new ArrayList<>(List.of("run", "-C", project.toString(), "--local", "2"));
        all.addAll(List.of("--set", "work_directory=" + directory.resolve("work")));
        all.addAll(List.of(arguments));
        return execute(all.toArray(String[]::new));
    }
}
