package io.jenkins.plugins.distributedtest.runner;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.jenkins.plugins.distributedtest.process.ProcessTree;
import io.jenkins.plugins.distributedtest.suite.FileResult;
import io.jenkins.plugins.distributedtest.suite.FileStatus;
import io.jenkins.plugins.distributedtest.suite.RunnerSettings;
import io.jenkins.plugins.distributedtest.suite.SuiteException;
import io.jenkins.plugins.distributedtest.suite.TestFile;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;

/** The mocha runner with the real mocha, compared with mocha's own command on the same tree. */
class MochaRunnerTest extends JavaScriptToolContract {
    private static final String PASSING = "it('adds', () => { require('assert').equal(1 + 1, 2); });\n";

    MochaRunnerTest() {
        super("mocha", "{\"scripts\": {\"test\": \"mocha\"}}", "next.js", PASSING);
    }

    /** What mocha's own command says: each case by its full title, and whether it was content. */
    private List<String> mochas(String... arguments) throws Exception {
        List<String> command = new ArrayList<>(List.of("node", "node_modules/mocha/bin/mocha.js"));
        Path report = directory.resolve("own.json");
        command.addAll(List.of("--reporter", "json", "--reporter-option", "output=" + report));
        command.addAll(List.of(arguments));
        Files.deleteIfExists(report);
        OwnProcess own = OwnProcess.run(job.workspace, Map.of(), command);
        List<String> told = new ArrayList<>();
        if (Files.exists(report)) {
            JsonNode json = new ObjectMapper().readTree(report.toFile());
            Map<String, String> outcomes = Map.of("passes", "PASSED", "failures", "FAILED", "pending", "SKIPPED");
            outcomes.forEach((key, outcome) -> json.path(key)
                    .forEach(each -> told.add(each.path("fullTitle").asText() + " | " + outcome)));
        }
        told.add(own.isWell() ? "well" : "not well");
        return told;
    }

    private static List<String> byFullTitle(FileResult result) {
        List<String> told = new ArrayList<>();
        for (var each : result.cases()) {
            String group = each.className().equals(result.file().path())
                    ? ""
                    : each.className().replace(" > ", " ") + " ";
            told.add(group + each.name() + " | " + outcome(each.status()));
        }
        told.add(result.status() == FileStatus.PASSED ? "well" : "not well");
        return told;
    }

