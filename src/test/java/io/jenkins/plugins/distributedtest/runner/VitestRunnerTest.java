package io.jenkins.plugins.distributedtest.runner;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

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
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;

/** The vitest runner with the real Vitest, compared with Vitest's own command on the same tree. */
class VitestRunnerTest extends JavaScriptToolContract {
    private static final String IMPORTS =
            "import { test, describe, expect, beforeAll, beforeEach, afterAll, afterEach, vi }" + " from 'vitest';\n";
    private static final String PASSING = IMPORTS + "test('adds', () => { expect(1 + 1).toBe(2); });\n";

    VitestRunnerTest() {
        super("vitest", "{\"type\": \"module\", \"scripts\": {\"test\": \"vitest\"}}", "next.test.js", PASSING);
    }

    /** What Vitest's own command says: each case, and whether it was content. */
    private List<String> vitests(String... arguments) throws Exception {
        List<String> command = new ArrayList<>(List.of("node", "node_modules/vitest/vitest.mjs", "run"));
        Path report = directory.resolve("own.json");
        command.addAll(List.of("--reporter=json", "--outputFile=" + report));
        command.addAll(List.of(arguments));
        Files.deleteIfExists(report);
        OwnProcess own = OwnProcess.run(job.workspace, Map.of("CI", "true"), command);
        List<String> told = reported(report);
        told.add(own.isWell() ? "well" : "not well");
        return told;
    }

    /** Files of many kinds. */
    enum Kind {
        PLAIN(""),
        FAILING("test('a', () => { expect(1).toBe(2); }); test('b', () => { throw new TypeError('odd'); });"),
        GROUPS("describe('g', () => { test('a', () => {}); describe('h', () => { test('b', () => {}); }); });"),
        LEFT_OUT("test.skip('a', () => {}); test.todo('b'); describe.skip('g', () => { test('c', () => {}); });"
                + " test('d', ({ skip }) => skip()); test.skipIf(true)('e', () => {});"),
        FOCUSED("test.only('a', () => {}); test('b', () => { throw new Error('no'); });"),
        EACH("test.each([[1, 'x'], [2, 'y']])('%i is %s', (n) => { expect(n).toBe(1); });"),
        FOR_EACH("describe.for([1, 2])('of %i', (n) => { test('is ' + n, () => { expect(n).toBe(1); }); });"),
        TRIED_AGAIN("let n = 0; test('flaky', { retry: 2 }, () => { if (n++ < 1) throw new Error('no'); });"),
        TRIED_IN_VAIN("test('bad', { retry: 1 }, () => { throw new Error('no'); });"),
        REPEATED("let n = 0; test('again', { repeats: 2 }, () => { if (n++ === 2) throw new Error('no'); });"),
        TWINS("test('same', () => {}); test('same', () => { throw new Error('no'); }); test('same', () => {});"),
        BEFORE_ALL("describe('g', () => { beforeAll(() => { throw new Error('hook'); }); test('a', () => {}); });"),
        BEFORE_EACH("beforeEach(() => { throw new Error('hook'); }); test('a', () => {}); test('b', () => {});"),
        AFTER_EACH("afterEach(() => { throw new Error('hook'); }); test('a', () => {}); test('b', () => {});"),
        AFTER_ALL("describe('g', () => { afterAll(() => { throw new Error('hook'); }); test('a', () => {}); });"),
        TOP_BEFORE_ALL("beforeAll(() => { throw new Error('hook'); }); test('a', () => {});"),
        TOP_AFTER_ALL("afterAll(() => { throw new Error('hook'); }); test('a', () => {});"),
        EMPTY_GROUP("describe('g', () => {});"),
        SYNTAX("test('a', () => {"),
        TOP("test('a', () => {}); throw new Error('at the top');"),
        MISSING_MODULE("import './not-there.js'; test('a', () => {});"),
        NEW_SNAPSHOT("test('a', () => { expect({ a: 1 }).toMatchSnapshot(); });"),
        INLINE_SNAPSHOT("test('a', () => { expect(1).toMatchInlineSnapshot(); });"),
        MOCK("vi.mock('node:fs', () => ({ readFileSync: () => 'mocked' })); import { readFileSync } from 'node:fs';"
                + " test('a', () => { expect(readFileSync()).toBe('mocked'); });"),
        REJECTION("test('a', () => { Promise.reject(new Error('nobody cares')); });"),
        UNCAUGHT("test('a', async () => { setTimeout(() => { throw new Error('boom'); }, 5);"
                + " await new Promise((r) => setTimeout(r, 40)); });"),
        LATE("test('a', () => { setTimeout(() => { throw new Error('late'); }, 0); });"),
        TIMEOUT("test('a', () => new Promise(() => {}), 50); test('b', () => {});"),
        CONCURRENT(
                "test.concurrent('a', async () => {}); test.concurrent('b', async () => { throw new Error('x'); });"),
        EXPECTED("test.fails('a', () => { throw new Error('x'); }); test.fails('b', () => {});"),
        SOFT("test('a', () => { expect.soft(1).toBe(2); expect.soft(2).toBe(3); });"),
        LEAVES("test('a', () => {}); test('b', () => { process.exit(0); });"),
        LEAVES_BADLY("test('a', () => {}); test('b', () => { process.exit(3); });"),
        LEAVES_AT_THE_TOP("process.exit(0);"),
        THROWS_NO_ERROR("test('a', () => { throw 'text'; }); test('b', () => Promise.reject());"),
        EXIT_CODE("test('a', () => { process.exitCode = 4; });");

