package io.jenkins.plugins.distributedtest.zuul.task;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.jenkins.plugins.distributedtest.process.ProcessTree;
import io.jenkins.plugins.distributedtest.testing.EmbeddedFixture;
import io.jenkins.plugins.distributedtest.zuul.ZuulStandIn.Build;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** What a change runs on the executor's host is the job's, whichever of the two servers is between it and Zuul. */
abstract class StandaloneCallbacksContract extends StandaloneFixture {
    private static final String HANGS = "setsid sleep 1000 & sleep 1000 & echo $$ > %s; wait";

    private Standalone distributed(String job) throws Exception {
        String broker = EmbeddedFixture.shared().address().toSecretUri();
        return executor(
                "one",
                "capacity: 2",
                "jobs: [{name: suite, kind: distributed, broker: '" + broker + "', set: {listener_timeout: 500ms}, "
                        + job + "}]");
    }

    /** A change with a suite of one file and a callback. */
    private Map<String, String> change(String callback, String shell) throws Exception {
        GitServer.git(git.copy(), "checkout", "-q", "-f", "--detach", "master");
        Files.writeString(git.copy().resolve("a.sh"), "true\n");
        Files.writeString(git.copy().resolve("distributed-test.json"), """
                {"files": ["*.sh"], "runners": {"files": {"*.sh": "command"}, "command": ["sh", "{file}"]},
                 "job": {"callbacks": {"commands": {"%s": ["sh", "-c", "%s"]}}}}
                """.formatted(callback, shell));
        return git.change("a suite");
    }

    /** Waits until the callback runs; its process and those that it started are to end with the job. */
    private static List<ProcessHandle> awaitTree(Path began) {
        await().ignoreExceptions()
                .atMost(LIMIT)
                .until(() -> !Files.readString(began).isBlank());
        try {
            ProcessHandle root = ProcessHandle.of(
                            Long.parseLong(Files.readString(began).strip()))
                    .orElseThrow();
            List<ProcessHandle> tree = new ArrayList<>(root.descendants().toList());
            tree.add(root);
            return tree;
        } catch (IOException e) {
            throw new IllegalStateException(e);
        }
    }

    private static void awaitGone(List<ProcessHandle> tree) {
        assertThat(tree).hasSizeGreaterThan(1);
        await().atMost(LIMIT).until(() -> tree.stream().noneMatch(ProcessTree::runs));
    }

    @ParameterizedTest
    @ValueSource(strings = {"before_originate", "after_job_finishes"})
    void stopReachesACallbackBesideTheSuiteAndAllThatItStarted(String callback) throws Exception {
        Standalone executor = distributed("timeout: 10m");
        Path began = directory.resolve("began");
        Build build = zuul.build("suite", change(callback, HANGS.formatted(began)));
        List<ProcessHandle> tree = awaitTree(began);
        await().atMost(LIMIT).until(() -> build.manager() != null);
        build.cancel();
        awaitResult(build, "ABORTED");
        awaitGone(tree);
        await().atMost(LIMIT).until(() -> executor.jobDirectories().isEmpty());
    }

    @Test
    void aCallbackHasTheJobsTime() throws Exception {
        distributed("timeout: 2s");
        Path began = directory.resolve("began");
        Build build = zuul.build("suite", change("before_originate", HANGS.formatted(began)));
        List<ProcessHandle> tree = awaitTree(began);
        awaitResult(build, "Timed out after 2 s");
        awaitGone(tree);
    }

    @Test
    void whatACallbackLeftRunningEndsWithTheJob() throws Exception {
        distributed("timeout: 10m");
        Path began = directory.resolve("began");
        Build build = zuul.build(
                "suite",
                change("before_originate", "setsid sleep 1000 > /dev/null 2>&1 & echo $! >> %s".formatted(began)));
        awaitResult(build, "RETRY_LIMIT");
        List<String> left = Files.readAllLines(began);
        assertThat(left).hasSize(3);
        assertThat(left)
                .noneMatch(pid -> ProcessHandle.of(Long.parseLong(pid))
                        .filter(ProcessTree::runs)
                        .isPresent());
    }

    /** Where its reports are to be written. */
    @Test
    void aPipeThatACallbackLeavesHoldsNoThread() throws Exception {
        Standalone executor = distributed("timeout: 10m");
        Path made = directory.resolve("made");
        Map<String, String> change = change(
                "before_originate",
                "cd ../../../../jobs; for each in $(find . -type d -name results); do mkfifo $each/junit.xml"
                        + " $each/report.html $each/report.json && echo $each >> " + made + "; done; true");
        awaitResult(zuul.build("suite", change), "RETRY_LIMIT");
        assertThat(made).content().contains(change.get("LOG_PATH"));
        assertThat(executor.logs(change.get("LOG_PATH")).resolve("junit.xml")).isRegularFile();
    }

    /** The next dataset reads it, after code of the change has run. */
    @Test
    void aPipeInPlaceOfTheConfigurationHoldsNoThread() throws Exception {
        Path data = directory.resolve("data");
        for (String name : List.of("one", "two")) {
            Files.writeString(Files.createDirectories(data.resolve(name)).resolve("config.json"), "{}");
        }
        distributed("timeout: 10m, datasets: " + data);
        Path made = directory.resolve("made");
        Map<String, String> change = change(
                "before_originate",
                "for each in distributed-test.json gorgon.json gorgon_secret.json; do rm -f $each; mkfifo $each"
                        + " && echo $each >> " + made + "; done; exit 3");
        Build build = zuul.build("suite", change);
        await().atMost(LIMIT)
                .untilAsserted(() -> assertThat(build.result())
                        .contains("one: The callback before_originate")
                        .containsPattern("(?m)^two: gorgon.json cannot be read: .*/gorgon.json is no regular file$"));
        assertThat(made).content().hasLineCount(3);
    }

    /** A link of a change may lead to anything on the host. */
    @Test
    void aConfigurationThatIsADeviceIsNotRead() throws Exception {
        distributed("timeout: 10m");
        GitServer.git(git.copy(), "checkout", "-q", "-f", "--detach", "master");
        Files.createSymbolicLink(git.copy().resolve("distributed-test.json"), Path.of("/dev/zero"));
        Build build = zuul.build("suite", git.change("a device"));
        await().atMost(LIMIT)
                .untilAsserted(() -> assertThat(build.result())
                        .startsWith("distributed-test.json cannot be read: ")
                        .endsWith("/distributed-test.json is no regular file"));
    }

    @Test
    void aSettingRefusesCodeOfTheProjectOnThisHost() throws Exception {
        distributed("project_code: false");
        Path began = directory.resolve("began");
        Build build = zuul.build("suite", change("before_originate", "echo ran > " + began));
        awaitResult(
                build,
                "The project has code that would run on the executor's host (before_originate), which project_code:"
                        + " false of the job suite refuses");
        assertThat(began).doesNotExist();

        GitServer.git(git.copy(), "checkout", "-q", "-f", "--detach", "master");
        Files.writeString(git.copy().resolve("pom.xml"), "<project/>");
        Files.writeString(git.copy().resolve("distributed-test.json"), "{}");
        Build maven = zuul.build("suite", git.change("a build"));
        await().atMost(LIMIT)
                .untilAsserted(() -> assertThat(maven.result())
                        .startsWith("Maven would have to be asked which tests there are in ")
                        .endsWith("and project_code: false of the job suite refuses that"));
    }
}
