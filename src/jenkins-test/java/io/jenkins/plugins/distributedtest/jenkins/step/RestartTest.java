package io.jenkins.plugins.distributedtest.jenkins.step;

import static io.jenkins.plugins.distributedtest.jenkins.step.StepWorld.PATIENCE;
import static io.jenkins.plugins.distributedtest.jenkins.step.StepWorld.SHELL;
import static io.jenkins.plugins.distributedtest.jenkins.step.StepWorld.job;
import static io.jenkins.plugins.distributedtest.jenkins.step.StepWorld.pipeline;
import static io.jenkins.plugins.distributedtest.jenkins.step.StepWorld.started;
import static io.jenkins.plugins.distributedtest.jenkins.step.StepWorld.threads;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import hudson.tasks.junit.TestResultAction;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.logging.Level;
import java.util.stream.Stream;
import jenkins.model.Jenkins;
import org.jenkinsci.plugins.workflow.job.WorkflowJob;
import org.jenkinsci.plugins.workflow.job.WorkflowRun;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.api.io.TempDir;
import org.jvnet.hudson.test.JenkinsRule;
import org.jvnet.hudson.test.LogRecorder;
import org.jvnet.hudson.test.junit.jupiter.JenkinsSessionExtension;

/** The step across restarts of the controller: broker and listeners go on meanwhile. */
class RestartTest {
    /** How many of the suite's files run until somebody opens the gate. */
    private static final int FILES = 6;

    @RegisterExtension
    private final JenkinsSessionExtension sessions = new JenkinsSessionExtension();

    @TempDir
    private Path directory;

    private final LogRecorder log =
            new LogRecorder().record(Jenkins.class, Level.INFO).capture(1_000);

    private StepWorld world;

    @BeforeEach
    void prepare() {
        world = new StepWorld(directory);
    }

    @AfterEach
    void leave() {
        world.close();
        List<String> messages = log.getMessages();
        log.close();
        // What Jenkins says of a terminator that it could not run; the session went on all the same.
        assertThat(messages).isNotEmpty().noneMatch(message -> message.startsWith("Failed StepEngine"));
    }

    /** Each file notes that it runs, and waits for the gate named after it. */
    private String[] files() {
        String[] files = new String[FILES];
        for (int i = 0; i < FILES; i++) {
            files[i] = "t/" + i + ".sh:echo run >> " + directory + "/ran-" + i + "; while [ ! -e " + directory
                    + "/gate-" + i + " ]; do sleep 0.1; done; exit " + (i == 5 ? 1 : 0);
        }
        return files;
    }

    private void open(int... gates) throws Exception {
        for (int gate : gates) {
            Files.writeString(directory.resolve("gate-" + gate), "");
        }
    }

    private long runs(int file) {
        try (Stream<String> lines = Files.lines(directory.resolve("ran-" + file))) {
            return lines.count();
        } catch (java.nio.file.NoSuchFileException e) {
            return 0;
        } catch (java.io.IOException e) {
            throw new IllegalStateException(e);
        }
    }

    private static WorkflowRun build(JenkinsRule jenkins) {
        return jenkins.jenkins.getItemByFullName("restarted", WorkflowJob.class).getBuildByNumber(1);
    }

    private static String body() {
        return "  def r = distributedTest files: ['t/*'], resultsFile: 'out.xml', " + SHELL
                + "\n  echo \"RESULT passed=${r.passed} failed=${r.failed} attempts=${r.attempts}"
                + " ${fileExists('out.xml')}\"";
    }

    @Test
    void theStepTakesUpItsRunAndCountsWhatCameInMeanwhile() throws Throwable {
        world.listen(2);
        sessions.then(jenkins -> {
            world.configure();
            WorkflowJob job = job(jenkins, "restarted", pipeline("", body(), files()));
            WorkflowRun build = started(jenkins, job, "is ready");
            open(0);
            await().atMost(PATIENCE).until(() -> runs(2) == 1);
            assertThat(build.isBuilding()).isTrue();
        });
        // The controller let go of its run: there is no loop of it any more, and no connection.
        await().atMost(PATIENCE).until(() -> threads().isEmpty());
        // While there is no controller, two files end and the listener takes two more.
        open(1, 2);
        await().atMost(PATIENCE).until(() -> runs(3) == 1 && runs(4) == 1);
        sessions.then(jenkins -> {
            WorkflowRun build = build(jenkins);
            jenkins.waitForMessage("The controller was restarted; taking up the run", build);
            open(3, 4, 5);
            jenkins.assertBuildStatus(hudson.model.Result.UNSTABLE, jenkins.waitForCompletion(build));
            jenkins.assertLogContains("RESULT passed=5 failed=1 attempts=6 true", build);
            assertThat(build.getAction(TestResultAction.class).getTotalCount()).isEqualTo(FILES);
            assertThat(build.getAction(TestResultAction.class).getFailCount()).isEqualTo(1);
            for (int i = 0; i < FILES; i++) {
                assertThat(runs(i)).as("runs of file " + i).isEqualTo(1);
            }
        });
    }

