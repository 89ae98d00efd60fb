package io.jenkins.plugins.distributedtest.listener;

import static io.jenkins.plugins.distributedtest.listener.ListenerFixture.eventually;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.jenkins.plugins.distributedtest.amqp.BrokerAddress;
import io.jenkins.plugins.distributedtest.originator.Ping;
import io.jenkins.plugins.distributedtest.process.ProcessTree;
import io.jenkins.plugins.distributedtest.runner.Runners;
import io.jenkins.plugins.distributedtest.suite.Attempt;
import io.jenkins.plugins.distributedtest.suite.FileReport;
import io.jenkins.plugins.distributedtest.suite.FileStatus;
import io.jenkins.plugins.distributedtest.suite.RunEnd;
import io.jenkins.plugins.distributedtest.suite.RunReport;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Assumptions;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** Whole runs in one JVM, nothing replaced: originator, broker, listeners, sync by content, processes. */
@Timeout(180)
abstract class WholeRunContract {
    @TempDir
    Path directory;

    WholeRun bench;

    abstract BrokerAddress address();

    /** Ends the broker the hard way and starts it again at the same port. */
    abstract void restartBroker() throws Exception;

    /**
     * Whether a broker that is killed hands out again what had been acknowledged just before. Such files may run twice;
     * still they count once.
     */
    abstract boolean forgetsAcknowledgements();

    @BeforeEach
    void open() throws IOException {
        bench = new WholeRun(directory, address());
    }

    @AfterEach
    void close() throws Exception {
        bench.close();
    }

    @Test
    void everyFileIsRunOnceAndComesBackAsItEnded() throws Exception {
        bench.listener("one", 2);
        bench.listener("two", 2);
        for (int i = 0; i < 20; i++) {
            bench.file("t/f" + i + ".sh", "cat data/input; echo $0 >> $OUT/ran");
        }
        bench.file("t/bad.sh", "echo the reason; exit 3");
        bench.file("data/input", "what was synced");

        RunReport report = bench.start("t/").result();

        assertThat(report.end()).as(report.problem()).isEqualTo(RunEnd.COMPLETED);
        assertThat(report.passed()).hasSize(20).allSatisfy(f -> {
            assertThat(f.attempts()).hasSize(1);
            assertThat(f.last().result().output()).contains("what was synced");
            assertThat(f.last().result().runner()).isEqualTo("command");
        });
        FileReport bad = report.failed().findFirst().orElseThrow();
        assertThat(bad.last().result().status()).isEqualTo(FileStatus.FAILED);
        assertThat(bad.last().result().exitCode()).isEqualTo(3);
        assertThat(bad.last().result().output()).contains("the reason");
        assertThat(bench.lines("ran")).hasSize(20).doesNotHaveDuplicates();
        assertThat(report.listeners())
                .hasSize(2)
                .allSatisfy(l -> assertThat(l.slots()).isEqualTo(2));
        eventually("the workspaces go", () -> bench.workspaces().isEmpty());
    }

    /** The first run leaves, changes and replaces files; the second has the tree as it is at the originator. */
    @Test
    void aRunGoesOnFromTheTreeOfTheOneBeforeAndFindsNothingOfIt() throws Exception {
        bench.listener("one", 1);
        bench.file(
                "t/a.sh",
                "ls -i kept >> $OUT/inode; touch -r data/input stamp; echo other > other; mv other data/input;"
                        + " touch -r stamp data/input; mkdir -p data/litter; echo x > data/litter/file; ln -s /nowhere data/link;"
                        + " rm data/gone; cd ..; pwd >> $OUT/place");
        bench.file("t/b.sh", "true");
        bench.file("kept", "is the same all the time");
        bench.file("data/input", "first");
        bench.file("data/gone", "is deleted by the run");
        bench.file("data/edited", "before");
        assertThat(bench.start("t/").result().isGreen()).isTrue();
        eventually("its workspace goes", () -> bench.workspaces().isEmpty());

        bench.file("data/edited", "edited");
        bench.file(
                "t/a.sh",
                "ls -i kept >> $OUT/inode; cat data/input data/gone data/edited; [ $(ls data | wc -l) = 3 ];"
                        + " cd ..; pwd >> $OUT/place");
        RunReport second = bench.start("t/").result();

        assertThat(second.isGreen()).as(second.toString()).isTrue();
        FileReport file = second.files().stream()
                .filter(one -> one.file().path().equals("t/a.sh"))
                .findFirst()
                .orElseThrow();
        assertThat(file.last().result().output()).contains("first", "is deleted by the run", "edited");
        assertThat(bench.lines("inode"))
                .hasSize(2)
                .containsOnly(bench.lines("inode").get(0));
        assertThat(bench.lines("place"))
                .hasSize(2)
                .containsOnly(bench.lines("place").get(0));
    }

