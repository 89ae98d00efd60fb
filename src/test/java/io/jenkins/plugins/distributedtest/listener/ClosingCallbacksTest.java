package io.jenkins.plugins.distributedtest.listener;

import static io.jenkins.plugins.distributedtest.listener.ListenerFixture.eventually;
import static org.assertj.core.api.Assertions.assertThat;

import io.jenkins.plugins.distributedtest.amqp.BrokerAddress;
import io.jenkins.plugins.distributedtest.runner.Runners;
import io.jenkins.plugins.distributedtest.suite.RunEnd;
import io.jenkins.plugins.distributedtest.suite.RunReport;
import io.jenkins.plugins.distributedtest.suite.RunnerSettings;
import io.jenkins.plugins.distributedtest.sync.FetchedTree;
import io.jenkins.plugins.distributedtest.sync.JobSource;
import io.jenkins.plugins.distributedtest.testing.EmbeddedFixture;
import io.jenkins.plugins.distributedtest.wire.CallbackSpec;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Assumptions;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** That what callbacks have opened is closed again, however early a run ends. */
@Timeout(480)
class ClosingCallbacksTest {
    private static final int TRIES = 50;

    /** What test code does when its run is cancelled; each lets go in another way, the last two not at all. */
    private static final List<String> HOLDS = List.of(
            "sleep 600",
            "system('sleep 600')",
            "loop { 1 + 1 }",
            "loop { begin; sleep 600; rescue Exception; nil; end }",
            "begin; sleep 600; ensure; sleep 600; end");

    private static final String NOTE =
            "File.write(\"#{ENV['OUT']}/notes\", \"NAME #{ENV['GORGON_WORKER_ID'] || '-'}\\n\", mode: 'a')";

    private static final Map<String, Integer> EACH_ONCE =
            Map.of("before_start", 2, "after_complete", 2, "before_creating_workers", 1, "after_creating_workers", 1);

    @TempDir
    Path directory;

    private BrokerAddress broker;
    private WholeRun bench;

    @BeforeEach
    void open() throws Exception {
        Assumptions.assumeTrue(
                Runners.available().contains("rspec"), "RSpec is not installed (Debian package ruby-rspec)");
        broker = EmbeddedFixture.shared().address();
        bench = new WholeRun(directory, broker);
        bench.runners =
                new RunnerSettings(null, null, null, null, null, null, List.of("sh", "{file}")).using(List.of("rspec"));
        bench.callbacks = new CallbackSpec("callbacks.rb", Map.of());
    }

    @AfterEach
    void close() throws Exception {
        bench.close();
    }

    private static String note(String name) {
        return NOTE.replace("NAME", name);
    }

    /** A class file whose methods note that they ran, once more code of theirs has. */
    private static String classFile(Map<String, String> more) {
        StringBuilder text = new StringBuilder("class Noting < Gorgon::DefaultCallbacks\n");
        for (String name : EACH_ONCE.keySet()) {
            text.append("  def ").append(name).append('\n');
            text.append("    ").append(more.getOrDefault(name, "")).append('\n');
            text.append("    ").append(note(name)).append("\n  end\n");
        }
        return text + "end\nGorgon.callbacks = Noting.new\n";
    }

    private void specs(int tries) throws IOException {
        for (int slot = 1; slot <= 2; slot++) {
            bench.file(
                    "t/" + slot + "_spec.rb",
                    "RSpec.describe('a') { it('b') { " + note("begun") + "; " + HOLDS.get(tries % HOLDS.size())
                            + " } }");
        }
    }

    private Map<String, Integer> notes() throws IOException {
        Map<String, Integer> counted = new TreeMap<>();
        bench.lines("notes").forEach(line -> counted.merge(line.split(" ")[0], 1, Integer::sum));
        return counted;
    }

    private void begun(int files) {
        eventually("its tests run", () -> notes().getOrDefault("begun", 0) == files);
    }

