package io.jenkins.plugins.distributedtest.cli;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.jenkins.plugins.distributedtest.report.JsonReport;
import io.jenkins.plugins.distributedtest.testing.BuiltProgram;
import io.jenkins.plugins.distributedtest.testing.EmbeddedFixture;
import java.io.IOException;
import java.net.ServerSocket;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The built program on one machine: {@code run --local}, and what it leaves behind in every end. */
class LocalRunIT {
    private static final Duration LIMIT = Duration.ofSeconds(90);

    @TempDir
    Path directory;

    private Path project;
    private Process process;

    @BeforeEach
    void makeProject() throws IOException {
        project = Files.createDirectories(directory.resolve("project"));
        write("distributed-test.json", "{\"files\": [\"t/*.sh\"], \"runners\": {\"command\": [\"sh\", \"{file}\"]}}");
        write("t/a.sh", "echo a\n");
        write("t/b.sh", "echo b\n");
    }

    @AfterEach
    void end() throws InterruptedException {
        if (process != null && !process.waitFor(60, TimeUnit.SECONDS)) {
            process.destroyForcibly();
        }
    }

    private void write(String name, String text) throws IOException {
        Path file = project.resolve(name);
        Files.createDirectories(file.getParent());
        Files.writeString(file, text);
    }

    private Path log() {
        return directory.resolve("log");
    }

    private void start(String... arguments) throws IOException {
        ProcessBuilder builder = new ProcessBuilder(BuiltProgram.command(List.of(arguments)))
                .redirectErrorStream(true)
                .redirectOutput(log().toFile())
                .directory(project.toFile());
        builder.environment().keySet().removeIf(n -> n.startsWith("DISTRIBUTED_TEST_") || n.equals("RABBITMQ_URL"));
        builder.environment().put("HOME", directory.resolve("home").toString());
        builder.environment().put("XDG_CACHE_HOME", directory.resolve("cache").toString());
        process = builder.start();
    }

    private int run(String... arguments) throws Exception {
        start(arguments);
        assertThat(process.waitFor(LIMIT.toSeconds(), TimeUnit.SECONDS))
                .as(Files.readString(log()))
                .isTrue();
        return process.exitValue();
    }

    private static int freePort() throws IOException {
        try (ServerSocket socket = new ServerSocket(0)) {
            return socket.getLocalPort();
        }
    }

    @Test
    void aFirstRunNeedsOneCommand() throws Exception {
        assertThat(run("run", "--local", "2", "--json", "r.json"))
                .as(Files.readString(log()))
                .isEqualTo(ExitCode.OK);
        assertThat(JsonReport.read(project.resolve("r.json")).slots()).isEqualTo(2);
        write("t/bad.sh", "exit 1\n");
        assertThat(run("run", "--local")).isEqualTo(ExitCode.FAILURES);
    }

    @Test
    void slotsOfThisMachineServeTheConfiguredBrokerAndClusterToo() throws Exception {
        String broker = EmbeddedFixture.shared().address().toSecretUri();
        assertThat(run("run", "--local", "1", "--broker", broker, "--cluster", "only here"))
                .as(Files.readString(log()))
                .isEqualTo(ExitCode.OK);
        assertThat(log()).content().contains("cluster only here").doesNotContain("Warning");
    }

    @Test
    void aBrokerThatIsAwaySlowsTheRunInsteadOfStoppingIt() throws Exception {
        String away = "amqp://u:HUSH@127.0.0.1:" + freePort();
        assertThat(run("run", "--local", "1", "--broker", away)).isEqualTo(ExitCode.OK);
        assertThat(log())
                .content()
                .contains("Warning", "this machine only, on 1 slot")
                .doesNotContain("HUSH");
        assertThat(run("run", "--broker", away, "--set", "fallback=local", "--set", "worker_slots=3"))
                .isEqualTo(ExitCode.OK);
        assertThat(log()).content().contains("this machine only, on 3 slots").doesNotContain("HUSH");
    }

    @Test
    void aBrokerThatRefusesUsIsAnErrorAllTheSame() throws Exception {
        String wrong = EmbeddedFixture.shared()
                .address()
                .withLogin("distributed-test", "WRONG")
                .toSecretUri();
        assertThat(run("run", "--local", "--broker", wrong)).isEqualTo(ExitCode.ERROR);
        assertThat(log()).content().contains("wrong user name or password").doesNotContain("WRONG");
    }

    @Test
    void aWrongNumberOfSlotsIsAnError() throws Exception {
        assertThat(run("run", "--local", "0")).isEqualTo(ExitCode.ERROR);
        assertThat(log()).content().contains("--local", "worker_slots must be a whole number");
    }

    private long hang() throws Exception {
        Path begun = directory.resolve("begun");
        write("t/hangs.sh", "echo $$ > " + begun + "; while :; do sleep 1; done\n");
        start("run", "--local", "1", "--list", "-");
        process.getOutputStream().write("t/hangs.sh\n".getBytes(StandardCharsets.UTF_8));
        process.getOutputStream().close();
        await().atMost(LIMIT).until(() -> Files.exists(begun) && Files.size(begun) > 0);
        return Long.parseLong(Files.readString(begun).strip());
    }

    private void signal(String name) throws Exception {
        assertThat(new ProcessBuilder("kill", "-" + name, String.valueOf(process.pid()))
                        .start()
                        .waitFor())
                .isZero();
        assertThat(process.waitFor(LIMIT.toSeconds(), TimeUnit.SECONDS)).isTrue();
    }

    @Test
    void ctrlCEndsEverything() throws Exception {
        long test = hang();
        signal("INT");
        assertThat(process.exitValue()).isEqualTo(ExitCode.CANCELLED);
        await().atMost(LIMIT).until(() -> ProcessHandle.of(test).isEmpty());
    }

    @Test
    void killedItLeavesNoTestBehind() throws Exception {
        long test = hang();
        signal("KILL");
        await().atMost(LIMIT).until(() -> ProcessHandle.of(test).isEmpty());
    }
}
