package io.jenkins.plugins.distributedtest.runner;

import static org.junit.jupiter.api.Assumptions.assumeTrue;

import io.jenkins.plugins.distributedtest.suite.RunnerSettings;
import java.util.Arrays;
import java.util.List;

/** The frameworks of Ruby and Python: how a test file of each looks. */
enum Framework {
    RSPEC(
            "rspec",
            true,
            "spec/%s_spec.rb",
            "RSpec.describe '%s' do\n",
            "  it 'case_%s' do\n",
            "expect(1 + 1).to eq(3)"),
    MINITEST(
            "minitest",
            true,
            "test/%s_test.rb",
            "require 'minitest/autorun'\nclass %s < Minitest::Test\n",
            "  def test_%s\n",
            "assert_equal 3, 1 + 1"),
    TEST_UNIT(
            "test-unit",
            true,
            "unit/%s_test.rb",
            "require 'test/unit'\nclass %s < Test::Unit::TestCase\n",
            "  def test_%s\n",
            "assert_equal 3, 1 + 1"),
    PYTEST(
            "pytest",
            false,
            "tests/test_%s.py",
            "class Test%s:\n",
            "    def test_%s(self):\n",
            "sum = 1 + 1\nassert sum == 3"),
    UNITTEST(
            "unittest",
            false,
            "checks/test_%s.py",
            "import unittest\nclass %s(unittest.TestCase):\n",
            "    def test_%s(self):\n",
            "self.assertEqual(1 + 1, 3)");

    /** The default rules would give these directories' files to minitest and pytest. */
    static final RunnerSettings SETTINGS = new RunnerSettings(
            List.of(new RunnerSettings.Rule("unit/**", "test-unit"), new RunnerSettings.Rule("checks/**", "unittest")),
            null,
            null,
            null,
            null,
            null,
            null);

    final String runner;
    final boolean ruby;
    /** An assertion that does not hold. */
    final String failing;

    private final String path;
    private final String group;
    private final String method;

    Framework(String runner, boolean ruby, String path, String group, String method, String failing) {
        this.runner = runner;
        this.ruby = ruby;
        this.path = path;
        this.group = group;
        this.method = method;
        this.failing = failing;
    }

    /** Skips the test that calls it where this host lacks the framework. */
    Framework required() {
        assumeTrue(Runners.available().contains(runner), runner + " is not installed on this host");
        return this;
    }

    /** The path of the file of a name, in lower case. */
    String path(String name) {
        return String.format(path, name);
    }

    /**
     * A test file.
     *
     * @param name its group's name, beginning with a capital
     * @param cases the bodies of its cases, which are called case_0 or test_0 and so on
     */
    String file(String name, String... cases) {
        StringBuilder text = new StringBuilder(String.format(group, name));
        for (int i = 0; i < cases.length; i++) {
            text.append(String.format(method, i)).append(indented(cases[i])).append(ruby ? "  end\n" : "");
        }
        return text.append(ruby ? "end\n" : "").toString();
    }

    /** The name that a case is reported by. */
    String caseName(int index) {
        return (this == RSPEC ? "case_" : "test_") + index;
    }

    /** What differs between the languages only. */
    String code(String inRuby, String inPython) {
        return ruby ? inRuby : inPython;
    }

    private static String indented(String code) {
        StringBuilder text = new StringBuilder();
        Arrays.stream(code.split("\n"))
                .forEach(line -> text.append("        ").append(line).append('\n'));
        return text.toString();
    }
}
