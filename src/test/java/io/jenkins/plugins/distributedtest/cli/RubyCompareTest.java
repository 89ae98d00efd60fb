package io.jenkins.plugins.distributedtest.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Ruby projects without a configuration: what runs is what {@code rspec} and {@code rake test} run, started as they do. */
class RubyCompareTest extends CompareFixture {
    private void needsRake() throws Exception {
        needs("ruby", "-e", "require 'rake/testtask'; require 'minitest'");
    }

    private int init() {
        return execute("init", "-C", project.toString());
    }

    /** A file that fails if it is run: no command here does. */
    private void writeTrap(String name, String framework) throws IOException {
        write(name, "require '" + framework + "'\nraise 'this is no test of the task'\n");
    }

    private void writeRakeProject() throws IOException {
        write("Rakefile", """
                require 'rake/testtask'
                task(:prepare) { mkdir_p 'made' }
                Rake::TestTask.new(:units) do |t|
                  t.libs << 'support' << 'test'
                  t.test_files = FileList['test/**/check_*.rb'].exclude('test/slow/**/*')
                  t.ruby_opts = ['-r./test/before', '-W:no-deprecated']
                  t.options = '--seed=7'
                  t.deps = [:prepare]
                end
                task test: :units
                """);
        write("support/shared.rb", "SHARED = 1\n");
        write("test/before.rb", "BEFORE = $LOADED_FEATURES.none? { |each| each.include?('minitest') }\n");
        write("test/check_a.rb", """
                require 'minitest/autorun'
                require 'shared'
                class A < Minitest::Test
                  def test_load_path = assert_equal(1, SHARED)
                  def test_required = assert(defined?(BEFORE))
                  def test_warnings = assert_equal(true, $VERBOSE)
                  def test_fails = flunk('seed')
                end
                """);
        write("test/unit/check_b.rb", """
                require 'minitest/autorun'
                class B < Minitest::Test
                  def test_b = skip('later')
                end
                """);
        writeTrap("test/slow/check_c.rb", "minitest/autorun");
        writeTrap("test/trap_test.rb", "minitest/autorun");
    }

    @Test
    void rakesTaskSaysWhichFilesRunAndHow() throws Exception {
        needsRake();
        writeRakeProject();

        assertThat(compare()).as(said::toString).isEqualTo(ExitCode.OK);

        isEqual(3, 1, 1);
        assertThat(said.toString())
                .contains("rake test", "does more than run these tests, which is not done here: prepare");
    }

    @Test
    void filesThatSomebodyNamesAreStartedAsByRake() throws Exception {
        needsRake();
        writeRakeProject();
        write(
                "test/b_test.rb",
                "require 'minitest/autorun'\nrequire 'shared'\nclass B < Minitest::Test\n"
                        + "  def test_b = assert_equal([1, true], [SHARED, $VERBOSE])\nend\n");

        assertThat(compare("test/b_test.rb")).as(said::toString).isEqualTo(ExitCode.OK);

        isEqual(1, 0, 0);
    }

    @Test
    void minitestsOwnTaskIsKnown() throws Exception {
        needs("ruby", "-e", "require 'rake'; require 'minitest/test_task'");
        write("Rakefile", """
                require 'minitest/test_task'
                Minitest::TestTask.create do |t|
                  t.libs << 'support'
                  t.test_globs = ['checks/**/*_check.rb']
                  t.warning = false
                end
                """);
        write("support/shared.rb", "SHARED = 1\n");
        write("checks/a_check.rb", """
                require 'shared'
                class A < Minitest::Test
                  def test_a = assert_equal([1, false], [SHARED, $VERBOSE])
                end
                """);
        writeTrap("test/trap_test.rb", "minitest/autorun");

        assertThat(compare()).as(said::toString).isEqualTo(ExitCode.OK);

        isEqual(1, 0, 0);
    }

    @Test
    void specsOfMinitestAreRakes() throws Exception {
        needsRake();
        write(
                "Rakefile",
                "require 'rake/testtask'\nRake::TestTask.new { |t| t.libs << 'spec'; t.pattern = 'spec/*_spec.rb' }\n");
        write("spec/spec_helper.rb", "require 'minitest/autorun'\n");
        write("spec/a_spec.rb", "require 'spec_helper'\ndescribe('a') { it('one') {}; it('two') { flunk } }\n");

        assertThat(compare()).as(said::toString).isEqualTo(ExitCode.OK);

        isEqual(1, 1, 0);
        assertThat(said.toString()).contains("-S rake test");
    }

