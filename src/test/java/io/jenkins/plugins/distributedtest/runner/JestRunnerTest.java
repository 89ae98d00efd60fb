package io.jenkins.plugins.distributedtest.runner;

import static org.assertj.core.api.Assertions.assertThat;

import io.jenkins.plugins.distributedtest.suite.CaseStatus;
import io.jenkins.plugins.distributedtest.suite.FileResult;
import io.jenkins.plugins.distributedtest.suite.FileStatus;
import io.jenkins.plugins.distributedtest.suite.RunnerSettings;
import io.jenkins.plugins.distributedtest.suite.TestFile;
import java.nio.file.Files;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;

/** The jest runner with the real Jest, compared with Jest's own command on the same tree. */
class JestRunnerTest extends JavaScriptToolContract {
    private static final String PASSING = "test('adds', () => { expect(1 + 1).toBe(2); });\n";

    JestRunnerTest() {
        super("jest", "{\"scripts\": {\"test\": \"jest\"}}", "next.test.js", PASSING);
    }

    /** What Jest's own command says: each case, and whether it was content. */
    private List<String> jests(Map<String, String> environment, String... arguments) throws Exception {
        List<String> command = new ArrayList<>(List.of("node", "node_modules/jest/bin/jest.js", "--ci", "--json"));
        command.add("--outputFile=" + directory.resolve("own.json"));
        command.addAll(List.of(arguments));
        Files.deleteIfExists(directory.resolve("own.json"));
        OwnProcess own = OwnProcess.run(job.workspace, environment, command);
        List<String> told = reported(directory.resolve("own.json"));
        told.add(own.isWell() ? "well" : "not well");
        return told;
    }

    /** Files of many kinds. */
    enum Kind {
        PLAIN(PASSING),
        FAILING("test('a', () => { expect(1).toBe(2); }); test('b', () => { throw new TypeError('odd'); });"),
        GROUPS("describe('g', () => { test('a', () => {}); describe('h', () => { test('b', () => {}); }); });"),
        LEFT_OUT("test.skip('a', () => {}); test.todo('b'); xdescribe('g', () => { test('c', () => {}); });"),
        FOCUSED("test.only('a', () => {}); test('b', () => { throw new Error('no'); });"),
        EACH("test.each([[1, 'x'], [2, 'y']])('%i is %s ($#)', (n) => { expect(n).toBe(1); });"),
        EACH_TEMPLATE("describe.each`a | b\n${1} | ${2}\n`('of $a', ({ b }) => { test(`is ${b}`, () => {}); });"),
        TRIED_AGAIN("jest.retryTimes(2); let n = 0; test('flaky', () => { if (n++ < 1) throw new Error('no'); });"),
        TRIED_IN_VAIN("jest.retryTimes(1); test('bad', () => { throw new Error('no'); });"),
        TWINS("test('same', () => {}); test('same', () => { throw new Error('no'); }); test('same', () => {});"),
        BEFORE_ALL("describe('g', () => { beforeAll(() => { throw new Error('hook'); }); test('a', () => {}); });"),
        AFTER_ALL("describe('g', () => { afterAll(() => { throw new Error('hook'); }); test('a', () => {}); });"),
        EMPTY(""),
        EMPTY_GROUP("describe('g', () => {});"),
        SYNTAX("test('a', () => {"),
        TOP("test('a', () => {}); throw new Error('at the top');"),
        MISSING_MODULE("require('./not-there');"),
        NEW_SNAPSHOT("test('a', () => { expect({ a: 1 }).toMatchSnapshot(); });"),
        INLINE_SNAPSHOT("test('a', () => { expect(1).toMatchInlineSnapshot(); });"),
        MODULE("import { join } from 'node:path'; test('a', () => { expect(join('a', 'b')).toBe('a/b'); });"),
        MOCK("jest.mock('node:fs'); test('a', () => { expect(require('node:fs').readFileSync()).toBeUndefined(); });"),
        REJECTION("test('a', () => { Promise.reject(new Error('nobody cares')); });"),
        TIMEOUT("test('a', () => new Promise(() => {}), 50);"),
        CONCURRENT(
                "test.concurrent('a', async () => {}); test.concurrent('b', async () => { throw new Error('x'); });"),
        EXPECTED("test.failing('a', () => { throw new Error('x'); }); test.failing('b', () => {});"),
        DONE("test('a', (done) => { setTimeout(() => done(new Error('late')), 10); });");

        final String text;

        Kind(String text) {
            this.text = text;
        }
    }

