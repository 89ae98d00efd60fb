package io.jenkins.plugins.distributedtest.cli;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.jenkins.plugins.distributedtest.amqp.BrokerAddress;
import io.jenkins.plugins.distributedtest.originator.Ping;
import io.jenkins.plugins.distributedtest.testing.BuiltProgram;
import io.jenkins.plugins.distributedtest.tls.Tls;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Assumptions;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A broker and a listener as children of a process that hands them their secrets over standard input. */
class SupervisedIT {
    private static final Duration LIMIT = Duration.ofSeconds(90);
    private static final String PASSWORD = "a-very-secret-word";

    @TempDir
    private Path directory;

    private final List<Process> started = new ArrayList<>();

    @AfterEach
    void endAll() throws InterruptedException {
        for (Process each : started) {
            each.destroyForcibly().waitFor();
        }
    }

    private Process start(String name, List<String> command) throws IOException {
        ProcessBuilder builder = new ProcessBuilder(command)
                .redirectErrorStream(true)
                .redirectOutput(log(name).toFile());
        builder.environment().keySet().removeIf(n -> n.startsWith("DISTRIBUTED_TEST_") || n.equals("RABBITMQ_URL"));
        Process process = builder.start();
        started.add(process);
        return process;
    }

    private Path log(String name) {
        return directory.resolve(name + ".log");
    }

    private static void say(Process process, String line) throws IOException {
        process.getOutputStream().write((line + "\n").getBytes(StandardCharsets.UTF_8));
        process.getOutputStream().flush();
    }

    private List<String> broker() {
        return BuiltProgram.command(List.of(
                "broker",
                "--host",
                "127.0.0.1",
                "--port",
                "0",
                "--tls",
                "--data-dir",
                directory.resolve("data").toString(),
                "--password-stdin",
                "--json",
                "--until-stdin-closes"));
    }

    private List<String> listener() {
        return BuiltProgram.command(List.of(
                "listen",
                "--slots",
                "1",
                "--work-dir",
                directory.resolve("work").toString(),
                "--broker-file",
                "-",
                "--until-stdin-closes"));
    }

    private BrokerAddress ready(Process broker) throws IOException {
        await().atMost(LIMIT).until(() -> Files.readString(log("broker")).contains("\n") || !broker.isAlive());
        JsonNode ready = new ObjectMapper().readTree(Files.readString(log("broker")));
        assertThat(ready.path("ready").asBoolean()).isTrue();
        return new BrokerAddress(
                ready.path("host").asText(),
                ready.path("port").asInt(),
                "/",
                ready.path("username").asText(),
                PASSWORD,
                new Tls(null, null, null, ready.path("fingerprint").asText()));
    }

    private static void ends(Process process) throws InterruptedException {
        assertThat(process.waitFor(LIMIT.toSeconds(), TimeUnit.SECONDS))
                .as("it has ended")
                .isTrue();
    }

    @Test
    void bothWorkWithSecretsThatNobodySeesAndEndWithTheirInput() throws Exception {
        Process broker = start("broker", broker());
        say(broker, PASSWORD);
        BrokerAddress address = ready(broker);
        Process listener = start("listener", listener());
        say(listener, address.toSecretUri());
        await().atMost(LIMIT).until(() -> Files.readString(log("listener")).contains("connected: 1 slot"));
        assertThat(Ping.ping(address, null, Duration.ofSeconds(2))).hasSize(1);

        for (Process each : started) {
            Path process = Path.of("/proc", String.valueOf(each.pid()));
            if (Files.exists(process)) {
                assertThat(process.resolve("cmdline"))
                        .content(StandardCharsets.ISO_8859_1)
                        .doesNotContain(PASSWORD);
                assertThat(process.resolve("environ"))
                        .content(StandardCharsets.ISO_8859_1)
                        .doesNotContain(PASSWORD);
            }
        }
        listener.getOutputStream().close();
        ends(listener);
        assertThat(Files.readString(log("listener")))
                .contains("Listener stopped")
                .doesNotContain(PASSWORD);
        broker.getOutputStream().close();
        ends(broker);
        assertThat(Files.readString(log("broker"))).doesNotContain(PASSWORD);
        assertThat(broker.exitValue()).isEqualTo(ExitCode.OK);
    }

    /** The owner is a shell whose pipe the broker holds; it is killed without being able to do anything about it. */
    @Test
    void aBrokerDoesNotOutliveAnOwnerThatIsKilled() throws Exception {
        Assumptions.assumeTrue(Files.exists(Path.of("/proc/self/stat")), "/proc is missing: this needs Linux");
        String command = String.join("' '", broker());
        Process owner = start(
                "broker", List.of("bash", "-c", "(echo " + PASSWORD + "; exec sleep 600) | '" + command + "'; true"));
        ready(owner);
        ProcessHandle broker = owner.descendants()
                .filter(child -> child.info().command().orElse("").endsWith("java"))
                .findAny()
                .orElseThrow();
        owner.descendants().filter(child -> !child.equals(broker)).forEach(ProcessHandle::destroyForcibly);
        owner.destroyForcibly();

        await().atMost(LIMIT).until(() -> !broker.isAlive());
    }

    @Test
    void theFileThatABrokerKeepsIsAllThatAClientOnTheSameHostNeeds() throws Exception {
        Path data = directory.resolve("kept");
        Process broker = start(
                "broker",
                BuiltProgram.command(List.of("broker", "--port", "0", "--tls", "--data-dir", data.toString())));
        await().atMost(LIMIT).until(() -> Files.readString(log("broker")).contains("Use it with: export"));
        String uri = data.resolve("broker.uri").toString();
        assertThat(Files.readString(log("broker"))).contains("fingerprint", "--broker-file " + uri);

        Process ping = start("ping", BuiltProgram.command(List.of("ping", "--broker-file", uri, "--wait", "1s")));
        ends(ping);
        assertThat(Files.readString(log("ping"))).contains("No listener answered at amqps://");

        Files.setPosixFilePermissions(Path.of(uri), PosixFilePermissions.fromString("rw-r--r--"));
        Process refused = start("refused", BuiltProgram.command(List.of("ping", "--broker-file", uri)));
        ends(refused);
        assertThat(Files.readString(log("refused"))).contains("chmod 600 " + uri);
        broker.destroy();
        ends(broker);
    }

    @Test
    void nothingOnStandardInputIsAnError() throws Exception {
        Process broker = start("broker", broker());
        broker.getOutputStream().close();
        ends(broker);
        assertThat(broker.exitValue()).isEqualTo(ExitCode.ERROR);
        assertThat(Files.readString(log("broker"))).contains("--password-stdin: standard input begins with no line");
    }
}
