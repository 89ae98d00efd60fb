package io.jenkins.plugins.distributedtest.listener;

import static org.assertj.core.api.Assertions.assertThat;

import io.jenkins.plugins.distributedtest.runner.Runners;
import io.jenkins.plugins.distributedtest.suite.RunReport;
import io.jenkins.plugins.distributedtest.suite.RunnerSettings;
import io.jenkins.plugins.distributedtest.testing.EmbeddedFixture;
import io.jenkins.plugins.distributedtest.wire.CallbackSpec;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Assumptions;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** That a Ruby class file's callbacks run once at each of their places, whichever languages a suite is made of. */
@Timeout(180)
class RubyCallbackPlacesTest {
    private static final String CLASS_FILE = """
            require 'gorgon'
            class Noting < Gorgon::DefaultCallbacks
              %w[after_sync before_creating_workers before_start after_complete after_creating_workers].each do |name|
                define_method(name) do
                  File.open("#{ENV['OUT']}/notes", 'a') { |f| f.puts "#{name} #{ENV['GORGON_WORKER_ID'] || '-'}" }
                end
              end
            end
            Gorgon.callbacks = Noting.new
            """;

    private static final List<String> EACH_ONCE = List.of(
            "after_sync -",
            "before_creating_workers -",
            "before_start 1",
            "after_complete 1",
            "after_creating_workers -");

    @TempDir
    Path directory;

    private WholeRun bench;

    @BeforeEach
    void open() throws Exception {
        Assumptions.assumeTrue(
                Runners.available().contains("rspec"), "RSpec is not installed (Debian package ruby-rspec)");
        bench = new WholeRun(directory, EmbeddedFixture.shared().address());
        bench.file("callbacks.rb", CLASS_FILE);
        bench.callbacks = new CallbackSpec("callbacks.rb", Map.of());
        bench.listener("one", 1);
    }

    @AfterEach
    void close() throws Exception {
        bench.close();
    }

    private List<String> notes() throws Exception {
        RunReport report = bench.start("t/").result();
        assertThat(report.isGreen()).as(report.toString()).isTrue();
        return bench.lines("notes");
    }

    private void ruby(String name) throws Exception {
        bench.file(
                "t/" + name + "_spec.rb",
                "RSpec.describe('a') { it('b') { File.write(\"#{ENV['OUT']}/notes\", " + "\"file\\n\", mode: 'a') } }");
    }

    private void other(String name) throws Exception {
        bench.file("t/" + name + ".sh", "echo file >> $OUT/notes");
    }

    private void uses(String... names) {
        bench.runners =
                new RunnerSettings(null, null, null, null, null, null, List.of("sh", "{file}")).using(List.of(names));
    }

    private static void assertEachOnce(List<String> notes, int files) {
        assertThat(notes.stream().filter(line -> !line.equals("file"))).containsExactlyElementsOf(EACH_ONCE);
        assertThat(notes.subList(3, 3 + files))
                .as("files between before_start and after_complete")
                .containsOnly("file");
    }

    @Test
    void withoutRubyTheListenerCallsThem() throws Exception {
        other("a");
        other("b");
        uses("command");
        assertEachOnce(notes(), 2);
    }

    @Test
    void withRubyOnlyItsProcessesCallThem() throws Exception {
        ruby("a");
        ruby("b");
        uses("rspec");
        assertEachOnce(notes(), 2);
    }

    @Test
    void inAMixedSuiteRubysProcessesCallThemBeforeAnyFile() throws Exception {
        other("a");
        ruby("b");
        other("c");
        uses("command", "rspec");
        assertEachOnce(notes(), 3);
    }

    /** It relies on what Gorgon had loaded: the gem open4 above all, here and there without requiring it. */
    private static final String LIKE_GORGONS_INIT = """
            class Like < Gorgon::DefaultCallbacks
              def after_sync
                require 'open4'
                pid, stdin, stdout, stderr = Open4::popen4 "echo bundled >> $OUT/notes 2>&1"
                ignore, status = Process.waitpid2 pid
                raise stderr.read if status.exitstatus != 0
              end

              def before_creating_workers
                pid, stdin, stdout, stderr = Open4::popen4 "cat; echo told >&2; exit 3"
                stdin.write 'given'
                stdin.close
                ignore, status = Process.waitpid2 pid
                note "#{stdout.read} #{stderr.read.strip} #{status.exitstatus}"
              end

              def before_start
                out = StringIO.new
                Open4.spawn('echo spawned', stdout: out)
                note out.string.strip
              end

              def after_complete
                Open4.spawn('exit 4')
              rescue Open4::SpawnError => e
                note "failed #{e.exitstatus}"
              end

              def after_creating_workers
                note [JSON, Set, OpenStruct, FileUtils, Timeout, Logger, Socket].map(&:class).uniq.inspect
                Dir.mktmpdir { |dir| FileUtils.touch("#{dir}/a") }
              end

              def note(text)
                File.write("#{ENV['OUT']}/notes", "#{text}\\n", mode: 'a')
              end
            end
            Gorgon.callbacks = Like.new
            """;

    private void assertLikeGorgonsInit() throws Exception {
        bench.file("callbacks.rb", LIKE_GORGONS_INIT);
        assertThat(notes())
                .containsExactly("bundled", "given told 3", "spawned", "file", "failed 4", "[Module, Class]");
    }

    @Test
    void aFileThatReliesOnWhatGorgonHadLoadedWorksInsideOfRubysProcesses() throws Exception {
        ruby("a");
        uses("rspec");
        assertLikeGorgonsInit();
    }

    @Test
    void aFileThatReliesOnWhatGorgonHadLoadedWorksInProcessesOfItsOwn() throws Exception {
        other("a");
        uses("command");
        assertLikeGorgonsInit();
    }

    @Test
    void inASuiteOfWhichNothingIsKnownRubysProcessesCallThem() throws Exception {
        ruby("a");
        assertEachOnce(notes(), 1);
    }
}
