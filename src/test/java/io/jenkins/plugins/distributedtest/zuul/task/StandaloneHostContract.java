package io.jenkins.plugins.distributedtest.zuul.task;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import io.jenkins.plugins.distributedtest.process.Memory;
import io.jenkins.plugins.distributedtest.zuul.ZuulStandIn.Build;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Executors on hosts that are not fit for jobs, whichever of the two servers is between them and Zuul. */
abstract class StandaloneHostContract extends StandaloneFixture {
    private static void awaitFault(Standalone executor, HostFault.Kind kind) {
        await().atMost(LIMIT)
                .untilAsserted(() -> assertThat(executor.runner.hostState().fault())
                        .isNotNull()
                        .extracting(HostFault::kind)
                        .isEqualTo(kind));
        assertThat(fit(executor)).isZero();
    }

    private static boolean ended(List<Build> builds) throws IOException {
        for (Build build : builds) {
            if (build.result() == null) {
                return false;
            }
        }
        return true;
    }

    private static double fit(Standalone executor) {
        return executor.meters.get("distributed_test.gearman.host.fit").gauge().value();
    }

    @Test
    void aHostThatCannotMakeDirectoriesTakesNoJobsUntilItCan() throws Exception {
        Path file = Files.writeString(directory.resolve("file"), "no directory");
        Standalone executor = executor("one", "work_directory: " + file, "jobs: [{name: unit, shell_script: 'true'}]");
        Build build = zuul.build("unit", git.change("a"));
        awaitFault(executor, HostFault.Kind.DISK);
        await().atMost(LIMIT).until(() -> build.attempts() == 2);
        assertThat(build.result()).isNull();
        assertThat(zuul.isRegistered("build:unit")).isTrue();
        Files.delete(file);
        awaitResult(build, "SUCCESS");
        assertThat(fit(executor)).isEqualTo(1);
        assertThat(executor.meters
                        .get("distributed_test.gearman.host.faults")
                        .tag("kind", "disk")
                        .counter()
                        .count())
                .isEqualTo(1);
    }

    @Test
    void aBrokenHostDoesNotTakeTheJobsOfAHealthyOne() throws Exception {
        Path file = Files.writeString(directory.resolve("file"), "no directory");
        executor("broken", "work_directory: " + file, "jobs: [{name: unit, shell_script: 'true'}]");
        executor("healthy", "jobs: [{name: unit, shell_script: 'sleep 0.5 #'}]");
        List<Build> builds = new ArrayList<>();
        for (int i = 0; i < 6; i++) {
            builds.add(zuul.build("unit", git.change("c" + i)));
        }
        await().atMost(LIMIT).until(() -> ended(builds));
        for (Build build : builds) {
            assertThat(build.result()).isEqualTo("SUCCESS");
        }
    }

    @Test
    void withTooLittleSpaceWhatIsKeptGoesFirstAndNoJobIsTaken() throws Exception {
        String jobs = "jobs: [{name: unit, shell_script: 'exit 1 #'}]";
        Standalone before = executor("one", jobs);
        awaitResult(zuul.build("unit", git.change("a")), "Return code from test script was non-zero (1)");
        await().atMost(LIMIT).until(() -> before.jobDirectories().size() == 1);
        before.close();
        Path unmarked = Files.createDirectories(
                        before.settings.directories().trees().resolve("0123456789ab/project"))
                .getParent();
        Files.setLastModifiedTime(unmarked, FileTime.from(Instant.now().minus(Duration.ofHours(1))));
        Path foreign =
                Files.createDirectories(before.settings.directories().trees().resolve("somebody-elses"));

        Standalone executor = executor("one", "min_free: 100 %", jobs);
        awaitFault(executor, HostFault.Kind.DISK);
        assertThat(executor.runner.hostState().fault().reason()).contains("less than min_free: 100 %");
        assertThat(executor.jobDirectories()).isEmpty();
        assertThat(executor.treeDirectories()).containsExactly(foreign);
        assertThat(executor.executor.status()).allMatch(status -> status.jobs().capacity() == 0);
    }

