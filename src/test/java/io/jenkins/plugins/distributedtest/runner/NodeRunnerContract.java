package io.jenkins.plugins.distributedtest.runner;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import io.jenkins.plugins.distributedtest.process.ProcessTree;
import io.jenkins.plugins.distributedtest.suite.CaseStatus;
import io.jenkins.plugins.distributedtest.suite.FileResult;
import io.jenkins.plugins.distributedtest.suite.FileStatus;
import io.jenkins.plugins.distributedtest.suite.Isolation;
import io.jenkins.plugins.distributedtest.suite.RunnerSettings;
import io.jenkins.plugins.distributedtest.suite.TestFile;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The node runner, with real node processes: what holds whether files share a process or not. */
abstract class NodeRunnerContract {
    static final String IMPORTS = """
            import test, { describe, it, before, after, beforeEach } from 'node:test';
            import assert from 'node:assert';
            """;
    static final String PASSING = IMPORTS + "test('adds', () => { assert.equal(1 + 1, 2); });";

    @TempDir
    Path directory;

    Job job;

    @BeforeAll
    static void nodeIsHere() {
        assumeTrue(Runners.available().contains("node"), "node 18.17 or later is not on this host");
    }

    private final Isolation isolation;

    NodeRunnerContract(Isolation isolation) {
        this.isolation = isolation;
    }

    @BeforeEach
    void open() throws Exception {
        job = new Job(directory, RunnerSettings.DEFAULT.isolated(Map.of("node", isolation.label())));
    }

    @AfterEach
    void close() {
        job.close();
    }

    FileResult run(String name, String text) throws Exception {
        job.write(name, text);
        return job.run(name);
    }

    void nextFileStillRuns() throws Exception {
        FileResult next = run("next.test.mjs", PASSING);
        assertThat(next.status()).as(next.message() + next.output()).isEqualTo(FileStatus.PASSED);
        assertThat(Job.told(next)).containsExactly("next.test.mjs | adds | PASSED");
    }

    @Test
    void everyCaseIsToldWithItsGroupAndKind() throws Exception {
        FileResult result = run("test/all.test.mjs", IMPORTS + """
                test('adds', () => {});
                test('compares', () => { assert.strictEqual(1, 2, 'one is not two'); });
                describe('group', () => {
                  it('inner', () => { throw new TypeError('odd'); });
                  it.skip('left out', () => {});
                  it.todo('not yet');
                  describe('deep', () => { it('down', () => {}); });
                });
                await test('parent', async (t) => { await t.test('child', () => {}); });
                """);

        assertThat(result.status()).isEqualTo(FileStatus.FAILED);
        assertThat(result.message()).isEmpty();
        assertThat(result.runner()).isEqualTo("node");
        assertThat(Job.told(result))
                .containsExactly(
                        "test/all.test.mjs | adds | PASSED",
                        "test/all.test.mjs | compares | FAILED",
                        "group | inner | ERROR",
                        "group | left out | SKIPPED",
                        "group | not yet | SKIPPED",
                        "group > deep | down | PASSED",
                        "parent | child | PASSED",
                        "test/all.test.mjs | parent | PASSED");
        assertThat(result.cases().get(1).failure().message()).startsWith("one is not two");
        assertThat(result.cases().get(1).failure().type()).isEqualTo("AssertionError");
        assertThat(result.cases().get(2).failure().type()).isEqualTo("TypeError");
        assertThat(result.cases().get(2).failure().trace()).contains("odd").contains("all.test.mjs:6");
        assertThat(result.cases().get(2).line()).isEqualTo(6);
    }

    @Test
    void fileWithoutTestsIsOneCase() throws Exception {
        FileResult result = run("plain.test.mjs", "if (1 + 1 !== 2) throw new Error('no');");
        assertThat(Job.told(result)).containsExactly("plain.test.mjs | plain.test.mjs | PASSED");
    }

    @Test
    void brokenSyntaxFailsTheFile() throws Exception {
        FileResult result = run("broken.test.mjs", "import test from 'node:test';\ntest('x', () => {");
        assertThat(result.status()).isEqualTo(FileStatus.FAILED);
        assertThat(result.message()).contains("SyntaxError");
        FileResult cjs = run("broken.test.cjs", "const = 1;");
        assertThat(cjs.message()).contains("broken.test.cjs:1");
        nextFileStillRuns();
    }

    @Test
    void errorAtTheTopFailsTheFile() throws Exception {
        FileResult result = run("top.test.mjs", IMPORTS + "test('fine', () => {});\nthrow new Error('at the top');");
        assertThat(result.status()).isEqualTo(FileStatus.FAILED);
        assertThat(result.message()).contains("at the top");
        nextFileStillRuns();
    }

