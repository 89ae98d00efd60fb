package io.jenkins.plugins.distributedtest.e2e;

import static org.assertj.core.api.Assertions.assertThat;

import io.jenkins.plugins.distributedtest.amqp.BrokerAddress;
import io.jenkins.plugins.distributedtest.suite.Attempt;
import io.jenkins.plugins.distributedtest.suite.FileReport;
import io.jenkins.plugins.distributedtest.suite.FileStatus;
import io.jenkins.plugins.distributedtest.suite.RunEnd;
import io.jenkins.plugins.distributedtest.suite.RunReport;
import io.jenkins.plugins.distributedtest.suite.WorkerId;
import io.jenkins.plugins.distributedtest.testing.RealRabbit;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Collectors;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** How runs share listeners, and what ends a file or a run before its time: on a real RabbitMQ, with shell scripts. */
class ShardingIT {
    private static final String CONFIGURATION =
            "{\"files\": [\"*.sh\"], \"runners\": {\"files\": {\"**\": \"command\"}, \"command\": [\"sh\", \"{file}\"]}}";
    /** Says that it has begun, by its name, and waits for a file of its name with {@code .go}. */
    private static final String WAITS =
            "echo $$ >> \"$EVIDENCE/$1\"\nwhile [ ! -e \"$EVIDENCE/$1.go\" ]; do sleep 0.1; done\n";

    @TempDir
    private Path directory;

    private World world;

    @BeforeEach
    void makeWorld() throws Exception {
        BrokerAddress address = RealRabbit.shared().freshVirtualHost();
        world = new World(directory, () -> address);
        world.write("distributed-test.json", CONFIGURATION);
    }

    @AfterEach
    void endWorld() throws Exception {
        if (world != null) {
            world.close();
        }
    }

    private void waiting(String name) throws Exception {
        world.write(name + ".sh", WAITS.replace("$1", name));
    }

    private long awaitBegun(String name, int times) {
        Program.await(() -> name + " has begun").until(() -> world.told(name).size() >= times);
        try {
            return Long.parseLong(world.told(name).get(times - 1));
        } catch (java.io.IOException e) {
            throw new java.io.UncheckedIOException(e);
        }
    }

    private void release(String name) throws Exception {
        Files.writeString(world.evidence().resolve(name + ".go"), "");
    }

    private static FileReport file(RunReport report, String path) {
        return report.files().stream()
                .filter(f -> f.file().path().equals(path))
                .findFirst()
                .orElseThrow();
    }

    private static Set<String> workers(RunReport report) {
        return report.files().stream()
                .flatMap(f -> f.attempts().stream())
                .map(a -> a.worker().listener())
                .collect(Collectors.toCollection(TreeSet::new));
    }

    @Test
    void w2OfTwoRunsOneIsCancelledAndTheOtherUnharmed() throws Exception {
        waiting("doomed");
        waiting("lives");
        for (int i = 0; i < 10; i++) {
            world.write("short" + i + ".sh", "echo ran >> \"$EVIDENCE/short" + i + "\"\n");
        }
        Program one = world.listener("one", 2);
        Program two = world.listener("two", 2);
        World.Run cancelled = world.run("doomed.sh", "short0.sh", "short1.sh");
        long pid = awaitBegun("doomed", 1);
        World.Run other = world.run("--exclude", "doomed.sh");
        long living = awaitBegun("lives", 1);

        cancelled.program().signal("INT");
        RunReport first = cancelled.ends(130);

        assertThat(first.end()).isEqualTo(RunEnd.CANCELLED);
        assertThat(file(first, "doomed.sh").isFinished()).isFalse();
        Program.await(() -> "the cancelled run's process is gone")
                .until(() -> ProcessHandle.of(pid).isEmpty());
        world.awaitNothingOnBroker(first.runId());
        assertThat(ProcessHandle.of(living)).as("the other run's process lives").isPresent();
        release("lives");
        RunReport second = other.ends(0);
        assertThat(second.files())
                .hasSize(11)
                .allMatch(f -> f.isPassed() && f.attempts().size() == 1);
        assertThat(world.told("lives")).hasSize(1);
        world.awaitNothingOnBroker(second.runId());
        world.awaitOnly(one, two);
    }

    /** The listener gets the broker's password from its environment, which its processes otherwise inherit. */
    @Test
    void testCodeDoesNotSeeTheBrokersPassword() throws Exception {
        world.write("env.sh", "env > \"$EVIDENCE/env\"\n");
        world.listener("one", 1);

        world.run().ends(0);

        assertThat(world.told("env")).anyMatch(line -> line.startsWith("EVIDENCE="));
        assertThat(world.told("env")).noneMatch(line -> line.startsWith("DISTRIBUTED_TEST_BROKER"));
    }

    @Test
    void aListenerThatJoinsLateGetsWork() throws Exception {
        waiting("first");
        waiting("second");
        world.listener("one", 1);
        World.Run run = world.run();
        Program.await(() -> "one of them has begun")
                .until(() -> world.told("first").size() + world.told("second").size() == 1);

        world.listener("late", 1);
        awaitBegun("first", 1);
        awaitBegun("second", 1);
        release("first");
        release("second");
        RunReport report = run.ends(0);

        assertThat(report.files())
                .hasSize(2)
                .allMatch(f -> f.isPassed() && f.attempts().size() == 1);
        assertThat(workers(report)).hasSize(2);
    }

