package io.jenkins.plugins.distributedtest.runner;

import static org.assertj.core.api.Assertions.assertThat;

import io.jenkins.plugins.distributedtest.suite.FileResult;
import io.jenkins.plugins.distributedtest.suite.FileStatus;
import io.jenkins.plugins.distributedtest.suite.Isolation;
import java.nio.file.Files;
import org.junit.jupiter.api.Test;

/** Files of the node runner that share a process: what they leave behind for the next. */
class NodeSharedProcessTest extends NodeRunnerContract {
    NodeSharedProcessTest() {
        super(Isolation.WORKER);
    }

    @Test
    void filesShareAProcessButNotHooksMocksVariablesOrDirectory() throws Exception {
        String pid = "console.log('pid ' + process.pid);";
        FileResult first = run("first.test.mjs", IMPORTS + pid + """
                import { mock } from 'node:test';
                before(() => console.log('before of first'));
                after(() => console.log('after of first'));
                beforeEach(() => console.log('hook of first'));
                mock.method(Math, 'max', () => 42);
                process.env.LEFT_BEHIND = 'yes';
                process.chdir('/');
                process.on('uncaughtException', () => {});
                test('one', () => {});
                """);
        FileResult second = run("second.test.cjs", pid.replace("import", "") + """
                const { test, beforeEach } = require('node:test');
                const assert = require('node:assert');
                beforeEach(() => console.log('hook of second'));
                test('two', () => {
                  assert.equal(Math.max(1, 2), 2);
                  assert.equal(process.env.LEFT_BEHIND, undefined);
                  assert.notEqual(process.cwd(), '/');
                });
                """);

        assertThat(first.status()).isEqualTo(FileStatus.PASSED);
        assertThat(first.output().lines().skip(1))
                .containsExactly("before of first", "hook of first", "after of first");
        assertThat(second.status()).as(Job.told(second) + second.message()).isEqualTo(FileStatus.PASSED);
        assertThat(second.output().lines().skip(1)).containsExactly("hook of second");
        assertThat(second.output().lines().findFirst())
                .isEqualTo(first.output().lines().findFirst());
        assertThat(run("first.test.mjs", Files.readString(job.workspace.resolve("first.test.mjs")))
                        .cases())
                .hasSize(1);
        assertThat(job.run("second.test.cjs").cases()).hasSize(1);
    }

    @Test
    void exitOfTestCodeIsNoCrash() throws Exception {
        FileResult result = run("exits.test.mjs", IMPORTS + """
                test('first', () => {});
                test('leaves', async () => { await new Promise(r => setTimeout(r, 50)); process.exit(3); });
                """);
        assertThat(result.status()).isEqualTo(FileStatus.FAILED);
        assertThat(result.message()).contains("exit(3)").contains("exits.test.mjs:4");
        assertThat(result.exitCode()).isEqualTo(3);
        assertThat(Job.told(result)).containsExactly("exits.test.mjs | first | PASSED");
        assertThat(run("exits0.test.mjs", "process.exit(0)").status()).isEqualTo(FileStatus.FAILED);
        nextFileStillRuns();
    }
}