    @Test
    void aRunThatEndedWhileThereWasNoControllerIsCounted() throws Throwable {
        world.listen(FILES);
        sessions.then(jenkins -> {
            world.configure();
            WorkflowJob job = job(jenkins, "restarted", pipeline("", body(), files()));
            started(jenkins, job, "is ready");
            await().atMost(PATIENCE).until(() -> runs(0) + runs(1) + runs(2) + runs(3) + runs(4) + runs(5) == FILES);
        });
        open(0, 1, 2, 3, 4, 5);
        sessions.then(jenkins -> {
            WorkflowRun build = build(jenkins);
            jenkins.assertBuildStatus(hudson.model.Result.UNSTABLE, jenkins.waitForCompletion(build));
            jenkins.assertLogContains("RESULT passed=5 failed=1 attempts=6 true", build);
        });
    }

    @Test
    void aStepThatIsAbortedAfterARestartStopsItsWorkers() throws Throwable {
        world.listen(1);
        sessions.then(jenkins -> {
            world.configure();
            WorkflowJob job = job(jenkins, "restarted", pipeline("", body(), files()));
            started(jenkins, job, "is ready");
            await().atMost(PATIENCE).until(() -> runs(0) == 1);
        });
        sessions.then(jenkins -> {
            WorkflowRun build = build(jenkins);
            jenkins.waitForMessage("The controller was restarted; taking up the run", build);
            build.doStop();
            jenkins.assertBuildStatus(hudson.model.Result.ABORTED, jenkins.waitForCompletion(build));
            open(1, 2, 3, 4, 5);
            assertThat(runs(1) + runs(2)).isZero();
        });
    }

    @Test
    void aRunThatHadNotBegunIsBegunAgain() throws Throwable {
        sessions.then(jenkins -> {
            world.configure();
            String slow = "  def r = distributedTest files: ['t/*'], callbacks: ['before_originate=sh wait.sh'], "
                    + SHELL + "\n  echo \"RESULT passed=${r.passed}\"";
            WorkflowJob job = job(
                    jenkins,
                    "restarted",
                    pipeline(
                            "",
                            slow,
                            "t/a.sh:exit 0",
                            "wait.sh:touch " + directory + "/begun; while [ ! -e " + directory
                                    + "/gate-0 ]; do sleep 0.1; done"));
            job.scheduleBuild2(0).waitForStart();
            await().atMost(PATIENCE).until(() -> Files.exists(directory.resolve("begun")));
        });
        open(0);
        world.listen(1);
        sessions.then(jenkins -> {
            WorkflowRun build = build(jenkins);
            jenkins.assertBuildStatusSuccess(jenkins.waitForCompletion(build));
            jenkins.assertLogContains("RESULT passed=1", build);
        });
    }

    @Test
    void executorsOfAgentsEndWithTheControllerAndAreAskedForAnew() throws Throwable {
        String options = "files: ['t/*'], runner: 'command', command: ['sh', '{file}'], localSlots: 0,"
                + " heartbeat: '1s', silence: '8s', agents: [[label: 'one', slots: 2]]";
        sessions.then(jenkins -> {
            jenkins.createSlave("one", "one", null);
            String body = "  def r = distributedTest " + options
                    + "\n  echo \"RESULT passed=${r.passed} failed=${r.failed} flaky=${r.flaky}\"";
            WorkflowJob job = job(jenkins, "restarted", pipeline("built-in", body, files()));
            started(jenkins, job, "2 slots in all");
            open(0);
            await().atMost(PATIENCE).until(() -> runs(2) == 1);
        });
        LocalListenerTest.awaitNone();
        await().atMost(PATIENCE).until(() -> threads().isEmpty());
        open(1, 2, 3, 4, 5);
        sessions.then(jenkins -> {
            WorkflowRun build = build(jenkins);
            jenkins.waitForMessage("The controller was restarted; taking up the run", build);
            jenkins.assertBuildStatus(hudson.model.Result.UNSTABLE, jenkins.waitForCompletion(build));
            jenkins.assertLogContains("RESULT passed=5 failed=1 flaky=[]", build);
            assertThat(runs(0)).isEqualTo(1);
            await().atMost(PATIENCE)
                    .until(() -> jenkins.jenkins.getComputer("one").countBusy() == 0);
            assertThat(jenkins.jenkins.getQueue().getItems()).isEmpty();
        });
        LocalListenerTest.awaitNone();
    }
}
