package io.jenkins.plugins.distributedtest.cli;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.jenkins.plugins.distributedtest.testing.BuiltProgram;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The built program: a listener's process is killed while files come back. */
class CollectIT {
    private static final Duration LIMIT = Duration.ofSeconds(90);

    @TempDir
    Path directory;

    private final List<Process> background = new ArrayList<>();
    private Path project;
    private String broker = "";

    @BeforeEach
    void startBroker() throws IOException {
        project = Files.createDirectories(directory.resolve("project"));
        Files.createDirectories(project.resolve("t"));
        for (int i = 1; i <= 3; i++) {
            Files.writeString(
                    project.resolve("t/" + i + ".sh"),
                    "mkdir -p out; echo $0 > out/f" + i + "\nuntil [ -e " + directory.resolve("go")
                            + " -o $0 = t/1.sh ]; do" + " sleep 0.1; done\n");
        }
        Files.writeString(project.resolve("distributed-test.json"), """
                {"files": ["t/*.sh"], "runners": {"command": ["sh", "{file}"]}, "collect": ["out/*"],
                 "silence": "3s", "heartbeat": "1s"}
                """);
        Path uri = directory.resolve("uri");
        start(
                "broker",
                "broker",
                "--port",
                "0",
                "--data-dir",
                directory.resolve("b").toString(),
                "--uri-file",
                uri + "");
        await().atMost(LIMIT).until(() -> Files.exists(uri));
        broker = Files.readString(uri).strip();
    }

    @AfterEach
    void stopEverything() throws InterruptedException {
        for (int i = background.size() - 1; i >= 0; i--) {
            background.get(i).destroy();
            if (!background.get(i).waitFor(60, TimeUnit.SECONDS)) {
                background.get(i).destroyForcibly();
            }
        }
    }

    private Process start(String name, String... arguments) throws IOException {
        ProcessBuilder builder = new ProcessBuilder(BuiltProgram.command(List.of(arguments)))
                .redirectErrorStream(true)
                .redirectOutput(log(name).toFile())
                .directory(project.toFile());
        builder.environment().keySet().removeIf(n -> n.startsWith("DISTRIBUTED_TEST_"));
        if (!broker.isEmpty()) {
            builder.environment().put("DISTRIBUTED_TEST_BROKER", broker);
        }
        Process process = builder.start();
        background.add(process);
        return process;
    }

    private Path log(String name) {
        return directory.resolve(name + ".log");
    }

    private Process listener(String name) throws IOException {
        Process listener = start(
                name,
                "listen",
                "--slots",
                "1",
                "--work-dir",
                directory.resolve(name).toString());
        await().atMost(LIMIT).until(() -> Files.readString(log(name)).contains("connected: 1 slot"));
        return listener;
    }

    private List<String> collected() throws IOException {
        Path root = project.resolve(".distributed-test/collected");
        if (!Files.isDirectory(root)) {
            return List.of();
        }
        try (Stream<Path> all = Files.walk(root)) {
            return all.filter(path -> path.getFileName().toString().matches("f[123]"))
                    .map(path -> root.relativize(path).toString())
                    .toList();
        }
    }

    @Test
    void aListenerThatIsKilledTakesOnlyItsOwnFilesAndTheRunSaysSo() throws Exception {
        Process first = listener("first");
        Process run = start("run", "run", "--no-progress");
        // The first file's have come; the second one runs, and has not ended.
        await().atMost(LIMIT)
                .until(() -> collected().stream().anyMatch(path -> path.contains("attempts/t/1.sh/1/out/f1")));
        first.destroyForcibly();
        listener("second");
        Files.createFile(directory.resolve("go"));

        assertThat(run.waitFor(LIMIT.toSeconds(), TimeUnit.SECONDS))
                .as(Files.readString(log("run")))
                .isTrue();
        String said = Files.readString(log("run"));
        assertThat(run.exitValue()).as(said).isZero();
        assertThat(said).contains("PASSED", "Warning: not all files are there that tests have left on ");
        assertThat(collected())
                .anyMatch(path -> path.endsWith("attempts/t/1.sh/1/out/f1"))
                .anyMatch(path -> path.endsWith("end/out/f2"))
                .anyMatch(path -> path.endsWith("end/out/f3"))
                .noneMatch(path -> path.endsWith("end/out/f1"));
    }
}
