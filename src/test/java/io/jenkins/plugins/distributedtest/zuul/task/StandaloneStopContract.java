package io.jenkins.plugins.distributedtest.zuul.task;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.jenkins.plugins.distributedtest.gearman.GearmanTestClient.Submitted;
import io.jenkins.plugins.distributedtest.process.ProcessTree;
import io.jenkins.plugins.distributedtest.zuul.ZuulStandIn;
import io.jenkins.plugins.distributedtest.zuul.ZuulStandIn.Build;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;

/** How jobs of a standalone executor are stopped, whichever of the two servers is between it and Zuul. */
abstract class StandaloneStopContract extends StandaloneFixture {
    private static void awaitFile(Path file) {
        await().atMost(LIMIT).until(() -> Files.exists(file));
    }

    /** Waits for the one job directory of an executor and returns the mark of its processes. */
    private static String marker(Standalone executor) {
        await().atMost(LIMIT).until(() -> !executor.jobDirectories().isEmpty());
        try {
            return "zuul-" + executor.jobDirectories().get(0).getFileName();
        } catch (IOException e) {
            throw new IllegalStateException(e);
        }
    }

    @Test
    void stopAbortsARunningJobWithItsWholeProcessTree() throws Exception {
        Path began = directory.resolve("began");
        Standalone executor = executor(
                "one",
                "jobs:",
                "- name: long",
                "  shell_script: [sh, -c, 'setsid sleep 1000 & sleep 1000 & touch " + began + "; wait']");
        Build build = zuul.build("long", git.change("a"));
        awaitFile(began);
        String marker = marker(executor);
        assertThat(ProcessTree.anyMarked(marker)).isTrue();
        await().atMost(LIMIT).until(() -> build.manager() != null);
        Submitted wrong = build.stop("long", "another number");
        await().atMost(LIMIT).until(wrong::isEnded);
        assertThat(ProcessTree.anyMarked(marker)).as("another build was meant").isTrue();

        assertThat(build.cancel()).isFalse();
        awaitResult(build, "ABORTED");
        await().atMost(LIMIT).until(() -> !ProcessTree.anyMarked(marker));
        assertThat(build.submitted().packets)
                .doesNotContain("fail", "exception")
                .containsOnlyOnce("complete");
        await().atMost(LIMIT).until(() -> executor.jobDirectories().isEmpty());
    }

    @Test
    void aBuildThatWaitsInTheQueueIsCancelledThereAndNeverBegins() throws Exception {
        Path began = directory.resolve("began");
        executor(
                "one",
                "jobs:",
                "- {name: long, shell_script: [sh, -c, 'touch " + began + "; sleep 1000']}",
                "- {name: next, shell_script: [touch, " + directory.resolve("next") + "]}");
        Build running = zuul.build("long", git.change("a"));
        awaitFile(began);
        Build waiting = zuul.build("next", git.change("b"));
        await().atMost(LIMIT).until(() -> waiting.submitted().handle != null);
        assertThat(waiting.cancel()).isTrue();
        running.cancel();
        awaitResult(running, "ABORTED");
        Build last = zuul.build("next", git.change("c"));
        awaitResult(last, "SUCCESS");
        // C gearmand tells its client that the job has failed.
        assertThat(waiting.submitted().packets).doesNotContain("data", "status", "complete");
    }

    @Test
    void stopAbortsAJobThatWaitsForItsSources() throws Exception {
        Standalone executor = executor("one", "capacity: 3", "jobs: [{name: unit, shell_script: 'true'}]");
        Path mirror = executor.runner.sources().mirrorOf(GitServer.PROJECT);
        try (var held = HeldLock.take(mirror.resolve("distributed-test.lock"))) {
            Build one = zuul.build("unit", git.change("a"));
            Build two = zuul.build("unit", git.change("b"));
            await().atMost(LIMIT)
                    .until(() -> one.submitted().statuses.contains("2/5")
                            && two.submitted().statuses.contains("2/5")
                            && one.number() != null
                            && two.number() != null);
            one.cancel();
            awaitResult(one, "ABORTED");
            assertThat(two.result()).isNull();
            held.close();
            awaitResult(two, "SUCCESS");
        }
    }

