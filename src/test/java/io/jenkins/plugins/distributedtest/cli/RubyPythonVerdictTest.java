package io.jenkins.plugins.distributedtest.cli;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** What decides about a run's verdict and its number of tests in Ruby and Python: our run beside the own command. */
class RubyPythonVerdictTest extends CompareFixture {
    private static final String GOOD = "RSpec.describe('good') { it('is well') {} }\n";
    private static final String BAD = "RSpec.describe('bad') { it('fails') { expect(1).to eq 2 } }\n";
    private static final String HELPED = "--require spec_helper\n";

    private void rspec(String options, String helper) throws Exception {
        needs("rspec", "--version");
        write("distributed-test.json", "{\"files\": [\"spec/*_spec.rb\"]}");
        write(".rspec", options);
        write("spec/spec_helper.rb", helper);
    }

    private void ruby(String framework) throws Exception {
        needs("ruby", "-e", "gem '" + framework + "'");
        write("distributed-test.json", """
                {"files": ["test/*_test.rb"], "runners": {"files": {"**": "%s"}}}
                """.formatted(framework));
    }

    /** As many people set it in CI: what decides there is the report, not the exit code. */
    @ParameterizedTest
    @CsvSource({"--failure-exit-code 0,", ",c.failure_exit_code = 0"})
    void failuresThatRSpecPassesOverFailNoRun(String option, String setting) throws Exception {
        rspec(
                HELPED + (option == null ? "" : option + "\n"),
                setting == null ? "" : "RSpec.configure { |c| " + setting + " }\n");
        write("spec/bad_spec.rb", BAD);
        write("spec/good_spec.rb", GOOD);

        assertThat(compare()).as(said::toString).isEqualTo(ExitCode.OK);
        isEqual(1, 1, 0);
        assertThat(json.path("commands").path(0).path("exit_code").asInt()).isZero();
        assertThat(json.path("verdict").isNull()).isTrue();
    }

    @ParameterizedTest
    @ValueSource(strings = {"failure_exit_code = 7", "error_exit_code = 0"})
    void failuresWithAnotherExitCodeFailTheRun(String setting) throws Exception {
        rspec(HELPED, "RSpec.configure { |c| c." + setting + " }\n");
        write("spec/bad_spec.rb", BAD);

        assertThat(compare()).as(said::toString).isEqualTo(ExitCode.OK);
        isEqual(0, 1, 0);
        assertThat(json.path("commands").path(0).path("exit_code").asInt()).isNotZero();
    }

