package io.jenkins.plugins.distributedtest.zuul.task;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import com.fasterxml.jackson.core.type.TypeReference;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.jenkins.plugins.distributedtest.gearman.GearmanTestClient.Submitted;
import io.jenkins.plugins.distributedtest.process.ProcessTree;
import io.jenkins.plugins.distributedtest.testing.FreePorts;
import io.jenkins.plugins.distributedtest.zuul.ZuulStandIn;
import io.jenkins.plugins.distributedtest.zuul.ZuulStandIn.Build;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import org.gearman.common.GearmanPacketType;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** What Zuul sees of a standalone executor, whichever of the two servers is between them. */
abstract class StandaloneContract {
    private static final ObjectMapper JSON = new ObjectMapper();
    private static final Duration LIMIT = Duration.ofSeconds(60);

    @TempDir
    Path directory;

    final int port = FreePorts.next();
    private final List<AutoCloseable> open = new ArrayList<>();
    private AutoCloseable server;
    private ZuulStandIn zuul;
    private GitServer git;

    abstract AutoCloseable startServer(int onPort) throws Exception;

    @BeforeEach
    void start() throws Exception {
        server = startServer(port);
        zuul = opened(new ZuulStandIn(port));
        git = new GitServer(directory.resolve("merger"));
    }

    @AfterEach
    void stop() throws Exception {
        for (int i = open.size() - 1; i >= 0; i--) {
            open.get(i).close();
        }
        server.close();
    }

    private <T extends AutoCloseable> T opened(T closeable) {
        open.add(closeable);
        return closeable;
    }

    private Standalone executor(String name, String... yaml) throws Exception {
        return opened(Standalone.start(port, directory.resolve(name), String.join("\n", yaml) + "\n"));
    }

    private static void awaitResult(Build build, String result) {
        await().atMost(LIMIT).untilAsserted(() -> assertThat(build.result()).isEqualTo(result));
    }

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
    void aJobPassesAndItsLogsArePublished() throws Exception {
        Standalone executor = executor("one", "jobs: [{name: 'build:unit', shell_script: 'cat content; echo'}]");
        Map<String, String> change = git.change("the change");
        Build build = zuul.build("unit", change);
        awaitResult(build, "SUCCESS");

        Submitted told = build.submitted();
        String url = Standalone.URL + change.get("LOG_PATH") + "/index.html";
        assertThat(told.packets.get(0)).isEqualTo("data");
        assertThat(told.data.get(1)).as("the address comes early").contains(url);
        assertThat(told.data.subList(0, told.data.size() - 1)).noneMatch(data -> data.contains("\"result\""));
        assertThat(told.packets).doesNotContain("warning", "exception", "fail");
        assertThat(build.last("url")).isEqualTo(url);
        assertThat(build.last("number")).isEqualTo(build.uuid());
        assertThat(told.statuses).containsExactly("0/100", "1/5", "2/5", "3/5", "4/5", "5/5");

        Path logs = executor.logs(change.get("LOG_PATH"));
        assertThat(logs.resolve("task_output.log"))
                .content()
                .contains("Step 1: Setup environment")
                .contains("Checked out " + change.get("ZUUL_COMMIT"));
        assertThat(logs.resolve("git_prep.log")).content().contains("[running git fetch");
        assertThat(logs.resolve("shell_output.log"))
                .content()
                .containsPattern("(?m)^\\d{4}-\\d\\d-\\d\\d \\d\\d:\\d\\d:\\d\\d,\\d{3} the change$")
                .contains("[script exit code = 0]");
        assertThat(logs.resolve("index.html"))
                .content()
                .contains("href=\"shell_output.log\"", "href=\"git_prep.log\"", "href=\"task_output.log\"", "SUCCESS");
        await().atMost(LIMIT).until(() -> executor.jobDirectories().isEmpty());
        assertThat(executor.treeDirectories()).isEmpty();

        assertThat(zuul.isRegistered("stop:" + build.manager())).isTrue();
        Submitted late = build.stop("unit", build.number());
        await().atMost(LIMIT).until(late::isEnded);
        assertThat(told.packets.subList(told.packets.size() - 2, told.packets.size()))
                .as("nothing follows the end")
                .containsExactly("data", "complete");
    }

    @Test
    void aJobFailsWithItsReturnCodeAndItsOwnWords() throws Exception {
        Standalone executor = executor(
                "one",
                "jobs:",
                "- {name: two, shell_script: 'exit 2 #'}",
                "- {name: words, shell_script: [sh, -c, 'echo the reason > $TH_RESULT_FILE; exit 3']}",
                "- {name: killed, shell_script: [sh, -c, 'kill -KILL $$']}");
        Build two = zuul.build("two", git.change("a"));
        awaitResult(two, "Return code from test script was non-zero (2)");
        awaitResult(zuul.build("words", git.change("b")), "the reason\nReturn code from test script was non-zero (3)");
        Map<String, String> change = git.change("c");
        awaitResult(zuul.build("killed", change), "Return code from test script was non-zero (-9)");
        assertThat(executor.logs(change.get("LOG_PATH")).resolve("shell_output.log"))
                .content()
                .contains("[script exit code = -9]");
        assertThat(executor.jobDirectories())
                .as("what failed is kept for a while")
                .hasSize(3);
    }