    @Test
    void losesNothingAndLeavesNothingWhenTheServerIsLost() throws Exception {
        Path began = directory.resolve("began");
        Standalone executor = executor(
                "one",
                "jobs:",
                "- {name: long, shell_script: [sh, -c, 'touch " + began + "; sleep 1000']}",
                "- {name: unit, shell_script: 'true'}");
        Build lost = zuul.build("long", git.change("a"));
        awaitFile(began);
        String marker = marker(executor);
        server.close();
        await().atMost(Duration.ofSeconds(10)).until(() -> !ProcessTree.anyMarked(marker));

        server = startServer(port);
        zuul = opened(new ZuulStandIn(port));
        await().atMost(LIMIT).until(() -> zuul.isRegistered("build:unit"));
        Build next = zuul.build("unit", git.change("b"));
        awaitResult(next, "SUCCESS");
        assertThat(lost.submitted().isEnded()).isFalse();
    }

    @Test
    void isBackSoonAfterTheServerHoweverLongThatWasAway() throws Exception {
        executor("one", "jobs: [{name: unit, shell_script: 'true'}]");
        await().atMost(LIMIT).until(() -> zuul.isRegistered("build:unit"));
        server.close();
        Instant away = Instant.now();
        await().atMost(LIMIT).until(() -> Duration.between(away, Instant.now()).toMillis() > 9_500);

        server = startServer(port);
        zuul = opened(new ZuulStandIn(port));
        await().atMost(Duration.ofMillis(2_500))
                .pollInterval(Duration.ofMillis(50))
                .until(() -> zuul.isRegistered("build:unit") && zuul.hasStop());
    }

    @Test
    void leavesNoJobRunningWhoseClientHasGone() throws Exception {
        Path began = directory.resolve("began");
        Standalone executor =
                executor("one", "jobs: [{name: long, shell_script: [sh, -c, 'touch " + began + "; sleep 1000']}]");
        ZuulStandIn other = new ZuulStandIn(port);
        other.build("long", git.change("a"));
        awaitFile(began);
        String marker = marker(executor);
        other.close();
        await().atMost(Duration.ofSeconds(10)).until(() -> !ProcessTree.anyMarked(marker));
    }

    @Test
    void twoExecutorsOnAHostDoNotGetEachOthersStops() throws Exception {
        Path first = directory.resolve("first");
        Path second = directory.resolve("second");
        executor("one", "jobs: [{name: a, shell_script: [sh, -c, 'touch " + first + "; sleep 1000']}]");
        executor("two", "jobs: [{name: b, shell_script: [sh, -c, 'touch " + second + "; sleep 1000']}]");
        Build one = zuul.build("a", git.change("a"));
        Build two = zuul.build("b", git.change("b"));
        awaitFile(first);
        awaitFile(second);
        await().atMost(LIMIT).until(() -> one.manager() != null && two.manager() != null);
        assertThat(one.manager()).isNotEqualTo(two.manager());
        Submitted astray = two.stop("a", one.number());
        await().atMost(LIMIT).until(astray::isEnded);
        assertThat(one.result()).isNull();
        one.cancel();
        awaitResult(one, "ABORTED");
        assertThat(two.result()).isNull();
    }

    @Test
    void theLastJobIsTakenAndFinishedBeforeTheExecutorEnds() throws Exception {
        Standalone executor = executor(
                "one",
                "capacity: 5",
                "jobs:",
                "- {name: clean, shell_script: 'true'}",
                "- {name: dirty, shell_script: 'true', shutdown-th: true}");
        awaitResult(zuul.build("clean", git.change("a")), "SUCCESS");
        assertThat(executor.idle).isNotDone();
        Build dirty = zuul.build("dirty", git.change("b"));
        awaitResult(dirty, "SUCCESS");
        executor.idle.get(60, TimeUnit.SECONDS);
        executor.close();
        assertThat(dirty.attempts()).isEqualTo(1);
    }

    @Test
    void abortingGivesEveryJobBackAndKillsIt() throws Exception {
        Standalone executor = executor("one", "capacity: 4", "jobs: [{name: long, shell_script: 'sleep 1000 #'}]");
        List<Build> builds = new ArrayList<>();
        for (int i = 0; i < 4; i++) {
            builds.add(zuul.build("long", git.change("c" + i)));
        }
        await().atMost(LIMIT)
                .until(() -> builds.stream()
                        .allMatch(build -> build.submitted().statuses.contains("3/5")));
        List<Submitted> first = builds.stream().map(Build::submitted).toList();
        executor.drain();
        executor.close();
        await().atMost(LIMIT).until(() -> first.stream().allMatch(Submitted::isEnded));
        assertThat(first).allMatch(build -> build.lastPayload.contains("\"result\":null"));
        assertThat(executor.jobDirectories()).isEmpty();
    }
}
