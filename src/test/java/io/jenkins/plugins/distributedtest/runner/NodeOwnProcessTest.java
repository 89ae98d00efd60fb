package io.jenkins.plugins.distributedtest.runner;

import static org.assertj.core.api.Assertions.assertThat;

import io.jenkins.plugins.distributedtest.suite.CaseStatus;
import io.jenkins.plugins.distributedtest.suite.FileResult;
import io.jenkins.plugins.distributedtest.suite.FileStatus;
import io.jenkins.plugins.distributedtest.suite.Isolation;
import io.jenkins.plugins.distributedtest.suite.RunnerSettings;
import io.jenkins.plugins.distributedtest.suite.TestCase;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Files of the node runner with a process each, as {@code node --test} has it: compared with it, file by file. */
class NodeOwnProcessTest extends NodeRunnerContract {
    NodeOwnProcessTest() {
        super(Isolation.FILE);
    }

    /** Of the summary of {@code node --test}: how many tests it counts, by outcome. */
    private static Map<String, Integer> nodesOwn(Job job, String... arguments) throws Exception {
        List<String> command = new ArrayList<>(List.of("node"));
        command.addAll(List.of(arguments));
        return counts(OwnProcess.run(job.workspace, Map.of(), command));
    }

    private static Map<String, Integer> counts(OwnProcess own) {
        Map<String, Integer> counts = new TreeMap<>();
        Matcher line = Pattern.compile("(?m)^# (tests|pass|fail|cancelled|skipped|todo) (\\d+)$")
                .matcher(own.said());
        while (line.find()) {
            counts.put(line.group(1), Integer.valueOf(line.group(2)));
        }
        counts.put("exit", own.exitCode());
        return counts;
    }

    private static int count(FileResult result, CaseStatus... statuses) {
        return (int) result.cases().stream()
                .map(TestCase::status)
                .filter(List.of(statuses)::contains)
                .count();
    }

    private void judgedAsByNode(String file) throws Exception {
        FileResult ours = job.run(file);
        Map<String, Integer> node = nodesOwn(job, "--test", file);
        String all = ours + "\n" + ours.output() + "\n" + node;
        assertThat(ours.status() == FileStatus.PASSED).as(all).isEqualTo(node.get("exit") == 0);
        // That a hook of the group "g" failed is told by a case of its own; node counts the tests in it.
        long groups =
                ours.cases().stream().filter(one -> one.name().equals("g")).count();
        assertThat(ours.cases()).as(all).hasSize(node.get("tests") + (int) groups);
        assertThat(count(ours, CaseStatus.PASSED)).as(all).isEqualTo(node.get("pass"));
        assertThat(count(ours, CaseStatus.SKIPPED)).as(all).isEqualTo(node.get("skipped") + node.get("todo"));
        assertThat(count(ours, CaseStatus.FAILED, CaseStatus.ERROR))
                .as(all)
                .isEqualTo(node.get("fail") + node.get("cancelled") + (int) groups);
    }

    /** Of many kinds; what is judged late comes after the tests have ended. */
    @ParameterizedTest
    @ValueSource(
            strings = {
                "test('fine', () => {});",
                "test('nested', async (t) => { await t.test('in', () => {}); await t.test('bad', () => assert.ok(0)); });",
                "describe('g', () => { it('a', () => {}); it.skip('b'); it.todo('c', () => { throw 1; }); });",
                "describe('g', () => { before(() => { throw new Error('hook'); }); it('a', () => {}); });",
                "describe('g', () => { after(() => { throw new Error('hook'); }); it('a', () => {}); });",
                "test('late', () => { setTimeout(() => { throw new Error('late'); }, 50); });",
                "test('late', () => { setTimeout(() => Promise.reject(new Error('late')), 50); });",
                "test('code', () => {}); process.exitCode = 3;",
                "test('hook', () => {}); process.on('exit', () => { process.exitCode = 4; });",
                "test('never ends', () => new Promise(() => {}));",
                "test('leaves', () => { process.exit(0); }); test('never', () => {});",
                "test('leaves', async () => { await 1; process.exit(5); });",
                "process.exit(0);",
                "process.exitCode = 1;",
                "setTimeout(() => assert.ok(false, 'later'), 20);",
                "process.on('exit', () => assert.ok(false, 'at the end'));",
                "console.log('not ok 1 - of another library'); process.exit(1);",
                "throw new Error('at the top');",
                "const = 1;",
                "",
                "test('only', { only: true }, () => {}); test('other', () => { assert.ok(0); });",
                "test('same', () => {}); test('same', () => {});",
                "for (let i = 0; i < 300; i++) test('many ' + i, () => { if (i % 7 === 0) assert.ok(0); });",
                "test('spawns', async () => { (await import('node:child_process')).spawnSync(process.execPath, ['-e', '1']); });",
                "test('main', () => assert.equal(process.argv[1], import.meta.filename ?? process.argv[1]));",
            })
    void countsAsNodeDoes(String code) throws Exception {
        job.write("test/a (1) [x].test.mjs", IMPORTS + code);
        judgedAsByNode("test/a (1) [x].test.mjs");
        nextFileStillRuns();
    }

