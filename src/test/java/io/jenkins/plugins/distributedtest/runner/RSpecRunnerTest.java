package io.jenkins.plugins.distributedtest.runner;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.jenkins.plugins.distributedtest.suite.CaseStatus;
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

/** What is RSpec's own. */
class RSpecRunnerTest {
    @TempDir
    Path directory;

    private ScriptJob job;

    @BeforeEach
    void open() throws IOException {
        Framework.RSPEC.required();
        job = new ScriptJob(directory);
    }

    @AfterEach
    void close() {
        job.close();
    }

    private FileResult run(String path) throws Exception {
        FileResult result = job.run(path);
        assertThat(result.status()).as(ScriptJob.all(result)).isIn(FileStatus.PASSED, FileStatus.FAILED);
        return result;
    }

    /** Suites use what RSpec's own formatters load, such as StringIO. */
    @Test
    void whatTheOwnCommandHasLoadedIsLoaded() throws Exception {
        job.write("spec/loaded_spec.rb", """
                RSpec.describe('loaded') do
                  it('is told') { File.write(ENV.fetch('TOLD', 'ours'), $LOADED_FEATURES.join("\\n")) }
                  it('has StringIO') { StringIO.new }
                end
                """);
        OwnProcess own = OwnProcess.run(job.workspace, Map.of("TOLD", "own"), List.of("rspec", "spec/loaded_spec.rb"));
        assertThat(own.isWell()).as(own.said()).isTrue();

        assertThat(run("spec/loaded_spec.rb").status()).isEqualTo(FileStatus.PASSED);
        assertThat(job.read("own")
                        .lines()
                        .filter(feature -> feature.contains("/rspec/") || feature.contains("stringio")))
                .isSubsetOf(job.read("ours").lines().toList());
    }

    /** Gorgon's W4. */
    @Test
    void failFastOfTheProjectHidesNoFailure() throws Exception {
        job.write(".rspec", "--fail-fast\n--require spec_helper\n--format documentation\n");
        job.write("spec/spec_helper.rb", "HELPED = true\nRSpec.configure { |c| c.fail_fast = true }\n");
        String three = "RSpec.describe('three') { 3.times { |i| it(\"no #{i}\") { raise 'x' unless HELPED == 1 } } }\n";
        job.write("spec/a_spec.rb", three);
        job.write("spec/b_spec.rb", three);

        for (String file : List.of("spec/a_spec.rb", "spec/b_spec.rb")) {
            assertThat(ScriptJob.told(run(file))).isEqualTo(Map.of("no 0", "ERROR", "no 1", "ERROR", "no 2", "ERROR"));
        }
    }

    /** Gorgon's W3: a load error counted as passed and silenced the rest of that worker. */
    @Test
    void anErrorOutsideOfExamplesFailsItsFileAndOnlyThat() throws Exception {
        job.write("spec/load_spec.rb", "RSpec.describe('a') { it('b') { } }\nUndefinedThing\n");
        job.write(
                "spec/after_spec.rb",
                "RSpec.describe('a') { it('b') { }; after(:context) { raise 'after it all' } }\n");
        job.write("spec/next_spec.rb", "RSpec.describe('a') { it('b') { } }\n");

        FileResult load = run("spec/load_spec.rb");
        assertThat(load.status()).isEqualTo(FileStatus.FAILED);
        assertThat(load.message()).contains("UndefinedThing").contains("spec/load_spec.rb");
        FileResult after = run("spec/after_spec.rb");
        assertThat(after.status()).isEqualTo(FileStatus.FAILED);
        assertThat(after.message()).contains("after it all");
        assertThat(ScriptJob.told(after)).isEqualTo(Map.of("b", "PASSED"));
        assertThat(run("spec/next_spec.rb").status()).isEqualTo(FileStatus.PASSED);
    }

    @Test
    void suiteHooksRunOncePerWorkerAndAgainWhileTheyFail() throws Exception {
        job.write("spec/spec_helper.rb", """
                RSpec.configure do |c|
                  c.before(:suite) { File.open('hooks', 'a') { |f| f.puts 'before' } }
                  c.after(:suite) { File.open('hooks', 'a') { |f| f.puts 'after' } }
                  c.before(:suite) { raise 'no database' unless File.exist?('database') }
                end
                """);
        for (int i = 0; i < 4; i++) {
            job.write("spec/" + i + "_spec.rb", "require 'spec_helper'\nRSpec.describe('a') { it('b') { } }\n");
        }

        for (int i = 0; i < 2; i++) {
            FileResult failed = run("spec/" + i + "_spec.rb");
            assertThat(failed.status()).isEqualTo(FileStatus.FAILED);
            assertThat(failed.message()).contains("no database").contains("before(:suite)");
            assertThat(failed.cases()).isEmpty();
        }
        job.write("database", "");
        assertThat(run("spec/2_spec.rb").status()).isEqualTo(FileStatus.PASSED);
        assertThat(run("spec/3_spec.rb").status()).isEqualTo(FileStatus.PASSED);
        job.close();
        assertThat(job.read("hooks")).isEqualTo("before\nafter\n");
    }

