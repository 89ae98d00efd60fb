package io.jenkins.plugins.distributedtest.cli;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import com.fasterxml.jackson.databind.JsonNode;
import io.jenkins.plugins.distributedtest.files.Json;
import java.io.File;
import java.io.IOException;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.io.TempDir;

/** A project that {@code compare} looks at, and what it says of it. */
abstract class CompareFixture {
    @TempDir
    Path directory;

    final StringWriter said = new StringWriter();
    Path project;

    /** What was written by {@code --json}; null if nothing was. */
    JsonNode json;

    @BeforeEach
    void makeDirectory() throws IOException {
        project = Files.createDirectory(directory.resolve("project"));
    }

    /** Skips the test where a command is missing or fails. */
    static void needs(String... command) throws Exception {
        try {
            Process process = new ProcessBuilder(command)
                    .redirectErrorStream(true)
                    .redirectOutput(new File("/dev/null"))
                    .start();
            assumeTrue(
                    process.waitFor(60, TimeUnit.SECONDS) && process.exitValue() == 0,
                    () -> String.join(" ", command) + " fails here");
        } catch (IOException e) {
            assumeTrue(false, command[0] + " is missing");
        }
    }

    final void write(String name, String text) throws IOException {
        Path file = project.resolve(name);
        Files.createDirectories(file.getParent());
        Files.writeString(file, text);
    }

    /** Compares, with these arguments besides those of the project. */
    final int compare(String... arguments) throws IOException {
        Path file = directory.resolve("comparison.json");
        List<String> all = new ArrayList<>(List.of("compare", "-C", project.toString(), "--json", file.toString()));
        all.addAll(List.of("--set", "work_directory=" + directory.resolve("work")));
        all.addAll(List.of(arguments));
        Files.deleteIfExists(file);
        int exitCode = execute(all.toArray(String[]::new));
        json = Files.exists(file) ? Json.PLAIN.readTree(file.toFile()) : null;
        return exitCode;
    }

    /** Calls the program with these arguments alone, and keeps what this call says. */
    final int execute(String... arguments) {
        said.getBuffer().setLength(0);
        return Main.commandLine()
                .setOut(new PrintWriter(said, true))
                .setErr(new PrintWriter(said, true))
                .execute(arguments);
    }

    /** Both sides have these cases, all the same. */
    final void isEqual(int passed, int failed, int skipped) {
        assertThat(json.path("equal").asBoolean()).as(said::toString).isTrue();
        int all = passed + failed + skipped;
        assertThat(said.toString()).containsPattern("EQUAL: " + all + (all == 1 ? " case\\b" : " cases\\b"));
        for (String side : List.of("own", "ours")) {
            JsonNode counts = json.path("runners").path(0).path(side);
            assertThat(List.of(
                            counts.path("passed").asInt(),
                            counts.path("failed").asInt(),
                            counts.path("skipped").asInt()))
                    .as(side)
                    .containsExactly(passed, failed, skipped);
        }
    }
}
