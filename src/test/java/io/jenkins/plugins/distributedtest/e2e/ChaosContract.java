package io.jenkins.plugins.distributedtest.e2e;

import static org.assertj.core.api.Assertions.assertThat;

import io.jenkins.plugins.distributedtest.amqp.BrokerAddress;
import io.jenkins.plugins.distributedtest.suite.FileReport;
import io.jenkins.plugins.distributedtest.suite.FileStatus;
import io.jenkins.plugins.distributedtest.suite.RunReport;
import java.nio.file.Path;
import java.util.Set;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * Everything that can be killed in the middle of a run is killed: forty files on two listeners with two slots each.
 * Whatever happens, the report has each file exactly once with one deciding result, and nothing is left behind.
 */
abstract class ChaosContract {
    @TempDir
    Path directory;

    World world;
    Set<String> suite;
    Program one;
    Program two;

    /** Where the broker is, before and after a restart. */
    abstract BrokerAddress broker() throws Exception;

    /** Kills the broker with SIGKILL and starts it again at the same place. */
    abstract void restartBroker() throws Exception;

    /** Whether the broker has after a restart what it had before. */
    abstract boolean keepsMessages();

    @BeforeEach
    void makeWorld() throws Exception {
        BrokerAddress address = broker();
        world = new World(directory, () -> address);
        suite = ShortSuite.write(world);
    }

    void startListeners() throws Exception {
        one = world.startListener("one", 2);
        two = world.startListener("two", 2);
        one.awaitOutput("connected: 2 slots");
        two.awaitOutput("connected: 2 slots");
    }

    @AfterEach
    void endWorld() throws Exception {
        if (world != null) {
            world.close();
        }
    }

    /** The listener that runs the long file. */
    Program slowOne() throws Exception {
        return world.told("slow-listener").get(0).equals("one") ? one : two;
    }

    static FileReport slow(RunReport report) {
        return report.files().stream()
                .filter(f -> f.file().path().equals(ShortSuite.SLOW))
                .findFirst()
                .orElseThrow();
    }

    /** Every file whose report shows more than one attempt, but for the long one. */
    static void assertOthersCountedOnce(RunReport report) {
        assertThat(report.files())
                .filteredOn(f -> !f.file().path().equals(ShortSuite.SLOW))
                .allSatisfy(f -> {
                    assertThat(f.last().result().status()).as("%s", f).isEqualTo(FileStatus.PASSED);
                    assertThat(f.attempts().stream().filter(a -> a.result().status() == FileStatus.PASSED))
                            .hasSize(1);
                });
    }

    @Test
    void w11AKilledListenerLosesNoFileAndLeavesNothing() throws Exception {
        startListeners();
        World.Run run = world.run();
        long slowPid = ShortSuite.awaitSlow(world, 1).get(0);
        Program victim = slowOne();
        String name = victim == one ? "one" : "two";
        victim.signal("KILL");

        // Its children go with it, and the other takes the file.
        Program.await(() -> "the long file's process is gone")
                .until(() -> ProcessHandle.of(slowPid).isEmpty());
        ShortSuite.awaitSlow(world, 2);
        ShortSuite.release(world);
        RunReport report = run.ends(0);

        World.assertComplete(report, suite);
        assertOthersCountedOnce(report);
        assertThat(slow(report).isPassed()).isTrue();
        world.awaitNothingOnBroker(report.runId());
        world.awaitOnly(one, two);
        // W11: what it has left is swept by whoever starts there next.
        assertThat(world.workspaces(name)).isNotEmpty();
        Program next = world.listener(name, 2);
        Program.await(() -> "leftover workspaces are swept")
                .until(() -> world.workspaces(name).isEmpty());
        next.stop();
    }

    @Test
    void w1ABrokerKilledAndRestartedLosesNoFile() throws Exception {
        startListeners();
        World.Run run = world.run();
        ShortSuite.awaitSlow(world, 1);
        // Others have run since, so the originator knows that it has begun.
        Program.await(() -> "some files have run").until(() -> world.told("ran").size() >= 8);

        restartBroker();
        if (!keepsMessages()) {
            // A result that comes before the run's queues are there again goes down; then its file would run twice.
            awaitConnectedAgain(one);
            awaitConnectedAgain(two);
            run.program().awaitOutput("The broker is reached again.");
        }
        ShortSuite.release(world);
        RunReport report = run.ends(0);

        World.assertComplete(report, suite);
        assertOthersCountedOnce(report);
        assertThat(slow(report).isPassed()).isTrue();
        assertThat(world.told("slow"))
                .as("what runs goes on while the broker is away")
                .hasSize(1);
        world.awaitNothingOnBroker(report.runId());
        world.awaitOnly(one, two);
    }

    @Test
    void aKilledOriginatorIsGivenUpByItsListeners() throws Exception {
        startListeners();
        World.Run run = world.run("--set", "silence=1s");
        long slowPid = ShortSuite.awaitSlow(world, 1).get(0);
        run.program().signal("KILL");

        one.awaitOutput("is abandoned: nothing was heard of its originator");
        two.awaitOutput("is abandoned: nothing was heard of its originator");
        Program.await(() -> "the long file's process is gone")
                .until(() -> ProcessHandle.of(slowPid).isEmpty());
        String runId = runId(one);
        world.awaitNothingOnBroker(runId);
        world.awaitOnly(one, two);
        Program.await(() -> "workspaces are gone")
                .until(() -> world.workspaces("one").isEmpty()
                        && world.workspaces("two").isEmpty());
    }

    static void awaitConnectedAgain(Program listener) {
        Program.await(() -> "the listener is connected again")
                .until(() -> listener.output().split("connected: 2 slots", -1).length > 2);
    }

    static String runId(Program listener) {
        var matcher = java.util.regex.Pattern.compile("Taking part in run ([0-9a-f-]{36})")
                .matcher(listener.output());
        assertThat(matcher.find()).as(listener.output()).isTrue();
        return matcher.group(1);
    }
}