    private Map<String, Integer> plus(int begun) {
        Map<String, Integer> all = new TreeMap<>(EACH_ONCE);
        all.put("begun", begun);
        return all;
    }

    /** Every way of test code to be held up comes ten times. */
    @Test
    void theyRunOnEachOfFiftyCancels() throws Exception {
        bench.file("callbacks.rb", classFile(Map.of()));
        bench.listener("one", 2);
        List<String> without = new ArrayList<>();
        for (int i = 0; i < TRIES; i++) {
            specs(i);
            bench.forget("notes");
            WholeRun.Started run = bench.start("t/");
            begun(2);

            run.run().cancel("the test says so");
            RunReport report = run.result();

            assertThat(report.end()).isEqualTo(RunEnd.CANCELLED);
            boolean told =
                    report.listeners().stream().anyMatch(l -> !l.problem().isEmpty());
            if (told || !notes().equals(plus(2))) {
                without.add("try " + i + ", " + HOLDS.get(i % HOLDS.size()) + ": " + notes() + report.listeners());
            }
        }
        assertThat(without).isEmpty();
    }

    @Test
    void aWorkerThatRunsNothingCallsThemAsWell() throws Exception {
        bench.file("callbacks.rb", classFile(Map.of()));
        bench.file("t/a_spec.rb", "RSpec.describe('a') { it('b') { } }");
        bench.file("t/b_spec.rb", "RSpec.describe('a') { it('b') { " + note("begun") + "; sleep 600 } }");
        bench.listener("one", 2);
        WholeRun.Started run = bench.start("t/");
        begun(1);
        eventually(
                "the other slot has run its file", () -> run.events().toString().contains("FileFinished"));

        run.run().cancel("the test says so");

        assertThat(run.result().end()).isEqualTo(RunEnd.CANCELLED);
        assertThat(notes()).containsEntry("after_creating_workers", 1);
        assertThat(notes().get("after_complete")).isEqualTo(notes().get("before_start"));
    }

    @Test
    void theRunSaysWhichDidNotEnd() throws Exception {
        bench.file("callbacks.rb", classFile(Map.of("after_complete", "sleep 600 if ENV['GORGON_WORKER_ID'] == '1'")));
        specs(0);
        bench.listener("one", 2);
        WholeRun.Started run = bench.start("t/");
        begun(2);

        run.run().cancel("the test says so");

        RunReport report = run.result();
        assertThat(report.end()).isEqualTo(RunEnd.CANCELLED);
        assertThat(report.listeners())
                .singleElement()
                .satisfies(l -> assertThat(l.problem())
                        .contains("after_complete of slot 1 did not come to its end within 8.0 s")
                        .doesNotContain("slot 2", "after_creating_workers"));
        assertThat(notes()).containsEntry("after_complete", 1).containsEntry("after_creating_workers", 1);
    }

    @Test
    void aProcessThatCannotBeReachedIsSaidToHaveCalledNone() throws Exception {
        bench.file("callbacks.rb", classFile(Map.of()));
        bench.file("t/a_spec.rb", "RSpec.describe('a') { it('b') { " + note("begun") + "; Process.kill(:STOP, $$) } }");
        bench.listener("one", 1);
        WholeRun.Started run = bench.start("t/");
        begun(1);

        run.run().cancel("the test says so");

        assertThat(run.result().listeners())
                .singleElement()
                .satisfies(
                        l -> assertThat(l.problem()).contains("after_complete of slot 1 was not reached within 8.0 s"));
        assertThat(notes()).containsEntry("after_creating_workers", 1);
    }

    @Test
    void oneThatFailsIsTold() throws Exception {
        bench.file("callbacks.rb", classFile(Map.of("after_creating_workers", "raise 'left dirty'")));
        bench.file("t/a_spec.rb", "RSpec.describe('a') { it('b') { } }");
        bench.listener("one", 1);

        RunReport report = bench.start("t/").result();

        assertThat(report.isGreen()).as("results stay as they are").isTrue();
        assertThat(report.listeners())
                .singleElement()
                .satisfies(l -> assertThat(l.problem()).contains("after_creating_workers", "left dirty"));
    }

