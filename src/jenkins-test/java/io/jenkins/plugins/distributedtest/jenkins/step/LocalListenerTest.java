package io.jenkins.plugins.distributedtest.jenkins.step;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import hudson.model.Result;
import io.jenkins.plugins.distributedtest.jenkins.broker.EmbeddedBrokerService;
import io.jenkins.plugins.distributedtest.jenkins.config.DistributedTestConfiguration;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;
import org.jenkinsci.plugins.workflow.job.WorkflowJob;
import org.jenkinsci.plugins.workflow.job.WorkflowRun;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.jvnet.hudson.test.JenkinsRule;
import org.jvnet.hudson.test.junit.jupiter.WithJenkins;

/** The listener on the step's own node: a Jenkins in which nothing is configured runs a suite at once. */
@WithJenkins
class LocalListenerTest {
    private static final String SHELL = "runner: 'command', command: ['sh', '{file}']";

    @TempDir
    private Path directory;

    private JenkinsRule jenkins;

    @BeforeEach
    void start(JenkinsRule rule) {
        jenkins = rule;
    }

    @AfterEach
    void nothingIsLeft() {
        awaitNone();
    }

    /** Listeners of single runs, whoever started them. */
    static List<ProcessHandle> listeners() {
        try (Stream<ProcessHandle> all = ProcessHandle.allProcesses()) {
            return all.filter(each -> Stream.of(each.info().arguments().orElse(new String[0]))
                            .anyMatch(argument -> argument.startsWith("--only-run=")))
                    .filter(each -> each.parent().isPresent())
                    .filter(LocalListenerTest::isOurs)
                    .toList();
        }
    }

    /** Whether this JVM is among its ancestors: others on this machine may test as well. */
    private static boolean isOurs(ProcessHandle process) {
        long own = ProcessHandle.current().pid();
        for (ProcessHandle at = process; at != null; at = at.parent().orElse(null)) {
            if (at.pid() == own) {
                return true;
            }
        }
        return false;
    }

    static void awaitNone() {
        await().atMost(StepWorld.PATIENCE)
                .untilAsserted(() -> assertThat(listeners()).isEmpty());
    }

    private static String pipeline(String node, String options, String... files) {
        return StepWorld.pipeline(
                node,
                "  def r = distributedTest " + options + ", " + SHELL
                        + "\n  echo \"RESULT ${r.passed} passed, ${r.failed} failed, ${r.listeners} listeners,"
                        + " ${r.slots} slots\"",
                files);
    }

    private WorkflowRun succeeds(String name, String script) throws Exception {
        return jenkins.buildAndAssertSuccess(StepWorld.job(jenkins, name, script));
    }

    @Test
    void aPipeAndALinkInPlaceOfReportsAreReplaced() throws Exception {
        Path elsewhere = Files.writeString(directory.resolve("elsewhere"), "mine");
        String leaves = "mkfifo junit.xml page.html && ln -s " + elsewhere + " run.json";
        WorkflowRun build = succeeds(
                "pipes",
                pipeline(
                        "",
                        "files: ['t/*'], resultsFile: 'junit.xml', html: 'page.html', json: 'run.json'",
                        "t/a.sh:exit 0",
                        "distributed-test.json:{\"job\": {\"callbacks\": {\"commands\": {\"before_originate\":"
                                + " [\"sh\", \"-c\", \"" + leaves + "\"]}}}}"));
        jenkins.assertLogContains("RESULT 1 passed, 0 failed", build);
        Path workspace = jenkins.jenkins.getRootDir().toPath().resolve("workspace/pipes");
        for (String each : List.of("junit.xml", "page.html", "run.json")) {
            assertThat(workspace.resolve(each)).isRegularFile().isNotEmptyFile();
        }
        assertThat(elsewhere).hasContent("mine");
    }

    @Test
    void aJenkinsInWhichNothingIsConfiguredRunsASuiteAtOnce() throws Exception {
        assertThat(DistributedTestConfiguration.get().getEmbeddedBroker()).isNull();
        WorkflowRun build = succeeds("empty", pipeline("", "files: ['t/*']", "t/a.sh:exit 0", "t/b.sh:test -f t/a.sh"));
        jenkins.assertLogContains("RESULT 2 passed, 0 failed, 1 listeners", build);
        jenkins.assertLogContains("on this step's own executor alone", build);
        jenkins.assertLogContains("broker embedded (amqp://distributed-test@127.0.0.1:", build);
        assertThat(EmbeddedBrokerService.get().isWell()).isTrue();
        assertThat(DistributedTestConfiguration.get().getEmbeddedBroker()).isNull();
        Path work = jenkins.jenkins.getRootDir().toPath().resolve("distributed-test/runs/workspaces");
        await().atMost(StepWorld.PATIENCE)
                .untilAsserted(() -> assertThat(work)
                        .satisfiesAnyOf(
                                none -> assertThat(none).doesNotExist(),
                                empty -> assertThat(empty).isEmptyDirectory()));
    }

