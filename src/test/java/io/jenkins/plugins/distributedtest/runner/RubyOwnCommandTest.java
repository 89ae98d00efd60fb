package io.jenkins.plugins.distributedtest.runner;

import static org.assertj.core.api.Assertions.assertThat;

import io.jenkins.plugins.distributedtest.suite.CaseStatus;
import io.jenkins.plugins.distributedtest.suite.FileResult;
import io.jenkins.plugins.distributedtest.suite.FileStatus;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Ruby files one after the other on a slot, each compared with what its framework's own command says of it alone. */
class RubyOwnCommandTest {
    private static final String HELPER = "RSpec.configure { |c| c.filter_run_when_matching :focus }\n";
    private static final String FAILING = "RSpec.describe('%s') { it('fails') { expect(1).to eq 2 } }\n";

    /** What a command says: how it ended, and how many tests it ran and of them failed. */
    private record Said(boolean ok, int tests, int failed) {}

    private static final Map<String, Said> SAID = new HashMap<>();

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

    private Said command(Pattern summary, String... command) throws Exception {
        OwnProcess own = OwnProcess.run(job.workspace, command);
        Matcher line = summary.matcher(own.said());
        int tests = 0;
        int failed = 0;
        while (line.find()) {
            tests += Integer.parseInt(line.group(1));
            failed += Integer.parseInt(line.group(2)) + (line.groupCount() > 2 ? Integer.parseInt(line.group(3)) : 0);
        }
        return new Said(own.isWell(), tests, failed);
    }

    /** The command reads a file and what it loads, but no other file of tests: it is not asked twice for the same. */
    private Said rspec(String file) throws Exception {
        StringBuilder read = new StringBuilder(file);
        try (Stream<Path> all = Files.walk(job.workspace)) {
            for (Path each : all.filter(Files::isRegularFile).sorted().toList()) {
                String path = job.workspace.relativize(each).toString();
                if (path.equals(file) || !path.endsWith("_spec.rb")) {
                    read.append('\n').append(path).append('\n').append(Files.readString(each));
                }
            }
        }
        String asked = read.toString();
        Said known = SAID.get(asked);
        if (known == null) {
            known = rspecNow(file);
            SAID.put(asked, known);
        }
        return known;
    }

    private Said rspecNow(String file) throws Exception {
        return command(
                Pattern.compile("(\\d+) examples?, (\\d+) failures?"),
                "ruby",
                "-S",
                "rspec",
                "-I",
                "lib",
                "-I",
                "spec",
                file);
    }

    private Said ruby(String file) throws Exception {
        return command(
                Pattern.compile("(\\d+) (?:runs|tests), \\d+ assertions, (\\d+) failures, (\\d+) errors"),
                "ruby",
                "-Ilib",
                "-Itest",
                file);
    }

    private static Said said(FileResult result) {
        int failed = (int) result.cases().stream()
                .filter(one -> one.status() == CaseStatus.FAILED || one.status() == CaseStatus.ERROR)
                .count();
        return new Said(result.status() == FileStatus.PASSED, result.cases().size(), failed);
    }