    /** Files of many kinds. */
    enum Kind {
        PLAIN(PASSING),
        FAILING("it('a', () => { require('assert').equal(1, 2); }); it('b', () => { throw new TypeError('odd'); });"),
        GROUPS("describe('g', () => { it('a', () => {}); context('h', () => { specify('b', () => {}); }); });"),
        LEFT_OUT("it.skip('a', () => {}); it('todo'); xdescribe('g', () => { it('c', () => {}); });"
                + " it('d', function () { this.skip(); });"),
        FOCUSED("it.only('a', () => {}); it('b', () => { throw new Error('no'); });"),
        FOCUSED_GROUP("describe.only('g', () => { it('a', () => {}); }); it('b', () => { throw new Error('no'); });"),
        DYNAMIC("[1, 2, 3].forEach((n) => it(`is ${n}`, () => { if (n === 2) throw new Error('two'); }));"),
        TRIED_AGAIN("let n = 0; it('flaky', function () { this.retries(2); if (n++ < 1) throw new Error('no'); });"),
        TRIED_IN_VAIN("it('bad', function () { this.retries(2); throw new Error('no'); });"),
        TWINS("it('same', () => {}); it('same', () => { throw new Error('no'); }); it('same', () => {});"),
        BEFORE_ALL("describe('g', () => { before(() => { throw new Error('hook'); }); it('a', () => {}); });"
                + " it('z', () => {});"),
        BEFORE_EACH("describe('g', () => { beforeEach('named', () => { throw new Error('x'); });"
                + " it('a', () => {}); it('b', () => {}); });"),
        AFTER_EACH("describe('g', () => { afterEach(() => { throw new Error('x'); });"
                + " it('a', () => {}); it('b', () => {}); });"),
        AFTER_ALL("describe('g', () => { after(() => { throw new Error('hook'); }); it('a', () => {}); });"),
        ROOT_AFTER_ALL("it('a', () => {}); after(() => { throw new Error('hook'); });"),
        HOOK_SKIPS("describe('g', () => { before(function () { this.skip(); }); it('a', () => {}); });"),
        EMPTY(""),
        EMPTY_GROUP("describe('g', () => {});"),
        SYNTAX("it('a', () => {"),
        TOP("it('a', () => {}); throw new Error('at the top');"),
        MISSING_MODULE("require('./not-there');"),
        REJECTED_WHILE_LOADING("Promise.reject(new Error('early')); it('a', () => {});"),
        UNCAUGHT("it('a', (done) => { setTimeout(() => { throw new Error('boom'); }, 5); }); it('b', () => {});"),
        REJECTION("it('a', () => { Promise.reject(new Error('nobody cares')); }); it('b', (d) => setTimeout(d, 20));"),
        LISTENERS("it('a', () => { for (const each of ['uncaughtException', 'unhandledRejection', 'exit'])"
                + " console.log(require('assert').equal(process.listenerCount(each), each === 'exit' ? 0 : 1)); });"),
        TAKES_ERRORS("it('a', (done) => { const name = 'uncaughtException'; const own = process.listeners(name).pop();"
                + " process.removeAllListeners(name); process.once(name, () => { process.on(name, own); done(); });"
                + " setTimeout(() => { throw new Error('mine'); }, 1); }); it('b', () => {});"),
        REJECTED_LATE("it('a', () => { setTimeout(() => Promise.reject(new Error('late')), 30); });"),
        LATE("it('a', () => { setTimeout(() => { throw new Error('late'); }, 50); });"),
        DONE_TWICE("it('a', (done) => { done(); done(); }); it('b', () => {});"),
        TIMEOUT("it('a', function (done) { this.timeout(30); }); it('b', () => {});"),
        PROMISES("it('a', async () => {}); it('b', async () => { throw new Error('x'); });"),
        NO_ERROR("it('a', () => { throw undefined; }); it('b', () => { throw 'text'; });"
                + " it('c', (done) => done({ odd: 1 })); it('d', () => Promise.reject());"),
        EXIT_CODE("it('a', () => { process.exitCode = 4; process.on('exit', () => { process.exitCode = 5; }); });"),
        LOADS_THE_TOOL("const { describe, it } = require('mocha'); describe('g', () => { it('a', () => {}); });");

        final String text;

        Kind(String text) {
            this.text = text;
        }
    }

    @ParameterizedTest
    @EnumSource
    void casesAndOutcomesAreThoseOfMocha(Kind kind) throws Exception {
        String file = "test/(some) [x]+y.js";
        FileResult result = run(file, kind.text);
        List<String> mochas = mochas(file);
        String all = result.message() + result.output();
        if (mochas.size() == 1) { // mocha has nothing to tell, or broke down before it could
            assertThat(byFullTitle(result)).as(all).endsWith(mochas.get(0));
        } else {
            assertThat(byFullTitle(result)).as(all).containsExactlyInAnyOrderElementsOf(mochas);
        }
        assertThat(result.runner()).isEqualTo("mocha");
        nextFileStillRuns();
    }

