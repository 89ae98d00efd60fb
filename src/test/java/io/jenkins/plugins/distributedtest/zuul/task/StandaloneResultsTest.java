package io.jenkins.plugins.distributedtest.zuul.task;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.jenkins.plugins.distributedtest.gearman.GearServerStandIn;
import io.jenkins.plugins.distributedtest.zuul.ZuulStandIn.Build;
import io.jenkins.plugins.distributedtest.zuul.publish.StorageServer;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.time.Instant;
import java.util.Map;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

/** What a standalone executor publishes of its jobs and what it keeps: logs, reports, datasets, directories. */
class StandaloneResultsTest extends StandaloneFixture {
    @Override
    AutoCloseable startServer(int onPort) throws Exception {
        return new GearServerStandIn(onPort);
    }

    private void dataset(String name, String config) throws IOException {
        Path dataset = Files.createDirectories(directory.resolve("data").resolve(name));
        Files.writeString(dataset.resolve("config.json"), config);
        Files.writeString(dataset.resolve("rows"), name);
    }

    private static String read(Path file) {
        try {
            return Files.readString(file);
        } catch (IOException e) {
            throw new IllegalStateException(e);
        }
    }

    @Test
    void runsOncePerDatasetAndNamesEachThatFails() throws Exception {
        dataset("user_001", "{\"project\": \"openstack/nova\"}");
        dataset("user_002", "{\"project\": \"openstack/nova\"}");
        dataset("user_003", "{\"type\": \"for every project\"}");
        dataset("glance", "{\"project\": \"openstack/glance\"}");
        dataset("broken", "{");
        Files.createDirectories(directory.resolve("data/no-dataset"));
        Files.writeString(directory.resolve("migrate.sh"), """
                echo "with $TH_DATASET at $TH_DATASET_DIR and $4: $(cat "$4/rows")"
                [ "$TH_DATASET" != user_002 ] || { echo too slow > "$TH_RESULT_FILE"; exit 4; }
                """);
        Standalone executor = executor(
                "executor",
                "jobs: [{name: migrate, datasets: " + directory.resolve("data") + ", shell_script: 'sh "
                        + directory.resolve("migrate.sh") + "'}]");
        Map<String, String> change = git.change("a");
        awaitResult(
                zuul.build("migrate", change),
                "broken: config.json is not JSON\nuser_002: too slow\n"
                        + "user_002: Return code from test script was non-zero (4)");

        Path logs = executor.logs(change.get("LOG_PATH"));
        Path third = directory.resolve("data/user_003");
        assertThat(logs.resolve("user_003.log"))
                .content()
                .contains("with user_003 at " + third + " and " + third + ": user_003");
        assertThat(logs.resolve("glance.log")).doesNotExist();
        assertThat(logs.resolve("datasets.xml"))
                .content()
                .contains("tests=\"4\"", "user_001", "user_002", "user_003", "broken", "too slow");
        assertThat(logs.resolve("index.html")).content().contains("<h2>Datasets</h2>", "user_001", "user_002");
    }

    @Test
    void anUploadThatFailsIsToldAndTheLogsStay() throws Exception {
        Path blocked = Files.writeString(directory.resolve("blocked"), "no directory");
        Standalone executor = executor(
                "executor",
                "publish: {kind: local, path: " + blocked + ", url: 'http://logs/'}",
                "jobs: [{name: unit, shell_script: 'echo hello; true'}, {name: bad, shell_script: 'exit 1 #'}]");
        Build build = zuul.build("unit", git.change("a"));
        await().atMost(LIMIT)
                .untilAsserted(() -> assertThat(build.result())
                        .startsWith("FAILURE during cleanup and log upload\nException: ")
                        .contains(blocked.toString()));
        Build bad = zuul.build("bad", git.change("b"));
        await().atMost(LIMIT)
                .untilAsserted(
                        () -> assertThat(bad.result())
                                .startsWith(
                                        "Return code from test script was non-zero (1)\nFAILURE during cleanup and log upload"));
        assertThat(executor.jobDirectories()).hasSize(2);
        try (Stream<Path> all = Files.walk(directory.resolve("executor/work/jobs"))) {
            assertThat(all.filter(file -> file.endsWith("shell_output.log"))).hasSize(2);
        }
    }

    @Test
    void aJobIsStoppedWhileItsLogsAreUploaded() throws Exception {
        StorageServer storage = opened(new StorageServer());
        storage.hangs = true;
        executor(
                "executor",
                "publish: {kind: s3, endpoint: '" + storage.url()
                        + "', region: eu-test, bucket: b, access_key: access, secret_key: right secret}",
                "jobs: [{name: unit, shell_script: 'true'}]");
        Build build = zuul.build("unit", git.change("a"));
        await().atMost(LIMIT).until(() -> !storage.requests.isEmpty() && build.number() != null);
        build.cancel();
        awaitResult(build, "ABORTED");
    }

