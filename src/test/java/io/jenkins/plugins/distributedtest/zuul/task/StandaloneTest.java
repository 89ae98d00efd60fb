package io.jenkins.plugins.distributedtest.zuul.task;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.jenkins.plugins.distributedtest.gearman.GearServerStandIn;
import io.jenkins.plugins.distributedtest.testing.FreePorts;
import io.jenkins.plugins.distributedtest.zuul.ZuulStandIn;
import io.jenkins.plugins.distributedtest.zuul.ZuulStandIn.Build;
import io.jenkins.plugins.distributedtest.zuul.publish.StorageServer;
import java.io.IOException;
import java.lang.management.ManagementFactory;
import java.lang.management.ThreadMXBean;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What a standalone executor does with its jobs; what Zuul sees of that is in {@link StandaloneContract}. */
class StandaloneTest {
    private static final Duration LIMIT = Duration.ofSeconds(60);

    @TempDir
    Path directory;

    private final int port = FreePorts.next();
    private final List<AutoCloseable> open = new ArrayList<>();
    private ZuulStandIn zuul;
    private GitServer git;

    @BeforeEach
    void start() throws Exception {
        opened(new GearServerStandIn(port));
        zuul = opened(new ZuulStandIn(port));
        git = new GitServer(directory.resolve("merger"));
    }

    @AfterEach
    void stop() throws Exception {
        for (int i = open.size() - 1; i >= 0; i--) {
            open.get(i).close();
        }
    }

    private <T extends AutoCloseable> T opened(T closeable) {
        open.add(closeable);
        return closeable;
    }

    private Standalone executor(String... yaml) throws Exception {
        return opened(Standalone.start(port, directory.resolve("executor"), String.join("\n", yaml) + "\n"));
    }

    private static void awaitResult(Build build, String result) {
        await().atMost(LIMIT).untilAsserted(() -> assertThat(build.result()).isEqualTo(result));
    }

