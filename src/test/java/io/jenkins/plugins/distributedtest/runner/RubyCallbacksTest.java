package io.jenkins.plugins.distributedtest.runner;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.jenkins.plugins.distributedtest.process.CommandResult;
import io.jenkins.plugins.distributedtest.process.Commands;
import io.jenkins.plugins.distributedtest.process.ProcessSpec;
import io.jenkins.plugins.distributedtest.suite.FileStatus;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Gorgon's callbacks file, in the Ruby runners and by itself. */
class RubyCallbacksTest {
    /** Notes each call with its process and worker id. */
    private static final String NOTING = """
            require 'gorgon'
            class Noting < Gorgon::DefaultCallbacks
              def note(name)
                File.open('notes', 'a') { |f| f.puts "#{name} #{Process.pid} #{ENV['GORGON_WORKER_ID']}" }
              end
              %w[after_sync before_creating_workers before_start after_complete after_creating_workers].each do |name|
                define_method(name) { note(name) }
              end
              def before_originate
                puts 'printed, not returned'
                'cluster-7'
              end
            end
            Gorgon.callbacks = Noting.new
            """;

    @TempDir
    Path directory;

    private ScriptJob job;

    @BeforeEach
    void open() throws IOException {
        Framework.RSPEC.required();
        job = new ScriptJob(directory);
        job.write("spec/a_spec.rb", "RSpec.describe('a') { it('b') { } }\n");
        job.write("spec/crash_spec.rb", "RSpec.describe('a') { it('b') { Process.kill(:KILL, $$); sleep } }\n");
    }

    @AfterEach
    void close() {
        job.close();
    }

    @Test
    void areCalledAtTheirPlaces() throws Exception {
        job.write("callbacks.rb", NOTING);
        assertThat(job.open("callbacks.rb").runsRubyCallbacks()).isTrue();
        assertThat(job.run(1, "spec/a_spec.rb", ScriptJob.LONG).status()).isEqualTo(FileStatus.PASSED);
        assertThat(job.run(2, "spec/a_spec.rb", ScriptJob.LONG).status()).isEqualTo(FileStatus.PASSED);
        job.close();

        List<String[]> notes =
                job.read("notes").lines().map(l -> l.split(" ", -1)).toList();
        assertThat(notes)
                .extracting(n -> n[0])
                .containsExactly(
                        "before_creating_workers",
                        "before_start",
                        "before_start",
                        "after_complete",
                        "after_complete",
                        "after_creating_workers");
        String preloader = notes.get(0)[1];
        assertThat(notes.get(5)[1]).isEqualTo(preloader);
        assertThat(notes.get(1)[2]).isEqualTo("1");
        assertThat(notes.get(2)[2]).isEqualTo("2");
        assertThat(notes.subList(1, 3))
                .extracting(n -> n[1])
                .doesNotContain(preloader)
                .doesNotHaveDuplicates();
        assertThat(notes.subList(3, 5))
                .extracting(n -> n[1])
                .containsExactlyInAnyOrder(notes.get(1)[1], notes.get(2)[1]);
    }

    @Test
    void aReplacedWorkerStartsAgain() throws Exception {
        job.write("callbacks.rb", NOTING);
        job.open("callbacks.rb");
        assertThat(job.run("spec/crash_spec.rb").status()).isEqualTo(FileStatus.CRASHED);
        assertThat(job.run("spec/a_spec.rb").status()).isEqualTo(FileStatus.PASSED);
        job.close();
        assertThat(job.read("notes").lines().map(l -> l.split(" ")[0]))
                .containsExactly(
                        "before_creating_workers",
                        "before_start",
                        "before_start",
                        "after_complete",
                        "after_creating_workers");
    }

    @Test
    void oneThatFailsIsToldAsSuch() throws Exception {
        for (String name : List.of("before_creating_workers", "before_start")) {
            job.close();
            job.write(
                    "callbacks.rb",
                    "class C < Gorgon::DefaultCallbacks\ndef " + name
                            + "\nraise 'no ' + 'luck'\nend\nend\nGorgon.callbacks = C.new\n");
            job.open("callbacks.rb");
            assertThatThrownBy(() -> job.run("spec/a_spec.rb"))
                    .isInstanceOfSatisfying(
                            RunnerException.class,
                            e -> assertThat(e.isCallback()).isTrue())
                    .hasMessageContaining(name)
                    .hasMessageContaining("no luck")
                    .hasMessageContaining("callbacks.rb");
        }
    }

    @Test
    void aFileThatDoesNotLoadIsToldAsSuch() throws Exception {
        job.write("callbacks.rb", "class (\n");
        job.open("callbacks.rb");
        assertThatThrownBy(() -> job.run("spec/a_spec.rb"))
                .isInstanceOfSatisfying(
                        RunnerException.class, e -> assertThat(e.isCallback()).isTrue())
                .hasMessageContaining("callbacks.rb");
    }

    private CommandResult call(String method, Path result) throws Exception {
        return Commands.run(
                ProcessSpec.of(List.of(
                                "ruby",
                                Bundled.file("ruby/distributed_test_callbacks.rb")
                                        .toString(),
                                job.workspace.resolve("callbacks.rb").toString(),
                                method))
                        .directory(job.workspace)
                        .environment(Map.of("DISTRIBUTED_TEST_RESULT_FILE", result.toString()))
                        .marker("callbacks-test"),
                Duration.ofSeconds(60));
    }

    @Test
    void oneByItselfReturnsItsTextApartFromWhatItPrints() throws Exception {
        job.write("callbacks.rb", NOTING);
        Path result = directory.resolve("result");
        CommandResult call = call("before_originate", result);
        assertThat(call.exitCode()).as(call.output()).isZero();
        assertThat(call.output()).isEqualTo("printed, not returned\n");
        assertThat(Files.readString(result)).isEqualTo("cluster-7");

        Files.delete(result);
        assertThat(call("after_sync", result).exitCode()).isZero();
        assertThat(result).doesNotExist();
        assertThat(call("after_job_finishes", result).exitCode()).isZero();
        assertThat(job.read("notes")).startsWith("after_sync ").hasLineCount(1);
    }

    @Test
    void oneByItselfThatFailsEndsWithItsExceptionAndNonzero() throws Exception {
        job.write("callbacks.rb", """
                class C < Gorgon::DefaultCallbacks
                  def after_sync; raise ArgumentError, 'AFTER SYNC BOOM'; end
                  def before_start; exit 4; end
                end
                Gorgon.callbacks = C.new
                """);
        Path result = directory.resolve("result");
        CommandResult raised = call("after_sync", result);
        assertThat(raised.exitCode()).isEqualTo(1);
        assertThat(raised.output())
                .contains("AFTER SYNC BOOM")
                .contains("ArgumentError")
                .contains("callbacks.rb:2");
        CommandResult exited = call("before_start", result);
        assertThat(exited.exitCode()).isEqualTo(1);
        assertThat(exited.output()).contains("exit(4)");
        CommandResult unknown = call("after_synch", result);
        assertThat(unknown.exitCode()).isEqualTo(1);
        assertThat(unknown.output()).contains("after_synch").contains("after_sync,");
    }
}
