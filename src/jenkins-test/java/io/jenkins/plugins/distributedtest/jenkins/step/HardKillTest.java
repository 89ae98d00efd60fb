package io.jenkins.plugins.distributedtest.jenkins.step;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import hudson.model.Result;
import hudson.tasks.junit.TestResultAction;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.stream.Stream;
import org.jenkinsci.plugins.workflow.job.WorkflowJob;
import org.jenkinsci.plugins.workflow.job.WorkflowRun;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.api.io.TempDir;
import org.jvnet.hudson.test.JenkinsRule;
import org.jvnet.hudson.test.junit.jupiter.RealJenkinsExtension;

/** A controller in a process of its own is killed while a run goes on; broker and listener are in this one. */
class HardKillTest {
    private static final int FILES = 5;

    @RegisterExtension
    private final RealJenkinsExtension controller = new RealJenkinsExtension();

    @TempDir
    private Path directory;

    private StepWorld world;

    @AfterEach
    void leave() {
        if (world != null) {
            world.close();
        }
    }

    private long runs(int file) {
        try (Stream<String> lines = Files.lines(directory.resolve("ran-" + file))) {
            return lines.count();
        } catch (NoSuchFileException e) {
            return 0;
        } catch (IOException e) {
            throw new IllegalStateException(e);
        }
    }

    private void open(int... gates) throws IOException {
        for (int gate : gates) {
            Files.writeString(directory.resolve("gate-" + gate), "");
        }
    }

    private static void begin(JenkinsRule jenkins, String broker, String script) throws Throwable {
        StepWorld.configure(broker);
        WorkflowJob job = StepWorld.job(jenkins, "killed", script);
        StepWorld.started(jenkins, job, "is ready");
    }

    private static void end(JenkinsRule jenkins, String directory) throws Throwable {
        WorkflowRun build =
                jenkins.jenkins.getItemByFullName("killed", WorkflowJob.class).getBuildByNumber(1);
        jenkins.waitForMessage("The controller was restarted; taking up the run", build);
        for (int gate = 0; gate < FILES; gate++) {
            Files.writeString(Path.of(directory).resolve("gate-" + gate), "");
        }
        jenkins.assertBuildStatus(Result.SUCCESS, jenkins.waitForCompletion(build));
        jenkins.assertLogContains("RESULT passed=5 failed=0", build);
        assertThat(build.getAction(TestResultAction.class).getTotalCount()).isEqualTo(FILES);
    }

    @Test
    void aControllerThatWasKilledTakesTheRunUpAndLosesNothing() throws Throwable {
        world = new StepWorld(directory);
        world.listen(1);
        String[] files = new String[FILES];
        for (int i = 0; i < FILES; i++) {
            files[i] = "t/" + i + ".sh:echo run >> " + directory + "/ran-" + i + "; while [ ! -e " + directory
                    + "/gate-" + i + " ]; do sleep 0.1; done";
        }
        String script = StepWorld.pipeline(
                "",
                "  def r = distributedTest files: ['t/*'], " + StepWorld.SHELL
                        + "\n  echo \"RESULT passed=${r.passed} failed=${r.failed}\"",
                files);
        String broker = world.address.toSecretUri();
        String place = directory.toString();
        controller.startJenkins();
        controller.runRemotely(HardKillTest::begin, broker, script);
        open(0);
        await().atMost(StepWorld.PATIENCE).until(() -> runs(1) == 1);
        controller.stopJenkinsForcibly();
        open(1, 2);
        await().atMost(StepWorld.PATIENCE).until(() -> runs(3) == 1);
        controller.startJenkins();
        controller.runRemotely(HardKillTest::end, place);
        controller.stopJenkins();
    }
}
