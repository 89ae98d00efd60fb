package io.jenkins.plugins.distributedtest.cli;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.io.File;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/**
 * Reporters of the project by which its own command fails: they are not called here, and each run says so, also where its files
 * are configured and no tool is asked for them.
 */
@Timeout(180)
class OwnReportersTest extends CompareFixture {
    private static final Path TOOLS = Path.of("src", "build", "javascript", "node_modules");

    /** A reporter of each tool, with which a run ends with exit code 1. */
    private void project(String tool) throws IOException {
        assumeTrue(
                Files.isDirectory(TOOLS.resolve("vitest")), "npm ci --prefix src/build/javascript installs the tools");
        Files.createSymbolicLink(project.resolve("node_modules"), TOOLS.toAbsolutePath());
        String end = "process.on('exit', () => { process.exitCode = 1; });";
        switch (tool) {
            case "jest" -> {
                write("package.json", """
                        {"scripts": {"test": "jest"}, "jest": {"reporters": ["default", "<rootDir>/own.cjs"]}}""");
                write("own.cjs", "module.exports = class { getLastError() { return new Error('never well'); } };");
                write("t/a.test.js", "test('one', () => {});");
            }
            case "vitest" -> {
                write("package.json", "{\"type\": \"module\", \"scripts\": {\"test\": \"vitest run\"}}");
                write("vitest.config.js", "export default { test: { reporters: ['default', './own.js'] } };");
                write("own.js", "export default class { onInit() { " + end + " } }");
                write("t/a.test.js", "import { test } from 'vitest'; test('one', () => {});");
            }
            case "mocha" -> {
                write("package.json", "{\"scripts\": {\"test\": \"mocha --reporter ./own.js t/*.js\"}}");
                write(
                        "own.js",
                        "module.exports = class { constructor(r) { r.once('end', () => { r.failures = 1; }); } };");
                write("t/a.test.js", "it('one', () => {});");
            }
            case "playwright" -> {
                write("package.json", "{\"scripts\": {\"test\": \"playwright test\"}}");
                write("playwright.config.js", "module.exports = { testDir: 't', reporter: './own.js' };");
                write("own.js", "module.exports = class { onEnd() { return { status: 'failed' }; } };");
                write("t/a.test.js", "require('@playwright/test').test('one', () => {});");
            }
            default -> {
                write("package.json", "{\"scripts\": {\"test\": \"node --test --test-reporter ./own.mjs t\"}}");
                write(
                        "own.mjs",
                        "export default async function* (events) { for await (const each of events); " + end + " }");
                write("t/a.test.js", "require('node:test')('one', () => {});");
            }
        }
    }

    private int ownCommand(String tool) throws Exception {
        String program = tool.equals("node")
                ? "node --test --test-reporter ./own.mjs t/a.test.js"
                : "PATH=node_modules/.bin:$PATH; "
                        + Files.readString(project.resolve("package.json"))
                                .replaceAll("(?s).*\"test\": \"([^\"]*)\".*", "$1");
        Process process = new ProcessBuilder("sh", "-c", program)
                .directory(project.toFile())
                .redirectErrorStream(true)
                .redirectOutput(new File("/dev/null"))
                .start();
        return process.waitFor();
    }

    @ParameterizedTest
    @CsvSource({"jest, own.cjs", "vitest, ./own.js", "mocha, ./own.js", "playwright, ./own.js", "node, ./own.mjs"})
    void theRunSaysThatNobodyAsksThem(String tool, String reporter) throws Exception {
        project(tool);
        assertThat(ownCommand(tool)).isNotZero();

        List<String> run = List.of("run", "-C", project.toString(), "--local", "1");
        assertThat(execute(run.toArray(String[]::new))).as(said::toString).isEqualTo(ExitCode.OK);
        assertThat(said.toString()).containsIgnoringCase("not judged: what").contains(reporter);

        List<String> configured = new ArrayList<>(run);
        configured.addAll(List.of("--files", "t/*.test.js"));
        assertThat(execute(configured.toArray(String[]::new)))
                .as(said::toString)
                .isEqualTo(ExitCode.OK);
        assertThat(said.toString())
                .containsIgnoringCase("not judged: what")
                .contains(reporter, "own command may fail by it")
                .doesNotContain("coverage");
    }
}
