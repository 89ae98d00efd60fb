package io.jenkins.plugins.distributedtest;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import org.junit.jupiter.api.Assumptions;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What is not Java is checked by linters too. bin/test installs them. */
class LintTest {
    private static final Path ESLINT = Path.of("src", "build", "eslint");
    private static final Path NODE_MODULES = ESLINT.resolve("node_modules");

    @TempDir
    Path directory;

    @Test
    void eslintAcceptsTheScriptsOfPagesAndOfTheNodeRunner() throws Exception {
        required(
                Files.isDirectory(NODE_MODULES) && onPath("node"),
                "ESLint is not installed (npm ci --prefix " + ESLINT + ")");
        List<String> command = new ArrayList<>(List.of(
                "node",
                NODE_MODULES.resolve("eslint/bin/eslint.js").toString(),
                "--config",
                ESLINT.resolve("eslint.config.mjs").toString(),
                "--max-warnings=0",
                ESLINT.resolve("eslint.config.mjs").toString(),
                "src/main/resources"));
        assertAccepts(command);
    }

    @Test
    void shellCheckAcceptsTheShellScripts() throws Exception {
        required(onPath("shellcheck"), "ShellCheck is not installed (Debian package shellcheck)");
        List<String> command = new ArrayList<>(List.of("shellcheck"));
        for (String each :
                List.of("bin", ".ci", "src/build", "src/main/resources/io/jenkins/plugins/distributedtest/runner/go")) {
            try (Stream<Path> files = Files.list(Path.of(each))) {
                files.filter(LintTest::isShell).sorted().map(Path::toString).forEach(command::add);
            }
        }
        assertThat(command).contains("bin/test", "bin/demo", "bin/distributed-test", ".ci/run");
        assertAccepts(command);
    }

    private static boolean isShell(Path file) {
        try (Stream<String> lines =
                Files.isRegularFile(file) ? Files.lines(file, StandardCharsets.ISO_8859_1) : Stream.<String>empty()) {
            return lines.findFirst().orElse("").matches("#!.*\\b(ba|da)?sh");
        } catch (IOException e) {
            throw new AssertionError(file + " cannot be read", e);
        }
    }

    private static boolean onPath(String program) {
        return Stream.of(System.getenv("PATH").split(":")).anyMatch(each -> Files.isExecutable(Path.of(each, program)));
    }

    /** Continuous integration has all linters, or it would let pass what they refuse. */
    private static void required(boolean there, String otherwise) {
        assertThat(there || System.getenv("CI") == null).as(otherwise).isTrue();
        Assumptions.assumeTrue(there, otherwise);
    }

    private void assertAccepts(List<String> command) throws Exception {
        Path output = directory.resolve("output");
        Process linter = new ProcessBuilder(command)
                .redirectErrorStream(true)
                .redirectOutput(output.toFile())
                .start();
        assertThat(linter.waitFor(2, TimeUnit.MINUTES)).isTrue();
        assertThat(linter.exitValue()).as(Files.readString(output)).isZero();
    }
}
