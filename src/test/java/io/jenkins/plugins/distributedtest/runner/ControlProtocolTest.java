package io.jenkins.plugins.distributedtest.runner;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import io.jenkins.plugins.distributedtest.suite.FileResult;
import io.jenkins.plugins.distributedtest.suite.FileStatus;
import io.jenkins.plugins.distributedtest.suite.RunnerSettings;
import java.io.IOException;
import java.io.InputStream;
import java.net.InetAddress;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** The listener's side of the control protocol, towards strangers and towards runners that break it. */
class ControlProtocolTest {
    /** Speaks in node's place: bash, with the lines of a file called {@code script} as its answer to a run. */
    private static final String FAKE = """
            exec 3<>/dev/tcp/127.0.0.1/$DISTRIBUTED_TEST_PORT
            printf '{"hello":"%s","role":"worker","slot":%s,"pid":%s}\\n' $DISTRIBUTED_TEST_TOKEN $DISTRIBUTED_TEST_SLOT $$ >&3
            echo '{"ready":true}' >&3
            n=0
            while read -r line <&3; do
              case "$line" in *quit*) exit 0;; esac
              n=$((n + 1))
              sed "s/RUN/$n/g" script >&3
              while [ -e noisy ]; do
                truncate -s 1100M /proc/$$/fd/1
                echo '{"case":{"id":1,"name":"n","status":"passed"}}' >&3
                sleep 0.1
              done
              if [ -e leave ]; then rm leave; exit 5; fi
            done
            """;

    @TempDir
    Path directory;

    private Job fake() throws Exception {
        Path script = directory.resolve("fake.sh");
        Files.writeString(script, FAKE);
        Job job = new Job(
                directory,
                new RunnerSettings(
                        null, Map.of("node", List.of("bash", script.toString())), null, null, null, null, null));
        job.write("a.test.js", "");
        return job;
    }