    @Test
    void pendingAndSkippedExamplesAreSkippedWithTheirReason() throws Exception {
        job.write("spec/a_spec.rb", """
                RSpec.describe 'a' do
                  it 'is not written'
                  it('is known') { pending 'ticket 7'; raise 'x' }
                  it('is mended') { pending 'ticket 8' }
                  context('inside') { it('is off', skip: 'too slow') { } }
                end
                """);
        FileResult result = run("spec/a_spec.rb");
        assertThat(ScriptJob.told(result))
                .isEqualTo(Map.of(
                        "is not written",
                        "SKIPPED",
                        "is known",
                        "SKIPPED",
                        "is mended",
                        "FAILED",
                        "is off",
                        "SKIPPED"));
        assertThat(result.cases())
                .filteredOn(c -> c.name().equals("is off"))
                .singleElement()
                .satisfies(c -> {
                    assertThat(c.className()).isEqualTo("a inside");
                    assertThat(c.status()).isEqualTo(CaseStatus.SKIPPED);
                    assertThat(c.failure().message()).isEqualTo("too slow");
                    assertThat(c.line()).isEqualTo(5);
                });
    }

    @Test
    void aFocusOfOneFileDoesNotFilterTheNext() throws Exception {
        job.write(
                "spec/spec_helper.rb",
                "RSpec.configure { |c| c.filter_run focus: true\n" + "c.run_all_when_everything_filtered = true }\n");
        job.write("spec/plain_spec.rb", "require 'spec_helper'\nRSpec.describe('p') { it('a') { }; it('b') { } }\n");
        job.write(
                "spec/focus_spec.rb",
                "require 'spec_helper'\nRSpec.describe('f') { it('a', focus: true) { }; it('b') { } }\n");
        assertThat(run("spec/plain_spec.rb").cases()).hasSize(2);
        assertThat(run("spec/focus_spec.rb").cases()).hasSize(1);
        assertThat(run("spec/plain_spec.rb").cases()).hasSize(2);
        assertThat(run("spec/focus_spec.rb").cases()).hasSize(1);
    }

    @Test
    void theApplicationIsLoadedOnceForAllSlots() throws Exception {
        job.close();
        job = new ScriptJob(directory, ScriptJob.settings(null, null, Map.of("rspec", List.of("spec/spec_helper.rb"))));
        job.write("spec/spec_helper.rb", "LOADER = Process.pid\nFile.open('loads', 'a') { |f| f.puts 'loaded' }\n");
        job.write(
                "spec/a_spec.rb",
                "require 'spec_helper'\nRSpec.describe('a') { it('b') { puts \"#{LOADER} #{$$} #{rand}\" } }\n");
        job.open(null);
        String[] one = job.run(1, "spec/a_spec.rb", ScriptJob.LONG).output().split(" ");
        String[] two = job.run(2, "spec/a_spec.rb", ScriptJob.LONG).output().split(" ");

        assertThat(job.read("loads")).isEqualTo("loaded\n");
        assertThat(one[0]).isEqualTo(two[0]);
        assertThat(one[1]).isNotEqualTo(two[1]);
        assertThat(one[2]).isNotEqualTo(two[2]);
    }

    @Test
    void aPreloadFileThatDoesNotLoadIsToldByItsName() throws Exception {
        job.close();
        job = new ScriptJob(directory, ScriptJob.settings(null, null, Map.of("rspec", List.of("spec/broken.rb"))));
        job.write("spec/broken.rb", "raise 'half an application'\n");
        job.write("spec/a_spec.rb", "");
        assertThatThrownBy(() -> job.run("spec/a_spec.rb"))
                .isInstanceOf(RunnerException.class)
                .hasMessageContaining("spec/broken.rb")
                .hasMessageContaining("half an application");
    }

    @Test
    void aRubyWithoutRSpecIsToldWithTheWayOut() throws Exception {
        job.close();
        job = new ScriptJob(
                directory, ScriptJob.settings(Map.of("ruby", List.of("ruby", "--disable=gems")), null, null));
        job.write("spec/a_spec.rb", "");
        assertThatThrownBy(() -> job.run("spec/a_spec.rb"))
                .isInstanceOf(RunnerException.class)
                .hasMessageContaining("rspec-core")
                .hasMessageContaining("gem install rspec")
                .hasMessageContaining("bundle");
    }
}
