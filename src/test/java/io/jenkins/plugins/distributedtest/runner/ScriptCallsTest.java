package io.jenkins.plugins.distributedtest.runner;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import com.fasterxml.jackson.databind.JsonNode;
import io.jenkins.plugins.distributedtest.files.Json;
import io.jenkins.plugins.distributedtest.suite.RunnerSettings;
import io.jenkins.plugins.distributedtest.suite.SuiteException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** What test scripts call, compared with what happens when {@code npm test} is called on the same tree. */
class ScriptCallsTest {
    /** Stands for a tool: it writes down with what it was called, and where. */
    private static final String TOLD = """
            #!/usr/bin/env node
            const { appendFileSync } = require('fs');
            const { basename, relative } = require('path');
            const { MODE = '', RAN, ROOT } = process.env;
            const line = [basename(process.argv[1]), MODE, relative(ROOT, process.cwd()), ...process.execArgv, ...process.argv.slice(2)];
            appendFileSync(RAN, line.join('|') + '\\n');
            """;

    @TempDir
    Path directory;

    private Path project;

    @BeforeEach
    void writeTree() throws Exception {
        project = Files.createDirectories(directory.toRealPath().resolve("project"));
        Files.createDirectories(project.resolve("node_modules/.bin"));
        Files.createDirectories(project.resolve("sub"));
        for (String tool : List.of("jest", "mocha")) {
            Path program = Files.writeString(project.resolve("node_modules/.bin/" + tool), TOLD);
            assertThat(program.toFile().setExecutable(true)).isTrue();
        }
    }

    private void scripts(String test, String... others) throws Exception {
        Map<String, String> scripts = new LinkedHashMap<>();
        scripts.put("test", test);
        for (int i = 0; i < others.length; i += 2) {
            scripts.put(others[i], others[i + 1]);
        }
        Files.writeString(
                project.resolve("package.json"),
                Json.PLAIN.writeValueAsString(Map.of("scripts", scripts, "devDependencies", Map.of("jest", "*"))));
    }

    private ScriptCalls read(String tool) throws Exception {
        JsonNode json = Json.PLAIN.readTree(project.resolve("package.json").toFile());
        return ScriptCalls.of(project, json.path("scripts"), "test", tool);
    }