    @Test
    void testUnitIsKnownByItsHelper() throws Exception {
        needs("ruby", "-e", "require 'rake/testtask'; require 'test/unit/version'");
        write("Rakefile", """
                require 'rake/testtask'
                Rake::TestTask.new { |t| t.libs << 'test/lib'; t.ruby_opts << '-rhelper'; t.pattern = 'test/**/test_*.rb' }
                """);
        write("test/lib/helper.rb", "require 'test/unit'\n");
        write(
                "test/test_a.rb",
                "class A < Test::Unit::TestCase\n  def test_a = assert(true)\n  def test_b = omit('x')\nend\n");

        assertThat(compare()).as(said::toString).isEqualTo(ExitCode.OK);

        isEqual(1, 0, 1);
        assertThat(json.path("runners").path(0).path("runner").asText()).isEqualTo("test-unit");
    }

    @Test
    void rspecsOptionsSayWhichFilesRun() throws Exception {
        needs("rspec", "--version");
        write(".rspec", "--pattern **/*_check.rb --exclude-pattern checks/slow/**/* --default-path checks\n");
        write("checks/a_check.rb", "RSpec.describe('a') { it('one') {}; it('two') { raise 'x' } }\n");
        writeTrap("checks/slow/b_check.rb", "rspec");
        writeTrap("checks/c_spec.rb", "rspec");
        writeTrap("spec/d_check.rb", "rspec");

        assertThat(compare()).as(said::toString).isEqualTo(ExitCode.OK);

        isEqual(1, 1, 0);
    }

    @Test
    void rspecsHelperMaySayWhichFilesRun() throws Exception {
        needs("rspec", "--version");
        write(".rspec", "--require spec_helper\n");
        write("spec/spec_helper.rb", "RSpec.configure { |c| c.pattern = '**/*_check.rb' }\n");
        write("spec/a_check.rb", "RSpec.describe('a') { it('one') {} }\n");
        writeTrap("spec/c_spec.rb", "rspec");

        assertThat(compare()).as(said::toString).isEqualTo(ExitCode.OK);

        isEqual(1, 0, 0);
    }

    @Test
    void aTaskThatCannotBeFollowedIsToldWithTheWayOut() throws Exception {
        needsRake();
        write(
                "test/a_test.rb",
                "require 'minitest/autorun'\nclass A < Minitest::Test\n  def test_a = assert(true)\nend\n");
        write("Rakefile", """
                require 'rake/testtask'
                Rake::TestTask.new(:a) { |t| t.pattern = 'test/a_test.rb' }
                Rake::TestTask.new(:b) { |t| t.pattern = 'test/a_test.rb'; t.warning = false }
                task test: %i[a b]
                """);
        assertThat(compare()).isEqualTo(ExitCode.ERROR);
        assertThat(said.toString()).contains("more than one way", "a: ruby -w -Ilib", "b: ruby -Ilib", "\"files\"");

        write("Rakefile", "require 'rake/testtask'\nRake::TestTask.new { |t| t.test_files = ['test/gone_test.rb'] }\n");
        assertThat(compare()).isEqualTo(ExitCode.ERROR);
        assertThat(said.toString()).contains("files that are not there: test/gone_test.rb");

        write("Rakefile", "require 'rake/testtask'\nrequire 'no_such_gem_of_tasks'\n");
        assertThat(compare()).isEqualTo(ExitCode.ERROR);
        assertThat(said.toString()).contains("no_such_gem_of_tasks", "interpreters", "\"files\"");
        assertThat(compare("test/a_test.rb")).as(said::toString).isEqualTo(ExitCode.OK);
        assertThat(said.toString()).contains("not as rake test has it", "no_such_gem_of_tasks");
    }

    @Test
    void initLeavesTheFilesToTheProjectsCommand() throws Exception {
        needsRake();
        writeRakeProject();

        assertThat(init()).as(said::toString).isEqualTo(ExitCode.OK);
        assertThat(said.toString()).contains("Each run asks which files `rake test` would run");
        assertThat(compare()).as(said::toString).isEqualTo(ExitCode.OK);
        isEqual(3, 1, 1);
    }

