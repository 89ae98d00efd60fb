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
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;

/** The ava runner with the real AVA, compared with AVA's own command on the same tree. */
class AvaRunnerTest extends JavaScriptToolContract {
    private static final String IMPORT = "const test = require('ava');\n";
    private static final String PASSING = IMPORT + "test('adds', t => t.is(1 + 1, 2));\n";

    AvaRunnerTest() {
        super("ava", "{\"scripts\": {\"test\": \"ava\"}}", "test/next.js", PASSING);
    }

    private OwnProcess own(String... arguments) throws Exception {
        List<String> command = new ArrayList<>(List.of("node", "node_modules/ava/entrypoints/cli.mjs", "--tap"));
        command.addAll(List.of(arguments));
        return OwnProcess.run(job.workspace, Map.of("CI", "true"), command);
    }

    /** What AVA's TAP says of one file: each test, and each crash by what it says. */
    private static List<String> told(OwnProcess own) {
        List<String> told = new ArrayList<>();
        Matcher line = Pattern.compile("(?m)^(not )?ok \\d+ - (.*?)( # (?:SKIP|TODO).*)?$")
                .matcher(own.said());
        while (line.find()) {
            String status = line.group(3) != null ? "SKIPPED" : line.group(1) == null ? "PASSED" : "FAILED";
            told.add(line.group(2) + " | " + status);
        }
        return told;
    }

    private static List<String> byTitle(FileResult result) {
        List<String> told = new ArrayList<>();
        result.cases().forEach(each -> told.add(each.name() + " | " + outcome(each.status())));
        return told;
    }

    /** Files of many kinds. */
    enum Kind {
        PLAIN("test('adds', t => t.pass());"),
        FAILING("test('a', t => t.is(1, 2)); test('b', () => { throw new TypeError('odd'); });"
                + " test('c', t => { t.deepEqual([1], [2]); t.true(false); });"),
        LEFT_OUT("test.skip('a', t => t.fail()); test.todo('b'); test('c', t => t.pass());"),
        FOCUSED("test.only('a', t => t.pass()); test('b', t => t.fail());"),
        KNOWN_TO_FAIL("test.failing('a', t => t.fail()); test.failing('b', t => t.pass());"),
        SERIAL("let n = 0; test.serial('a', t => t.is(n++, 0)); test.serial('b', t => t.is(n++, 1));"),
        NO_ASSERTION("test('a', () => {}); test('b', t => { t.plan(2); t.pass(); });"),
        PROMISES("test('a', async t => { await null; t.pass(); }); test('b', () => Promise.reject(new Error('x')));"),
        NO_ERROR("test('a', () => { throw undefined; }); test('b', () => { throw 'text'; });"),
        NEVER("test('a', t => { t.pass(); }); test('b', () => new Promise(() => {}));"),
        TIMEOUT("test('a', async t => { t.timeout(50); t.pass(); await new Promise(r => setTimeout(r, 5000)); });"),
        BEFORE_ALL("test.before(() => { throw new Error('hook'); }); test('a', t => t.pass());"),
        BEFORE_EACH("test.beforeEach('named', t => t.fail()); test('a', t => t.pass()); test('b', t => t.pass());"),
        AFTER_EACH("test.afterEach(() => { throw new Error('x'); }); test('a', t => t.pass());"),
        AFTER_ALL("test.after.always(() => { throw new Error('x'); }); test('a', t => t.pass());"),
        SNAPSHOT("test('a', t => t.snapshot({ a: 1 }));"),
        LATE("test('a', t => { setTimeout(() => { throw new Error('late'); }, 20); t.pass(); });"
                + " test('b', async t => { await new Promise(r => setTimeout(r, 200)); t.pass(); });"),
        REJECTION("test('a', t => { Promise.reject(new Error('nobody cares')); t.pass(); });"),
        MACRO("const is = test.macro({ exec: (t, n) => t.is(n, 1), title: (p, n) => `${p ?? ''} of ${n}` });"
                + " test(is, 1); test('is', is, 2);"),
        LEAVES("test('a', t => t.pass()); test('b', async () => { await null; process.exit(0); });"),
        LEAVES_AT_THE_TOP("process.exit(0);"),
        EXIT_CODE("test('a', t => { process.exitCode = 4; t.pass(); });"),
        SYNTAX("test('a', t => {"),
        TOP("test('a', t => t.pass()); throw new Error('at the top');"),
        MISSING_MODULE("require('./not-there');"),
        EMPTY("");

        final String text;

        Kind(String text) {
            this.text = text;
        }
    }