    private static void nextFileStillRuns(Job job) throws Exception {
        job.write("script", "{\"done\":RUN,\"status\":\"passed\"}\n");
        assertThat(job.run("a.test.js").status()).isEqualTo(FileStatus.PASSED);
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "nonsense|not JSON",
                "[1]|not an object",
                "{\"what\":1}|no known message",
                "{\"case\":{\"id\":RUN,\"name\":\"n\",\"status\":\"odd\"}}|no status",
                "{\"case\":{\"id\":RUN7,\"name\":\"n\",\"status\":\"passed\"}}|a case of run",
                "{\"done\":\"x\"}|no number for done",
                "{\"done\":RUN9,\"status\":\"passed\"}|the end of run",
                "{\"forked\":1,\"pid\":2}|out of place",
            })
    void runnerThatBreaksTheProtocolIsReplaced(String line, String told) throws Exception {
        try (Job job = fake()) {
            job.write("script", line + "\n");
            FileResult result = job.run("a.test.js");
            assertThat(result.status()).isEqualTo(FileStatus.FAILED);
            assertThat(result.message()).contains("broke the control protocol").contains(told);
            nextFileStillRuns(job);
        }
    }

    @Test
    void fileThatFillsTheDiskIsStoppedEvenWhileItReportsCases() throws Exception {
        assumeTrue(Files.isDirectory(Path.of("/proc/self/fd")), "there is no /proc here");
        try (Job job = fake()) {
            job.write("script", "");
            Path noisy = job.write("noisy", "");
            FileResult result = job.run("a.test.js");
            assertThat(result.status()).isEqualTo(FileStatus.FAILED);
            assertThat(result.message()).isEqualTo("It was stopped since it printed more than 1024 MiB.");
            assertThat(result.cases()).isNotEmpty();
            Files.delete(noisy);
            nextFileStillRuns(job);
            assertThat(directory.resolve("logs/node-1.out")).isEmptyFile();
        }
    }

    @Test
    void endlessLineIsNotSwallowed() throws Exception {
        try (Job job = fake()) {
            job.write("script", "x".repeat(ControlMessage.MAX_LINE + 100_000));
            assertThat(job.run("a.test.js").message()).contains("a line of more than");
            nextFileStillRuns(job);
        }
    }

    @Test
    void exitThatWasAnnouncedIsNoCrashAndOneThatWasNotIs() throws Exception {
        try (Job job = fake()) {
            job.write("leave", "");
            job.write("script", "{\"exiting\":RUN,\"code\":5,\"message\":\"at line 3\"}\n");
            FileResult announced = job.run("a.test.js");
            assertThat(announced.status()).isEqualTo(FileStatus.FAILED);
            assertThat(announced.message()).contains("exit(5)").contains("at line 3");
            job.write("leave", "");
            job.write("script", "{\"case\":{\"id\":RUN,\"name\":\"n\",\"class\":\"c\",\"status\":\"passed\"}}\n");
            FileResult crashed = job.run("a.test.js");
            assertThat(crashed.status()).isEqualTo(FileStatus.CRASHED);
            assertThat(crashed.exitCode()).isEqualTo(5);
            assertThat(Job.told(crashed)).containsExactly("c | n | PASSED");
            nextFileStillRuns(job);
        }
    }

    @Test
    void failureWithoutAReasonAndPassedDespiteABadCaseAreFailures() throws Exception {
        try (Job job = fake()) {
            job.write("script", "{\"done\":RUN,\"status\":\"failed\"}\n");
            assertThat(job.run("a.test.js").message()).contains("without saying why");
            job.write(
                    "script",
                    "{\"case\":{\"id\":RUN,\"name\":\"\\ud800\",\"class\":\"c\",\"status\":\"failed\"}}\n"
                            + "{\"done\":RUN,\"status\":\"passed\"}\n");
            FileResult result = job.run("a.test.js");
            assertThat(result.status()).isEqualTo(FileStatus.FAILED);
            assertThat(Job.only(result).name()).isEqualTo("\ufffd");
        }
    }

    @Test
    void howManyCasesThereAreDecidesNothing() throws Exception {
        try (Job job = fake()) {
            String line = "{\"case\":{\"id\":RUN,\"name\":\"" + "n".repeat(1000)
                    + "\",\"class\":\"c\",\"status\":\"passed\"}}\n";
            job.write("script", line.repeat(20_000) + "{\"done\":RUN,\"status\":\"passed\"}\n");
            FileResult result = job.run("a.test.js");
            assertThat(result.status()).as(result.message()).isEqualTo(FileStatus.PASSED);
            assertThat(result.cases()).hasSizeBetween(5_000, 15_000);
            int more = 20_000 - (result.cases().size() - 1);
            assertThat(result.cases().get(result.cases().size() - 1).name())
                    .startsWith("(" + more + " further tests: passed;");

            String bad = "{\"case\":{\"id\":RUN,\"name\":\"bad\",\"class\":\"c\",\"status\":\"failed\"}}\n";
            job.write("script", line.repeat(20_000) + bad + "{\"done\":RUN,\"status\":\"failed\"}\n");
            FileResult failed = job.run("a.test.js");
            assertThat(failed.status()).isEqualTo(FileStatus.FAILED);
            assertThat(failed.cases()).anySatisfy(one -> assertThat(one.name()).isEqualTo("bad"));
            nextFileStillRuns(job);
        }
    }

    @Test
    void runnerThatDoesNotStartIsToldWithItsOutput() throws Exception {
        RunnerSettings dies = new RunnerSettings(
                null,
                Map.of("node", List.of("bash", "-c", "echo no such module >&2; exit 4")),
                null,
                null,
                null,
                null,
                null);
        try (Job job = new Job(directory, dies)) {
            job.write("a.test.js", "");
            assertThatThrownBy(() -> job.run("a.test.js"))
                    .isInstanceOfSatisfying(
                            RunnerException.class, e -> assertThat(e.output()).isEqualTo("no such module"))
                    .hasMessageContaining("exit code 4")
                    .hasMessageContaining("no such module");
        }
        RunnerSettings missing =
                new RunnerSettings(null, Map.of("node", List.of("no-such-node")), null, null, null, null, null);
        try (Job job = new Job(directory, missing)) {
            assertThatThrownBy(() -> job.run("a.test.js"))
                    .hasMessageContaining("no-such-node")
                    .hasMessageContaining("interpreters");
        }
    }

    @Test
    void strangersAreTurnedAway() throws Exception {
        BlockingQueue<ControlMessage> heard = new LinkedBlockingQueue<>();
        try (ControlServer server = new ControlServer()) {
            String token = server.expect((hello, connection) -> heard::add);
            for (String line : List.of(
                    "GET / HTTP/1.1",
                    "{\"ready\":true}",
                    "{\"hello\":\"guess\",\"role\":\"worker\",\"slot\":1,\"pid\":1}",
                    "x".repeat(10_000))) {
                try (Socket socket = said(server, line)) {
                    assertThat(end(socket)).isEqualTo(-1);
                }
            }
            assertThat(heard).isEmpty();
            String hello = "{\"hello\":\"" + token + "\",\"role\":\"worker\",\"slot\":1,\"pid\":1}";
            try (Socket socket = said(server, hello + "\n{\"ready\":true}")) {
                assertThat(heard.take()).isInstanceOf(ControlMessage.Ready.class);
                assertThat(socket.isConnected()).isTrue();
            }
            assertThat(heard.take()).isEqualTo(new ControlMessage.Closed(null));
            server.forget(token);
            try (Socket socket = said(server, hello)) {
                assertThat(end(socket)).isEqualTo(-1);
            }
        }
    }

    private static Socket said(ControlServer server, String line) throws IOException {
        Socket socket = new Socket(InetAddress.getLoopbackAddress(), server.port());
        socket.getOutputStream().write((line + "\n").getBytes(StandardCharsets.UTF_8));
        return socket;
    }

    /** What comes instead of an answer: -1, also for a reset. */
    private static int end(Socket socket) throws IOException {
        try {
            socket.setSoTimeout(60_000);
            InputStream in = socket.getInputStream();
            return in.read();
        } catch (java.net.SocketException e) {
            return -1;
        }
    }
}