    /** Kinds that bring no CommonJS: by ending, by package, by a loader of Node's. */
    @ParameterizedTest
    @ValueSource(strings = {"mjs", "js", "cjs", "mts"})
    void modulesAreLoadedAsMochaLoadsThem(String ending) throws Exception {
        job.write(
                "package.json",
                "{\"type\": \"module\", \"mocha\": {\"extension\": [\"mjs\", \"js\", \"mts\"],"
                        + " \"node-option\": [\"import=./loader.mjs\"]}}");
        job.write("loader.mjs", """
                import { register } from 'node:module';
                register('data:text/javascript,' + encodeURIComponent(`
                  export async function load(url, context, next) {
                    if (!url.endsWith('.mts')) return next(url, context);
                    const { source } = await next(url, { ...context, format: 'module' });
                    return { format: 'module', shortCircuit: true, source: String(source).replaceAll(': number', '') };
                  }`));
                """);
        String typed = ending.equals("mts") ? ": number" : "";
        String code = ending.equals("cjs")
                ? "const assert = require('assert');"
                : "import assert from 'node:assert'; const n" + typed + " = await Promise.resolve(1);";
        String file = "test/a." + ending;
        FileResult result = run(
                file,
                code + "describe('g', () => { it('a', () => { assert.equal(2, 1 + 1); });"
                        + " it('b', () => { assert.ok(process.execArgv.length === 0); }); });");
        assertThat(byFullTitle(result))
                .as(result.message() + result.output())
                .hasSize(3)
                .containsExactlyInAnyOrderElementsOf(mochas(file));
    }

    @Test
    void optionsOfScriptAndConfigurationCount() throws Exception {
        job.write(
                "package.json",
                "{\"scripts\": {\"test\": \"npm run unit -- --fgrep wanted\", \"unit\":"
                        + " \"KIND=script nyc --silent mocha --stack-trace-limit=7 --config conf/other.yml\"}}");
        job.write("conf/other.yml", "require: [./setup.js]\nui: tdd\nforbid-only: true\nretries: 1\nspec: checks/**\n");
        job.write("setup.js", """
                globalThis.set = 'up';
                let ups = 0;
                exports.mochaHooks = { beforeEach() { this.told = 42; }, afterAll() { globalThis.hooked = ++ups; } };
                exports.mochaGlobalSetup = function () { this.up = globalThis.isUp = (globalThis.isUp ?? 0) + 1; };
                exports.mochaGlobalTeardown = function () { console.log('down ' + this.up); };
                """);
        String text = """
                suite('wanted', () => {
                  let tries = 0;
                  test('a', function () {
                    require('assert').deepEqual([set, this.told, isUp, process.env.KIND, process.execArgv[0]],
                      ['up', 42, 1, 'script', '--stack-trace-limit=7']);
                    if (tries++ < 1) throw new Error('first');
                  });
                });
                suite('other', () => { test('b', () => { throw new Error('no'); }); });
                """;
        for (String file : List.of("checks/a.js", "checks/b.js")) {
            FileResult result = run(file, text);
            assertThat(Job.told(result)).as(result.message() + result.output()).containsExactly("wanted | a | PASSED");
            assertThat(result.status()).isEqualTo(FileStatus.PASSED);
        }
        FileResult focused = run("checks/c.js", "suite.only('wanted', () => { test('a', () => {}); });");
        assertThat(focused.status()).isEqualTo(FileStatus.FAILED);
        assertThat(byFullTitle(focused))
                .containsExactlyInAnyOrderElementsOf(
                        mochas("--config", "conf/other.yml", "--fgrep", "wanted", "checks/c.js"));
        job.runners.worker(1).close();
        assertThat(Files.readString(directory.resolve("logs/mocha-1.out"))).containsOnlyOnce("down 1");
        assertThat(job.runners.worker(1).problems()).isEmpty();
    }