    @ParameterizedTest
    @EnumSource
    void casesAndOutcomesAreThoseOfJest(Kind kind) throws Exception {
        FileResult result = run("test/some.test.js", kind.text);
        List<String> jests = jests(Map.of(), "--runTestsByPath", "test/some.test.js");
        if (Files.notExists(directory.resolve("own.json"))) {
            assertThat(ours(result)).as("where Jest itself breaks down").endsWith(jests.get(0));
        } else {
            assertThat(ours(result)).as(result.message() + result.output()).containsExactlyInAnyOrderElementsOf(jests);
        }
        assertThat(result.runner()).isEqualTo("jest");
        nextFileStillRuns();
    }

    @Test
    void fileIsItsPathAndNoPattern() throws Exception {
        List<String> names = List.of("u", "[slug]", "p(1)+x", "with space", "sub/test/a");
        for (String each : names) {
            job.write("test/" + each + ".test.js", "test('of " + each + "', () => {});");
        }
        List<String> ours = new ArrayList<>();
        for (String each : names) {
            FileResult result = job.run("test/" + each + ".test.js");
            assertThat(Job.told(result)).hasSize(1);
            ours.addAll(Job.told(result));
        }
        ours.add("well");
        assertThat(ours).containsExactlyInAnyOrderElementsOf(jests(Map.of()));
    }

    @Test
    void obsoleteSnapshotsFailAsTheyDoInJest() throws Exception {
        job.write("a.test.js", "test('a', () => { expect(1).toMatchSnapshot(); });");
        job.write("__snapshots__/a.test.js.snap", """
                // Jest Snapshot v1, https://jestjs.io/docs/snapshot-testing

                exports[`a 1`] = `1`;

                exports[`b 1`] = `1`;
                """);
        FileResult result = job.run("a.test.js");
        assertThat(ours(result)).containsExactlyElementsOf(jests(Map.of(), "--runTestsByPath", "a.test.js"));
        assertThat(result.message()).contains("b 1");
    }

    @Test
    void optionsOfTheTestScriptCount() throws Exception {
        job.write(
                "package.json",
                "{\"scripts\": {\"pretest\": \"echo\", \"test\": \"npm run lint && npm run unit --\","
                        + " \"lint\": \"true\", \"unit\": \"KIND='of script' node --stack-trace-limit=7 node_modules/.bin/jest"
                        + " --config other.json -t 'the one'\"}}");
        job.write(
                "other.json",
                "{\"globals\": {\"told\": 42}, \"testMatch\": [\"**/*.check.js\"],"
                        + " \"setupFiles\": [\"./setup.js\"]}");
        job.write("setup.js", "globalThis.set = 'up';");
        FileResult result = run(
                "some.check.js",
                "test('the one', () => { expect([told, set, process.env.KIND,"
                        + " process.execArgv[0]]).toEqual([42, 'up', 'of script', '--stack-trace-limit=7']); });"
                        + " test('another', () => { throw new Error('it is not asked for'); });");
        assertThat(Job.told(result))
                .as(result.message() + result.output())
                .containsExactly("some.check.js | the one | PASSED", "some.check.js | another | SKIPPED");
        FileResult other = run("some.test.js", PASSING);
        assertThat(other.status()).isEqualTo(FileStatus.FAILED);
        assertThat(other.message()).contains("testMatch");
    }

    @Test
    void globalSetupAndTeardownComeOncePerProcess() throws Exception {
        job.write(
                "jest.config.js",
                "module.exports = { globalSetup: './up.js', globalTeardown: './down.js',"
                        + " collectCoverage: true, coverageThreshold: { global: { lines: 100 } }, bail: 1 };");
        job.write("up.js", "module.exports = async () => { process.env.UP = (process.env.UP ?? '') + 'up'; };");
        job.write("down.js", "module.exports = async () => { throw new Error('cannot go down'); };");
        String text = "test('a', () => { expect(process.env.UP).toBe('up'); });";
        FileResult first = run("a.test.js", text);
        assertThat(first.status()).as(first.message()).isEqualTo(FileStatus.PASSED);
        FileResult second = run("b.test.js", text);
        assertThat(second.status()).isEqualTo(FileStatus.PASSED);
        assertThat(first.output()).containsOnlyOnce("distributed-test: not judged: coverageThreshold of Jest");
        assertThat(second.output()).doesNotContain("not judged");
        assertThat(Files.readString(directory.resolve("logs/jest-1.out")))
                .containsOnlyOnce("not judged: coverageThreshold of Jest")
                .containsOnlyOnce("bail is switched off");
        assertThat(jests(Map.of(), "a.test.js")).contains("not well");
        job.runners.worker(1).close();
        assertThat(job.runners.worker(1).problems())
                .anySatisfy(each -> assertThat(each).contains("cannot go down"));
    }

