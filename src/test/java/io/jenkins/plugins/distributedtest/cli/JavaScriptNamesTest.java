package io.jenkins.plugins.distributedtest.cli;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** {@code compare} where tests have names of every kind: both sides have the same. */
@Timeout(180)
class JavaScriptNamesTest extends CompareFixture {
    private static final Path TOOLS = Path.of("src", "build", "javascript", "node_modules");

    private static final Map<String, String> SCRIPTS = Map.of(
            "jest", "jest",
            "vitest", "vitest run --globals",
            "mocha", "mocha t/*.js",
            "node", "node --test t/a.test.js",
            "playwright", "playwright test");

    /** Half a surrogate pair, what XML cannot hold, what an object has anyway, long ones. */
    private static final String NAMES = """
            ['half \\ud83d a pair', '\\udc00', 'a \\ud83d\\ude00 whole one', 'bell \\u0007 and \\u0000', '\\ufffe', 'two\\nlines', ' blanks ',
             '__proto__', 'constructor', 'a > b', '\\u001b[31mred\\u001b[0m', 'x'.repeat(5000), '\\u202eright to left', '<&"]]>']
            """;

    @ParameterizedTest
    @ValueSource(strings = {"jest", "vitest", "mocha", "node", "playwright"})
    void namesOfEveryKindAreEqual(String tool) throws Exception {
        assumeTrue(
                Files.isDirectory(TOOLS.resolve("vitest")), "npm ci --prefix src/build/javascript installs the tools");
        Files.createSymbolicLink(project.resolve("node_modules"), TOOLS.toAbsolutePath());
        write("package.json", "{\"scripts\": {\"test\": \"" + SCRIPTS.get(tool) + "\"}}");
        String framework = switch (tool) {
            case "node" -> "const { it, describe } = require('node:test');\n";
            case "playwright" -> "const { test: it } = require('@playwright/test'); const { describe } = it;\n";
            default -> "";
        };
        write("t/a.test.js", framework + "const names = " + NAMES + ";\n" + """
                for (const name of names) {
                  it(name, () => {});
                  describe(name, () => { it('in it', () => {}); });
                }
                it('fails', () => { throw new Error('half \\ud83d a pair'); });
                """);

        assertThat(compare("--slots", "1")).as(said::toString).isEqualTo(ExitCode.OK);
        isEqual(28, 1, 0);
    }
}
