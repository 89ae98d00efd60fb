package io.jenkins.plugins.distributedtest.zuul.task;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import com.fasterxml.jackson.core.type.TypeReference;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.jenkins.plugins.distributedtest.gearman.GearmanTestClient.Submitted;
import io.jenkins.plugins.distributedtest.process.ProcessTree;
import io.jenkins.plugins.distributedtest.zuul.ZuulStandIn.Build;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.gearman.common.GearmanPacketType;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** What Zuul sees of a standalone executor, whichever of the two servers is between them. */
abstract class StandaloneContract extends StandaloneFixture {
    private static final ObjectMapper JSON = new ObjectMapper();

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

    /** A pipe would hold a thread of the executor without end, a link show what is not the job's. */
    @Test
    void whateverAJobLeavesForAResultItsReturnCodeCounts() throws Exception {
        executor(
                "one",
                "jobs:",
                "- {name: gone, shell_script: [sh, -c, 'rm -f $TH_RESULT_FILE; exit 3']}",
                "- {name: pipe, shell_script: [sh, -c, 'rm -f $TH_RESULT_FILE; mkfifo $TH_RESULT_FILE; exit 4']}",
                "- {name: link, shell_script: [sh, -c, 'ln -sf /etc/passwd $TH_RESULT_FILE; exit 5']}",
                "- {name: directory, shell_script: [sh, -c, 'rm $TH_RESULT_FILE; mkdir $TH_RESULT_FILE; exit 6']}",
                "- {name: results, shell_script: [sh, -c, 'cd $(dirname $(find $1 -name shell_output.log)); mkfifo"
                        + " index.html task_log other.log; exit 7']}");
        List<String> names = List.of("gone", "pipe", "link", "directory", "results");
        for (int i = 0; i < names.size(); i++) {
            awaitResult(
                    zuul.build(names.get(i), git.change(names.get(i))),
                    "Return code from test script was non-zero (" + (i + 3) + ")");
        }
    }

    /** Wherever its directories are written to after its end: more jobs than there are threads. */
    @Test
    void noJobHoldsAThreadThatOthersNeed() throws Exception {
        Path data = directory.resolve("data");
        Files.writeString(Files.createDirectories(data.resolve("one")).resolve("config.json"), "{}");
        Standalone executor = executor(
                "one",
                "capacity: 3",
                "jobs:",
                "- name: ends",
                "  shell_script: [sh, -c, 'for each in ${2%/$LOG_PATH} ${1%/$ZUUL_PROJECT}; do mkfifo"
                        + " $each/.distributed-test-ended && rm $each/.distributed-test-job && mkfifo"
                        + " $each/.distributed-test-job || exit 9; done; exit 3', x]",
                "- name: reports",
                "  datasets: " + data,
                "  shell_script: [sh, -c, 'mkfifo $2/results/datasets.xml || exit 9; exit 4', x]",
                "- {name: fine, shell_script: 'true'}");
        List<Build> builds = new ArrayList<>();
        for (int i = 0; i < 9; i++) {
            builds.add(zuul.build("ends", git.change("a" + i)));
            builds.add(zuul.build("reports", git.change("b" + i)));
        }
        for (int i = 0; i < builds.size(); i++) {
            String code = i % 2 == 0 ? "(3)" : "(4)";
            awaitResult(
                    builds.get(i), (i % 2 == 0 ? "" : "one: ") + "Return code from test script was non-zero " + code);
        }
        awaitResult(zuul.build("fine", git.change("c")), "SUCCESS");
        new KeptDirectories(List.of(executor.settings.directories().jobs()), Duration.ZERO).sweep();
        assertThat(executor.jobDirectories()).as("what was kept can be removed").isEmpty();
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
        awaitResult(build, "Timed out after 2 s\nReturn code from test script was non-zero (-9)");
        assertThat(ProcessTree.anyMarked(marker)).isFalse();
        assertThat(executor.logs(change.get("LOG_PATH")).resolve("shell_output.log"))
                .content()
                .contains("[timeout]")
                .contains("[script exit code = -9]");
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
}
