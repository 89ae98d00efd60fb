package io.jenkins.plugins.distributedtest.cli;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import io.jenkins.plugins.distributedtest.runner.Runners;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** Suites of JavaScript's tools without any test: the verdict is that of the project's own test script. */
class JavaScriptWithoutTestsTest extends CompareFixture {
    private static final Path TOOLS = Path.of("src", "build", "javascript", "node_modules");

    /** Test scripts, and a file each. */
    enum Kind {
        JEST("jest", "", "", false),
        JEST_TOLD("jest --passWithNoTests", "", "", true),
        JEST_SET("jest", "jest.config.json", "{\"passWithNoTests\": true}", true),
        JEST_FILE("jest --passWithNoTests", "a.test.js", "", false),
        JEST_FILTERED("jest -t none", "a.test.js", "test('a', () => {});", true),
        VITEST("vitest run", "", "", false),
        VITEST_TOLD("vitest run --passWithNoTests", "", "", true),
        VITEST_SET("vitest", "vitest.config.mjs", "export default { test: { passWithNoTests: true } };", true),
        VITEST_FILE("vitest run --passWithNoTests", "a.test.js", "", true),
        VITEST_FILE_PLAIN("vitest run", "a.test.js", "", false),
        MOCHA("mocha", "", "", false),
        MOCHA_FILE("mocha", "test/a.js", "", true),
        MOCHA_FAIL_ZERO("mocha --fail-zero", "test/a.js", "", false),
        MOCHA_FILTERED("mocha -g none", "test/a.js", "it('a', () => {});", true),
        AVA("ava", "", "", false),
        NODE("node --test", "", "", true),
        NODE_FILE("node --test", "test/a.js", "", true),
        PLAYWRIGHT("playwright test", "", "", false),
        PLAYWRIGHT_TOLD("playwright test --pass-with-no-tests", "", "", true),
        PLAYWRIGHT_FILE("playwright test --pass-with-no-tests", "a.spec.js", "", true),
        PLAYWRIGHT_FILE_PLAIN("playwright test", "a.spec.js", "", false);

        final String script;
        final String file;
        final String text;
        final boolean passes;

        Kind(String script, String file, String text, boolean passes) {
            this.script = script;
            this.file = file;
            this.text = text;
            this.passes = passes;
        }
    }

    @BeforeEach
    void bringTools() throws Exception {
        boolean here = Runners.available().contains("node") && Files.isDirectory(TOOLS.resolve("vitest"));
        assumeTrue(here, "npm ci --prefix src/build/javascript installs the tools");
        Files.createSymbolicLink(project.resolve("node_modules"), TOOLS.toAbsolutePath());
    }

    private void write(Kind kind) throws Exception {
        write("package.json", "{\"scripts\": {\"test\": \"" + kind.script + "\"}, \"private\": true}");
        if (!kind.file.isEmpty()) {
            write(kind.file, kind.text);
        }
    }

    private int own(Kind kind) throws Exception {
        String path = TOOLS.resolve(".bin").toAbsolutePath() + ":" + System.getenv("PATH");
        ProcessBuilder builder = new ProcessBuilder("sh", "-c", kind.script)
                .directory(project.toFile())
                .redirectErrorStream(true)
                .redirectOutput(ProcessBuilder.Redirect.DISCARD);
        builder.environment().put("CI", "true");
        builder.environment().put("PATH", path);
        return builder.start().waitFor();
    }

    private int ours(String... more) {
        List<String> all = new ArrayList<>(List.of("run", "-C", project.toString(), "--local", "1"));
        all.addAll(List.of(more));
        return execute(all.toArray(String[]::new));
    }

    @ParameterizedTest
    @EnumSource
    void theVerdictIsThatOfTheTestScript(Kind kind) throws Exception {
        write(kind);
        assertThat(own(kind) == 0).isEqualTo(kind.passes);
        assertThat(ours() == ExitCode.OK).as(said::toString).isEqualTo(kind.passes);
    }

    @Test
    void whatIsConfiguredHereGoesFirst() throws Exception {
        write(Kind.MOCHA_FILE);
        assertThat(ours("--set", "fail_if_no_tests=true")).as(said::toString).isEqualTo(ExitCode.FAILURES);
        assertThat(said.toString()).contains("FAILED (no tests)");

        Files.delete(project.resolve(Kind.MOCHA_FILE.file));
        write(Kind.JEST_TOLD);
        assertThat(ours("--set", "fail_if_no_tests=true")).as(said::toString).isEqualTo(ExitCode.ERROR);
        assertThat(ours()).isEqualTo(ExitCode.OK);
        assertThat(said.toString()).contains("jest finds no tests in", "and passes so", "Nothing to run");
    }
}