    @Test
    void cancellingKillsTheProcessTreesOfThisRunAndNoOther() throws Exception {
        bench.listener("one", 2);
        bench.file(
                "t/tree.sh",
                "echo $$ >> $OUT/pids\nsetsid sh -c 'echo $$ >> $OUT/pids; sleep 600' &\n"
                        + "sh -c 'trap \"\" TERM INT; echo $$ >> $OUT/pids; while :; do sleep 1; done'");
        bench.file("other/gate.sh", bench.gate("open"));
        WholeRun.Started cancelled = bench.start("t/");
        WholeRun.Started other = bench.start("other/");
        eventually("its tree stands", () -> bench.lines("pids").size() == 3);
        eventually("the other runs", () -> bench.lines("gates").size() == 1);

        cancelled.run().cancel("the test says so");
        RunReport report = cancelled.result();

        assertThat(report.end()).isEqualTo(RunEnd.CANCELLED);
        assertThat(report.unfinished()).hasSize(1);
        for (String pid : bench.lines("pids")) {
            eventually(
                    pid + " ends",
                    () -> ProcessHandle.of(Long.parseLong(pid))
                            .filter(ProcessTree::runs)
                            .isEmpty());
        }
        assertThat(other.run().result()).isNotDone();
        bench.open("open");
        assertThat(other.result().isGreen()).isTrue();
    }

    @Test
    void aFileThatKillsItsProcessIsCrashedAfterItTookDownTwoWorkers() throws Exception {
        bench.listener("one", 1);
        bench.listener("two", 1);
        bench.file("t/crash.sh", "echo last words of $GORGON_WORKER_ID; kill -9 $$");
        bench.file("t/good.sh", "true");

        RunReport report = bench.start("t/").result();

        assertThat(report.end()).as(report.problem()).isEqualTo(RunEnd.COMPLETED);
        assertThat(report.passed()).hasSize(1);
        FileReport crash = report.failed().findFirst().orElseThrow();
        assertThat(crash.attempts()).hasSize(2);
        assertThat(crash.attempts()).extracting(Attempt::worker).doesNotHaveDuplicates();
        assertThat(crash.attempts()).allSatisfy(attempt -> {
            assertThat(attempt.result().status()).isEqualTo(FileStatus.CRASHED);
            assertThat(attempt.result().exitCode()).isEqualTo(137);
            assertThat(attempt.result().signal()).isEqualTo("KILL");
            assertThat(attempt.result().output()).contains("last words of 1");
        });
    }

    @Test
    void twoRunsAtOnceShareTheListenersAndLoseNothing() throws Exception {
        bench.listener("one", 1);
        bench.listener("two", 1);
        for (int i = 0; i < 15; i++) {
            bench.file("a/f" + i + ".sh", "echo $0 >> $OUT/ran");
            bench.file("b/f" + i + ".sh", "echo $0 >> $OUT/ran");
        }
        WholeRun.Started first = bench.start("a/");
        WholeRun.Started second = bench.start("b/");

        assertThat(first.result().isGreen()).isTrue();
        assertThat(second.result().isGreen()).isTrue();
        assertThat(bench.lines("ran")).hasSize(30).doesNotHaveDuplicates();
    }

    @Test
    void aFileThatNoRunnerTakesFailsAndTheOthersRun() throws Exception {
        bench.listener("one", 1);
        bench.withoutCommand();
        bench.file("t/unknown.txt", "");
        bench.file("t/good.test.js", "");

        RunReport report = bench.start("t/").result();

        assertThat(report.end()).as(report.problem()).isEqualTo(RunEnd.COMPLETED);
        FileReport unknown = report.failed()
                .filter(f -> f.file().path().equals("t/unknown.txt"))
                .findFirst()
                .orElseThrow();
        assertThat(unknown.last().result().status()).isEqualTo(FileStatus.FAILED);
        assertThat(unknown.last().result().message()).contains("No runner is known for t/unknown.txt");
        assertThat(report.unfinished()).isEmpty();
        assertThat(report.listeners()).allSatisfy(l -> assertThat(l.problem()).isEmpty());
    }

    @Test
    void whenNoListenerCanRunItsFilesTheRunEndsAndSaysWhyForEach() throws Exception {
        Listener one = bench.listener("one", 1);
        Listener two = bench.listener("two", 1);
        bench.command("no-such-program", "{file}");
        bench.file("t/a.sh", "");
        bench.file("t/b.sh", "");
        bench.file("t/c.sh", "");

        RunReport report = bench.start("t/").result();

        assertThat(report.end()).isEqualTo(RunEnd.ERROR);
        assertThat(report.unfinished()).hasSize(3);
        assertThat(report.problem())
                .contains("No listener is left")
                .contains(one.id().substring(0, 8))
                .contains(two.id().substring(0, 8))
                .contains("no-such-program");
        assertThat(report.listeners())
                .hasSize(2)
                .allSatisfy(l -> assertThat(l.problem()).contains("no-such-program"));
    }

