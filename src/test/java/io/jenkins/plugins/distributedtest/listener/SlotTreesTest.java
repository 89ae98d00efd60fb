package io.jenkins.plugins.distributedtest.listener;

import static io.jenkins.plugins.distributedtest.listener.ListenerFixture.eventually;
import static org.assertj.core.api.Assertions.assertThat;

import io.jenkins.plugins.distributedtest.amqp.BrokerAddress;
import io.jenkins.plugins.distributedtest.runner.Runners;
import io.jenkins.plugins.distributedtest.suite.RunReport;
import io.jenkins.plugins.distributedtest.suite.RunnerSettings;
import io.jenkins.plugins.distributedtest.sync.FetchedTree;
import io.jenkins.plugins.distributedtest.sync.SshOptions;
import io.jenkins.plugins.distributedtest.testing.EmbeddedFixture;
import io.jenkins.plugins.distributedtest.wire.CallbackSpec;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Assumptions;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** Suites that write into their own tree, on a listener with two slots. */
@Timeout(180)
class SlotTreesTest {
    /** Writes into a file that is there in place, waits until its sibling has, and looks what is in it. */
    private static final String WRITES = """
            echo $GORGON_WORKER_ID >> shared
            touch $OUT/wrote-$GORGON_WORKER_ID
            while [ ! -e $OUT/wrote-1 ] || [ ! -e $OUT/wrote-2 ]; do sleep 0.05; done
            [ "$(cat shared)" = "$(printf 'as it came\\n%s' $GORGON_WORKER_ID)" ]
            """;

    @TempDir
    Path directory;

    private BrokerAddress broker;
    private WholeRun bench;

    @BeforeEach
    void open() throws Exception {
        broker = EmbeddedFixture.shared().address();
        bench = new WholeRun(directory, broker);
    }

    @AfterEach
    void close() throws Exception {
        bench.close();
    }

    private static RunnerSettings settings(String trees, List<String> command) {
        return new RunnerSettings(
                null, null, null, null, null, null, command, null, null, null, trees, null, null, null);
    }

    private RunReport twoThatWrite(String trees) throws Exception {
        bench.runners = settings(trees, List.of("sh", "{file}"));
        bench.file("shared", "as it came");
        bench.file("t/a.sh", WRITES);
        bench.file("t/b.sh", WRITES);
        bench.listener("one", 2);
        return bench.start("t/").result();
    }

    @Test
    void withOneTreeTwoSlotsClash() throws Exception {
        assertThat(twoThatWrite(null).isGreen()).isFalse();
    }

    @Test
    void withATreeOfItsOwnEachSlotWritesForItself() throws Exception {
        RunReport report = twoThatWrite(RunnerSettings.TREE_PER_SLOT);

        assertThat(report.isGreen()).as(report.toString()).isTrue();
        eventually("nothing is left", () -> bench.workspaces().isEmpty());
    }

    /** What has been built before is in all of them; commands run in the slot's own. */
    @Test
    void everySlotHasWhatCallbacksHaveMade() throws Exception {
        bench.callbacks = new CallbackSpec(
                null,
                Map.of(
                        "after_sync", List.of("sh", "-c", "echo synced > built; ln -s built link; chmod 755 built"),
                        "before_creating_workers", List.of("sh", "-c", "echo prepared >> built"),
                        "before_start", List.of("sh", "-c", "echo $GORGON_WORKER_ID > mine"),
                        "after_complete", List.of("sh", "-c", "cat mine >> $OUT/ended")));
        bench.file("t/a.sh", "[ $(cat mine) = $GORGON_WORKER_ID ] && [ -x built ] && [ -L link ]\ncat link\n" + WRITES);
        bench.file("t/b.sh", "[ $(cat mine) = $GORGON_WORKER_ID ] && [ -x built ] && [ -L link ]\ncat link\n" + WRITES);
        bench.runners = settings(RunnerSettings.TREE_PER_SLOT, List.of("sh", "-e", "{file}"));
        bench.file("shared", "as it came");
        bench.listener("one", 2);

        RunReport report = bench.start("t/").result();

        assertThat(report.isGreen()).as(report.toString()).isTrue();
        assertThat(report.files())
                .allSatisfy(file -> assertThat(file.last().result().output()).contains("synced\nprepared"));
        assertThat(bench.lines("ended")).containsExactlyInAnyOrder("1", "2");
    }

