package io.jenkins.plugins.distributedtest.cli;

import static org.assertj.core.api.Assertions.assertThat;

import io.jenkins.plugins.distributedtest.runner.Runners;
import java.io.IOException;
import java.io.StringWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import javax.tools.JavaCompiler;
import javax.tools.StandardJavaFileManager;
import javax.tools.ToolProvider;
import org.junit.jupiter.api.Assumptions;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** {@code bin/bench}: compiles its sources, which belong to no artifact, and measures tiny suites. */
@Timeout(600)
class BenchTest {
    @TempDir
    static Path classes;

    @TempDir
    Path directory;

    @BeforeAll
    static void compile() throws IOException {
        JavaCompiler compiler = ToolProvider.getSystemJavaCompiler();
        StringWriter said = new StringWriter();
        try (StandardJavaFileManager files = compiler.getStandardFileManager(null, null, null);
                Stream<Path> sources = Files.list(Path.of("src", "bench", "java", "bench"))) {
            boolean compiled = compiler.getTask(
                            said,
                            files,
                            null,
                            List.of("-Xlint:all", "-Werror", "-proc:none", "-d", classes.toString()),
                            null,
                            files.getJavaFileObjectsFromPaths(sources.toList()))
                    .call();
            assertThat(compiled).as(said.toString()).isTrue();
        }
    }

    private record Measured(int exitCode, String output) {
        /** The row of a suite and a peer. */
        String row(String peer) {
            return output.lines()
                    .filter(line -> line.startsWith("| ") && line.contains("| " + peer + " |"))
                    .findFirst()
                    .orElse("no row of " + peer + " in " + output);
        }
    }

    /** A program as it is built: a command that calls ours. */
    private Path program(String run) throws IOException {
        String java = Path.of(System.getProperty("java.home"), "bin", "java").toString();
        Path script = Files.writeString(
                directory.resolve("program"),
                "#!/bin/sh\n[ \"$1\" != run ] || " + run + "\nexec '" + java + "' -cp '"
                        + System.getProperty("java.class.path") + "' " + Main.class.getName() + " \"$@\"\n");
        return Files.setPosixFilePermissions(script, PosixFilePermissions.fromString("rwx------"));
    }

    private Measured bench(String... arguments) throws Exception {
        List<String> command = new ArrayList<>(List.of(
                Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                "-cp",
                classes.toString(),
                "bench.Bench"));
        command.addAll(List.of(arguments));
        Path log = directory.resolve("log");
        Process process = new ProcessBuilder(command)
                .redirectErrorStream(true)
                .redirectOutput(log.toFile())
                .start();
        try {
            process.getOutputStream().close();
            assertThat(process.waitFor(500, TimeUnit.SECONDS))
                    .as(Files.readString(log))
                    .isTrue();
            return new Measured(process.exitValue(), Files.readString(log));
        } finally {
            process.destroyForcibly();
        }
    }

    private Measured tiny(String framework, String run) throws Exception {
        return bench(
                "--program",
                program(run).toString(),
                "--quick",
                "--anyway",
                "--rounds",
                "1",
                "--files",
                "3",
                "--only",
                framework);
    }

    @Test
    void measuresBothSidesAndGivesAVerdict() throws Exception {
        Map<String, String> peers = new LinkedHashMap<>(Map.of(
                "rspec",
                "rspec",
                "minitest",
                "minitest",
                "pytest",
                "pytest",
                "node",
                "node --test --test-concurrency=2"));
        peers.keySet().retainAll(Runners.available());
        Assumptions.assumeFalse(peers.isEmpty(), "no framework of the generator is installed on this host");

        Measured measured = tiny(String.join(",", peers.keySet()), "true");

        assertThat(measured.exitCode()).as(measured.output()).isZero();
        assertThat(measured.output()).contains("2 slots, 1 rounds in turns", "| suite | peer |");
        peers.forEach((framework, peer) -> assertThat(measured.row(peer))
                .contains(framework + ": 3 trivial files")
                .containsPattern("\\| \\d+\\.\\d\\d s \\(\\d+\\.\\d\\d–\\d+\\.\\d\\d\\) \\| \\d")
                .containsPattern("holds|does not hold|no goal"));
    }

    @Test
    void measuresWhatARunTakesBesidesItsTests() throws Exception {
        Assumptions.assumeTrue(
                Runners.available().containsAll(List.of("rspec", "minitest")), "RSpec and minitest are not installed");

        Measured measured = tiny("bound,start,tree,scale", "true");

        assertThat(measured.exitCode()).as(measured.output()).isZero();
        String figure = "\\d+\\.\\d\\d (s|ms|MiB) \\(\\d+\\.\\d\\d–\\d+\\.\\d\\d\\)";
        assertThat(measured.output())
                .contains("rspec: 3 files of 0.25 s | the bound of 2 slots | ", "one of 0.2 s, recorded | ")
                .containsPattern(
                        "\\| --version \\| – \\| " + figure + " \\| – \\| – \\| ≤ 0.20 s \\| (holds|does not hold)")
                .contains("| run: from the command to publishing | ", "| run: from the last result to the end | ")
                .containsPattern(
                        "\\| tree of 150 files: again \\| rsync -a \\| " + figure + " \\| " + figure + " \\| \\d")
                .contains("| originator: processor time per file, 150 files | the same, 15 files | ")
                .containsPattern("most memory, 150 files \\| – \\| [1-9]\\d+\\.\\d\\d MiB");
    }

    /** A run that lacks cases, or has others than the peer, is no measurement, however fast it was. */
    @Test
    void aRowIsVoidUnlessBothSidesHaveAllCasesWithTheirOutcomes() throws Exception {
        Assumptions.assumeTrue(Runners.available().contains("pytest"), "pytest is not installed on this host");

        Measured nothing = tiny("pytest", "exit 0");
        assertThat(nothing.exitCode()).as(nothing.output()).isEqualTo(1);
        assertThat(nothing.row("pytest")).contains("void: distributed-test");

        String green = "{ printf '<testsuite>' > ours.xml; for f in 0 1 2; do for n in 1 2; do"
                + " printf '<testcase name=\"case_0000%s_%s\"/>' $f $n >> ours.xml; done; done;"
                + " printf '</testsuite>' >> ours.xml; exit 0; }";
        Measured wrong = tiny("pytest", green);
        assertThat(wrong.exitCode()).as(wrong.output()).isEqualTo(1);
        assertThat(wrong.row("pytest")).contains("void: distributed-test", "case_00001_2 is passed, not failed");
    }

    @Test
    void refusesWhatItDoesNotKnow() throws Exception {
        assertThat(bench("--quick")).satisfies(said -> {
            assertThat(said.exitCode()).isEqualTo(3);
            assertThat(said.output()).contains("--program is missing", "Usage: bin/bench");
        });
        assertThat(bench("--program", "x", "--only", "start,cobol").output()).contains("--only knows no cobol");
        assertThat(bench("--program", "x", "--rounds", "2").output()).contains("Fewer than 7 rounds");
        assertThat(bench("--program", "x", "--slots", "none").output()).contains("--slots", "none");
        assertThat(bench("--program", "x", "--slots").exitCode()).isEqualTo(3);
    }
}