    @Test
    void initNamesTheFilesWhereRakeDoesNotTell() throws Exception {
        needsRake();
        write("Rakefile", "require 'rake/testtask'\nrequire 'no_such_gem_of_tasks'\n");
        write(
                "test/a_test.rb",
                "require 'minitest/autorun'\nclass A < Minitest::Test\n  def test_a = assert(true)\nend\n");

        assertThat(init()).as(said::toString).isEqualTo(ExitCode.OK);

        assertThat(said.toString()).contains("are not known", "It works: minitest: test/a_test.rb, 1 test");
    }

    /** The own command itself calls such a test otherwise each time. */
    @Test
    void namesThatHoldTheAddressOfAnObjectAreTheSame() throws Exception {
        needsRake();
        needs("rspec", "--version");
        write("distributed-test.json", "{\"files\": [\"spec/*_spec.rb\", \"test/*_test.rb\"], \"projects\": []}");
        write("test/a_test.rb", """
                require 'minitest/autorun'
                describe(proc {}) do
                  it('works') {}
                  it('fails') { assert false }
                end
                """);
        write("spec/a_spec.rb", """
                Shelf = Struct.new(:books) { def initialize = super([Object.new] * 9) }
                RSpec.describe(Shelf) do
                  it { is_expected.to eq(subject) }
                  it { is_expected.not_to eq(subject) }
                end
                """);

        assertThat(compare()).as(said::toString).isEqualTo(ExitCode.OK);
        assertThat(json.path("renamed_cases").asInt()).isEqualTo(4);
        assertThat(said.toString()).contains("EQUAL: 4 cases");

        write("test/a_test.rb", "require 'minitest/autorun'\ndescribe(proc {}) { it(rand(9e9.to_i).to_s) {} }\n");
        assertThat(compare("--files", "test/*_test.rb")).isEqualTo(ExitCode.DIFFERENT);
    }

    /** As classes do that print a short {@code object_id}: another number in each process. */
    @Test
    void namesThatHoldANumberWhichAClassMadeForItsObjectAreTheSame() throws Exception {
        needs("rspec", "--version");
        write("distributed-test.json", "{\"files\": [\"spec/*_spec.rb\"]}");
        write("spec/a_spec.rb", """
                module Paper
                  class Page
                    def inspect = "#<#{self.class}:0x#{Process.pid.to_s(16)} PAGE:1>"
                  end
                end
                RSpec.describe(Paper::Page) do
                  it { is_expected.to eq(subject) }
                  it { is_expected.not_to eq(subject) }
                end
                """);

        assertThat(compare()).as(said::toString).isEqualTo(ExitCode.OK);
        assertThat(json.path("renamed_cases").asInt()).isEqualTo(2);

        write("spec/a_spec.rb", "RSpec.describe('0x' + Process.pid.to_s(16)) { it('works') {} }\n");
        assertThat(compare()).isEqualTo(ExitCode.DIFFERENT);
    }

    @ParameterizedTest
    @ValueSource(strings = {"test/**/*_test.rb", "test/a_test.rb"})
    void rubyIsStartedAsByRakeAlsoWhereFilesAreConfigured(String files) throws Exception {
        needs("rake", "--version");
        write("distributed-test.json", "{\"files\": [\"" + files + "\"]}");
        write("Rakefile", """
                require 'rake/testtask'
                Rake::TestTask.new do |t|
                  t.pattern = 'test/*_test.rb'
                  t.libs << 'extra'
                  t.warning = true
                  t.ruby_opts << '-ruri'
                  t.options = '--name=/_one/'
                end
                """);
        write("extra/extra_thing.rb", "EXTRA = 1\n");
        write("test/a_test.rb", """
                require 'minitest/autorun'
                require 'extra_thing'
                class ATest < Minitest::Test
                  def test_one_warns() = assert($VERBOSE)
                  def test_one_uri() = assert(defined?(URI))
                  def test_two() = flunk
                end
                """);

        assertThat(compare()).as(said::toString).isEqualTo(ExitCode.OK);
        isEqual(2, 0, 0);
    }
}