    @Test
    void aJobThatTimesOutIsKilledWithEverythingItStarted() throws Exception {
        Standalone executor = executor(
                "one", "jobs: [{name: hangs, timeout: 2s, shell_script: [sh, -c, 'setsid sleep 1000 & sleep 1000']}]");
        Map<String, String> change = git.change("a");
        Build build = zuul.build("hangs", change);
        String marker = marker(executor);
        awaitResult(build, "Timed out after 1 s\nReturn code from test script was non-zero (-9)");
        assertThat(ProcessTree.anyMarked(marker)).isFalse();
        assertThat(executor.logs(change.get("LOG_PATH")).resolve("shell_output.log"))
                .content()
                .contains("[timeout]")
                .contains("[script exit code = -9]");
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
    void whatIsNotTheChangesFaultIsTriedAgain() throws Exception {
        executor("one", "jobs: [{name: unit, shell_script: 'true'}]");
        Map<String, String> other = git.change("a");
        other.put("ZUUL_COMMIT", git.change("b").get("ZUUL_COMMIT"));
        Build wrongCommit = zuul.build("unit", other);
        Map<String, String> gone = git.change("c");
        gone.put("ZUUL_REF", "refs/zuul/master/Zgone");
        awaitResult(wrongCommit, "RETRY_LIMIT");
        assertThat(wrongCommit.attempts()).isEqualTo(3);
        awaitResult(zuul.build("unit", gone), "RETRY_LIMIT");
    }

    @Test
    void aHostThatCannotMakeDirectoriesGivesTheJobBack() throws Exception {
        Files.writeString(directory.resolve("file"), "no directory");
        executor("one", "work_directory: " + directory.resolve("file"), "jobs: [{name: unit, shell_script: 'true'}]");
        Build build = zuul.build("unit", git.change("a"));
        awaitResult(build, "RETRY_LIMIT");
        assertThat(build.last("result")).isNull();
    }

    @Test
    void eachJobHasAnEnvironmentOfItsOwn() throws Exception {
        Standalone executor = executor("one", "jobs: [{name: env, shell_script: 'env; cat content; echo'}]");
        GitServer.git(git.copy(), "checkout", "-q", "master");
        String merged = git.commit("merged", "merged");
        git.push("master");
        Map<String, String> post = git.update("refs/heads/master", merged);
        awaitResult(zuul.build("env", post), "SUCCESS");
        Map<String, String> change = git.change("the next change");
        awaitResult(zuul.build("env", change), "SUCCESS");

        assertThat(executor.logs(post.get("LOG_PATH")).resolve("shell_output.log"))
                .content()
                .contains(" merged\n", "ZUUL_NEWREV=" + merged);
        assertThat(executor.logs(change.get("LOG_PATH")).resolve("shell_output.log"))
                .content()
                .contains(" the next change\n", "TH_JOB_NAME=env", "TH_RESULT_FILE=")
                .doesNotContain("ZUUL_NEWREV", "ZUUL_OLDREV", "ZUUL_REFNAME");
        assertThat(System.getenv()).doesNotContainKey("ZUUL_REF");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "check-change",
                "gate-2-ahead-node-offline",
                "periodic",
                "post-branch-deleted",
                "post-ref-updated",
                "release-tag"
            })
    void passesOnAllThatZuulSends(String sample) throws Exception {
        JsonNode packet;
        try (InputStream in = getClass().getResourceAsStream("/zuul-requests/" + sample + ".json")) {
            packet = JSON.readTree(in);
        }
        String function = packet.get("function").asText();
        Map<String, String> arguments =
                JSON.convertValue(packet.get("arguments"), new TypeReference<Map<String, String>>() {});
        String job = function.split(":")[1];
        Standalone executor = executor(
                "one", "jobs: [{name: " + job + ", labels: [precise], sources: false, shell_script: 'env; true'}]");
        Build build = zuul.launch(
                job, function, GearmanPacketType.valueOf(packet.get("packet").asText()), arguments);
        awaitResult(build, "SUCCESS");

        String output =
                Files.readString(executor.logs(arguments.get("LOG_PATH")).resolve("shell_output.log"));
        arguments.forEach((name, value) -> {
            if (!name.equals("ZUUL_UUID")) {
                assertThat(output).contains(" " + name + "=" + value + "\n");
            }
        });
        assertThat(output).contains(" ZUUL_UUID=" + build.uuid() + "\n");
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