    @Test
    void failingGlobalFixturesFailWhatTheyAreFor() throws Exception {
        job.write(".mocharc.json", "{\"require\": \"./setup.js\", // as mocha reads it\n \"bail\": true}");
        job.write("setup.js", "exports.mochaGlobalTeardown = () => { throw new Error('cannot go down'); };");
        assertThat(run("a.js", PASSING).status()).isEqualTo(FileStatus.PASSED);
        assertThat(mochas("a.js")).endsWith("not well");
        job.runners.worker(1).close();
        assertThat(job.runners.worker(1).problems())
                .anySatisfy(each -> assertThat(each).contains("cannot go down"));
        job.write("setup.js", "exports.mochaGlobalSetup = () => { throw new Error('cannot go up'); };");
        assertThat(mochas("a.js")).endsWith("not well");
        for (int i = 0; i < 2; i++) {
            FileResult result = job.runners.worker(2).run(new TestFile(i == 0 ? "a.js" : "b.js"), Job.LONG);
            job.write("b.js", PASSING);
            assertThat(result.status()).isEqualTo(FileStatus.FAILED);
            assertThat(result.message()).contains("cannot go up");
        }
    }

    @Test
    void bailEndsTheFileAsItDoesInMocha() throws Exception {
        job.write(".mocharc.js", "module.exports = { bail: true };");
        FileResult result = run("a.js", "it('a', () => { throw new Error('x'); }); it('b', () => {});");
        assertThat(byFullTitle(result)).containsExactlyInAnyOrderElementsOf(mochas("a.js"));
        assertThat(Files.readString(directory.resolve("logs/mocha-1.out"))).contains("bail ends a file");
        nextFileStillRuns();
    }

    /** Files of the option {@code file} come before each, and their tests count once. */
    @Test
    void filesThatComeFirstBringHooksToAllAndTestsToNone() throws Exception {
        job.write(".mocharc.json", "{\"file\": [\"first.js\"], \"spec\": [\"test\"]}");
        job.write("first.js", "beforeEach(() => { globalThis.n = (globalThis.n ?? 0) + 1; }); it('own', () => {});");
        String text = "it('%s', () => { require('assert').ok(n > 0); n = 0; });";
        job.write("test/a.js", String.format(text, "a"));
        job.write("test/b.js", String.format(text, "b"));
        List<String> all = new ArrayList<>();
        for (TestFile each : JavaScriptSuite.in(job.workspace).orElseThrow().find(RunnerSettings.DEFAULT, Map.of())) {
            FileResult result = job.run(each.path());
            assertThat(result.status()).as(result.message()).isEqualTo(FileStatus.PASSED);
            all.addAll(byFullTitle(result).subList(0, result.cases().size()));
        }
        all.add("well");
        assertThat(all).containsExactlyInAnyOrderElementsOf(mochas());
    }

    /** A module is loaded once in a process: what it brings must not be missing from the second file that needs it. */
    @Test
    void hooksOfAModuleThatSeveralFilesRequireHoldForEach() throws Exception {
        job.write("helper.js", "afterEach(() => { if (globalThis.left) { left = 0; throw new Error('left'); } });");
        String text = "require('./helper'); it('a', () => { globalThis.left = 1; });";
        for (String file : List.of("a.js", "b.js", "c.js")) {
            FileResult result = run(file, text);
            assertThat(byFullTitle(result))
                    .as(result.message())
                    .hasSize(3)
                    .containsExactlyInAnyOrderElementsOf(mochas(file));
        }
    }

    @Test
    void fileThatAnotherOneHasLoadedKeepsItsTests() throws Exception {
        job.write("b.js", "it('of b', () => { throw new Error('b'); });");
        job.write("m.mjs", "it('of m', () => { throw new Error('m'); });");
        FileResult first = run("a.js", "require('./b'); it('of a', () => import('./m.mjs').catch(() => {}));");
        assertThat(Job.told(first)).contains("a.js | of a | PASSED", "a.js | of b | ERROR");
        assertThat(Job.told(job.run("b.js"))).containsExactly("b.js | of b | ERROR");
        assertThat(Job.told(job.run("m.mjs"))).containsExactly("m.mjs | of m | ERROR");
        FileResult none = run("none.js", "");
        assertThat(none.status()).as(none.message()).isEqualTo(FileStatus.PASSED);
        assertThat(none.cases()).isEmpty();
    }