        final String text;

        Kind(String text) {
            this.text = text;
        }
    }

    @ParameterizedTest
    @EnumSource
    void casesAndOutcomesAreThoseOfVitest(Kind kind) throws Exception {
        String file = "test/some.test.js";
        FileResult result = run(file, kind == Kind.PLAIN ? PASSING : IMPORTS + kind.text);
        List<String> vitests = vitests(file);
        String all = result.message() + result.output();
        assertThat(ours(result)).as(all).containsExactlyInAnyOrderElementsOf(vitests);
        assertThat(result.runner()).isEqualTo("vitest");
        nextFileStillRuns();
    }

    @Test
    void emptyFileFailsAsItDoesInVitest() throws Exception {
        FileResult result = run("a.test.js", "");
        assertThat(ours(result)).containsExactlyElementsOf(vitests("a.test.js")).containsExactly("not well");
        assertThat(result.message()).contains("No test suite found");
    }

    @Test
    void typedFilesAndThoseWithOddNamesAreTheirPaths() throws Exception {
        List<String> names =
                List.of("u.test.js", "[slug].test.ts", "p(1)+x.test.tsx", "with space.spec.mts", "sub/test/u.test.js");
        for (String each : names) {
            String typed = each.contains("ts") ? "const n: number = 1;" : "";
            job.write("test/" + each, IMPORTS + typed + "test('of " + each + "', () => {});");
        }
        List<String> ours = new ArrayList<>();
        for (String each : names) {
            FileResult result = job.run("test/" + each);
            assertThat(Job.told(result)).as(result.message()).hasSize(1);
            ours.addAll(Job.told(result));
        }
        ours.add("well");
        assertThat(ours).containsExactlyInAnyOrderElementsOf(vitests());
    }

    @Test
    void obsoleteSnapshotsAreJudgedAsByVitest() throws Exception {
        job.write("__snapshots__/a.test.js.snap", """
                // Vitest Snapshot v1, https://vitest.dev/guide/snapshot.html

                exports[`a 1`] = `1`;

                exports[`b 1`] = `1`;
                """);
        FileResult result = run("a.test.js", IMPORTS + "test('a', () => { expect(1).toMatchSnapshot(); });");
        assertThat(ours(result)).hasSize(2).containsExactlyElementsOf(vitests("a.test.js"));
        assertThat(Files.readString(job.workspace.resolve("__snapshots__/a.test.js.snap")))
                .contains("b 1");
    }

