package io.jenkins.plugins.distributedtest.process;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class CommandsTest {
    private static final Duration LONG = Duration.ofSeconds(60);

    @TempDir
    Path directory;

    private static ProcessSpec bash(String script) {
        return ProcessSpec.of(List.of("bash", "-c", script));
    }

    @Test
    void outputsAreTakenTogetherAndApart() throws Exception {
        CommandResult result = Commands.run(bash("echo out; echo err >&2; exit 3"), LONG);
        assertThat(result.exitCode()).isEqualTo(3);
        assertThat(result.ok()).isFalse();
        assertThat(result.ending()).isEqualTo("exit code 3");
        assertThat(result.stdout()).isEqualTo("out\n");
        assertThat(result.output()).contains("out\n").contains("err\n");
    }

    /** Over 64 KB on both outputs fills both pipes: whoever reads one after the other waits for ever (W13). */
    @Test
    void w13MuchOutputOnBothSidesDoesNotBlock() throws Exception {
        CommandResult result = Commands.run(
                bash(
                        "head -c 3000000 /dev/zero | tr '\\0' e >&2; head -c 3000000 /dev/zero | tr '\\0' o; echo; echo end"),
                LONG);
        assertThat(result.ok()).isTrue();
        assertThat(result.stdout()).startsWith("ooo").endsWith("\nend\n").contains("bytes left out");
        assertThat(result.output()).startsWith("eee").hasSizeLessThan(300_000);
    }

    @Test
    void inputDirectoryAndEnvironmentArriveAsGiven() throws Exception {
        CommandResult result = Commands.run(
                bash("cat; pwd; echo $GIVEN; env | wc -l")
                        .cleanEnvironment()
                        .environment(Map.of("GIVEN", "a b;c", "PATH", System.getenv("PATH")))
                        .directory(directory)
                        .stdin("in\n".getBytes(StandardCharsets.UTF_8)),
                LONG);
        assertThat(result.output().lines())
                .startsWith("in", directory.toRealPath().toString(), "a b;c")
                .satisfies(lines ->
                        assertThat(Integer.parseInt(lines.get(3).strip())).isLessThan(8));
        assertThat(Commands.run(bash("cat"), LONG).output()).isEmpty();
    }

    @Test
    void commandThatDoesNotReadItsInputIsNoError() throws Exception {
        assertThat(Commands.run(bash("exit 0").stdin(new byte[1 << 20]), LONG).ok())
                .isTrue();
    }

    @Test
    void outputCanGoToAFile() throws Exception {
        Path file = Files.writeString(directory.resolve("log"), "before\n");
        Commands.run(bash("echo out; echo err >&2").outputFile(file), LONG);
        assertThat(file).hasContent("before\nout\nerr");
    }

    @Test
    void signalIsNamed() throws Exception {
        CommandResult result = Commands.run(bash("kill -TERM $$"), LONG);
        assertThat(result.signal()).isEqualTo("TERM");
        assertThat(result.ending()).isEqualTo("killed by signal TERM");
    }

    @Test
    void timeoutKillsTheTreeWithThoseWhoLeftIt() throws Exception {
        String marker = UUID.randomUUID().toString();
        CommandResult result = Commands.run(
                bash("echo begun; (setsid bash -c '(sleep 600 &) ; sleep 600' &) ; sleep 600")
                        .marker(marker),
                Duration.ofSeconds(2));
        assertThat(result.timedOut()).isTrue();
        assertThat(result.ok()).isFalse();
        assertThat(result.output()).contains("begun");
        assertThat(ProcessTree.anyMarked(marker)).isFalse();
    }

    @Test
    void treeThatGoesOnForkingIsKilled() throws Exception {
        String marker = UUID.randomUUID().toString();
        // Bounded in number, so that a kill that fails does no harm.
        Process process = bash("for i in $(seq 300); do (setsid sleep 30 &) ; sleep 0.01; done")
                .marker(marker)
                .outputFile(directory.resolve("log"))
                .start();
        await().atMost(LONG).until(() -> ProcessTree.anyMarked(marker));
        ProcessTree.kill(process, marker);
        assertThat(ProcessTree.anyMarked(marker)).isFalse();
        assertThat(process.waitFor(10, TimeUnit.SECONDS)).isTrue();
    }

    @Test
    void processLeftInTheBackgroundDoesNotHoldUpTheEnd() throws Exception {
        String marker = UUID.randomUUID().toString();
        try {
            CommandResult result = Commands.run(bash("sleep 600 & echo done").marker(marker), Duration.ofSeconds(60));
            assertThat(result.ok()).isTrue();
            assertThat(result.output()).isEqualTo("done\n");
            assertThat(ProcessTree.anyMarked(marker)).isTrue();
        } finally {
            ProcessTree.killMarked(marker);
        }
        assertThat(ProcessTree.anyMarked(marker)).isFalse();
    }

    @Test
    void interruptKillsTheTree() throws Exception {
        String marker = UUID.randomUUID().toString();
        CompletableFuture<Throwable> thrown = new CompletableFuture<>();
        Thread thread = new Thread(
                () -> {
                    try {
                        Commands.run(bash("sleep 600").marker(marker), LONG);
                        thrown.complete(null);
                    } catch (IOException | InterruptedException e) {
                        thrown.complete(e);
                    }
                },
                "runs-a-command");
        thread.start();
        await().atMost(LONG).until(() -> ProcessTree.anyMarked(marker));
        thread.interrupt();
        assertThat(thrown.get()).isInstanceOf(InterruptedException.class);
        assertThat(ProcessTree.anyMarked(marker)).isFalse();
    }

    @Test
    void programThatIsMissingIsNamedWithoutItsArguments() {
        assertThatThrownBy(() -> Commands.run(ProcessSpec.of(List.of("no-such-program", "secret")), LONG))
                .isInstanceOf(IOException.class)
                .hasMessageContaining("no-such-program")
                .hasMessageNotContaining("secret");
        assertThatThrownBy(() -> Commands.run(bash("true").directory(directory.resolve("gone")), LONG))
                .hasMessageContaining("no such directory");
        assertThatThrownBy(() -> ProcessSpec.of(List.of())).isInstanceOf(IllegalArgumentException.class);
        assertThatThrownBy(() -> ProcessSpec.of(List.of("a", "b\0c"))).isInstanceOf(IllegalArgumentException.class);
    }
}