    @Test
    void aRunThatIsCancelledWhileItsApplicationLoadsClosesWhatIsOpen() throws Exception {
        bench.file("callbacks.rb", classFile(Map.of()));
        bench.file(".rspec", "--require ./slow.rb");
        bench.file("slow.rb", note("begun") + "\nsleep 600");
        bench.file("t/a_spec.rb", "RSpec.describe('a') { it('b') { } }");
        bench.listener("one", 1);
        WholeRun.Started run = bench.start("t/");
        begun(1);

        run.run().cancel("the test says so");

        assertThat(run.result().end()).isEqualTo(RunEnd.CANCELLED);
        eventually("it is closed", () -> notes().containsKey("after_creating_workers"));
        assertThat(notes().keySet())
                .containsExactlyInAnyOrder("begun", "before_creating_workers", "after_creating_workers");
    }

    @Test
    void aListenerThatIsShutDownClosesWhatIsOpen() throws Exception {
        bench.file("callbacks.rb", classFile(Map.of()));
        specs(0);
        Listener listener = bench.listener("one", 2);
        bench.start("t/");
        begun(2);

        listener.close();

        assertThat(notes()).isEqualTo(plus(2));
    }

    @Test
    void commandsRunOnACancelToo() throws Exception {
        Map<String, List<String>> commands = new TreeMap<>();
        for (String name : EACH_ONCE.keySet()) {
            commands.put(name, List.of("sh", "-c", "echo " + name + " ${GORGON_WORKER_ID:--} >> $OUT/notes"));
        }
        bench.callbacks = new CallbackSpec(null, commands);
        bench.listener("one", 2);
        for (int i = 0; i < HOLDS.size(); i++) {
            specs(i);
            bench.forget("notes");
            WholeRun.Started run = bench.start("t/");
            begun(2);
            run.run().cancel("the test says so");
            RunReport report = run.result();
            assertThat(report.end()).isEqualTo(RunEnd.CANCELLED);
            assertThat(notes()).as("%s, %s", HOLDS.get(i), report).isEqualTo(plus(2));
        }
    }

    /** Which sends its cancel to all, and deletes its queues. */
    @Test
    void aCancelOfARubyOriginatorRunsThemAsWell() throws Exception {
        Path notes = directory.resolve("out/notes");
        String own = "'" + notes + "'";
        for (int i = 0; i < TRIES; i++) {
            Files.deleteIfExists(notes);
            String file =
                    "RSpec.describe('a') { it('b') { " + note("begun") + "; " + HOLDS.get(i % HOLDS.size()) + " } }";
            Map<String, String> tree = Map.of(
                    "callbacks.rb", classFile(Map.of()).replace("\"#{ENV['OUT']}/notes\"", own),
                    "a_spec.rb", file.replace("\"#{ENV['OUT']}/notes\"", own));
            try (ListenerFixture listener = new ListenerFixture(
                            broker, directory.resolve("ruby"), 1, RunnerFactory.REAL, (job, at) -> lay(job, at, tree));
                    StandInRubyOriginator originator = new StandInRubyOriginator(broker, "callbacks.rb", "a_spec.rb")) {
                originator.start();
                begun(1);

                originator.cancel();

                eventually(
                        "it has left", () -> listener.listener.status().runs().isEmpty());
                assertThat(notes()).containsEntry("after_complete", 1).containsEntry("after_creating_workers", 1);
            }
        }
    }

    private static FetchedTree lay(JobSource job, Path workspace, Map<String, String> tree) {
        assertThat(job.runId()).isNotEmpty();
        tree.forEach((name, text) -> {
            try {
                Files.writeString(workspace.resolve(name), text);
            } catch (IOException e) {
                throw new UncheckedIOException(e);
            }
        });
        return new FetchedTree("digest", workspace, 0.1, true);
    }
}