    @Test
    void logsArePublishedAlsoWhenTheResultIsNoFile() throws Exception {
        Standalone executor = executor(
                "executor", "jobs: [{name: odd, shell_script: 'rm $TH_RESULT_FILE; mkdir $TH_RESULT_FILE; exit 1 #'}]");
        Map<String, String> change = git.change("a");
        Build build = zuul.build("odd", change);
        awaitResult(build, "Return code from test script was non-zero (1)");
        Path logs = executor.logs(change.get("LOG_PATH"));
        assertThat(logs.resolve("task_output.log")).content().contains("Step 1: Setup environment");
        assertThat(logs.resolve("shell_output.log")).content().contains("[script exit code = 1]");
        assertThat(logs.resolve("git_prep.log")).exists();
    }

    @Test
    void junitReportsAreTakenFromTheTreeAndNothingThatALinkLeadsTo() throws Exception {
        Path secret = Files.writeString(directory.resolve("secret"), "hidden");
        Standalone executor = executor(
                "executor",
                "jobs:",
                "- name: unit",
                "  junit: 'reports/*.xml'",
                "  shell_script: 'mkdir reports; echo \"<testsuite/>\" > reports/a.xml; ln -s " + secret
                        + " reports/b.xml; ln -s " + secret + " $2/results/link; true'");
        // The text is a shell's, so its first arguments are the job's: $2 is not set in it before them.
        Map<String, String> change = git.change("a");
        Build build = zuul.build("unit", change);
        await().atMost(LIMIT).until(() -> build.result() != null);
        Path logs = executor.logs(change.get("LOG_PATH"));
        assertThat(logs.resolve("junit/reports/a.xml")).hasContent("<testsuite/>");
        try (Stream<Path> all = Files.walk(logs)) {
            assertThat(all.filter(Files::isRegularFile))
                    .noneMatch(file -> read(file).contains("hidden"));
        }
    }

    @Test
    void aLogThatGrowsWithoutEndIsCut() throws Exception {
        Standalone executor = executor(
                "executor",
                "max_log: 100 kB",
                "jobs: [{name: loud, shell_script: 'echo first; yes loud | head -c 20000000; echo last;" + " true'}]");
        Map<String, String> change = git.change("a");
        awaitResult(zuul.build("loud", change), "SUCCESS");
        Path log = executor.logs(change.get("LOG_PATH")).resolve("shell_output.log");
        assertThat(Files.size(log)).isLessThan(110_000);
        assertThat(log)
                .content()
                .containsPattern(
                        "(?s) first\n.* loud\n.*more bytes are left out.* loud\n.* last\n.*script exit code = 0");
    }

    @Test
    void whatFailedIsRemovedWhenItHasBeenKeptForLongEnoughAndNothingElse() throws Exception {
        Path jobs = Files.createDirectories(directory.resolve("executor/work/jobs"));
        Path old = Files.createDirectories(jobs.resolve("old"));
        Files.writeString(old.resolve(".distributed-test-job"), "1 0\n");
        Path ended = Files.writeString(old.resolve(".distributed-test-ended"), "");
        Files.setLastModifiedTime(ended, FileTime.from(Instant.now().minusSeconds(100_000)));
        Path left = Files.createDirectories(jobs.resolve("left-by-a-process-that-was-killed"));
        Path mark = Files.writeString(left.resolve(".distributed-test-job"), "999999999 0\n");
        Files.setLastModifiedTime(mark, FileTime.from(Instant.now().minusSeconds(100_000)));
        Path young = Files.createDirectories(jobs.resolve("young"));
        Files.writeString(young.resolve(".distributed-test-job"), "999999999 0\n");
        Path others = Files.createDirectories(jobs.resolve("not-ours"));
        Files.createSymbolicLink(old.resolve("link"), others);
        Files.writeString(others.resolve("file"), "stays");

        executor("executor", "keep_failed: 1d", "jobs: [{name: unit, shell_script: 'true'}]");
        await().atMost(LIMIT).until(() -> !Files.exists(old) && !Files.exists(left));
        assertThat(young).exists();
        assertThat(others.resolve("file")).hasContent("stays");
    }

    @Test
    void aDescriptionIsShownAsTextOnly() throws Exception {
        Path gate = directory.resolve("gate");
        Standalone executor = executor(
                "executor",
                "jobs: [{name: wait, sources: false, shell_script: 'while [ ! -e " + gate
                        + " ]; do sleep 0.1; done; true'}]");
        Build build = zuul.build("wait", Map.of("LOG_PATH", "described", "ZUUL_PROJECT", "<b>p"));
        await().atMost(LIMIT).until(() -> build.result() != null);
        assertThat(build.result()).contains("ZUUL_PROJECT is not a path");
        Build good = zuul.build("wait", Map.of("LOG_PATH", "described", "ZUUL_CHANGE_IDS", "<script>x</script>"));
        await().atMost(LIMIT).until(() -> good.manager() != null);
        var described = good.describe("<p>Change <a href='javascript:x'>1</a></p><script>alert(1)");
        await().atMost(LIMIT).until(described::isEnded);
        Files.createFile(gate);
        awaitResult(good, "SUCCESS");
        assertThat(executor.logs("described").resolve("index.html"))
                .content()
                .contains("Change", "&lt;script&gt;x&lt;/script&gt;")
                .doesNotContain("<script", "javascript:");
    }
}