    @ParameterizedTest
    @EnumSource
    void casesAndOutcomesAreThoseOfAva(Kind kind) throws Exception {
        String file = "test/some [x] (1).js";
        FileResult result = run(file, IMPORT + kind.text);
        OwnProcess own = own(file);
        String all = result + result.output() + "\n" + own.said();
        List<String> ours = byTitle(result);
        List<String> avas = told(own);
        assertThat(result.status() == FileStatus.PASSED).as(all).isEqualTo(own.isWell());
        // Of tests that process.exit has cut off AVA 7's TAP breaks down.
        boolean broken = kind == Kind.LEAVES && own.said().contains("lib/reporters/tap.js");
        assertThat(broken ? List.of("a | FAILED", "b | FAILED") : avas).as(all).containsAll(ours);
        // What AVA tells of besides tests is the file's message here.
        ours.forEach(avas::remove);
        assertThat(avas).as(all).allSatisfy(each -> assertThat(each).endsWith("FAILED"));
        if (!avas.isEmpty()) {
            assertThat(result.message()).as(all).isNotEmpty();
        }
        assertThat(result.runner()).isEqualTo("ava");
        nextFileStillRuns();
    }

    @Test
    void fileThatIsNotOfAvaFailsAsItDoesInAva() throws Exception {
        FileResult result = run("test/other.js", "console.log('here');");
        assertThat(own("test/other.js").isWell()).isFalse();
        assertThat(result.status()).isEqualTo(FileStatus.FAILED);
        assertThat(result.message()).contains("does not import \"ava\"");
        assertThat(run("test/_helper.js", PASSING).message()).contains("AVA does not take test/_helper.js for a test");
        assertThat(own("test/_helper.js").isWell()).isFalse();
        nextFileStillRuns();
    }

    /** A thread or a process for each file; modules of both kinds; options of the script and of the configuration. */
    @ParameterizedTest
    @ValueSource(booleans = {true, false})
    void optionsOfScriptAndConfigurationCount(boolean threads) throws Exception {
        job.write(
                "package.json",
                "{\"type\": \"module\", \"scripts\": {\"test\": \"npm run unit\","
                        + " \"unit\": \"KIND=script c8 ava --match='*wanted*' --fail-fast\"}}");
        job.write(
                "ava.config.js",
                "export default { files: ['checks/**'], require: ['./setup.js'], workerThreads: " + threads
                        + ", environmentVariables: { SET: 'yes' }, nodeArguments: ['--no-warnings'] };");
        job.write("setup.js", "globalThis.ready = true;");
        for (String file : List.of("checks/a.js", "checks/b.mjs")) {
            FileResult result = run(file, """
                    import test from 'ava';
                    import { isMainThread } from 'node:worker_threads';
                    test('is wanted', t => {
                      t.is(process.env.KIND + process.env.SET, 'scriptyes');
                      t.true(globalThis.ready);
                      t.true(process.execArgv.includes('--no-warnings'));
                      t.is(isMainThread, %s);
                    });
                    test('other', t => t.fail());
                    """.formatted(!threads));
            assertThat(byTitle(result)).as(result.message() + result.output()).containsExactly("is wanted | PASSED");
            assertThat(result.status()).isEqualTo(FileStatus.PASSED);
        }
        FileResult none = run("checks/none.js", "import test from 'ava'; test('other', t => t.fail());");
        assertThat(none.status()).as(none.message()).isEqualTo(FileStatus.PASSED);
        assertThat(none.cases()).isEmpty();
        assertThat(Files.readString(directory.resolve("logs/ava-1.out"))).containsOnlyOnce("failFast is switched off");
    }

    @Test
    void suiteIsWhatAvaItselfFinds() throws Exception {
        for (String each : List.of(
                "test.js",
                "src/a.test.js",
                "src/test-b.mjs",
                "test/c.js",
                "test/deep/[d].cjs",
                "test/_e.js",
                "test/helpers/f.js",
                "src/g.js",
                "tests/h.js",
                "__tests__/i.js",
                "node_modules.js")) {
            job.write(each, "test");
        }
        assertThat(suite()).containsExactlyInAnyOrderElementsOf(avas()).hasSize(7);
        job.write("package.json", "{\"scripts\": {\"test\": \"ava src 'test/*.js'\"}}");
        assertThat(suite())
                .containsExactlyInAnyOrderElementsOf(avas("src", "test/*.js"))
                .hasSize(3);
        job.write("package.json", "{\"scripts\": {\"test\": \"ava\"}, \"ava\": {\"files\": [\"src/g.js\"]}}");
        assertThat(suite()).containsExactly("src/g.js");
        job.write("package.json", "{\"scripts\": {\"test\": \"ava\"}, \"ava\": {\"files\": 1}}");
        assertThatThrownBy(this::suite)
                .isInstanceOf(SuiteException.class)
                .hasMessageContainingAll("ava does not tell which tests it has", "files");
    }

