package io.jenkins.plugins.distributedtest.jenkins.step;

import static io.jenkins.plugins.distributedtest.jenkins.step.StepWorld.PATIENCE;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import hudson.slaves.DumbSlave;
import hudson.slaves.RetentionStrategy;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.stream.Stream;
import org.jenkinsci.plugins.workflow.job.WorkflowJob;
import org.jenkinsci.plugins.workflow.job.WorkflowRun;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.api.io.TempDir;
import org.jvnet.hudson.test.JenkinsRule;
import org.jvnet.hudson.test.junit.jupiter.JenkinsSessionExtension;

/** A step with a block across a restart of the controller: its listeners end with it, and are started again after it. */
class BlockRestartTest {
    private static final int FILES = 4;

    @RegisterExtension
    private final JenkinsSessionExtension sessions = new JenkinsSessionExtension();

    @TempDir
    private Path directory;

    private String script() {
        StringBuilder files = new StringBuilder();
        for (int i = 0; i < FILES; i++) {
            files.append(
                    "  writeFile file: 't/%d.sh', text: 'echo run >> %s/ran-%d; while [ ! -e %s/gate-%d ]; do sleep 0.1; done'%n"
                            .formatted(i, directory, i, directory, i));
        }
        return """
                node('built-in') {
                FILES
                  def r = distributedTest(files: ['t/*'], workers: 2, heartbeat: '1s', silence: '8s',
                                          runner: 'command', command: ['sh', '{file}']) {
                    node('one') {
                      distributedTestListener slots: 1
                      echo 'BRANCH GOES ON'
                    }
                  }
                  echo "RESULT passed=${r.passed} failed=${r.failed} flaky=${r.flaky}"
                }
                """.replace("FILES", files);
    }

    private void open(int gate) throws IOException {
        Files.writeString(directory.resolve("gate-" + gate), "");
    }

    private long runs(int file) {
        try (Stream<String> lines = Files.lines(directory.resolve("ran-" + file))) {
            return lines.count();
        } catch (IOException e) {
            return 0; // it has not run
        }
    }

    private static WorkflowRun build(JenkinsRule jenkins) {
        return jenkins.jenkins.getItemByFullName("block", WorkflowJob.class).getBuildByNumber(1);
    }

    @Test
    void itsListenersEndWithTheControllerAndAreStartedAgainForWhatIsLeft() throws Throwable {
        sessions.then(jenkins -> {
            DumbSlave agent =
                    new DumbSlave("one", directory.resolve("agent").toString(), jenkins.createComputerLauncher(null));
            agent.setLabelString("one");
            agent.setNumExecutors(2);
            agent.setRetentionStrategy(RetentionStrategy.NOOP);
            jenkins.jenkins.addNode(agent);
            jenkins.waitOnline(agent);
            WorkflowRun build = StepWorld.started(jenkins, StepWorld.job(jenkins, "block", script()), "2 slots in all");
            open(0);
            await().atMost(PATIENCE).until(() -> runs(0) + runs(1) + runs(2) == 3);
            assertThat(build.isBuilding()).isTrue();
        });
        LocalListenerTest.awaitNone();
        await().atMost(PATIENCE).until(() -> StepWorld.threads().isEmpty());
        for (int i = 1; i < FILES; i++) {
            open(i);
        }
        sessions.then(jenkins -> {
            WorkflowRun build = build(jenkins);
            jenkins.waitForMessage("The controller was restarted; taking up the run", build);
            jenkins.assertBuildStatusSuccess(jenkins.waitForCompletion(build));
            jenkins.assertLogContains("RESULT passed=4 failed=0 flaky=[]", build);
            jenkins.assertLogContains("BRANCH GOES ON", build);
            assertThat(runs(0)).as("a file that was done is not run again").isEqualTo(1);
            assertThat(runs(3)).isEqualTo(1);
            await().atMost(PATIENCE)
                    .until(() -> jenkins.jenkins.getComputer("one").countBusy() == 0);
        });
        LocalListenerTest.awaitNone();
    }
}