    @Test
    void onAnAgentItReachesTheControllersBrokerOverTheChannel() throws Exception {
        jenkins.createSlave("remote", "remote", null);
        Path go = directory.resolve("go");
        WorkflowJob job = StepWorld.job(
                jenkins,
                "remote",
                pipeline(
                        "remote",
                        "files: ['t/*'], localSlots: 3",
                        "t/a.sh:echo out; while [ ! -f " + go + " ]; do sleep 0.1; done",
                        "t/b.sh:exit 1"));
        WorkflowRun build = StepWorld.started(jenkins, job, "is ready");
        await().atMost(StepWorld.PATIENCE).until(() -> StepWorld.threads().contains("distributed-test-carry-remote"));
        Files.createFile(go);
        jenkins.assertBuildStatus(Result.UNSTABLE, jenkins.waitForCompletion(build));
        jenkins.assertLogContains("RESULT 1 passed, 1 failed, 1 listeners, 3 slots", build);
        await().atMost(StepWorld.PATIENCE).until(() -> !StepWorld.threads().contains("distributed-test-carry-remote"));
    }

    @Test
    void testsSeeTheVariablesOfTheStepButNotItsSecrets() throws Exception {
        String body = "  withEnv(['COLOUR=blue']) { sh 'echo \"[$COLOUR]\"'\n  distributedTest files: ['t/*'], " + SHELL
                + " }";
        succeeds(
                "variables",
                StepWorld.pipeline(
                        "",
                        body,
                        "t/a.sh:test \"$COLOUR\" = blue && test \"$BUILD_NUMBER\" = 1 && test \"$JOB_NAME\" = variables"));
    }

    @Test
    void zeroSlotsAreNone() throws Exception {
        WorkflowRun build = jenkins.assertBuildStatus(
                Result.FAILURE,
                StepWorld.job(
                                jenkins,
                                "none",
                                pipeline("", "files: ['t/*'], localSlots: 0, listenerTimeout: '3s'", "t/a.sh:exit 0"))
                        .scheduleBuild2(0));
        jenkins.assertLogContains("No listener has answered within 3 s", build);
    }

    @Test
    void minimumEndsARunToWhichTooFewOthersCome() throws Exception {
        WorkflowRun build = jenkins.assertBuildStatus(
                Result.FAILURE,
                StepWorld.job(
                                jenkins,
                                "few",
                                pipeline("", "files: ['t/*'], minimum: 2, listenerTimeout: '4s'", "t/a.sh:sleep 100"))
                        .scheduleBuild2(0));
        jenkins.assertLogContains("No listener besides the step's own has come within 4 s, and minimum is 2", build);
    }

    @Test
    void whatCannotBeANumberOfSlotsIsRefused() throws Exception {
        WorkflowRun build = jenkins.assertBuildStatus(
                Result.FAILURE,
                StepWorld.job(jenkins, "wrong", pipeline("", "files: ['t/*'], localSlots: -2", "t/a.sh:exit 0"))
                        .scheduleBuild2(0));
        jenkins.assertLogContains("localSlots is a number from 0 up, not -2", build);
    }

    @Test
    void anAbortStopsItWithItsTests() throws Exception {
        WorkflowJob job = StepWorld.job(
                jenkins,
                "aborted",
                pipeline("", "files: ['t/*']", "t/a.sh:echo $$ > " + directory + "/pid; sleep 1000"));
        WorkflowRun build = StepWorld.started(jenkins, job, "is ready");
        Path pid = directory.resolve("pid");
        await().atMost(StepWorld.PATIENCE).until(() -> Files.exists(pid) && Files.size(pid) > 1);
        build.getExecutor().interrupt();
        jenkins.assertBuildStatus(Result.ABORTED, jenkins.waitForCompletion(build));
        long test = Long.parseLong(Files.readString(pid).strip());
        await().atMost(StepWorld.PATIENCE).until(() -> ProcessHandle.of(test).isEmpty());
    }

    @Test
    void oneThatIsKilledIsStartedAgainAndRunsItsFileAnew() throws Exception {
        Path first = directory.resolve("first");
        WorkflowJob job = StepWorld.job(
                jenkins,
                "killed",
                pipeline(
                        "",
                        "files: ['t/*']",
                        "t/a.sh:if [ -f " + first + " ]; then exit 0; fi; touch " + first + "; sleep 1000"));
        WorkflowRun build = StepWorld.started(jenkins, job, "is ready");
        await().atMost(StepWorld.PATIENCE).until(() -> Files.exists(first));
        listeners().forEach(ProcessHandle::destroyForcibly);
        jenkins.assertBuildStatusSuccess(jenkins.waitForCompletion(build));
        jenkins.assertLogContains("RESULT 1 passed, 0 failed", build);
        jenkins.assertLogContains("The step's own listener on", build);
        jenkins.assertLogContains("has ended: exit code 137", build);
    }
}