    private List<String> ours() throws Exception {
        List<String> ours = new ArrayList<>();
        for (String tool : List.of("jest", "mocha")) {
            ScriptCalls read = read(tool);
            for (ToolCall each : read.calls()) {
                List<String> line = new ArrayList<>();
                line.add(tool);
                line.add(each.environment().getOrDefault("MODE", ""));
                line.add(read.isElsewhere() ? "sub" : "");
                line.addAll(each.nodeOptions());
                line.addAll(each.arguments());
                ours.add(String.join("|", line));
            }
        }
        return ours;
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "jest",
                "jest --coverage > out.log 2>&1",
                "jest a 2>/dev/null | cat",
                "jest > out.log && mocha",
                "MODE=x jest 'a b' \"c d\" e\\\\ f",
                "export MODE=x && jest",
                "export MODE='x y'; npm run unit",
                "(jest a)",
                "(cd sub && jest)",
                "(cd sub && true); jest",
                "{ jest; }",
                "if [ -d sub ]; then jest a; fi",
                "! jest || true",
                "time jest",
                "npm run -s unit",
                "npm --silent run unit -- --ci src",
                "npm run unit -- -t 'a b' && mocha",
                "npm run unit src --silent",
                "MODE=y npm run unit",
                "env MODE=y jest a",
                "timeout 60 jest --ci",
                "nice -n 1 jest a",
                "node --no-warnings node_modules/.bin/jest a",
                "node --no-warnings ./node_modules/.bin/jest a",
                "node_modules/.bin/jest a $(echo b)",
                "npm run both",
                "sh -c 'jest a'",
                "npm run with-hooks",
            })
    void callsAreThoseOfNpmTest(String script) throws Exception {
        assumeTrue(Runners.available().contains("node"), "Node is not installed on this host");
        String[] others = {
            "unit", "jest -i", "both", "jest one; mocha two", "prewith-hooks", "mocha before", "with-hooks", "jest"
        };
        scripts(script, others);
        Path ran = directory.resolve("ran");
        Files.writeString(ran, "");
        OwnProcess own = OwnProcess.run(
                project, Map.of("RAN", ran.toString(), "ROOT", project.toString()), List.of("npm", "test"));
        List<String> called = Files.readAllLines(ran);
        List<String> ours = ours().stream()
                .map(each -> each.replace("$(echo b)", "b")) // which only a shell can tell, and is said
                .toList();
        assertThat(ours).as(own.said()).isNotEmpty().containsExactlyInAnyOrderElementsOf(called);
    }

    /** Programs that are not at hand, by what their manuals say. */
    @Test
    void scriptsAreFollowedThroughPrograms() throws Exception {
        for (String script : List.of(
                "run-s unit:*",
                "npm-run-all unit:a --parallel unit:b",
                "concurrently \"npm:unit:a\" 'npm run unit:b'",
                "yarn unit:a && pnpm run unit:b",
                "node --run unit:a; bun run unit:b",
                "pnpm run \"/^unit:[ab]$/\"",
                "cross-env MODE= npm run unit:a && cross-env-shell \"jest b\"")) {
            scripts(script, "unit:a", "jest a", "unit:b", "jest b", "unit:b:c", "jest c");
            assertThat(ours()).as(script).containsExactly("jest|||a", "jest|||b");
            assertThat(read("jest").others()).as(script).isEmpty();
        }
        scripts("cross-env MODE=x dotenv -e .env -- node $(npm bin)/jest a && node $(yarn bin jest) b");
        assertThat(ours()).containsExactly("jest|x||a", "jest|||b");
        assertThat(read("jest").others()).containsExactly("dotenv -e .env -- node (its variables)");
    }

    private JavaScriptSuite suite() {
        return JavaScriptSuite.in(project).orElseThrow();
    }

    /** A plain jest would run what the packages' own tests are not, or not as they run them. */
    @Test
    void scriptsOfOtherPackagesAreRefused() throws Exception {
        for (String script : List.of(
                "npm test --workspaces",
                "npm run test --workspaces --if-present",
                "npm --prefix sub test",
                "yarn workspace sub test",
                "pnpm -r test",
                "lerna run test",
                "npx turbo run test")) {
            scripts(script);
            assertThatThrownBy(() -> suite().find(RunnerSettings.DEFAULT, Map.of()))
                    .as(script)
                    .isInstanceOf(SuiteException.class)
                    .hasMessageContainingAll("hands over to other packages", script.replace("npx ", ""), "\"files\"");
        }
    }

    /** All that could have made {@code npm test} fail is told, or refused. */
    @Test
    void nothingOfATestScriptIsPassedOverInSilence() throws Exception {
        scripts("npm run build && jest && sh own.sh; echo done", "pretest", "eslint .", "build", "tsc -p .");
        assertThat(read("jest").others()).containsExactly("eslint .", "tsc -p .", "sh own.sh");
        scripts("exit 3; jest; exit 0");
        assertThat(read("jest").others()).containsExactly("exit 3");
        scripts("jest && (cd sub && node --test)");
        assertThatThrownBy(() -> suite().find(RunnerSettings.DEFAULT, Map.of()))
                .isInstanceOf(SuiteException.class)
                .hasMessageContaining("calls jest and node --test");
        scripts("(cd sub && node --test)");
        assertThatThrownBy(() -> suite().find(RunnerSettings.DEFAULT, Map.of()))
                .isInstanceOf(SuiteException.class)
                .hasMessageContainingAll("in another directory", "\"projects\"");
    }
}
