package io.jenkins.plugins.distributedtest.zuul.task;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.jenkins.plugins.distributedtest.LogCapture;
import io.jenkins.plugins.distributedtest.sync.Sshd;
import io.jenkins.plugins.distributedtest.zuul.ZuulStandIn.Build;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import org.junit.jupiter.api.Test;

/** Whose fault it is that a job did not succeed, and how it is told, whichever of the two servers is there. */
abstract class StandaloneBlameContract extends StandaloneFixture {
    private Path dataset(String name, String config) throws Exception {
        Path data = directory.resolve("data");
        Files.writeString(Files.createDirectories(data.resolve(name)).resolve("config.json"), config);
        return data;
    }

    @Test
    void aDatasetThatIsMissingOrBrokenIsNoFaultOfTheChange() throws Exception {
        Path data = dataset("glance", "{\"project\": \"openstack/glance\"}");
        executor("one", "jobs: [{name: migrate, datasets: " + data + ", shell_script: 'true'}]");
        awaitResult(zuul.build("migrate", git.change("a")), "RETRY_LIMIT");
        dataset("broken", "{");
        dataset("whole", "{}");
        awaitResult(zuul.build("migrate", git.change("b")), "RETRY_LIMIT");
    }

    @Test
    void submodulesThatTheChangeHasWrongAreItsFailure() throws Exception {
        executor("one", "jobs: [{name: unit, shell_script: 'true'}]");
        GitServer.git(git.copy(), "checkout", "-q", "-f", "--detach", "master");
        Files.writeString(git.copy().resolve(".gitmodules"), "[submodule \n");
        Build build = zuul.build("unit", git.change("broken submodules"));
        await().atMost(LIMIT)
                .untilAsserted(() -> assertThat(build.result())
                        .startsWith("FAILURE during the job setup\nException: The submodules cannot be fetched: ")
                        .contains("bad config"));
    }

    @Test
    void aMessageSaysWhyAndALogOfGitTheWholeRef() throws Exception {
        Standalone executor = executor(
                "one",
                "publish: {kind: local, path: " + directory.resolve("logs") + ", url: 'http://logs/'}",
                "jobs:",
                "- {name: unit, shell_script: [sh, -c, 'true']}",
                "- {name: gone, shell_script: [sh, -c, 'rm -r $2/results; exit 0', sh]}");
        Map<String, String> change = git.change("a");
        awaitResult(zuul.build("unit", change), "SUCCESS");
        assertThat(executor.directory
                        .resolve("logs")
                        .resolve(change.get("LOG_PATH"))
                        .resolve("git_prep.log"))
                .doesNotExist();
        assertThat(directory.resolve("logs").resolve(change.get("LOG_PATH")).resolve("git_prep.log"))
                .content()
                .contains("+" + change.get("ZUUL_REF") + ":refs/distributed-test/");
        Build build = zuul.build("gone", git.change("b"));
        await().atMost(LIMIT).untilAsserted(() -> assertThat(build.result()).endsWith(": no such file or directory"));
    }

    @Test
    void aFetchThatFailsIsOneLineWithProjectAndChange() throws Exception {
        try (LogCapture log = new LogCapture("io.jenkins.plugins.distributedtest.zuul")) {
            executor("one", "jobs: [{name: unit, shell_script: 'true'}]");
            Map<String, String> gone = git.change("c");
            gone.put("ZUUL_REF", "refs/zuul/master/Zgone");
            gone.put("ZUUL_CHANGE_IDS", "4711,2");
            awaitResult(zuul.build("unit", gone), "RETRY_LIMIT");
            // It may come a moment after the result.
            await().atMost(LIMIT)
                    .untilAsserted(() -> assertThat(log.lines())
                            .anyMatch(text ->
                                    text.contains(" for openstack/nova 4711,2 came to no result: Failed to fetch")));
            assertThat(log.records()).noneMatch(record -> record.getThrown() != null);
        }
    }

    @Test
    void aHostKeyThatNobodyKnowsIsNamedWithTheWayOut() throws Exception {
        try (Sshd sshd = new Sshd(directory.resolve("sshd"), directory)) {
            Path logs = directory.resolve("logs");
            executor(
                    "one",
                    "sources: {protocols: [ssh], pause: 50ms, retries: 0}",
                    "publish: {kind: local, path: " + logs + "}",
                    "jobs: [{name: unit, shell_script: 'true'}]");
            Map<String, String> change = git.change("a");
            change.put("ZUUL_URL", "ssh://127.0.0.1:" + sshd.port);
            awaitResult(zuul.build("unit", change), "RETRY_LIMIT");
            assertThat(logs.resolve(change.get("LOG_PATH")).resolve("task_output.log"))
                    .content()
                    .contains("Host key verification failed: the known_hosts of this user do not have the host's key");
        }
    }
}
