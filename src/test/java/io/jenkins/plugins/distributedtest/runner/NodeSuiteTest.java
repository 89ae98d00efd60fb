package io.jenkins.plugins.distributedtest.runner;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import io.jenkins.plugins.distributedtest.suite.RunnerSettings;
import io.jenkins.plugins.distributedtest.suite.SuiteException;
import io.jenkins.plugins.distributedtest.suite.TestFile;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.TreeSet;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Which files {@code node --test} finds, compared with those that ran when {@code npm test} was called on the same tree. */
class NodeSuiteTest {
    /** Each tells when it runs that it does; some are no test by their names, some by their places. */
    private static final List<String> FILES = List.of(
            "a.js",
            "test.js",
            "test.txt",
            "test/a.js",
            "test/helper.mjs",
            "test/deep/b.cjs",
            "test/typed.ts",
            "test/node_modules/m.js",
            "src/a.test.js",
            "src/b-test.mjs",
            "src/c_test.cjs",
            "src/test-d.js",
            "src/test.cjs",
            "src/latest.js",
            "src/e.test.ts",
            "src/e.test.mts",
            "src/f.spec.js",
            "src/.g.test.js",
            "src/(x) [y] é.test.js",
            "src/in/h.test.js",
            "node_modules/x/i.test.js",
            "src/node_modules/y/j.test.js",
            ".dot/k.test.js",
            ".dot/test/l.js",
            "lib/tests/m.js",
            "packages/p/test/n.js");

    @TempDir
    Path directory;

    private Path project;

    @BeforeEach
    void writeTree() throws Exception {
        assumeTrue(Runners.available().contains("node"), "Node is not installed on this host");
        project = directory.toRealPath().resolve("project");
        for (String each : FILES) {
            boolean module = each.endsWith("mjs") || each.endsWith("mts");
            write(
                    each,
                    (module ? "import { appendFileSync } from 'fs';" : "const { appendFileSync } = require('fs');")
                            + " appendFileSync(process.env.RAN, '" + each + "\\n');\n");
        }
        write("setup.mjs", "if (process.env.RAN === undefined) throw new Error('of the project');\n");
        write("packages/p/package.json", "{\"scripts\": {\"test\": \"mocha\"}}");
    }

    private void write(String path, String text) throws Exception {
        Path file = project.resolve(path);
        Files.createDirectories(file.getParent());
        Files.writeString(file, text);
    }

    private void script(String test) throws Exception {
        write(
                "package.json",
                "{\"scripts\": {\"unit\": \"FORCE_COLOR=0 node --test\", \"test\": \"" + test.replace("\"", "\\\"")
                        + "\"}}");
    }

    private List<String> find() throws Exception {
        return JavaScriptSuite.in(project).orElseThrow().find(RunnerSettings.DEFAULT, Map.of()).stream()
                .map(TestFile::path)
                .toList();
    }

    /** What Node of this version does not know fails both. */
    @ParameterizedTest
    @ValueSource(
            strings = {
                "node --test",
                "node --test test",
                "node --test test/ src/a.test.js ./src/in",
                "node --test src lib a.js test.txt",
                "node --test lib/tests",
                "node --test src/*test.*js test/**/*.cjs",
                "node --test 'src/*.test.js'",
                "node --test \"src/(x) [y] é.test.js\"",
                "node --test packages",
                "node --test nowhere",
                "node --test src nowhere",
                "node --test --test-name-pattern none",
                "node --test-name-pattern='a b' --test src",
                "node --test --test-only src",
                "node --import ./setup.mjs --test --test-reporter spec --test-concurrency=1 --test-timeout 60000",
                "node --test --test-shard=1/2",
                "node --test --test-isolation=none src",
                "node --test --experimental-strip-types",
                "node --test --experimental-test-coverage src/in",
                "node --test --no-such-option",
                "npm run unit -- src",
                "echo first && NODE_OPTIONS=--no-warnings node --test src/in | cat",
            })
    void filesAreThoseThatNodeRuns(String script) throws Exception {
        areThoseThatRun(script);
    }

    /** It adds patterns of its own where Node knows patterns. */
    @ParameterizedTest
    @ValueSource(strings = {"tsx --test", "tsx --test src", "npx tsx --test-name-pattern=x --test"})
    void filesAreThoseThatTsxRuns(String script) throws Exception {
        Path tsx = Path.of("src", "build", "javascript", "node_modules", "tsx").toAbsolutePath();
        assumeTrue(Files.isDirectory(tsx), "npm ci --prefix src/build/javascript installs tsx");
        Path modules = project.resolve("node_modules");
        Files.createSymbolicLink(modules.resolve("tsx"), tsx);
        Files.createDirectory(modules.resolve(".bin"));
        Files.createSymbolicLink(modules.resolve(".bin/tsx"), Path.of("..", "tsx", "dist", "cli.mjs"));
        areThoseThatRun(script);
    }

    /** Its configuration, where it looks, its ways to leave files out; it compiles TypeScript where there is a tsconfig.json. */
    @ParameterizedTest
    @ValueSource(
            strings = {
                "borp",
                "borp 'src/**/*.js' '!src/in/**' test/a.js",
                "borp -p 'src/*.js' --reporter tap -t 5000 --expose-gc",
                "c8 borp --coverage --ignore src/in/*.js",
                "BORP_CONF_FILE=conf.yaml borp -r spec",
            })
    void filesAreThoseThatBorpRuns(String script) throws Exception {
        bringBorp();
        areThoseThatRun(script);
    }