    @Test
    void optionsOfScriptAndConfigurationCount() throws Exception {
        job.write(
                "package.json",
                "{\"type\": \"module\", \"scripts\": {\"test\": \"npm run lint && npm run unit -- -t 'the one'\", \"lint\":"
                        + " \"true\", \"unit\": \"KIND=script vitest --config conf/other.config.js --coverage --bail 1\"}}");
        job.write("conf/other.config.js", """
                import { defineConfig } from 'vitest/config';
                export default defineConfig({
                  define: { __TOLD__: '42' },
                  test: { globals: true, include: ['**/*.check.js'], setupFiles: ['./setup.js'], environment: './place.js',
                    coverage: { thresholds: { lines: 100 } } },
                });
                """);
        job.write("setup.js", "globalThis.set = 'up';");
        job.write("place.js", """
                export default { name: 'place', viteEnvironment: 'ssr', transformMode: 'ssr',
                  setup(global) { global.document = { title: 'of place' }; return { teardown() {} }; } };
                """);
        FileResult result = run(
                "some.check.js",
                "test('the one', () => { expect([__TOLD__, set, document.title, process.env.KIND])"
                        + ".toEqual([42, 'up', 'of place', 'script']); });"
                        + " test('another', () => { throw new Error('it is not asked for'); });");
        assertThat(Job.told(result))
                .as(result.message() + result.output())
                .containsExactlyInAnyOrder("some.check.js | the one | PASSED", "some.check.js | another | SKIPPED");
        assertThat(result.status()).isEqualTo(FileStatus.PASSED);
        assertThat(result.output()).containsOnlyOnce("distributed-test: not judged: coverage.thresholds of Vitest");
        FileResult other = run("some.test.js", PASSING);
        assertThat(other.status()).isEqualTo(FileStatus.FAILED);
        assertThat(other.message()).contains("include, exclude");
        assertThat(other.output()).doesNotContain("not judged");
        assertThat(Files.readString(directory.resolve("logs/vitest-1.out"))).containsOnlyOnce("bail is switched off");
    }