    private List<String> suite() throws Exception {
        return JavaScriptSuite.in(job.workspace).orElseThrow().find(RunnerSettings.DEFAULT, Map.of()).stream()
                .map(TestFile::path)
                .toList();
    }

    /** The files that AVA's own command has run, each of which fails, since it is none of AVA's. */
    private List<String> avas(String... patterns) throws Exception {
        Path root = job.workspace;
        for (String each : suite()) {
            Files.writeString(root.resolve(each), "");
        }
        String said = own(patterns).said();
        List<String> files = new ArrayList<>();
        Matcher line = Pattern.compile("(?m)^not ok \\d+ - No tests found in (.*?), make sure")
                .matcher(said);
        while (line.find()) {
            files.add(line.group(1));
        }
        return files;
    }

    @Test
    void brokenConfigurationAndMissingAvaAreSaid() throws Exception {
        job.write("test/a.js", PASSING);
        job.write("ava.config.cjs", "throw new Error('of the configuration');");
        assertThatThrownBy(() -> job.runners.worker(2).run(new TestFile("test/a.js"), Job.LONG))
                .isInstanceOf(RunnerException.class)
                .hasMessageContaining("of the configuration");
        Files.delete(job.workspace.resolve("node_modules"));
        assertThatThrownBy(() -> job.runners.worker(2).run(new TestFile("test/a.js"), Job.LONG))
                .isInstanceOf(RunnerException.class)
                .hasMessageContaining("AVA is not installed")
                .hasMessageContaining("npm ci");
        FileResult gone = job.runners.worker(1).run(new TestFile("test/gone.js"), Job.LONG);
        assertThat(gone.status()).isEqualTo(FileStatus.FAILED);
        assertThat(gone.message()).contains("test/gone.js");
    }

    @Test
    void killedThreadIsACrashWithItsSignal() throws Exception {
        crashes("test/dies.js", IMPORT + """
                test('first', t => t.pass());
                test('dies', async () => {
                  console.log('last words');
                  await new Promise(r => setTimeout(r, 300));
                  process.kill(process.pid, 'SIGKILL');
                  await new Promise(() => {});
                });
                """);
    }

    @Test
    void killedProcessIsACrashWithItsSignal() throws Exception {
        job.write("package.json", "{\"scripts\": {\"test\": \"ava --no-worker-threads\"}}");
        FileResult result = run("test/dies.js", IMPORT + "test('a', () => { process.kill(process.pid, 'SIGKILL'); });");
        assertThat(result.status()).isEqualTo(FileStatus.CRASHED);
        assertThat(result.signal()).isEqualTo("KILL");
        FileResult exits = run("test/exits.js", IMPORT + "test('a', () => { process.exit(3); });");
        assertThat(exits.status()).isEqualTo(FileStatus.FAILED);
        assertThat(exits.exitCode()).isEqualTo(3);
        assertThat(exits.message()).contains("process.exit()", "exits.js");
        nextFileStillRuns();
    }

    @Test
    void hangingTestIsStoppedWithAllThatItStarted() throws Exception {
        isStoppedWithAllThatItStarted("test/hangs.js", IMPORT + """
                const { spawn } = require('node:child_process');
                test.serial('first', t => t.pass());
                test.serial('hangs', async t => {
                  t.timeout(600000);
                  const child = spawn('sleep', ['600'], { detached: true });
                  console.log('child ' + child.pid);
                  await new Promise(r => setTimeout(r, 300));
                  while (true) {}
                });
                """, Duration.ofSeconds(8));
    }

    @Test
    void noisyOutputOfAnyKindSurvives() throws Exception {
        FileResult result = run("test/noisy.js", IMPORT + """
                test('loud', t => {
                  process.stdout.write('x'.repeat(2 << 20));
                  process.stderr.write('\\n{"done":1,"status":"passed"}\\n');
                  console.log(Object.keys(process.env).join(' '));
                  t.log('a remark');
                  t.pass();
                });
                """);
        assertThat(result.status()).as(result.message()).isEqualTo(FileStatus.PASSED);
        assertThat(Job.told(result)).containsExactly("test/noisy.js | loud | PASSED");
        assertThat(result.output())
                .hasSizeLessThan(400_000)
                .contains("bytes left out", "GORGON_WORKER_ID", "loud: a remark")
                .doesNotContain("DISTRIBUTED_TEST_TOKEN");
    }

    @Test
    void cancelReturnsAtOnceAndForGood() throws Exception {
        isCancelledAtOnceAndForGood("test/waits.js", IMPORT + """
                console.log('waiting');
                test('waits', async t => { t.timeout(600000); await new Promise(r => setTimeout(r, 500000)); });
                """);
    }
}