    /** Jest's process ends with the code that tests have set, or Jest itself for what comes when an environment is gone. */
    @ParameterizedTest
    @ValueSource(
            strings = {
                "test('a', () => { process.exitCode = 3; });",
                "test('a', () => { setTimeout(() => require('./b'), 0); });",
                "test('a', () => { setTimeout(() => { throw new Error('late'); }, 100); });",
                "test('a', () => { setTimeout(() => Promise.reject(new Error('late')), 50); });"
            })
    void whatFailsJestBesidesItsTestsFailsTheRun(String text) throws Exception {
        job.write("b.js", "");
        FileResult result = run("a.test.js", text);
        assertThat(result.cases()).extracting(each -> each.status()).containsExactly(CaseStatus.PASSED);
        assertThat(jests(Map.of(), "--runInBand")).contains("not well");
        job.runners.worker(1).close();
        List<String> told = new ArrayList<>(job.runners.worker(1).problems());
        told.add(result.message());
        assertThat(String.join("", told)).containsPattern("exit code [13]|late");
    }

    /** Matchers colour their messages then, which snapshots may hold. */
    @Test
    void colorsOfTheTestScriptAreThoseOfTests() throws Exception {
        job.write("package.json", "{\"scripts\": {\"test\": \"jest --color=true\"}}");
        String text = "test('a', () => { expect(require('jest-matcher-utils').printExpected(1)).not.toBe('1'); });";
        assertThat(run("a.test.js", text).status()).isEqualTo(FileStatus.PASSED);
        assertThat(jests(Map.of(), "--color=true")).contains("well");
    }

    /** What checks at the end of Jest's process, such as for leaks, may have been set up for all files. */
    @ParameterizedTest
    @ValueSource(strings = {"process.exitCode = 7;", "throw new Error('leaked');"})
    void whatListensForTheEndOfJestDecidesAsThere(String check) throws Exception {
        job.write("jest.config.js", "module.exports = { globalSetup: './up.js' };");
        job.write("up.js", "module.exports = () => { process.on('exit', () => { " + check + " }); };");
        assertThat(run("a.test.js", PASSING).status()).isEqualTo(FileStatus.PASSED);
        assertThat(jests(Map.of())).hasSize(2).contains("not well");
        job.runners.worker(1).close();
        assertThat(String.join("", job.runners.worker(1).problems())).containsPattern("exit code 7|leaked");
    }

    @Test
    void whatDecidesBesidesTestsIsSaidBeforeTheRun() throws Exception {
        job.write("a.test.js", PASSING);
        job.write("own.js", "module.exports = class { getLastError() { return new Error('mine'); } };");
        job.write("results.js", "module.exports = (r) => ({ ...r, success: false });");
        String own = "jest --reporters=default --reporters=./own.js";
        String results = "jest --testResultsProcessor=./results.js";
        for (String script : List.of(own, results, "jest --testFailureExitCode=0")) {
            List<String> notes = notes(script);
            assertThat(notes).as(script).hasSize(1);
            String named = script.substring(script.lastIndexOf('=') + 1).replace("./", "");
            assertThat(notes.get(0)).contains(named.equals("0") ? "testFailureExitCode is left out" : named);
        }
        assertThat(jests(Map.of(), "--testResultsProcessor=./results.js")).contains("not well");
        assertThat(jests(Map.of(), "--reporters=./own.js")).contains("not well");
    }

    @Test
    void casesOfAFileInTwoProjectsAreTwo() throws Exception {
        job.write(
                "jest.config.js",
                "module.exports = { projects: [{ displayName: 'one' }, { displayName: 'two',"
                        + " globals: { two: true } }] };");
        FileResult result = run("a.test.js", "test('a', () => { expect(typeof two).toBe('undefined'); });");
        assertThat(Job.told(result)).containsExactlyInAnyOrder("one | a | PASSED", "two | a | FAILED");
        assertThat(jests(Map.of())).hasSize(3);
    }