    private void dataset(String name, String config) throws IOException {
        Path dataset = Files.createDirectories(directory.resolve("data").resolve(name));
        Files.writeString(dataset.resolve("config.json"), config);
        Files.writeString(dataset.resolve("rows"), name);
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
        Standalone executor = executor("jobs: [{name: migrate, datasets: " + directory.resolve("data")
                + ", shell_script: 'sh " + directory.resolve("migrate.sh") + "'}]");
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
    void aProjectWithoutADatasetIsNoSuccess() throws Exception {
        dataset("glance", "{\"project\": \"openstack/glance\"}");
        executor("jobs: [{name: migrate, datasets: " + directory.resolve("data") + ", shell_script: 'true'}]");
        Build build = zuul.build("migrate", git.change("a"));
        await().atMost(LIMIT)
                .untilAsserted(() -> assertThat(build.result())
                        .startsWith("FAILURE running the job\nException: There is no dataset for openstack/nova in"));
    }

    @Test
    void anUploadThatFailsIsToldAndTheLogsStay() throws Exception {
        Path blocked = Files.writeString(directory.resolve("blocked"), "no directory");
        Standalone executor = executor(
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
                "publish: {kind: s3, endpoint: '" + storage.url()
                        + "', region: eu-test, bucket: b, access_key: access, secret_key: right secret}",
                "jobs: [{name: unit, shell_script: 'true'}]");
        Build build = zuul.build("unit", git.change("a"));
        await().atMost(LIMIT).until(() -> !storage.requests.isEmpty() && build.number() != null);
        build.cancel();
        awaitResult(build, "ABORTED");
    }

    @Test
    void logsArePublishedAlsoWhenTheResultCannotBeRead() throws Exception {
        Standalone executor =
                executor("jobs: [{name: odd, shell_script: 'rm $TH_RESULT_FILE; mkdir $TH_RESULT_FILE; exit 1 #'}]");
        Map<String, String> change = git.change("a");
        Build build = zuul.build("odd", change);
        await().atMost(LIMIT)
                .untilAsserted(() -> assertThat(build.result()).startsWith("FAILURE running the job\nException: "));
        Path logs = executor.logs(change.get("LOG_PATH"));
        assertThat(logs.resolve("task_output.log"))
                .content()
                .contains("Step 1: Setup environment", "Something failed running the job!");
        assertThat(logs.resolve("shell_output.log")).content().contains("[script exit code = 1]");
        assertThat(logs.resolve("git_prep.log")).exists();
    }

    @Test
    void aProgramThatIsMissingIsAFailureThatNamesIt() throws Exception {
        executor("jobs: [{name: odd, shell_script: [/nowhere/test.sh]}]");
        Build build = zuul.build("odd", git.change("a"));
        await().atMost(LIMIT)
                .untilAsserted(() -> assertThat(build.result())
                        .startsWith("FAILURE running the job\nException: Cannot start /nowhere/test.sh"));
    }

    @Test
    void valuesOfARequestAreNeverShellCodeOrOptionsNorChangeHowProgramsStart() throws Exception {
        Path pwned = directory.resolve("pwned");
        String code = "$(touch " + pwned + ")`touch " + pwned + "`;touch " + pwned + "&&'\"";
        Files.writeString(directory.resolve("evil"), "touch " + pwned + "\n");
        Standalone executor = executor(
                "environment: {SAFE: ours}", "jobs: [{name: show, shell_script: 'env; bash -c true; echo args:'}]");
        Map<String, String> change = git.change("a");
        change.put("EXTRA", code);
        change.put("BASH_ENV", directory.resolve("evil").toString());
        change.put("ENV", directory.resolve("evil").toString());
        change.put("LD_PRELOAD", "/tmp/evil.so");
        change.put("PATH", directory.toString());
        change.put("SAFE", "theirs");
        change.put("TH_RESULT_FILE", pwned.toString());
        change.put("not a name", "x");
        change.put("LOG_PATH", "56/a b's (x)!");
        awaitResult(zuul.build("show", change), "SUCCESS");
        assertThat(pwned).doesNotExist();
        Path logs = executor.logs("56/a b's (x)!");
        assertThat(logs.resolve("shell_output.log"))
                .content()
                .contains("EXTRA=" + code)
                .contains("SAFE=ours")
                .doesNotContain("LD_PRELOAD=", "BASH_ENV=", "SAFE=theirs", "TH_RESULT_FILE=" + pwned)
                .containsPattern("args: \\S+/openstack/nova \\S+/56/a b's \\(x\\)! [0-9a-f]{32}\n");
        assertThat(logs.resolve("task_output.log"))
                .content()
                .contains(
                        "Not put into the environment: BASH_ENV, ENV, LD_PRELOAD, PATH, SAFE, TH_RESULT_FILE, not a name");
    }

    @Test
    void pathsOfARequestNeverLeadOutOfTheirPlace() throws Exception {
        executor("jobs: [{name: unit, sources: false, shell_script: 'true'}]");
        for (String path :
                List.of("../../../../tmp/x", "/../x", "a/./b", "-rf", "a//b", "a\\b", "a\nb", "x".repeat(2000))) {
            Map<String, String> request = new LinkedHashMap<>(Map.of("LOG_PATH", path, "ZUUL_PROJECT", "p"));
            Build build = zuul.build("unit", request);
            await().atMost(LIMIT)
                    .untilAsserted(
                            () -> assertThat(build.result())
                                    .startsWith(
                                            "FAILURE during the job setup\nException: LOG_PATH is not a path that can be used"));
        }
        Build project = zuul.build("unit", Map.of("LOG_PATH", "a", "ZUUL_PROJECT", "../../x"));
        await().atMost(LIMIT).untilAsserted(() -> assertThat(project.result()).contains("ZUUL_PROJECT is not a path"));
        awaitResult(zuul.build("unit", Map.of()), "SUCCESS");
    }

    @Test
    void aWholeRequestIsInTheWorkingDirectoryAndNowhereElse() throws Exception {
        Standalone executor = executor(
                "jobs: [{name: show, sources: false, shell_script: 'cat_parameters() { cat \"$2/zuul-parameters.json\"; }; cat_parameters'}]");
        Map<String, Object> request = new LinkedHashMap<>();
        request.put("LOG_PATH", "a/b");
        request.put("number", 7);
        request.put("list", List.of("x", "y"));
        awaitResult(zuul.build("show", request), "SUCCESS");
        assertThat(executor.logs("a/b").resolve("shell_output.log"))
                .content()
                .contains("\"number\":\"7\"", "\"list\":\"[\\\"x\\\",\\\"y\\\"]\"");
        assertThat(executor.logs("a/b").resolve("zuul-parameters.json")).doesNotExist();
    }

    @Test
    void junitReportsAreTakenFromTheTreeAndNothingThatALinkLeadsTo() throws Exception {
        Path secret = Files.writeString(directory.resolve("secret"), "hidden");
        Standalone executor = executor(
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

    private static String read(Path file) {
        try {
            return Files.readString(file);
        } catch (IOException e) {
            throw new IllegalStateException(e);
        }
    }

    @Test
    void whatIsLeftInTheBackgroundIsGoneWithTheJob() throws Exception {
        Path pid = directory.resolve("pid");
        executor("jobs: [{name: unit, shell_script: 'setsid sleep 1000 > /dev/null 2>&1 & echo $! > " + pid
                + "; true'}]");
        awaitResult(zuul.build("unit", git.change("a")), "SUCCESS");
        long left = Long.parseLong(Files.readString(pid).strip());
        await().atMost(LIMIT).until(() -> ProcessHandle.of(left).isEmpty());
    }

    @Test
    void aLogThatGrowsWithoutEndIsCut() throws Exception {
        Standalone executor =
                executor("max_log: 100 kB", "jobs: [{name: loud, shell_script: 'yes loud | head -c 20000000; true'}]");
        Map<String, String> change = git.change("a");
        awaitResult(zuul.build("loud", change), "SUCCESS");
        Path log = executor.logs(change.get("LOG_PATH")).resolve("shell_output.log");
        assertThat(Files.size(log)).isLessThan(110_000);
        assertThat(log).content().contains("more bytes are left out");
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

        executor("keep_failed: 1d", "jobs: [{name: unit, shell_script: 'true'}]");
        await().atMost(LIMIT).until(() -> !Files.exists(old) && !Files.exists(left));
        assertThat(young).exists();
        assertThat(others.resolve("file")).hasContent("stays");
    }

    @Test
    void runsManyJobsAtOnceWithAFewThreads() throws Exception {
        Path gate = directory.resolve("gate");
        Standalone executor = executor(
                "capacity: 40",
                "jobs: [{name: wait, sources: false, shell_script: 'while [ ! -e " + gate
                        + " ]; do sleep 0.5; done; true'}]");
        List<Build> builds = new ArrayList<>();
        for (int i = 0; i < 40; i++) {
            builds.add(zuul.build("wait", Map.of("LOG_PATH", "many/" + i)));
        }
        await().atMost(LIMIT)
                .until(() -> builds.stream()
                        .allMatch(build -> build.submitted().statuses.contains("3/5")));
        // The platform itself has a thread ("process reaper") with a small stack for each process.
        long threads = Thread.getAllStackTraces().keySet().stream()
                .filter(thread -> thread.getName().matches("(zuul|gearman)-.*"))
                .count();
        assertThat(threads).isLessThan(30);
        Files.createFile(gate);
        await().atMost(LIMIT).until(() -> {
            for (Build build : builds) {
                if (!"SUCCESS".equals(build.result())) {
                    return false;
                }
            }
            return true;
        });
        for (int i = 0; i < 40; i++) {
            assertThat(executor.logs("many/" + i).resolve("index.html")).exists();
        }
    }

    @Test
    void aJobThatSaysNothingCostsNextToNoProcessorTime() throws Exception {
        Path began = directory.resolve("began");
        executor("jobs: [{name: quiet, sources: false, shell_script: 'touch " + began + "; sleep 3; true'}]");
        Build build = zuul.build("quiet", Map.of("LOG_PATH", "quiet"));
        await().atMost(LIMIT).until(() -> Files.exists(began));
        ThreadMXBean threads = ManagementFactory.getThreadMXBean();
        Map<Long, Long> before = new HashMap<>();
        ours().forEach(id -> before.put(id, threads.getThreadCpuTime(id)));
        long from = System.nanoTime();
        await().pollInterval(Duration.ofMillis(250))
                .atMost(LIMIT)
                .until(() -> build.submitted().isEnded());
        long used = ours().mapToLong(id -> threads.getThreadCpuTime(id) - before.getOrDefault(id, 0L))
                .sum();
        assertThat(used).as("of %d ns", System.nanoTime() - from).isLessThan((System.nanoTime() - from) / 2);
    }

    private static Stream<Long> ours() {
        return Thread.getAllStackTraces().keySet().stream()
                .filter(thread -> thread.getName().matches("(zuul|gearman)-(?!test).*"))
                .map(Thread::getId);
    }

    @Test
    void aDescriptionIsShownAsTextOnly() throws Exception {
        Path gate = directory.resolve("gate");
        Standalone executor = executor("jobs: [{name: wait, sources: false, shell_script: 'while [ ! -e " + gate
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