    /** It ends a file that takes longer, whatever its tests say. */
    @Test
    void timeoutOfTheTestScriptCounts() throws Exception {
        job.write("package.json", "{\"scripts\": {\"test\": \"node --test --test-timeout 1500\"}}");
        job.write(
                "test/slow.test.mjs",
                IMPORTS + "test('slow', () => new Promise((end) => { setTimeout(end, 6000); }));");
        FileResult ours = job.run("test/slow.test.mjs");
        Map<String, Integer> node = nodesOwn(job, "--test", "--test-timeout=1500", "test/slow.test.mjs");
        assertThat(node.get("exit")).isEqualTo(1);
        assertThat(ours.status()).isEqualTo(FileStatus.FAILED);
        assertThat(ours.message()).contains("timed out after 1500ms");
        assertThat(ours.cases()).hasSize(node.get("tests"));
    }

    @Test
    void aCommonJsFileIsTheMainModule() throws Exception {
        job.write("test/main.test.cjs", """
                const test = require('node:test');
                const assert = require('node:assert');
                test('is main', () => {
                  assert.strictEqual(require.main, module);
                  assert.strictEqual(process.argv[1], __filename);
                  assert.strictEqual(process.argv.length, 2);
                });
                """);
        judgedAsByNode("test/main.test.cjs");
    }

    @Test
    void nothingOfAFileReachesTheNext() throws Exception {
        run("first.test.mjs", IMPORTS + """
                globalThis.left = 1;
                process.env.LEFT = 'yes';
                Array.prototype.mine = () => 1;
                (await import('./shared.mjs').catch(() => ({ counter: {} }))).counter.value = 2;
                test('one', () => {});
                """);
        job.write("shared.mjs", "export const counter = { value: 1 };");
        FileResult second = run("second.test.mjs", IMPORTS + """
                import { counter } from './shared.mjs';
                test('two', () => {
                  assert.equal(globalThis.left, undefined);
                  assert.equal(process.env.LEFT, undefined);
                  assert.equal([].mine, undefined);
                  assert.equal(counter.value, 1);
                });
                """);
        assertThat(second.status()).as(second.toString()).isEqualTo(FileStatus.PASSED);
    }

    @Test
    void exitOfTestCodeIsToldWithItsCode() throws Exception {
        FileResult result = run("exits.test.mjs", IMPORTS + """
                test('first', () => {});
                test('leaves', async () => { await new Promise(r => setTimeout(r, 50)); process.exit(3); });
                """);
        assertThat(result.status()).isEqualTo(FileStatus.FAILED);
        assertThat(result.message()).contains("exit code 3");
        assertThat(result.exitCode()).isEqualTo(3);
        nextFileStillRuns();
    }

    /** Options of Node for the files, variables; not what is asked of the whole run. */
    @Test
    void theTestScriptsOptionsAndVariablesHold() throws Exception {
        job.write("package.json", """
                {"scripts": {"test": "npm run unit",
                 "unit": "SAID=yes node --import ./setup.mjs --test-reporter tap --test-concurrency=1 --test a.test.mjs"}}
                """);
        job.write("setup.mjs", "globalThis.ready = true;\n");
        FileResult ours = run("a.test.mjs", IMPORTS + """
                test('set up', () => assert.ok(globalThis.ready));
                test('variable', () => assert.equal(process.env.SAID, 'yes'));
                test('bad', () => assert.ok(false));
                """);
        Map<String, Integer> own = counts(OwnProcess.run(job.workspace, Map.of(), List.of("npm", "test")));
        assertThat(own).as(ScriptJob.all(ours)).containsEntry("pass", 2).containsEntry("fail", 1);
        assertThat(count(ours, CaseStatus.PASSED)).as(ScriptJob.all(ours)).isEqualTo(2);
        assertThat(count(ours, CaseStatus.FAILED, CaseStatus.ERROR)).isEqualTo(1);
    }

    @Test
    void nodesOwnOptionsReachTheFilesProcess() throws Exception {
        RunnerSettings settings = new RunnerSettings(
                null,
                null,
                Map.of("node", List.of("--conditions=special", "--test-name-pattern=wanted", "--no-warnings")),
                null,
                null,
                null,
                null);
        try (Job other = new Job(directory.resolve("options"), settings)) {
            other.write("a.test.mjs", IMPORTS + """
                    test('wanted', () => assert.ok(process.execArgv.includes('--conditions=special')));
                    test('left out', () => assert.ok(false));
                    """);
            FileResult result = other.run("a.test.mjs");
            Map<String, Integer> node =
                    nodesOwn(other, "--conditions=special", "--test-name-pattern=wanted", "--test", "a.test.mjs");
            assertThat(node.get("exit")).isZero();
            assertThat(result.status()).as(result.toString()).isEqualTo(FileStatus.PASSED);
            assertThat(count(result, CaseStatus.PASSED)).isEqualTo(node.get("pass"));
            assertThat(count(result, CaseStatus.SKIPPED)).isEqualTo(node.get("skipped"));
        }
    }
}
