package io.jenkins.plugins.distributedtest.zuul.task;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.jenkins.plugins.distributedtest.gearman.GearServerStandIn;
import io.jenkins.plugins.distributedtest.testing.EmbeddedFixture;
import io.jenkins.plugins.distributedtest.testing.FreePorts;
import io.jenkins.plugins.distributedtest.zuul.ZuulStandIn;
import io.jenkins.plugins.distributedtest.zuul.ZuulStandIn.Build;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Jobs of the kind distributed where nobody runs their files; StandaloneExecutorIT has them run by a listener. */
class StandaloneDistributedTest {
    private static final Duration LIMIT = Duration.ofSeconds(90);
    private static final String SUITE =
            "{\"files\": [\"*.sh\"], \"runners\": {\"files\": {\"*.sh\": \"command\"}, \"command\": [\"sh\", \"{file}\"]}";

    @TempDir
    Path directory;

    private final int port = FreePorts.next();
    private final List<AutoCloseable> open = new ArrayList<>();
    private ZuulStandIn zuul;
    private GitServer git;
    private String broker;

    @BeforeEach
    void start() throws Exception {
        opened(new GearServerStandIn(port));
        zuul = opened(new ZuulStandIn(port));
        git = new GitServer(directory.resolve("merger"));
        broker = EmbeddedFixture.shared().address().toSecretUri();
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

    private Standalone executor(String job) throws Exception {
        return opened(Standalone.start(
                port, directory.resolve("executor"), "jobs: [{name: suite, kind: distributed, " + job + "}]\n"));
    }

    /** A change with a suite of one file. */
    private Map<String, String> change(String configuration) throws Exception {
        GitServer.git(git.copy(), "checkout", "-q", "-f", "--detach", "master");
        Files.writeString(git.copy().resolve("a.sh"), "true\n");
        Files.writeString(git.copy().resolve("distributed-test.json"), configuration);
        return git.change("a suite");
    }

    private static void awaitResult(Build build, String result) {
        await().atMost(LIMIT).untilAsserted(() -> assertThat(build.result()).isEqualTo(result));
    }

    private static void awaitLog(Standalone executor, String text) {
        await().ignoreExceptions().atMost(LIMIT).until(() -> {
            try (var all = Files.walk(executor.settings.directories().jobs())) {
                return all.filter(file -> file.endsWith("distributed.log"))
                        .anyMatch(file -> read(file).contains(text));
            }
        });
    }

    private static String read(Path file) {
        try {
            return Files.readString(file);
        } catch (IOException e) {
            return "";
        }
    }

    @Test
    void withoutAListenerZuulTriesAgainAndAChangeCannotChooseAnotherBroker() throws Exception {
        Standalone executor = executor("broker: '" + broker + "', set: {listener_timeout: 500ms}");
        Map<String, String> change = change(SUITE + ", \"connection\": \"amqp://x:y@127.0.0.1:1\"}");
        Build build = zuul.build("suite", change);
        awaitResult(build, "RETRY_LIMIT");
        assertThat(build.attempts()).isEqualTo(3);
        Path logs = executor.logs(change.get("LOG_PATH"));
        assertThat(logs.resolve("index.html")).content().contains("No result: ");
        assertThat(logs.resolve("junit.xml")).exists();
        assertThat(logs.resolve("distributed.log"))
                .content()
                .contains("1 file through amqp://127.0.0.1:"
                        + EmbeddedFixture.shared().address().port())
                .doesNotContain(EmbeddedFixture.shared().address().password());
    }

    @Test
    void stopCancelsTheRunAndTheTimeoutToo() throws Exception {
        Standalone executor = executor("broker: '" + broker + "', timeout: 60s, set: {listener_timeout: 10m}");
        Build build = zuul.build("suite", change(SUITE + "}"));
        awaitLog(executor, "1 file through");
        await().atMost(LIMIT).until(() -> build.manager() != null);
        build.cancel();
        awaitResult(build, "ABORTED");
        await().atMost(LIMIT).until(() -> executor.jobDirectories().isEmpty());
        executor.close();

        executor("broker: '" + broker + "', timeout: 2s, set: {listener_timeout: 10m}");
        Build late = zuul.build("suite", change(SUITE + " }"));
        await().atMost(LIMIT).untilAsserted(() -> assertThat(late.result()).startsWith("Timed out after "));
    }

    @Test
    void whatTheChangeBrokeIsAFailureThatSaysWhat() throws Exception {
        executor("broker: '" + broker + "'");
        Build key = zuul.build("suite", change(SUITE + ", \"retires\": 1}"));
        await().atMost(LIMIT)
                .untilAsserted(() -> assertThat(key.result()).contains("unknown key retires. Did you mean retries?"));
        Build empty = zuul.build("suite", change(SUITE.replace("[\"*.sh\"]", "[\"none/*.sh\"]") + "}"));
        await().atMost(LIMIT).untilAsserted(() -> assertThat(empty.result()).contains("none/*.sh"));
        Build runner = zuul.build("suite", change("{\"files\": [\"*.sh\"]}"));
        await().atMost(LIMIT).untilAsserted(() -> assertThat(runner.result()).contains("a.sh"));
    }
}
