package io.jenkins.plugins.distributedtest.zuul.task;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.jenkins.plugins.distributedtest.testing.FreePorts;
import io.jenkins.plugins.distributedtest.zuul.ZuulStandIn;
import io.jenkins.plugins.distributedtest.zuul.ZuulStandIn.Build;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.io.TempDir;

/** A Gearman server, what stands for Zuul, a git server, and executors that a test starts. */
abstract class StandaloneFixture {
    static final Duration LIMIT = Duration.ofSeconds(60);

    @TempDir
    Path directory;

    final int port = FreePorts.next();
    final List<AutoCloseable> open = new ArrayList<>();
    AutoCloseable server;
    ZuulStandIn zuul;
    GitServer git;

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

    <T extends AutoCloseable> T opened(T closeable) {
        open.add(closeable);
        return closeable;
    }

    Standalone executor(String name, String... yaml) throws Exception {
        Standalone started = opened(Standalone.start(port, directory.resolve(name), String.join("\n", yaml) + "\n"));
        // What the executor has sent the server has yet to read.
        for (String job : started.runner.names()) {
            await().atMost(LIMIT).until(() -> zuul.isRegistered("build:" + job));
        }
        return started;
    }

    static void awaitResult(Build build, String result) {
        await().atMost(LIMIT).untilAsserted(() -> assertThat(build.result()).isEqualTo(result));
    }
}