    @Test
    void withTooLittleMemoryNoJobIsTaken() throws Exception {
        assumeTrue(Memory.now() != null, "Nobody tells here how much memory there is");
        Standalone executor = executor("one", "min_memory: 100 %", "jobs: [{name: unit, shell_script: 'true'}]");
        awaitFault(executor, HostFault.Kind.MEMORY);
        assertThat(executor.runner.hostState().fault().reason())
                .contains("MB of memory are available, less than min_memory: 100 %");
        assertThat(executor.executor.status()).allMatch(status -> status.jobs().capacity() == 0);
        assertThat(zuul.isRegistered("build:unit")).isTrue();
    }

    /** Which of the kernel's two ways of telling it a shell has, is all the same. */
    @ParameterizedTest
    @ValueSource(strings = {"exec", ""})
    void aJobThatTheKernelKilledForLackOfMemoryIsTriedAgainLater(String exec) throws Exception {
        try (SmallMemory memory =
                new SmallMemory("distributed-test-" + ProcessHandle.current().pid() + "-" + port, true)) {
            Path gate = directory.resolve("gate");
            Standalone executor = executor(
                    "one",
                    "jobs:",
                    "- name: large",
                    "  shell_script: [sh, -c, '[ -e " + gate + " ] || { echo $$ > " + memory.members() + "; " + exec
                            + " perl -e \"\\$x = q(x) x 200000000\"; exit $?; }']");
            Map<String, String> change = git.change("a");
            Build build = zuul.build("large", change);
            awaitFault(executor, HostFault.Kind.MEMORY);
            assertThat(executor.runner.hostState().fault().reason())
                    .isEqualTo("Cannot allocate memory: the kernel has killed processes for that while the script ran,"
                            + " and it ended with -9");
            Instant first = executor.runner.hostState().until();
            await().atMost(LIMIT).until(() -> second(build, executor, first));
            Files.createFile(gate);
            awaitResult(build, "SUCCESS");
            assertThat(executor.logs(change.get("LOG_PATH")).resolve("task_output.log"))
                    .exists();
        }
    }

    @Test
    void whatTheKernelKillsOfOthersIsNoExcuseForAJob() throws Exception {
        try (SmallMemory memory =
                new SmallMemory("distributed-test-" + ProcessHandle.current().pid() + "-" + port, false)) {
            Path began = directory.resolve("began");
            Path gate = directory.resolve("gate");
            Standalone executor = executor(
                    "one",
                    "jobs: [{name: unit, shell_script: [sh, -c, 'touch " + began + "; until [ -e " + gate
                            + " ]; do sleep 0.1; done; kill -KILL $$']}]");
            Build build = zuul.build("unit", git.change("a"));
            await().atMost(LIMIT).until(() -> Files.exists(began));
            Process other = new ProcessBuilder(
                            "sh", "-c", "echo $$ > " + memory.members() + "; exec perl -e '$x = q(x) x 200000000'")
                    .start();
            assertThat(other.waitFor()).isEqualTo(128 + 9);
            Files.createFile(gate);
            awaitResult(build, "Return code from test script was non-zero (-9)");
            assertThat(build.attempts()).isEqualTo(1);
            assertThat(fit(executor)).isEqualTo(1);
        }
    }

    @Test
    void sourcesThatCannotBeReachedMakeItPauseLongerAndLonger() throws Exception {
        Standalone executor = executor(
                "one",
                "sources: {protocols: [git, file], pause: 50ms, retries: 0}",
                "jobs: [{name: unit, shell_script: 'true'}]");
        Map<String, String> change = git.change("a");
        String url = change.put("ZUUL_URL", "git://127.0.0.1:1");
        Build build = zuul.build("unit", change);
        awaitFault(executor, HostFault.Kind.SOURCES);
        Instant first = executor.runner.hostState().until();
        await().atMost(LIMIT).until(() -> second(build, executor, first));
        build.cancel();

        change.put("ZUUL_URL", url);
        awaitResult(zuul.build("unit", change), "SUCCESS");
        assertThat(fit(executor)).isEqualTo(1);
    }

    /** Whether it has paused again, for longer. */
    private static boolean second(Build build, Standalone executor, Instant first) throws IOException {
        build.attempts(); // Zuul starts it anew
        HostState state = executor.runner.hostState();
        return !state.isFit()
                && Duration.between(first, state.until()).compareTo(HostHealth.FIRST.multipliedBy(2)) >= 0;
    }
}
