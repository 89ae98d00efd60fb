package io.jenkins.plugins.distributedtest.e2e;

import static org.assertj.core.api.Assertions.assertThat;

import io.jenkins.plugins.distributedtest.amqp.BrokerAddress;
import io.jenkins.plugins.distributedtest.suite.FileStatus;
import io.jenkins.plugins.distributedtest.suite.RunReport;
import io.jenkins.plugins.distributedtest.testing.RealRabbit;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;

/** {@link ChaosContract} on a real RabbitMQ. */
class RabbitChaosIT extends ChaosContract {
    @Override
    BrokerAddress broker() {
        return RealRabbit.shared().freshVirtualHost();
    }

    @Override
    boolean keepsMessages() {
        return true;
    }

    @Override
    void restartBroker() {
        RealRabbit.shared().kill();
        RealRabbit.shared().start();
    }

    @Test
    void w6AKilledRunnerCostsAnAttemptAndNothingElse() throws Exception {
        startListeners();
        World.Run run = world.run();
        long first = ShortSuite.awaitSlow(world, 1).get(0);
        Processes.signal("KILL", first);
        ShortSuite.awaitSlow(world, 2);
        ShortSuite.release(world);
        RunReport report = run.ends(0);

        World.assertComplete(report, suite);
        assertOthersCountedOnce(report);
        assertThat(slow(report).attempts()).hasSize(2);
        assertThat(slow(report).attempts().get(0).result().status()).isEqualTo(FileStatus.CRASHED);
        assertThat(slow(report).attempts().get(0).result().signal()).isEqualTo("KILL");
        assertThat(slow(report).attempts().get(1).worker())
                .isNotEqualTo(slow(report).attempts().get(0).worker());
        assertThat(slow(report).isFlaky()).isTrue();
        world.awaitNothingOnBroker(report.runId());
        world.awaitOnly(one, two);
    }

    /** The killed broker may hand out what was acknowledged; the originator is the last to come back. */
    @Test
    void anOriginatorThatStandsStillWhileTheBrokerIsKilledLosesNothing() throws Exception {
        startListeners();
        World.Run run = world.run();
        ShortSuite.awaitSlow(world, 1);
        Program.await(() -> "some files have run").until(() -> world.told("ran").size() >= 2);
        run.program().signal("STOP");
        restartBroker();
        awaitConnectedAgain(one);
        awaitConnectedAgain(two);
        run.program().signal("CONT");
        run.program().awaitOutput("The broker is reached again.");
        ShortSuite.release(world);
        RunReport report = run.ends(0);

        World.assertComplete(report, suite);
        assertOthersCountedOnce(report);
        assertThat(world.told("slow")).hasSize(1);
        assertThat(slow(report).attempts()).hasSize(1);
        world.awaitNothingOnBroker(report.runId());
    }

    @Test
    void aFileThatTakesDownTwoWorkersIsCrashed() throws Exception {
        startListeners();
        World.Run run = world.run();
        Processes.signal("KILL", ShortSuite.awaitSlow(world, 1).get(0));
        Processes.signal("KILL", ShortSuite.awaitSlow(world, 2).get(1));
        RunReport report = run.ends(1);

        World.assertComplete(report, suite);
        assertOthersCountedOnce(report);
        assertThat(world.told("slow")).hasSize(2);
        var result = slow(report).last().result();
        assertThat(result.status()).isEqualTo(FileStatus.CRASHED);
        assertThat(result.signal()).isEqualTo("KILL");
        assertThat(result.message())
                .contains("Took down 2 workers", "signal KILL", "last words")
                .contains(slow(report).attempts().get(0).worker().toString())
                .contains(slow(report).attempts().get(1).worker().toString());
    }

    @Test
    void lateResultsOfASilentListenerAreRefused() throws Exception {
        startListeners();
        World.Run run = world.run();
        long first = ShortSuite.awaitSlow(world, 1).get(0);
        Program silent = slowOne();
        silent.signal("STOP");
        // Its file is given to another worker, which is still at it when the silent one comes back with a result.
        long second = ShortSuite.awaitSlow(world, 2).get(1);
        Processes.signal("STOP", second);
        ShortSuite.release(world);
        Program.await(() -> "the silent listener's file has ended").until(() -> hasEnded(first));
        silent.signal("CONT");
        run.program().awaitOutput("A late result for " + ShortSuite.SLOW);
        Processes.signal("CONT", second);
        RunReport report = run.ends(0);

        World.assertComplete(report, suite);
        assertOthersCountedOnce(report);
        assertThat(slow(report).isPassed()).isTrue();
        assertThat(slow(report).attempts().stream().filter(a -> a.result().status() == FileStatus.PASSED))
                .hasSize(1);
        world.awaitNothingOnBroker(report.runId());
        world.awaitOnly(one, two);
    }

    /** Whether a process has ended, though its stopped parent has not heard of it. */
    private static boolean hasEnded(long pid) throws IOException {
        try {
            return Files.readString(Path.of("/proc", String.valueOf(pid), "stat"))
                    .contains(") Z ");
        } catch (NoSuchFileException e) {
            return true;
        }
    }
}