    @Test
    void aFileThatPassesOnARetryIsFlakyAndRanOnAnotherWorker() throws Exception {
        world.write("flaky.sh", "echo x >> \"$EVIDENCE/flaky\"\necho try\n[ $(wc -l < \"$EVIDENCE/flaky\") -gt 1 ]\n");
        world.write("bad.sh", "echo x >> \"$EVIDENCE/bad\"\nexit 3\n");
        world.listener("one", 1);
        world.listener("two", 1);
        // Both are there before the first file fails.
        World.Run run = world.run("--retries", "2");
        RunReport report = run.ends(1);

        List<Attempt> flaky = file(report, "flaky.sh").attempts();
        assertThat(flaky).extracting(a -> a.result().status()).containsExactly(FileStatus.FAILED, FileStatus.PASSED);
        assertThat(file(report, "flaky.sh").isFlaky()).isTrue();
        if (report.listeners().stream()
                        .filter(l -> l.joinedOffset() < flaky.get(0).startOffset())
                        .count()
                == 2) {
            assertThat(flaky).extracting(Attempt::worker).doesNotHaveDuplicates();
        }
        assertThat(file(report, "bad.sh").attempts()).hasSize(3);
        assertThat(world.told("bad")).hasSize(3);
        assertThat(run.program().output()).contains("Flaky", "flaky.sh");
        assertThat(Files.readString(run.junit())).contains("<flakyFailure", "<rerunFailure");
    }

    @Test
    void failFastEndsTheRunAndWhatItRuns() throws Exception {
        waiting("slow");
        world.write("bad.sh", "while [ ! -e \"$EVIDENCE/slow\" ]; do sleep 0.1; done\nexit 1\n");
        Program one = world.listener("one", 2);
        World.Run run = world.run("--fail-fast", "1");
        RunReport report = run.ends(1);

        assertThat(report.end()).isEqualTo(RunEnd.FAILED_FAST);
        assertThat(file(report, "bad.sh").isFailed()).isTrue();
        assertThat(file(report, "slow.sh").isFinished()).isFalse();
        world.awaitOnly(one);
        world.awaitNothingOnBroker(report.runId());
    }

    @Test
    void w6AFileThatHangsIsKilledWithItsTreeAtItsTimeout() throws Exception {
        world.write("hangs.sh", "echo so far\n(setsid sleep 600 & sleep 600) &\nsleep 600\n");
        world.write("next.sh", "echo next\n");
        Program one = world.listener("one", 1);
        World.Run run = world.run("--file-timeout", "2s");
        RunReport report = run.ends(1);

        assertThat(file(report, "hangs.sh").last().result().status()).isEqualTo(FileStatus.TIMED_OUT);
        assertThat(file(report, "hangs.sh").last().result().output()).contains("so far");
        assertThat(file(report, "next.sh").isPassed()).isTrue();
        world.awaitOnly(one);
    }

    @Test
    void aRunThatTakesTooLongEndsWithAnError() throws Exception {
        waiting("slow");
        Program one = world.listener("one", 1);
        World.Run run = world.run("--run-timeout", "3s");
        RunReport report = run.ends(3);

        assertThat(report.end()).isEqualTo(RunEnd.ERROR);
        assertThat(report.problem()).contains("longer than its timeout of 3 s");
        world.awaitOnly(one);
        world.awaitNothingOnBroker(report.runId());
    }

    @Test
    void w6CallbacksThatFailEverywhereEndTheRunWithTheirOutput() throws Exception {
        world.write(
                "distributed-test.json",
                CONFIGURATION.replaceFirst(
                        "\\{",
                        "{\"job\": {\"callbacks\": {\"commands\": {\"after_sync\": [\"sh\", \"-c\","
                                + " \"echo no database here; exit 5\"]}}}, "));
        world.write("a.sh", "true\n");
        world.listener("one", 1);
        world.listener("two", 1);
        World.Run run = world.run();
        RunReport report = run.ends(3);

        assertThat(report.end()).isEqualTo(RunEnd.ERROR);
        assertThat(report.problem()).contains("after_sync");
        assertThat(run.program().output()).contains("no database here");
        assertThat(file(report, "a.sh").attempts()).isEmpty();
    }

    @Test
    void w16TwoListenersOfAHostDoNotMeet() throws Exception {
        for (String name : List.of("a", "b")) {
            world.write(
                    name + ".sh",
                    "pwd > \"$EVIDENCE/pwd-" + name + "\"\ntouch here-" + name + "\necho x > \"$EVIDENCE/"
                            + name + "\"\nuntil [ -e \"$EVIDENCE/a\" ] && [ -e \"$EVIDENCE/b\" ]; do sleep 0.1; done\n"
                            + "set -- here-*\n[ $# = 1 ]\n");
        }
        world.listener("one", 1);
        world.listener("two", 1);
        RunReport report = world.run().ends(0);

        assertThat(report.files().stream()
                        .map(f -> f.last().worker())
                        .map(WorkerId::listener)
                        .distinct())
                .hasSize(2);
        assertThat(world.told("pwd-a")).isNotEqualTo(world.told("pwd-b"));
    }

    @Test
    void w12AListenerLeavesNoQueueBehind() throws Exception {
        world.write("a.sh", "true\n");
        Program one = world.listener("one", 1);
        world.run().ends(0);
        one.stop();

        Program.await(() -> "no queue is left").until(() -> queues().isEmpty());
    }

    private Set<String> queues() {
        String host = world.broker().virtualHost();
        String answer = RealRabbit.shared()
                .evaluate("[binary_to_list(element(4, element(2, Q))) || Q <- rabbit_amqqueue:list(<<\"" + host
                        + "\">>)].");
        Set<String> names = new TreeSet<>();
        var matcher = java.util.regex.Pattern.compile("\"([^\"]+)\"").matcher(answer);
        while (matcher.find()) {
            names.add(matcher.group(1));
        }
        return names;
    }
}