    @Test
    void aProcessForEachFileEndsAsMochaEnds() throws Exception {
        try (Job alone = open(directory.resolve("alone"), Map.of("mocha", "file"))) {
            alone.write("package.json", "{}");
            Map<String, String> files = Map.of(
                    "fine.js", "it('a', () => { globalThis.left = 1; });",
                    "alone.js", "it('a', () => { require('assert').equal(globalThis.left, undefined); });",
                    "handler.js", "it('a', () => { process.on('exit', () => { throw new Error('at exit'); }); });",
                    "code.js", "it('a', () => { process.on('exit', () => { process.exit(5); }); });",
                    "later.js", "it('a', () => { setTimeout(() => { throw new Error('later'); }, 2500); });",
                    "timer.js", "it('a', () => { setTimeout(() => {}, 2500); });",
                    "overruled.js", "it('a', () => { process.exitCode = 3; });");
            for (Map.Entry<String, String> each : files.entrySet()) {
                alone.write(each.getKey(), each.getValue());
                FileResult result = alone.run(each.getKey());
                OwnProcess own =
                        OwnProcess.run(alone.workspace, "node", "node_modules/mocha/bin/mocha.js", each.getKey());
                assertThat(result.status() == FileStatus.PASSED)
                        .as(each.getKey() + ": " + result + own)
                        .isEqualTo(own.isWell());
            }
        }
    }

    /** Where it is told to exit, mocha does not look at what comes later. */
    @Test
    void exitLeavesWhatIsLeft() throws Exception {
        job.write(".mocharc.yaml", "exit: true");
        FileResult result = run(
                "a.js",
                "it('a', () => { require('net').createServer().listen(0);"
                        + " setTimeout(() => { throw new Error('late'); }, 40); });");
        assertThat(byFullTitle(result))
                .containsExactlyInAnyOrderElementsOf(mochas("a.js"))
                .endsWith("well");
        job.runners.worker(1).close();
        assertThat(job.runners.worker(1).problems()).isEmpty();
    }

    @Test
    void whatWouldKeepMochaFromEndingIsTold() throws Exception {
        try (Job brief = open(directory.resolve("brief"), Map.of(), Duration.ofSeconds(7))) {
            brief.write("a.js", "it('a', () => { require('net').createServer().listen(0); });");
            assertThat(brief.run("a.js").status()).isEqualTo(FileStatus.PASSED);
            brief.runners.worker(1).close();
            assertThat(brief.runners.worker(1).problems())
                    .anySatisfy(each -> assertThat(each).contains("would not end by itself", "TCPServerWrap", "exit"));
        }
    }

    /** A timer that nobody clears, such as that of a time limit: mocha ends when it has gone off. */
    @Test
    void whatEndsByItselfIsWaitedFor() throws Exception {
        String text = "it('a', () => { setTimeout(() => {}, 19000); });";
        FileResult result = run("a.js", text);
        job.runners.worker(1).close();
        assertThat(job.runners.worker(1).problems()).isEmpty();
        assertThat(byFullTitle(result)).containsExactlyInAnyOrderElementsOf(mochas("a.js"));
    }

    @Test
    void suiteIsWhatMochaItselfFinds() throws Exception {
        job.write(
                "package.json",
                "{\"scripts\": {\"test\": \"NODE_ENV=test mocha --recursive 'spec/**/*.js' lib/x.js\"},"
                        + " \"mocha\": {\"ignore\": [\"spec/left/**\"], \"require\": \"./not-there.js\"}}");
        for (String each :
                List.of("spec/a.js", "spec/deep/[b].js", "spec/left/c.js", "test/d.js", "lib/x.js", "y.js")) {
            job.write(each, PASSING);
        }
        assertThat(suite()).extracting(TestFile::path).containsExactly("lib/x.js", "spec/a.js", "spec/deep/[b].js");
        job.write("package.json", "{\"scripts\": {\"test\": \"mocha spec && mocha --ui tdd test\"}}");
        assertThatThrownBy(this::suite).isInstanceOf(SuiteException.class).hasMessageContaining("2 times");
        job.write("package.json", "{\"scripts\": {\"test\": \"mocha spec && npm run b\", \"b\": \"vitest run\"}}");
        assertThatThrownBy(this::suite)
                .isInstanceOf(SuiteException.class)
                .hasMessageContainingAll("calls", "mocha", "vitest", "Name the files of all");
        job.write("package.json", "{\"scripts\": {\"test\": \"mocha nowhere\"}}");
        assertThatThrownBy(this::suite).isInstanceOf(SuiteException.class).hasMessageContaining("nowhere");
    }