    @Test
    void failingHooksAreTold() throws Exception {
        FileResult result = run("hook.test.mjs", IMPORTS + """
                describe('group', () => {
                  before(() => { throw new Error('no database'); });
                  it('inner', () => {});
                });
                """);
        assertThat(result.status()).isEqualTo(FileStatus.FAILED);
        assertThat(result.cases()).anySatisfy(c -> {
            assertThat(c.status()).isEqualTo(CaseStatus.ERROR);
            assertThat(c.failure().message()).contains("no database");
        });
        nextFileStillRuns();
    }

    @Test
    void rejectionThatNobodyHandlesFailsTheFile() throws Exception {
        FileResult result = run("rejects.test.mjs", IMPORTS + """
                Promise.reject(new Error('nobody cares'));
                test('fine', () => {});
                """);
        assertThat(result.status()).isEqualTo(FileStatus.FAILED);
        assertThat(result.message() + result.cases()).contains("nobody cares");
        nextFileStillRuns();
    }

    @Test
    void killedProcessIsACrashWithItsSignal() throws Exception {
        FileResult result = run("dies.test.mjs", IMPORTS + """
                test('first', () => {});
                test('dies', async () => {
                  console.log('last words');
                  await new Promise(r => setTimeout(r, 50));
                  process.kill(process.pid, 'SIGKILL');
                });
                """);
        assertThat(result.status()).isEqualTo(FileStatus.CRASHED);
        assertThat(result.signal()).isEqualTo("KILL");
        assertThat(result.exitCode()).isEqualTo(137);
        assertThat(result.output()).contains("last words");
        assertThat(result.message()).contains("killed by signal KILL");
        nextFileStillRuns();
    }

    @Test
    void hangingTestIsStoppedWithAllThatItStarted() throws Exception {
        nextFileStillRuns();
        job.write("hangs.test.mjs", IMPORTS + """
                import { spawn } from 'node:child_process';
                test('first', () => {});
                test('hangs', async () => {
                  const child = spawn('sleep', ['600'], { detached: true });
                  console.log('child ' + child.pid);
                  await new Promise(r => setTimeout(r, 200));
                  while (true) {}
                });
                """);
        FileResult result = job.run("hangs.test.mjs", Duration.ofSeconds(5));
        assertThat(result.status()).isEqualTo(FileStatus.TIMED_OUT);
        assertThat(Job.told(result)).containsExactly("hangs.test.mjs | first | PASSED");
        long child = Long.parseLong(result.output().replaceAll("(?s).*child (\\d+).*", "$1"));
        assertThat(ProcessHandle.of(child).filter(ProcessTree::runs)).isEmpty();
        nextFileStillRuns();
    }

    @Test
    void noisyOutputOfAnyKindSurvives() throws Exception {
        FileResult result = run("noisy.test.mjs", IMPORTS + """
                test('loud', () => {
                  process.stdout.write('x'.repeat(2 << 20));
                  process.stdout.write(Buffer.from([0xff, 0xfe, 0x80]));
                  console.error('\\n{"done":1,"status":"passed"}');
                  console.log('{"hello":"x"}');
                });
                """);
        assertThat(result.status()).isEqualTo(FileStatus.PASSED);
        assertThat(Job.told(result)).containsExactly("noisy.test.mjs | loud | PASSED");
        assertThat(result.output())
                .hasSizeLessThan(400_000)
                .contains("bytes left out")
                .contains("\ufffd")
                .endsWith("{\"hello\":\"x\"}\n");
        nextFileStillRuns();
    }

    @Test
    void missingFileIsSaid() throws Exception {
        FileResult result = job.run("gone.test.mjs");
        assertThat(result.status()).isEqualTo(FileStatus.FAILED);
        assertThat(result.message()).contains("gone.test.mjs");
    }

    @Test
    void tokenIsNotShownToTestCode() throws Exception {
        FileResult result = run("env.test.mjs", "console.log(Object.keys(process.env).join(' '));");
        assertThat(result.output()).contains("GORGON_WORKER_ID").doesNotContain("DISTRIBUTED_TEST_TOKEN");
    }

    @Test
    void cancelReturnsAtOnceAndForGood() throws Exception {
        job.write("waits.test.mjs", IMPORTS + """
                console.log('waiting');
                test('waits', () => new Promise(r => setTimeout(r, 1000000)));
                """);
        CompletableFuture<FileResult> result = CompletableFuture.supplyAsync(() -> {
            try {
                return job.run("waits.test.mjs");
            } catch (Exception e) {
                throw new IllegalStateException(e);
            }
        });
        Path log = directory.resolve("logs/node-1.out");
        await().atMost(Job.LONG)
                .until(() -> Files.exists(log) && Files.readString(log).contains("waiting"));
        job.runners.worker(1).cancel();
        assertThat(result.join().status()).isEqualTo(FileStatus.CANCELLED);
        assertThat(job.run("waits.test.mjs").status()).isEqualTo(FileStatus.CANCELLED);
        assertThat(job.runners
                        .worker(2)
                        .run(new TestFile("waits.test.mjs"), Duration.ofSeconds(3))
                        .status())
                .isEqualTo(FileStatus.TIMED_OUT);
    }
}