    @Test
    void globalSetupComesOncePerProcessAndFailsAllFilesIfItFails() throws Exception {
        job.write("vitest.config.js", "export default { test: { globalSetup: ['./up.js'] } };");
        job.write("up.js", """
                import { appendFileSync } from 'node:fs';
                export function setup({ provide }) { appendFileSync('told', 'up '); provide('told', 1); }
                export function teardown() { appendFileSync('told', 'down'); }
                """);
        String text =
                IMPORTS + "import { inject } from 'vitest'; test('a', () => { expect(inject('told')).toBe(1); });";
        assertThat(run("a.test.js", text).status()).isEqualTo(FileStatus.PASSED);
        assertThat(run("b.test.js", text).status()).isEqualTo(FileStatus.PASSED);
        job.runners.worker(1).close();
        assertThat(job.runners.worker(1).problems()).isEmpty();
        assertThat(job.workspace.resolve("told")).hasContent("up down");
        job.write("up.js", "export function setup() { throw new Error('cannot go up'); }");
        assertThat(vitests("a.test.js")).endsWith("not well");
        for (String each : List.of("a.test.js", "b.test.js")) {
            FileResult result = job.runners.worker(2).run(new TestFile(each), Job.LONG);
            assertThat(result.status()).isEqualTo(FileStatus.FAILED);
            assertThat(result.message()).contains("cannot go up");
        }
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "export function setup() { process.exitCode = 3; }",
                "export function teardown() { process.exitCode = 3; }",
                "export function setup() { process.on('exit', () => { process.exitCode = 3; }); }",
                "export function setup() { process.on('exit', () => { throw new Error('leaked'); }); }"
            })
    void exitCodeThatIsSetInVitestsProcessFailsTheRun(String up) throws Exception {
        job.write("vitest.config.js", "export default { test: { globalSetup: ['./up.js'] } };");
        job.write("up.js", up);
        assertThat(run("a.test.js", PASSING).status()).isEqualTo(FileStatus.PASSED);
        assertThat(vitests()).hasSize(2).contains("not well");
        job.runners.worker(1).close();
        assertThat(String.join("", job.runners.worker(1).problems())).containsPattern("exit code 3|leaked");
    }

    /** Vitest itself sets an exit code for a file that fails; that is told by the file alone. */
    @Test
    void failedFileDoesNotFailWhatIsAfterIt() throws Exception {
        run("a.test.js", IMPORTS + "test('a', () => { throw new Error('x'); });");
        assertThat(run("b.test.js", PASSING).status()).isEqualTo(FileStatus.PASSED);
        job.runners.worker(1).close();
        assertThat(job.runners.worker(1).problems()).isEmpty();
    }

    @Test
    void casesOfAFileInTwoProjectsAreTwo() throws Exception {
        job.write("vitest.config.js", """
                export default { test: { projects: [
                  { test: { name: 'one', env: { KIND: 'one' } } },
                  { test: { name: 'two', env: { KIND: 'two' } } } ] } };
                """);
        FileResult result = run("a.test.js", IMPORTS + "test('a', () => { expect(process.env.KIND).toBe('one'); });");
        assertThat(Job.told(result)).containsExactlyInAnyOrder("one | a | PASSED", "two | a | FAILED");
        assertThat(result.status()).isEqualTo(FileStatus.FAILED);
        assertThat(vitests()).hasSize(3);
    }

    @Test
    void browserIsRefusedBeforeTheRun() throws Exception {
        job.write("vitest.config.js", """
                export default { test: { projects: [
                  { test: { name: 'pages', browser: { enabled: true, instances: [{ browser: 'chromium' }] } } },
                  { test: { name: 'plain' } } ] } };
                """);
        job.write("a.test.js", PASSING);
        JavaScriptSuite suite = JavaScriptSuite.in(job.workspace).orElseThrow();
        assertThatThrownBy(() -> suite.find(RunnerSettings.DEFAULT, Map.of()))
                .isInstanceOf(SuiteException.class)
                .hasMessageContaining("browser")
                .hasMessageContaining("pages");
        job.write("package.json", "{\"type\": \"module\", \"scripts\": {\"test\": \"vitest run --project plain\"}}");
        assertThat(JavaScriptSuite.in(job.workspace).orElseThrow().find(RunnerSettings.DEFAULT, Map.of()))
                .hasSize(1);
        nextFileStillRuns();
    }

    @Test
    void suiteIsWhatVitestItselfFinds() throws Exception {
        job.write(
                "package.json",
                "{\"type\": \"module\", \"scripts\": {\"test\": \"tsc && vitest run --exclude 'left/**'\"}}");
        for (String each : List.of("a.test.js", "src/b.spec.tsx", "left/c.test.js", "lib/d.js", "x[1].test.ts")) {
            job.write(each, PASSING);
        }
        JavaScriptSuite suite = JavaScriptSuite.in(job.workspace).orElseThrow();
        assertThat(suite.tool()).isEqualTo("vitest");
        assertThat(suite.find(RunnerSettings.DEFAULT, Map.of()))
                .extracting(TestFile::path)
                .containsExactly("a.test.js", "src/b.spec.tsx", "x[1].test.ts");
    }

    /** Vitest's own report calls the tests of a process that was killed skipped. */
    @Test
    void killedProcessIsACrashWithItsSignal() throws Exception {
        FileResult result = run(
                "dies.test.js",
                IMPORTS + "test('a', () => {});" + " test('b', () => { process.kill(process.pid, 'SIGKILL'); });");
        assertThat(result.status()).isEqualTo(FileStatus.CRASHED);
        assertThat(result.signal()).isEqualTo("KILL");
        assertThat(result.exitCode()).isEqualTo(137);
        assertThat(result.message()).contains("Worker exited unexpectedly").contains("It has not ended: b");
        assertThat(vitests("dies.test.js")).endsWith("not well");
        FileResult child = run(
                "kills.test.js",
                IMPORTS + "import { spawnSync } from 'node:child_process'; test('a', () => {"
                        + " spawnSync('sh', ['-c', 'kill -9 $$']); expect(1).toBe(2); });");
        assertThat(child.status()).as("a child of the test was killed").isEqualTo(FileStatus.FAILED);
        nextFileStillRuns();
    }

    @Test
    void hangingTestIsStoppedWithAllThatItStarted() throws Exception {
        isStoppedWithAllThatItStarted("hangs.test.js", IMPORTS + """
                import { spawn } from 'node:child_process';
                test('first', () => {});
                test('hangs', async () => {
                  const child = spawn('sleep', ['600'], { detached: true });
                  console.log('child ' + child.pid);
                  await new Promise(r => setTimeout(r, 1000));
                  while (true) {}
                }, 600000);
                """, Duration.ofSeconds(15));
    }

    @Test
    void noisyOutputOfAnyKindSurvives() throws Exception {
        FileResult result = run("noisy.test.js", IMPORTS + """
                test('loud', () => {
                  process.stdout.write('x'.repeat(2 << 20));
                  process.stderr.write('\\n{"done":1,"status":"passed"}\\n');
                });
                """);
        assertThat(result.status()).as(result.message()).isEqualTo(FileStatus.PASSED);
        assertThat(Job.told(result)).containsExactly("noisy.test.js | loud | PASSED");
        assertThat(result.output()).hasSizeLessThan(400_000).contains("bytes left out");
        FileResult second =
                run("second.test.js", IMPORTS + "test('a', () => console.log(Object.keys(process.env).join(' ')));");
        assertThat(second.output()).contains("GORGON_WORKER_ID").doesNotContain("DISTRIBUTED_TEST_TOKEN");
    }

    @Test
    void missingFileAndMissingVitestAreSaid() throws Exception {
        FileResult result = job.run("gone.test.js");
        assertThat(result.status()).isEqualTo(FileStatus.FAILED);
        assertThat(result.message()).contains("gone.test.js");
        job.write("vitest.config.js", "throw new Error('cannot be read');");
        job.write("a.test.js", PASSING);
        assertThatThrownBy(() -> job.runners.worker(2).run(new TestFile("a.test.js"), Job.LONG))
                .isInstanceOf(RunnerException.class)
                .hasMessageContaining("cannot be read");
        Files.delete(job.workspace.resolve("node_modules"));
        assertThatThrownBy(() -> job.runners.worker(2).run(new TestFile("a.test.js"), Job.LONG))
                .isInstanceOf(RunnerException.class)
                .hasMessageContaining("Vitest is not installed")
                .hasMessageContaining("npm ci");
    }

    @Test
    void cancelReturnsAtOnceAndForGood() throws Exception {
        isCancelledAtOnceAndForGood(
                "waits.test.js",
                IMPORTS + "process.stdout.write('waiting'); test('a', () => new Promise(() => {}), 1e6);");
    }

    @Test
    void reportersOfTheProjectAreNotAskedAndThatIsSaid() throws Exception {
        job.write("a.test.js", "import { test } from 'vitest'; test('a', () => {});");
        job.write("own.js", "export default class Own { onTestRunEnd() { process.exitCode = 1; } }");
        job.write(
                "vitest.config.mjs",
                "import Own from './own.js'; export default { test: { reporters: ['default', new Own()] } };");
        assertThat(notes("vitest run")).singleElement().asString().contains("not judged", "Own");
        assertThat(notes("vitest run --reporter=./own.js"))
                .singleElement()
                .asString()
                .contains("./own.js");
        assertThat(notes("vitest run --reporter=dot")).isEmpty();
        OwnProcess own =
                OwnProcess.run(job.workspace, Map.of(), List.of("node", "node_modules/vitest/vitest.mjs", "run"));
        assertThat(own.isWell()).isFalse();
    }

    /** Vitest would leave out what comes behind the first failure; which failures there are says the run. */
    @Test
    void bailIsSwitchedOffAndThatIsSaidBeforeTheRun() throws Exception {
        job.write("vitest.config.mjs", "export default { test: { bail: 1 } };");
        FileResult result =
                run("a.test.js", IMPORTS + "for (const n of [1, 2]) test('of ' + n, () => { expect(n).toBe(3); });");
        assertThat(ours(result))
                .hasSize(3)
                .containsExactlyElementsOf(vitests("--bail=0"))
                .isNotEqualTo(vitests());
        assertThat(notes("vitest run")).containsExactly("bail is switched off: every file is run.");
        assertThat(notes("vitest run --bail=0")).isEmpty();
        Files.delete(job.workspace.resolve("vitest.config.mjs"));
        assertThat(notes("vitest run --bail 2")).containsExactly("bail is switched off: every file is run.");
    }

    /** Vitest's own command sees it while the next file runs in that process; here it is told of the file that made it. */
    @ParameterizedTest
    @ValueSource(strings = {"forks", "threads"})
    void whatAFileLeavesFailsTheRunAsWithoutIsolationInVitest(String pool) throws Exception {
        job.write(
                "vitest.config.mjs",
                "export default { test: { isolate: false, fileParallelism: false, cache: false, pool: '" + pool
                        + "' } };");
        String late = "test('a', () => { setTimeout(() => { throw new Error('late of a'); }, 30); });\n";
        FileResult first = run("a.test.js", IMPORTS + late + "// the larger one runs first".repeat(50));
        FileResult next = run(
                "b.test.js",
                IMPORTS + "test('b', async () => { await new Promise((later) => setTimeout(later, 400)); });");
        assertThat(vitests()).containsExactly("a.test.js | a | PASSED", "b.test.js | b | PASSED", "not well");
        assertThat(ours(first)).containsExactly("a.test.js | a | PASSED", "not well");
        assertThat(first.message()).contains("late of a");
        assertThat(ours(next)).containsExactly("b.test.js | b | PASSED", "well");
    }
}