    @Test
    @Timeout(240)
    void whereOnlyListenersOfOtherClustersAnswerTheirClustersAreNamed() throws Exception {
        bench.file("t/a.sh", "exit 0");
        bench.listenerTimeout = Duration.ofSeconds(5);
        try (WholeRun other = new WholeRun(directory.resolve("other"), bench.address)) {
            other.listener("theirs", 1);
            // It answers when it knows its runners, which takes its time on a machine with many.
            await().atMost(Duration.ofSeconds(150))
                    .until(() -> !Ping.ping(bench.address, other.cluster, Duration.ofSeconds(2))
                            .isEmpty());
            RunReport report = bench.start("t").result();
            assertThat(report.end()).isEqualTo(RunEnd.ERROR);
            assertThat(report.problem())
                    .startsWith("No listener has answered within 5 s (")
                    .contains(
                            "Listeners answer there, but of ", other.cluster, ": is cluster the right one? Start one");
        }
    }

    @Test
    void aBrokerThatIsRestartedInTheMiddleCostsNoFile() throws Exception {
        Listener one = bench.listener("one", 1);
        Listener two = bench.listener("two", 1);
        bench.file("t/a.sh", bench.gate("open"));
        bench.file("t/b.sh", bench.gate("open"));
        for (int i = 0; i < 12; i++) {
            bench.file("t/f" + i + ".sh", "echo $0 >> $OUT/ran");
        }
        WholeRun.Started run = bench.start("t/");
        eventually("both are in the middle of a file", () -> run.begun().size() == 2);
        eventually("they have come that far", () -> bench.lines("gates").size() == 2);

        restartBroker();
        bench.open("open");

        RunReport report = run.result();
        assertThat(report.end()).as(report.problem()).isEqualTo(RunEnd.COMPLETED);
        assertThat(report.isGreen()).isTrue();
        assertThat(report.files())
                .hasSize(14)
                .allSatisfy(f -> assertThat(f.attempts()).hasSize(1));
        assertThat(Set.copyOf(bench.lines("gates"))).hasSize(2);
        assertThat(Set.copyOf(bench.lines("ran"))).hasSize(12);
        if (!forgetsAcknowledgements()) {
            assertThat(bench.lines("gates")).as("what ran went on").hasSize(2);
        }
        for (Listener listener : List.of(one, two)) {
            eventually("it is back", () -> listener.status().connectedSince() != null);
        }
    }

    @Test
    void aListenerThatIsShutDownInTheMiddleHandsItsFilesToTheOthers() throws Exception {
        Listener one = bench.listener("one", 1);
        bench.file("t/a.sh", bench.gate("open"));
        bench.file("t/b.sh", "true");
        WholeRun.Started run = bench.start("t/");
        eventually("it is in the middle of the file", () -> bench.lines("gates").size() == 1);
        Listener two = bench.listener("two", 1);

        one.close();
        bench.open("open");

        RunReport report = run.result();
        assertThat(report.isGreen()).as(report.problem()).isTrue();
        List<String> whoRan = new ArrayList<>();
        report.files()
                .forEach(f -> f.attempts().stream()
                        .filter(a -> a.result().status() == FileStatus.PASSED)
                        .forEach(a -> whoRan.add(a.worker().listener())));
        assertThat(whoRan).contains(two.id()).hasSize(2);
        assertThat(bench.lines("gates")).hasSize(2);
    }

    /** Its own command fails by it, though every example passes. */
    @Test
    void whatFailsAfterTheLastFileFailsTheRun() throws Exception {
        Assumptions.assumeTrue(Runners.available().contains("rspec"), "RSpec is not installed");
        bench.listener("one", 2);
        bench.withoutCommand();
        bench.file(".rspec", "--require ./spec_helper.rb");
        bench.file("spec_helper.rb", "RSpec.configure { |c| c.after(:suite) { raise 'left dirty' } }");
        bench.file("t/a_spec.rb", "RSpec.describe('a') { it('is') {} }");

        RunReport report = bench.start("t/").result();

        assertThat(report.end()).as(report.problem()).isEqualTo(RunEnd.COMPLETED);
        assertThat(report.passed()).hasSize(1);
        assertThat(report.isGreen()).isFalse();
        assertThat(report.closedBadly())
                .singleElement()
                .satisfies(listener -> assertThat(listener.problem()).contains("after(:suite)", "left dirty"));
    }
}