    /** Processes that load the application once load it from the slot's own tree. */
    @Test
    void anApplicationIsLoadedFromTheSlotsOwnTree() throws Exception {
        Assumptions.assumeTrue(
                Runners.available().contains("rspec"), "RSpec is not installed (Debian package ruby-rspec)");
        bench.runners = settings(RunnerSettings.TREE_PER_SLOT, null).using(List.of("rspec"));
        bench.file(".rspec", "--require ./helper.rb");
        bench.file("helper.rb", "LOADED_FROM = __dir__");
        String spec = """
                RSpec.describe('a') do
                  it('is loaded from here') do
                    File.write('shared', ENV['GORGON_WORKER_ID'])
                    File.write("#{ENV['OUT']}/at-#{ENV['GORGON_WORKER_ID']}", '')
                    sleep 0.05 until File.exist?("#{ENV['OUT']}/at-1") && File.exist?("#{ENV['OUT']}/at-2")
                    expect(LOADED_FROM).to eq(Dir.pwd)
                    expect(File.read('shared')).to eq(ENV['GORGON_WORKER_ID'])
                  end
                end
                """;
        bench.file("t/a_spec.rb", spec);
        bench.file("t/b_spec.rb", spec);
        bench.listener("one", 2);

        RunReport report = bench.start("t/").result();

        assertThat(report.isGreen()).as(report.toString()).isTrue();
    }

    /** Whose job definition has no place for it: the listener's own setting holds. */
    @Test
    void aListenerGivesThemToARubyOriginatorsRunAsWell() throws Exception {
        Assumptions.assumeTrue(
                Runners.available().contains("rspec"), "RSpec is not installed (Debian package ruby-rspec)");
        String spec = """
                RSpec.describe('a') do
                  it('writes') do
                    File.write('shared', ENV['GORGON_WORKER_ID'], mode: 'a')
                    File.write("OUT/at-#{ENV['GORGON_WORKER_ID']}", '')
                    sleep 0.05 until File.exist?('OUT/at-1') && File.exist?('OUT/at-2')
                    expect(File.read('shared')).to eq(ENV['GORGON_WORKER_ID'])
                  end
                end
                """.replace("OUT", directory.resolve("out").toString());
        ListenerSettings settings = new ListenerSettings(
                null,
                2,
                directory.resolve("ruby"),
                false,
                Duration.ofSeconds(60),
                Duration.ofSeconds(60),
                SshOptions.DEFAULT,
                null,
                true,
                2);
        try (ListenerFixture listener = new ListenerFixture(broker, settings, RunnerFactory.REAL, (job, at) -> {
                    write(at.resolve("a_spec.rb"), spec);
                    write(at.resolve("b_spec.rb"), spec);
                    return new FetchedTree("digest", at, 0.1, true);
                });
                StandInRubyOriginator originator = new StandInRubyOriginator(broker, null, "a_spec.rb", "b_spec.rb")) {
            originator.start().awaitDone();
            assertThat(originator.of("action", "finish"))
                    .hasSize(2)
                    .allSatisfy(finish -> assertThat(finish.get("type").asText())
                            .as(finish.toString())
                            .isEqualTo("pass"));
            assertThat(listener.listener.status().lastProblem()).isEmpty();
        }
    }

    private static void write(Path file, String text) {
        try {
            Files.writeString(file, text);
        } catch (IOException e) {
            throw new IllegalStateException(e);
        }
    }
}