    @ParameterizedTest
    @ValueSource(strings = {"borp nowhere.js", "borp --no-such-option"})
    void whatFailsBorpIsRefused(String script) throws Exception {
        bringBorp();
        script(script);
        Path ran = directory.resolve("ran");
        OwnProcess own = OwnProcess.run(project, Map.of("RAN", ran.toString()), List.of("npm", "test"));
        assertThat(own.isWell()).as(own.said()).isFalse();
        assertThat(ran).doesNotExist();
        assertThatThrownBy(this::find)
                .isInstanceOf(SuiteException.class)
                .hasMessageContainingAll("node does not tell which tests it has", script.substring("borp ".length()));
    }

    private void bringBorp() throws Exception {
        Path tools = Path.of("src", "build", "javascript", "node_modules").toAbsolutePath();
        assumeTrue(Files.isDirectory(tools.resolve("borp")), "npm ci --prefix src/build/javascript installs borp");
        Path modules = project.resolve("node_modules");
        Files.createSymbolicLink(modules.resolve("borp"), tools.resolve("borp"));
        Files.createDirectory(modules.resolve(".bin"));
        Files.createSymbolicLink(modules.resolve(".bin/borp"), Path.of("..", "borp", "borp.js"));
        Files.createSymbolicLink(modules.resolve(".bin/c8"), tools.resolve("c8/bin/c8.js"));
        write("conf.yaml", "files: ['lib/**/*.js', 'packages/*/test/*.js']\nreporters: [spec]\n");
    }

    private void areThoseThatRun(String script) throws Exception {
        script(script);
        Path ran = directory.resolve("ran");
        OwnProcess own = OwnProcess.run(project, Map.of("RAN", ran.toString()), List.of("npm", "test"));
        if (own.isWell() && !Files.exists(ran)) {
            assertThat(find()).as(own.said()).isEmpty();
        } else if (!Files.exists(ran)) {
            assertThat(own.said()).as(script).containsAnyOf("Could not find", "bad option");
            assertThatThrownBy(this::find)
                    .isInstanceOf(SuiteException.class)
                    .hasMessageContaining("node does not tell which tests it has");
        } else {
            assertThat(find()).as(own.said()).containsExactlyElementsOf(new TreeSet<>(Files.readAllLines(ran)));
        }
        assertThat(project.resolve("none")).doesNotExist();
    }

    @Test
    void whatOnlyAShellCanTellIsSaid() throws Exception {
        for (String script : List.of(
                "node --test $(find src -name '*.test.js')",
                "node --test `ls src`",
                "node --test $FILES",
                "node --test ${FILES}")) {
            script(script);
            assertThatThrownBy(this::find)
                    .as(script)
                    .isInstanceOf(SuiteException.class)
                    .hasMessageContainingAll("only a shell can tell", "\"files\"");
        }
        for (String script : List.of("cd src && node --test", "cd src; npm run unit")) {
            script(script);
            assertThatThrownBy(this::find)
                    .as(script)
                    .isInstanceOf(SuiteException.class)
                    .hasMessageContainingAll("in another directory", "\"files\"");
        }
        script("node --test src; node --test --test-only lib");
        assertThatThrownBy(this::find).isInstanceOf(SuiteException.class).hasMessageContaining("2 times");
        write("outside.test.js", "");
        script("node --test ../outside.test.js");
        Files.writeString(project.resolveSibling("outside.test.js"), "");
        assertThatThrownBy(this::find)
                .isInstanceOf(SuiteException.class)
                .hasMessageContaining("outside of the project");
    }

    /** Options of the settings stand behind those of the script; what loads code of the project is not called for this. */
    @Test
    void optionsThatAreSetCount() throws Exception {
        script("node --import ./setup.mjs --test src");
        RunnerSettings settings = new RunnerSettings(
                null,
                null,
                Map.of("node", List.of("--test-shard", "1/2", "-r", "./not-there.js", "--test-timeout", "60000")),
                null,
                null,
                null,
                null);
        List<TestFile> half = JavaScriptSuite.in(project).orElseThrow().find(settings, Map.of());
        assertThat(half).hasSize(find().size() / 2);
    }

    /** They are tests of the one project, by Node, whatever they are called; also where they are named one by one. */
    @Test
    void filesOfAllNamesAreRunByNode() throws Exception {
        script("node --test");
        JavaScriptSuite suite = JavaScriptSuite.in(project).orElseThrow();
        List<TestFile> files = suite.find(RunnerSettings.DEFAULT, Map.of());
        RunnerSettings asked = SuiteRunners.settle(
                project,
                RunnerSettings.DEFAULT,
                suite.project(RunnerSettings.DEFAULT).stream().toList(),
                files);
        List<TestFile> shown =
                files.stream().filter(each -> !each.path().startsWith(".")).toList();
        RunnerSettings named = SuiteRunners.settle(project, RunnerSettings.DEFAULT, List.of(), shown);
        for (TestFile each : files) {
            assertThat(Runners.runnerFor(asked, each)).as(each.path()).isEqualTo("node");
            assertThat(asked.projectOf(each).directory()).isEmpty();
        }
        for (TestFile each : shown) {
            assertThat(Runners.runnerFor(named, each)).as(each.path()).isEqualTo("node");
        }
    }
}