    private List<TestFile> suite() throws Exception {
        return JavaScriptSuite.in(job.workspace).orElseThrow().find(RunnerSettings.DEFAULT, Map.of());
    }

    /** For the shell ** is as *; mocha sees the pattern itself only where it is quoted or matches nothing. */
    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            quoteCharacter = '`',
            value = {
                "spec/**/*.js | spec/in/b.js spec/in/é(1).js",
                "\\\"spec/**/*.js\\\" | spec/a.js spec/in/b.js spec/in/deep/c.js spec/in/é(1).js",
                "'spec/*.js' lib/[x-z]?.js | lib/xy.js spec/a.js",
                "none/*.js spec/i*/deep | spec/in/deep/c.js",
            })
    void patternsOfTheTestScriptMeanWhatTheyMeanToTheShell(String patterns, String files) throws Exception {
        job.write("package.json", "{\"scripts\": {\"test\": \"mocha " + patterns + "\"}}");
        List<String> names = List.of(
                "spec/a.js", "spec/in/b.js", "spec/in/é(1).js", "spec/in/deep/c.js", "spec/.h/d.js", "lib/xy.js");
        for (String each : names) {
            job.write(each, "it('of " + each + "', () => {});");
        }
        List<String> found = new ArrayList<>();
        JavaScriptSuite.in(job.workspace)
                .orElseThrow()
                .find(RunnerSettings.DEFAULT, Map.of())
                .forEach(each -> found.add(each.path()));
        assertThat(found).containsExactlyInAnyOrder(files.split(" "));
        OwnProcess own = OwnProcess.run(job.workspace, "npm", "test");
        for (String each : names) {
            assertThat(own.said().contains("of " + each)).as(each + own.said()).isEqualTo(found.contains(each));
        }
    }

    @Test
    void processThatDiesBetweenFilesFailsTheRun() throws Exception {
        FileResult result =
                run("a.js", "it('a', () => { console.log('pid ' + process.pid); setTimeout(process.abort, 2500); });");
        assertThat(result.status()).isEqualTo(FileStatus.PASSED);
        long pid = Long.parseLong(result.output().replaceAll("(?s).*pid (\\d+).*", "$1"));
        await().atMost(Job.LONG)
                .until(() -> ProcessHandle.of(pid).filter(ProcessTree::runs).isEmpty());
        nextFileStillRuns();
        job.runners.worker(1).close();
        assertThat(job.runners.worker(1).problems())
                .anySatisfy(each -> assertThat(each).contains("ABRT"));
    }

    @Test
    void packageSaysWhichToolRunsItsFiles() throws Exception {
        job.write(
                "web/package.json",
                "{\"scripts\": {\"test\": \"c8 -r lcov mocha\"}, \"devDependencies\": {\"jest\": \"1\"}}");
        job.write("lib/package.json", "{}");
        job.write("lib/.mocharc.cjs", "");
        job.write("package.json", "{\"private\": true}");
        List<TestFile> files =
                List.of(new TestFile("web/test/b.js"), new TestFile("lib/test/c.ts"), new TestFile("d.test.js"));
        RunnerSettings settled = SuiteRunners.settle(job.workspace, RunnerSettings.DEFAULT, List.of(), files);
        List<String> told = new ArrayList<>();
        for (TestFile each : files) {
            told.add(Runners.runnerFor(settled, each) + " in " + settled.projectOf(each));
        }
        assertThat(told).containsExactly("mocha in web", "mocha in lib", "node in .");
    }

    /** mocha has no outcome for the test that ends its process early, and for those that this leaves out. */
    @ParameterizedTest
    @ValueSource(ints = {0, 3})
    void exitOfTestCodeIsTold(int code) throws Exception {
        FileResult result = run(
                "leaves.js",
                "it('a', () => {}); it('leaves', () => { process.exit(" + code + "); });"
                        + " it('never', () => { throw new Error('seen'); });");
        assertThat(result.status()).isEqualTo(FileStatus.FAILED);
        assertThat(result.exitCode()).isEqualTo(code);
        assertThat(result.message()).contains("exit(" + code + ")").contains("leaves.js");
        assertThat(Job.told(result)).containsExactly("leaves.js | a | PASSED");
        FileResult loading = run("loading.js", "process.exit(" + code + ");");
        assertThat(loading.status()).isEqualTo(FileStatus.FAILED);
        nextFileStillRuns();
    }

    /** When all tests have ended, mocha's own outcome stands; but for failed tests, which an exit code cannot mend. */
    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            quoteCharacter = '`',
            value = {
                "it('a', () => {}); after(() => process.exit(0)); | 1 | true",
                "it('a', () => {}); it.skip('b'); it('c', () => {}); after(() => process.exit()); | 3 | true",
                "it('a', () => {}); afterEach(() => process.exit(0)); | 1 | true",
                "it('a', () => {}); setTimeout(() => process.exit(0), 50); | 1 | true",
                "let n = 0; it('a', function () { this.retries(1); if (n++ < 1) throw 1; }); after(() => process.exit(0)); | 1 | true",
                "it.only('a', () => {}); it('b', () => {}); after(() => process.exit(0)); | 1 | true",
                "it('a', () => {}); after(() => process.exit(2)); | 1 | false",
                "it('a', () => {}); process.on('exit', () => process.exit(5)); after(() => process.exit(0)); | 1 | false",
            })
    void exitBehindTheLastTestIsJudgedAsByMocha(String text, int cases, boolean well) throws Exception {
        FileResult result = run("ends.js", text);
        OwnProcess own = OwnProcess.run(job.workspace, "node", "node_modules/mocha/bin/mocha.js", "ends.js");
        assertThat(own.isWell()).as(own.said()).isEqualTo(well);
        assertThat(result.status() == FileStatus.PASSED)
                .as(result.message() + result.output())
                .isEqualTo(well);
        assertThat(result.cases()).hasSize(cases);
        nextFileStillRuns();
        job.runners.worker(1).close();
        assertThat(job.runners.worker(1).problems()).isEmpty();
    }

    @Test
    void failedTestStaysFailedWhereTheExitCodeSaysOtherwise() throws Exception {
        String text = "it('a', () => { throw new Error('x'); }); after(() => process.exit(0));";
        FileResult result = run("hides.js", text);
        assertThat(result.status()).isEqualTo(FileStatus.FAILED);
        assertThat(Job.told(result)).containsExactly("hides.js | a | ERROR");
        FileResult outside =
                run("between.js", "it('a', () => {}); afterEach(() => process.exit(0)); it('b', () => {});");
        assertThat(outside.status()).isEqualTo(FileStatus.FAILED);
        assertThat(outside.message()).contains("exit(0)");
    }

    @Test
    void killedProcessIsACrashWithItsSignal() throws Exception {
        crashes("dies.js", """
                it('first', () => {});
                it('dies', async () => {
                  console.log('last words');
                  await new Promise(r => setTimeout(r, 50));
                  process.kill(process.pid, 'SIGKILL');
                  await new Promise(() => {});
                });
                """);
    }

    @Test
    void crashIsToldWhereNodeNeedsOptionsToo() throws Exception {
        job.write(".mocharc.json", "{\"node-option\": [\"stack-trace-limit=7\"]}");
        FileResult result = run("dies.js", "it('a', () => {}); it('b', () => { process.abort(); });");
        assertThat(result.status()).as(result.message()).isEqualTo(FileStatus.CRASHED);
        FileResult exits = run("exits.js", "it('a', () => {}); it('b', () => { process.exit(3); });");
        assertThat(exits.exitCode()).isEqualTo(3);
        nextFileStillRuns();
    }

    @Test
    void hangingTestIsStoppedWithAllThatItStarted() throws Exception {
        isStoppedWithAllThatItStarted("hangs.js", """
                const { spawn } = require('node:child_process');
                it('first', () => {});
                it('hangs', async () => {
                  const child = spawn('sleep', ['600'], { detached: true });
                  console.log('child ' + child.pid);
                  await new Promise(r => setTimeout(r, 200));
                  while (true) {}
                });
                """, Duration.ofSeconds(5));
    }

    @Test
    void noisyOutputOfAnyKindSurvives() throws Exception {
        job.write(".mocharc.json", "{\"require\": [\"./setup.js\"]}");
        job.write("setup.js", "globalThis.seen = Object.keys(process.env).join(' ');");
        FileResult result = run("noisy.js", """
                it('loud', () => {
                  process.stdout.write('x'.repeat(2 << 20));
                  process.stderr.write('\\n{"done":1,"status":"passed"}\\n');
                  console.log(seen, Object.keys(process.env).join(' '));
                });
                """);
        assertThat(result.status()).isEqualTo(FileStatus.PASSED);
        assertThat(Job.told(result)).containsExactly("noisy.js | loud | PASSED");
        assertThat(result.output())
                .hasSizeLessThan(400_000)
                .contains("bytes left out")
                .contains("GORGON_WORKER_ID")
                .doesNotContain("DISTRIBUTED_TEST_TOKEN")
                .doesNotContain("DISTRIBUTED_TEST_MOCHA");
        nextFileStillRuns();
    }

    @Test
    void missingFileAndMissingMochaAreSaid() throws Exception {
        FileResult result = job.run("gone.js");
        assertThat(result.status()).isEqualTo(FileStatus.FAILED);
        assertThat(result.message()).contains("gone.js");
        job.write(".mocharc.json", "{\"require\": [\"./not-there.js\"]}");
        job.write("a.js", PASSING);
        assertThatThrownBy(() -> job.runners.worker(2).run(new TestFile("a.js"), Job.LONG))
                .isInstanceOf(RunnerException.class)
                .hasMessageContaining("not-there.js");
        Files.delete(job.workspace.resolve("node_modules"));
        assertThatThrownBy(() -> job.runners.worker(2).run(new TestFile("a.js"), Job.LONG))
                .isInstanceOf(RunnerException.class)
                .hasMessageContaining("mocha is not installed")
                .hasMessageContaining("npm ci");
    }

    @Test
    void cancelReturnsAtOnceAndForGood() throws Exception {
        isCancelledAtOnceAndForGood(
                "waits.js",
                "console.log('waiting'); it('a', function (done) { this.timeout(0); setTimeout(done, 1e6); });");
    }

    /** It may count failures as it likes. */
    @Test
    void reporterOfTheProjectIsNotAskedAndThatIsSaid() throws Exception {
        job.write("test/a.js", "it('a', () => {});");
        job.write("own.js", "module.exports = class { done(failures, ended) { ended(failures + 1); } };");
        assertThat(notes("mocha --reporter ./own.js"))
                .singleElement()
                .asString()
                .contains("not judged", "./own.js");
        OwnProcess own = OwnProcess.run(
                job.workspace,
                Map.of(),
                List.of("node", "node_modules/mocha/bin/mocha.js", "--reporter", "./own.js", "test/a.js"));
        assertThat(own.isWell()).isFalse();
        Files.createDirectory(job.workspace.resolve("spec"));
        assertThat(notes("mocha --reporter spec")).isEmpty();
    }
}