    private void rspecAsAlone(List<String> files) throws Exception {
        for (String file : files) {
            FileResult result = job.run(file);
            assertThat(said(result)).as(ScriptJob.all(result)).isEqualTo(rspec(file));
        }
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "RSpec.describe('a') { fit('one') {}; it('two') { raise 'x' } }",
                "RSpec.fdescribe('a') { it('one') {} }; RSpec.describe('b') { it('two') { raise 'x' } }",
                "RSpec.describe('a') { fcontext('in') { it('one') {} }; it('two') { raise 'x' } }",
                "RSpec.describe('a', :focus) { it('one') {} }; RSpec.describe('b') { it('two') { raise 'x' } }",
                "RSpec.describe('a') { it('one', focus: true) {}; it('two') { raise 'x' } }",
                "RSpec.configure { |c| c.filter_run_including only: true }\nRSpec.describe('a') { it('one', :only) {} }",
                "RSpec.configure { |c| c.filter_run_excluding type: :model }\nRSpec.describe('a') { it('one') {} }",
                "RSpec.configuration.filter_run only: true\nRSpec.describe('a') { it('one', only: true) {} }",
                "RSpec.configure { |c| c.before { raise 'not mine' } }\nRSpec.describe('a') { it('one') {} }",
                "RSpec.configure { |c| c.around { |e| nil } }\nRSpec.describe('a') { it('one') {} }",
                "RSpec.configuration.after { raise 'not mine' }\nRSpec.describe('a') { it('one') {} }",
                "RSpec.configure { |c| c.define_derived_metadata { |m| m[:skip] = true } }\nRSpec.describe('a') { it('one') {} }",
                "RSpec.configure { |c| c.include(Module.new { def expect(*) = raise('not mine') }) }\nRSpec.describe('a') { it('one') {} }",
                "RSpec.configure { |c| c.dry_run = true }\nRSpec.describe('a') { it('one') { raise 'x' } }",
                "RSpec.configure { |c| c.fail_if_no_examples = true }\nRSpec.describe('a') { it('one') {} }",
                "RSpec.configure { |c| c.run_all_when_everything_filtered = true; c.filter_run foo: 1 }\n"
                        + "RSpec.describe('a') { it('one') {} }",
            })
    void whatAFileSetsInRSpecDecidesNothingForTheNext(String first) throws Exception {
        Framework.RSPEC.required();
        job.write(".rspec", "--require spec_helper\n");
        job.write("spec/spec_helper.rb", HELPER);
        job.write("spec/a_spec.rb", first + "\n");
        job.write("spec/b_spec.rb", FAILING.formatted("b"));
        job.write("spec/c_spec.rb", "RSpec.describe('c') { it('passes') {}; it('is typed', type: :model) {} }\n");
        job.write("spec/d_spec.rb", "RSpec.describe('d') { fit('one') {}; it('two') { raise 'x' } }\n");
        job.write("spec/e_spec.rb", "# nothing\n");

        rspecAsAlone(List.of("spec/a_spec.rb", "spec/b_spec.rb", "spec/c_spec.rb", "spec/d_spec.rb", "spec/b_spec.rb"));
        rspecAsAlone(List.of("spec/e_spec.rb", "spec/a_spec.rb", "spec/e_spec.rb"));
    }

    @ParameterizedTest
    @ValueSource(strings = {".rspec", "a helper", "the file"})
    void deprecationsFailWhereTheProjectSaysSo(String place) throws Exception {
        Framework.RSPEC.required();
        String set = "RSpec.configure { |c| c.raise_errors_for_deprecations! }\n";
        job.write(".rspec", place.equals(".rspec") ? "--require spec_helper\n" : "");
        job.write("spec/spec_helper.rb", set);
        String first = place.equals("a helper") ? "require 'spec_helper'\n" : place.equals("the file") ? set : "";
        job.write("spec/old_spec.rb", first + """
                RSpec.describe('old') { it('is deprecated') { RSpec.deprecate('x') }; it('is not') {} }
                """);
        job.write("spec/new_spec.rb", first + "RSpec.describe('new') { it('passes') {} }\n");

        rspecAsAlone(List.of("spec/new_spec.rb", "spec/old_spec.rb", "spec/new_spec.rb"));
        assertThat(rspec("spec/old_spec.rb")).isEqualTo(new Said(false, 2, 1));
    }

    /** It is loaded by the first file that requires it, and holds for all that do. */
    @Test
    void whatAHelperSetsHoldsForAllFilesAndTheyShareAProcess() throws Exception {
        Framework.RSPEC.required();
        job.write("spec/spec_helper.rb", """
                require 'support/shared'
                RSpec.configure do |c|
                  c.filter_run_excluding slow: true
                  c.include(Module.new { def helped = 1 })
                  c.before { @set = true }
                end
                """);
        job.write(
                "spec/support/shared.rb",
                "RSpec.shared_examples('shared') { it('is shared') { expect(helped).to eq 1 } }");
        List<String> files = new ArrayList<>();
        for (String each : List.of("a", "b", "c")) {
            job.write("spec/" + each + "_spec.rb", """
                    require 'spec_helper'
                    RSpec.describe('%s') do
                      include_examples 'shared'
                      it('is set') { expect(@set).to be true; File.write('pids', "#{Process.pid}\\n", mode: 'a') }
                      it('is slow', slow: true) { raise 'x' }
                    end
                    """.formatted(each));
            files.add("spec/" + each + "_spec.rb");
        }
        for (String file : files) {
            assertThat(said(job.run(file))).isEqualTo(new Said(true, 2, 0));
        }
        assertThat(job.read("pids").lines().distinct()).hasSize(1);
        for (String file : files) {
            assertThat(rspec(file)).isEqualTo(new Said(true, 2, 0));
        }
    }

    @Test
    void thatAFileRunsPartOfItsExamplesOnlyIsSaid() throws Exception {
        Framework.RSPEC.required();
        job.write("spec/spec_helper.rb", HELPER);
        job.write(
                "spec/a_spec.rb",
                "require 'spec_helper'\nRSpec.describe('a') { fit('one') {}; it('two') { raise 'x' } }");
        FileResult result = job.run("spec/a_spec.rb");
        assertThat(result.status()).as(ScriptJob.all(result)).isEqualTo(FileStatus.PASSED);
        assertThat(result.message()).contains("this file sets a filter").contains("1 of its 2");
        assertThat(result.output()).contains("Warning: this file sets a filter");
    }

    private static final String MINITEST = "require 'minitest/autorun'\nclass %1$sM < Minitest::Test\n"
            + "  def test_ok = assert(true)\n  def test_bad = assert_equal(1, 2)\nend\n";
    private static final String TEST_UNIT = "require 'test/unit'\nclass %1$sT < Test::Unit::TestCase\n"
            + "  def test_ok = assert(true)\n  def test_bad = assert_equal(1, 2)\n  def test_worse = raise('x')\nend\n";
    private static final String RSPEC = "require 'rspec/autorun'\nRSpec.describe('%1$s') do\n"
            + "  it('ok') {}\n  it('bad') { expect(1).to eq 2 }\nend\n";

    /** A file's name says nothing: its tests run with the framework that they are written for. */
    @ParameterizedTest
    @CsvSource({
        "test/%s_test.rb, test-unit", "test/%s_test.rb, minitest", "test/%s_test.rb, rspec",
        "unit/%s_test.rb, test-unit", "unit/%s_test.rb, minitest", "unit/%s_test.rb, rspec",
        "spec/%s_spec.rb, test-unit", "spec/%s_spec.rb, minitest", "spec/%s_spec.rb, rspec",
    })
    void testsRunWithTheFrameworkThatTheyAreWrittenFor(String place, String framework) throws Exception {
        Framework.RSPEC.required();
        Framework.MINITEST.required();
        Framework.TEST_UNIT.required();
        String text = switch (framework) {
            case "minitest" -> MINITEST;
            case "test-unit" -> TEST_UNIT;
            default -> RSPEC;
        };
        for (String name : List.of("one", "two")) {
            String file = place.formatted(name);
            job.write(file, text.formatted(name.substring(0, 1).toUpperCase(Locale.ROOT) + name.substring(1)));
            FileResult result = job.run(file);
            Said own = framework.equals("rspec") ? rspec(file) : ruby(file);
            assertThat(own.tests()).isPositive();
            assertThat(said(result)).as(ScriptJob.all(result)).isEqualTo(own);
        }
    }

    /** Whose tests they are; the command of neither framework runs them with this file. */
    @Test
    void testsOfALibraryAreNoneOfTheFile() throws Exception {
        Framework.RSPEC.required();
        Framework.MINITEST.required();
        job.write("lib/library.rb", MINITEST.formatted("Library").replace("/autorun", ""));
        job.write("spec/a_spec.rb", "require 'library'\nRSpec.describe('a') { it('one') {} }\n");
        FileResult result = job.run("spec/a_spec.rb");
        assertThat(said(result)).as(ScriptJob.all(result)).isEqualTo(new Said(true, 1, 0));
        assertThat(rspec("spec/a_spec.rb")).isEqualTo(new Said(true, 1, 0));
    }

    /** Classes without a name, and methods that stand nowhere in the file. */
    private static final String BUILT_MINITEST = "require 'minitest/autorun'\ndef check(name, &block)\n"
            + "  Class.new(Minitest::Test) { define_method(\"test_#{name}\") { assert(block.call) } }\nend\n";

    private static final String BUILT_TEST_UNIT = "require 'test/unit'\ndef check(name, &block)\n"
            + "  Class.new(Test::Unit::TestCase) { define_method(\"test_#{name}\") { assert(block.call) } }\nend\n";
    private static final String ADDED_MINITEST = "require 'minitest/autorun'\nclass Checks < Minitest::Test; end\n"
            + "def check(name, &block)\n"
            + "  Checks.class_eval { define_method(\"test_#{name}\") { assert(block.call) } }\nend\n";

    /** Also where a helper builds them, and where the file's own framework is another one. */
    @ParameterizedTest
    @ValueSource(strings = {"spec/%s_spec.rb", "test/%s_test.rb", "unit/%s_test.rb"})
    void testsThatAHelperBuildsRunToo(String place) throws Exception {
        Framework.RSPEC.required();
        Framework.TEST_UNIT.required();
        for (String helper : List.of(BUILT_MINITEST, BUILT_TEST_UNIT)) {
            try (ScriptJob each = new ScriptJob(Files.createTempDirectory(directory, "built"))) {
                each.write("lib/builder.rb", helper);
                for (String name : List.of("one", "two")) {
                    String file = place.formatted(name);
                    each.write(file, "require_relative '../lib/builder'\ncheck('%s') { 1 == 2 }\n".formatted(name));
                    OwnProcess own = OwnProcess.run(each.workspace, "ruby", "-Ilib", file);
                    assertThat(own.exitCode()).as(own.toString()).isNotZero();
                    FileResult result = each.run(file);
                    assertThat(ScriptJob.told(result))
                            .as(ScriptJob.all(result))
                            .isEqualTo(Map.of("test_" + name, "FAILED"));
                }
            }
        }
    }

    /** A class that an earlier file made, to which a later one adds by a helper's methods and a module's. */
    @Test
    void testsThatAFileAddsToAClassOfAnotherRun() throws Exception {
        Framework.MINITEST.required();
        job.write("lib/checks.rb", ADDED_MINITEST);
        job.write("lib/more.rb", "module More\n  def test_more = assert(false)\nend\n");
        job.write("test/one_test.rb", "require_relative '../lib/checks'\nclass Checks; check('one') { true }; end\n");
        job.write("test/two_test.rb", "require_relative '../lib/checks'\nclass Checks; check('two') { false }; end\n");
        job.write(
                "test/three_test.rb",
                "require_relative '../lib/checks'\nrequire_relative '../lib/more'\nclass Checks; include More; end\n");
        assertThat(ScriptJob.told(job.run("test/one_test.rb"))).isEqualTo(Map.of("test_one", "PASSED"));
        assertThat(ScriptJob.told(job.run("test/two_test.rb"))).isEqualTo(Map.of("test_two", "FAILED"));
        assertThat(ScriptJob.told(job.run("test/three_test.rb"))).isEqualTo(Map.of("test_more", "FAILED"));
        assertThat(ruby("test/two_test.rb")).isEqualTo(new Said(false, 1, 1));
    }
}