    /** It is asked of the whole suite. */
    @Test
    void aFileWithoutExamplesFailsNoRunThatHasSome() throws Exception {
        rspec(HELPED, "RSpec.configure { |c| c.fail_if_no_examples = true }\n");
        write("spec/none_spec.rb", "RSpec.describe('none') {}\n");
        write("spec/good_spec.rb", GOOD);

        assertThat(compare()).as(said::toString).isEqualTo(ExitCode.OK);
        isEqual(1, 0, 0);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "c.after(:suite) { RSpec.world.non_example_failure = true }",
                "c.reporter.register_listener(Class.new { def dump_summary(n) = exit(4) }.new, :dump_summary)",
                "c.reporter.register_listener(Class.new { def dump_failures(n) = exit(n.examples.size + 4) }.new, :dump_failures)",
            })
    void whatDecidesAfterTheLastExampleFailsTheRun(String setting) throws Exception {
        rspec(HELPED, "RSpec.configure { |c| " + setting + " }\n");
        write("spec/good_spec.rb", GOOD);

        assertThat(compare("--slots", "1")).as(said::toString).isEqualTo(ExitCode.OK);
        isEqual(1, 0, 0);
        assertThat(json.path("commands").path(0).path("exit_code").asInt()).isNotZero();
    }

    private static final String MINITEST =
            "require 'minitest/autorun'\nclass %s < %s\n  def test_%s = assert(%s)\nend\n";

    /** In whatever order they come, on one slot and on several: each file has its own tests. */
    @ParameterizedTest
    @CsvSource({"minitest, 1", "minitest, 3", "test-unit, 1", "test-unit, 3"})
    void testFilesThatRequireOneAnotherRunTheirOwnTestsOnce(String framework, String slots) throws Exception {
        boolean minitest = framework.equals("minitest");
        String base = minitest ? "Minitest::Test" : "Test::Unit::TestCase";
        String text = minitest ? MINITEST : MINITEST.replace("minitest/autorun", "test/unit");
        ruby(framework);
        write("test/helper.rb", text.formatted("Base", base, "shared", "true").replace("test_shared", "shared"));
        String sub = minitest ? "describe('of a') { it('is in') { assert true } }\n" : """
                class ATest
                  sub_test_case('in') { test('words') { assert true } }
                  data('x' => 1, 'y' => 2)
                  def test_data(n) = assert(n)
                end
                """;
        write(
                "test/a_test.rb",
                "require_relative 'helper'\nPair = Struct.new(:x)\nclass Two < Struct.new(:y); end\n"
                        + text.formatted("ATest", "Base", "one", "true") + sub);
        // Reopens, inherits, and is named so that it comes before and behind what it requires.
        write("test/b_test.rb", """
                require_relative 'a_test'
                class ATest; def test_added = assert(true); end
                class BTest < ATest; def test_own = assert(false); end
                """);
        write(
                "test/0_test.rb",
                "require File.expand_path('b_test', __dir__)\n" + text.formatted("Zero", base, "z", "true"));
        write("test/all_test.rb", "Dir[File.join(__dir__, '*_test.rb')].sort.each { |each| require each }\n");

        assertThat(compare("--slots", slots)).as(said::toString).isEqualTo(ExitCode.OK);
        isEqual(6, 1, 0);
    }

    /** Such as what OptionParser tells of the usage. */
    @Test
    void theProgramIsCalledAsInTheOwnCommand() throws Exception {
        rspec(HELPED, "PROGRAM = File.basename($0)\n");
        write("distributed-test.json", "{\"files\": [\"spec/*_spec.rb\", \"test/*_test.rb\"]}");
        write("spec/name_spec.rb", """
                RSpec.describe('it') { it('has a name') { expect([PROGRAM, File.basename($0)]).to eq %w[rspec rspec] } }
                """);
        write("test/name_test.rb", """
                require 'minitest/autorun'
                require 'optparse'
                class NameTest < Minitest::Test
                  def test_usage = assert_match(/Usage: \\w+ .options.$/, OptionParser.new.banner)
                end
                """);

        assertThat(compare()).as(said::toString).isEqualTo(ExitCode.OK);
        assertThat(said.toString()).contains("EQUAL: 2 cases");
        assertThat(json.path("commands").findValuesAsText("exit_code")).containsExactly("0", "0");
    }

    /** It gives tests to an executor that a run starts. */
    @Test
    void testsThatRunInParallelByMinitestHellAreSeen() throws Exception {
        ruby("minitest");
        String text = MINITEST.replace("autorun'\n", "autorun'\nrequire 'minitest/hell'\n");
        write("test/a_test.rb", text.formatted("ATest", "Minitest::Test", "a", "false"));
        write("test/b_test.rb", text.formatted("BTest", "Minitest::Test", "b", "true"));

        assertThat(compare("--slots", "1")).as(said::toString).isEqualTo(ExitCode.OK);
        isEqual(1, 1, 0);
    }

    /** A class may choose its tests itself; that another file adds to it takes nothing away. */
    @Test
    void classesThatChooseTheirTestsKeepTheirChoice() throws Exception {
        ruby("minitest");
        write("test/helper.rb", """
                require 'minitest/autorun'
                class Base < Minitest::Test
                  def self.runnable_methods = self == Base ? [] : super
                  def test_shared = assert(true)
                end
                """);
        for (String each : new String[] {"A", "B", "C"}) {
            write("test/" + each.toLowerCase(java.util.Locale.ROOT) + "_test.rb", """
                    require_relative 'helper'
                    class Base; def helped_%1$s = 1; end
                    class %1$sTest < Base; end
                    """.formatted(each));
        }

        assertThat(compare("--slots", "1")).as(said::toString).isEqualTo(ExitCode.OK);
        isEqual(3, 0, 0);
    }

    @Test
    void whatFailsAroundTheTestsOfAClassIsNamedAsTestUnitNamesIt() throws Exception {
        ruby("test-unit");
        String text = "require 'test/unit'\nclass %1$s < Test::Unit::TestCase\n  def self.%2$s = raise('%2$s')\n"
                + "  def test_it = assert(true)\nend\n";
        write("test/up_test.rb", text.formatted("Up", "startup"));
        write("test/down_test.rb", text.formatted("Down", "shutdown"));

        assertThat(compare()).as(said::toString).isEqualTo(ExitCode.OK);
        isEqual(2, 2, 0);
    }

    /** They count the warnings that show: {@code python -m unittest} shows more of them than Python does by itself. */
    @Test
    void warningsShowAsUnittestShowsThem() throws Exception {
        needs("python3", "-c", "pass");
        write("distributed-test.json", """
                {"files": ["tests/test_*.py"], "runners": {"files": {"**": "unittest"}}}
                """);
        write("tests/__init__.py", "");
        write("tests/test_w.py", """
                import unittest, warnings
                class W(unittest.TestCase):
                    def count(self, kind):
                        with warnings.catch_warnings(record=True) as seen:
                            for _ in range(2):
                                warnings.warn('x', kind)
                        return len(seen)
                    def test_deprecation(self): self.assertEqual(self.count(DeprecationWarning), 1)
                    def test_resource(self): self.assertEqual(self.count(ResourceWarning), 1)
                    def test_user(self): self.assertEqual(self.count(UserWarning), 1)
                """);
        write("tests/test_l.py", "def load_tests(loader, tests, pattern): raise ValueError('never')\n");

        assertThat(compare()).as(said::toString).isEqualTo(ExitCode.OK);
        isEqual(3, 1, 0);
    }

    @ParameterizedTest
    @CsvSource({"-q, OSError", "-s, EOFError"})
    void readingFromStandardInputFailsAsItDoesInPytest(String option, String error) throws Exception {
        needs("python3", "-c", "import pytest");
        write("pytest.ini", "[pytest]\naddopts = " + option + "\n");
        write("distributed-test.json", "{\"files\": [\"test_*.py\"]}");
        write("test_a.py", """
                import pytest
                def test_reads():
                    with pytest.raises(%s): input()
                @pytest.fixture
                def broken():
                    yield
                    raise ValueError
                def test_fails_twice(broken): assert 0
                def test_fails_in_tear_down(broken): pass
                """.formatted(error));

        assertThat(compare()).as(said::toString).isEqualTo(ExitCode.OK);
        isEqual(1, 2, 0);
    }
}