    @Test
    void packageSaysWhichToolRunsItsFiles() throws Exception {
        job.write("node/package.json", "{\"scripts\": {\"test\": \"node --test\"}}");
        job.write("web/package.json", "{\"scripts\": {\"test\": \"npm run unit\", \"unit\": \"cross-env CI=1 jest\"}}");
        job.write("package.json", "{\"private\": true, \"workspaces\": [\"node\", \"web\"]}");
        List<TestFile> files =
                List.of(new TestFile("node/a.test.js"), new TestFile("web/__tests__/b.jsx"), new TestFile("c.test.js"));
        RunnerSettings settled = SuiteRunners.settle(job.workspace, RunnerSettings.DEFAULT, List.of(), files);
        List<String> told = new ArrayList<>();
        for (TestFile each : files) {
            told.add(Runners.runnerFor(settled, each) + " in " + settled.projectOf(each));
        }
        assertThat(told).containsExactly("node in node", "jest in web", "node in .");
    }

    @Test
    void suiteIsWhatJestItselfFinds() throws Exception {
        job.write("package.json", "{\"scripts\": {\"test\": \"jest --testPathIgnorePatterns=left\"}}");
        for (String each : List.of("a.test.js", "src/__tests__/b.js", "left/c.test.js", "lib/d.js", "x[1].spec.ts")) {
            job.write(each, PASSING);
        }
        JavaScriptSuite suite = JavaScriptSuite.in(job.workspace).orElseThrow();
        assertThat(suite.find(RunnerSettings.DEFAULT, Map.of()))
                .extracting(TestFile::path)
                .containsExactly("a.test.js", "src/__tests__/b.js", "x[1].spec.ts");
    }

    @Test
    void exitOfTestCodeIsTold() throws Exception {
        FileResult result = run("leaves.test.js", "test('a', () => {}); test('leaves', () => { process.exit(3); });");
        assertThat(result.status()).isEqualTo(FileStatus.FAILED);
        assertThat(result.exitCode()).isEqualTo(3);
        assertThat(result.message()).contains("exit(3)").contains("leaves.test.js");
        assertThat(Job.told(result)).containsExactly("leaves.test.js | a | PASSED");
        nextFileStillRuns();
    }

    @Test
    void killedProcessIsACrashWithItsSignal() throws Exception {
        crashes("dies.test.js", """
                test('first', () => {});
                test('dies', async () => {
                  console.log('last words');
                  await new Promise(r => setTimeout(r, 50));
                  process.kill(process.pid, 'SIGKILL');
                  await new Promise(() => {});
                });
                """);
    }

    @Test
    void hangingTestIsStoppedWithAllThatItStarted() throws Exception {
        isStoppedWithAllThatItStarted("hangs.test.js", """
                const { spawn } = require('node:child_process');
                test('first', () => {});
                test('hangs', async () => {
                  const child = spawn('sleep', ['600'], { detached: true });
                  process.stdout.write('child ' + child.pid + '\\n');
                  await new Promise(r => setTimeout(r, 200));
                  while (true) {}
                });
                """, Duration.ofSeconds(8));
    }

    @Test
    void noisyOutputOfAnyKindSurvives() throws Exception {
        FileResult result = run("noisy.test.js", """
                test('loud', () => {
                  process.stdout.write('x'.repeat(2 << 20));
                  process.stderr.write('\\n{"done":1,"status":"passed"}\\n');
                  console.log('slot ' + process.env.JEST_WORKER_ID);
                  process.stdout.write(Object.keys(process.env).join(' '));
                });
                """);
        assertThat(result.status()).isEqualTo(FileStatus.PASSED);
        assertThat(Job.told(result)).containsExactly("noisy.test.js | loud | PASSED");
        assertThat(result.output())
                .hasSizeLessThan(400_000)
                .contains("bytes left out")
                .contains("slot 1")
                .contains("GORGON_WORKER_ID")
                .doesNotContain("DISTRIBUTED_TEST_TOKEN");
        nextFileStillRuns();
    }

    @Test
    void missingFileAndMissingJestAreSaid() throws Exception {
        FileResult result = job.run("gone.test.js");
        assertThat(result.status()).isEqualTo(FileStatus.FAILED);
        assertThat(result.message()).contains("gone.test.js");
        Files.delete(job.workspace.resolve("node_modules"));
        job.write("a.test.js", PASSING);
        RunnerException missing = org.junit.jupiter.api.Assertions.assertThrows(
                RunnerException.class, () -> job.runners.worker(2).run(new TestFile("a.test.js"), Job.LONG));
        assertThat(missing.getMessage()).contains("Jest is not installed").contains("npm ci");
    }

    @Test
    void cancelReturnsAtOnceAndForGood() throws Exception {
        isCancelledAtOnceAndForGood(
                "waits.test.js", "process.stdout.write('waiting'); test('a', () => new Promise(() => {}), 1000000);");
    }
}
