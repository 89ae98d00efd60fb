package io.jenkins.plugins.distributedtest.zuul.task;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.jenkins.plugins.distributedtest.gearman.GearServerStandIn;
import io.jenkins.plugins.distributedtest.zuul.ZuulStandIn.Build;
import java.lang.management.ManagementFactory;
import java.lang.management.ThreadMXBean;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

/** What a standalone executor does with its jobs; what Zuul sees of that is in {@link StandaloneContract}. */
class StandaloneTest extends StandaloneFixture {
    @Override
    AutoCloseable startServer(int onPort) throws Exception {
        return new GearServerStandIn(onPort);
    }

    private static Stream<Long> ours() {
        return Thread.getAllStackTraces().keySet().stream()
                .filter(thread -> thread.getName().matches("(zuul|gearman)-(?!test).*"))
                .map(Thread::getId);
    }

    @Test
    void aProgramThatIsMissingIsAFailureThatNamesIt() throws Exception {
        executor("executor", "jobs: [{name: odd, shell_script: [/nowhere/test.sh]}]");
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
                "executor",
                "environment: {SAFE: ours}",
                "jobs: [{name: show, shell_script: 'env; bash -c true; echo args:'}]");
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
        executor("executor", "jobs: [{name: unit, sources: false, shell_script: 'true'}]");
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
                "executor",
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
    void whatIsLeftInTheBackgroundIsGoneWithTheJob() throws Exception {
        Path pid = directory.resolve("pid");
        executor(
                "executor",
                "jobs: [{name: unit, shell_script: 'setsid sleep 1000 > /dev/null 2>&1 & echo $! > " + pid
                        + "; true'}]");
        awaitResult(zuul.build("unit", git.change("a")), "SUCCESS");
        long left = Long.parseLong(Files.readString(pid).strip());
        await().atMost(LIMIT).until(() -> ProcessHandle.of(left).isEmpty());
    }

    @Test
    void runsManyJobsAtOnceWithAFewThreads() throws Exception {
        Path gate = directory.resolve("gate");
        Standalone executor = executor(
                "executor",
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
        executor(
                "executor",
                "jobs: [{name: quiet, sources: false, shell_script: 'touch " + began + "; sleep 3; true'}]");
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
}
