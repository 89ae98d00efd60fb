package io.jenkins.plugins.distributedtest.jenkins.step;

import static io.jenkins.plugins.distributedtest.jenkins.step.StepWorld.PATIENCE;
import static io.jenkins.plugins.distributedtest.jenkins.step.StepWorld.SHELL;
import static io.jenkins.plugins.distributedtest.jenkins.step.StepWorld.job;
import static io.jenkins.plugins.distributedtest.jenkins.step.StepWorld.pipeline;
import static io.jenkins.plugins.distributedtest.jenkins.step.StepWorld.started;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import com.cloudbees.plugins.credentials.CredentialsScope;
import com.cloudbees.plugins.credentials.SystemCredentialsProvider;
import hudson.model.Result;
import hudson.tasks.junit.TestResultAction;
import hudson.util.Secret;
import io.jenkins.plugins.distributedtest.jenkins.build.DistributedTestAction;
import io.jenkins.plugins.distributedtest.originator.Ping;
import io.jenkins.plugins.distributedtest.report.JsonReport;
import io.jenkins.plugins.distributedtest.testing.FreePorts;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.concurrent.TimeUnit;
import java.util.logging.Level;
import java.util.stream.Stream;
import org.jenkinsci.plugins.plaincredentials.impl.StringCredentialsImpl;
import org.jenkinsci.plugins.workflow.actions.WarningAction;
import org.jenkinsci.plugins.workflow.cps.CpsFlowDefinition;
import org.jenkinsci.plugins.workflow.graph.FlowNode;
import org.jenkinsci.plugins.workflow.graphanalysis.DepthFirstScanner;
import org.jenkinsci.plugins.workflow.job.WorkflowJob;
import org.jenkinsci.plugins.workflow.job.WorkflowRun;
import org.jenkinsci.plugins.workflow.steps.StepExecution;
import org.jenkinsci.plugins.workflow.support.actions.PauseAction;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Assumptions;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.jvnet.hudson.test.JenkinsRule;
import org.jvnet.hudson.test.LogRecorder;
import org.jvnet.hudson.test.MockFolder;
import org.jvnet.hudson.test.junit.jupiter.WithJenkins;

/** The step in pipelines, with a real RabbitMQ and real listeners. */
@WithJenkins
class DistributedTestStepTest {
    private JenkinsRule jenkins;
    private StepWorld world;

    @TempDir
    private Path directory;

    @BeforeEach
    void prepare(JenkinsRule rule) {
        jenkins = rule;
        world = new StepWorld(directory);
        world.configure();
    }

    @AfterEach
    void leave() {
        world.close();
    }

    private static String step(String options) {
        return "  def r = distributedTest " + options + ", " + SHELL + "\n  echo \"RESULT passed=${r.passed}"
                + " failed=${r.failed} flaky=${r.flaky} count=${r.flaky.size()} end=${r.end} green=${r.green}\"\n"
                + "  echo \"wall ${r.wallSeconds}s of at least ${r.lowerBoundSeconds}s, tests ${r.tests.total},"
                + " ${r.failedFiles.join('+')}\"";
    }

    @Test
    void passingTestsMakeAGreenBuildAndAResultThatTheSandboxMayRead() throws Exception {
        world.listen(2);
        WorkflowJob job =
                job(jenkins, "pass", pipeline("", step("files: ['t/*.sh']"), "t/a.sh:exit 0", "t/b.sh:exit 0"));
        WorkflowRun build = jenkins.buildAndAssertSuccess(job);
        jenkins.assertLogContains("RESULT passed=2 failed=0 flaky=[] count=0 end=COMPLETED green=true", build);
        jenkins.assertLogContains("2 files through broker ci", build);
        jenkins.assertLogContains("is ready", build);
        jenkins.assertLogContains("PASSED in", build);
        jenkins.assertLogNotContains(":" + world.address.password() + "@", build);
        assertThat(build.getAction(DistributedTestAction.class)).isNotNull();
        assertThat(Files.list(build.getRootDir().toPath().resolve("distributed-test"))
                        .map(file -> file.getFileName().toString()))
                .noneMatch(name -> name.endsWith(".plan") || name.endsWith(".snapshot"));
    }

    @Test
    void failingTestsMakeTheBuildUnstableWithAWarningAtTheStep() throws Exception {
        world.listen(2);
        WorkflowJob job = job(
                jenkins,
                "fail",
                pipeline("", step("files: ['t/*.sh']"), "t/a.sh:exit 0", "t/b.sh:echo this is why; exit 3"));
        WorkflowRun build = jenkins.buildAndAssertStatus(Result.UNSTABLE, job);
        jenkins.assertLogContains("RESULT passed=1 failed=1", build);
        jenkins.assertLogContains("t/b.sh", build);
        jenkins.assertLogContains("this is why", build);
        jenkins.assertLogContains("More of it on the build's page", build);
        assertThat(warnings(build)).containsExactly("Tests failed: 1 of 2 files");
    }

    private static List<String> warnings(WorkflowRun build) {
        List<String> messages = new ArrayList<>();
        for (FlowNode node : new DepthFirstScanner().allNodes(build.getExecution())) {
            WarningAction warning = node.getPersistentAction(WarningAction.class);
            if (warning != null) {
                messages.add(warning.getMessage());
            }
        }
        return messages;
    }

    @Test
    void failingTestsFailTheStepWhereThatIsAskedFor() throws Exception {
        world.listen(1);
        WorkflowJob job =
                job(jenkins, "failure", pipeline("", step("files: ['t/*'], onFailure: 'FAILURE'"), "t/b.sh:exit 3"));
        WorkflowRun build = jenkins.buildAndAssertStatus(Result.FAILURE, job);
        jenkins.assertLogContains("ERROR: Tests failed: 1 of 1 file", build);
        jenkins.assertLogNotContains("no fault of a test", build);
    }

    @Test
    void failingTestsDoNothingWhereThatIsAskedFor() throws Exception {
        world.listen(1);
        WorkflowJob job =
                job(jenkins, "ignore", pipeline("", step("files: ['t/*'], onFailure: 'IGNORE'"), "t/b.sh:exit 3"));
        WorkflowRun build = jenkins.buildAndAssertSuccess(job);
        jenkins.assertLogContains("RESULT passed=0 failed=1", build);
    }

    @Test
    void aFileThatPassesWhenItIsTriedAgainIsFlaky() throws Exception {
        world.listen(1);
        String once = directory.resolve("once").toString();
        WorkflowJob job = job(
                jenkins,
                "flaky",
                pipeline(
                        "",
                        step("files: ['t/*'], retries: 1"),
                        "t/f.sh:if [ -e " + once + " ]; then exit 0; fi; touch " + once + "; exit 1"));
        WorkflowRun build = jenkins.buildAndAssertSuccess(job);
        jenkins.assertLogContains("RESULT passed=1 failed=0 flaky=[t/f.sh] count=1", build);
        TestResultAction results = build.getAction(TestResultAction.class);
        assertThat(results.getFailCount()).isZero();
        assertThat(results.getTotalCount()).isEqualTo(1);
    }

    @Test
    void resultsArePublishedWithTheBranchTheyAreFromAndWrittenWhereTheStepSays() throws Exception {
        world.listen(2);
        String two = "  parallel left: { distributedTest files: ['l/*'], resultsFile: 'out/left.xml', " + SHELL
                + " },\n"
                + "    right: { distributedTest files: ['r/*'], html: 'out/r.html', json: 'out/r.json', " + SHELL
                + " }\n  echo \"XML ${readFile('out/left.xml').contains('<testsuite')}"
                + " ${fileExists('out/r.html')} ${fileExists('out/r.json')}\"";
        WorkflowJob job = job(jenkins, "publish", pipeline("", two, "l/a.sh:exit 0", "r/b.sh:exit 1"));
        WorkflowRun build = jenkins.buildAndAssertStatus(Result.UNSTABLE, job);
        jenkins.assertLogContains("XML true true true", build);
        TestResultAction results = build.getAction(TestResultAction.class);
        assertThat(results.getTotalCount()).isEqualTo(2);
        assertThat(results.getFailedTests()).hasSize(1);
        assertThat(results.getFailedTests().get(0).getSuiteResult().getEnclosingBlockNames())
                .containsExactly("right");
    }

    @Test
    void nothingIsPublishedWhereTheStepSaysSo() throws Exception {
        world.listen(1);
        WorkflowJob job =
                job(jenkins, "quiet", pipeline("", step("files: ['t/*'], skipPublishing: true"), "t/a.sh:exit 0"));
        assertThat(jenkins.buildAndAssertSuccess(job).getAction(TestResultAction.class))
                .isNull();
    }

    @Test
    void withoutAListenerTheStepIsShownAsPausedAndFailsWithTheEnginesError() throws Exception {
        WorkflowJob job =
                job(jenkins, "alone", pipeline("", step("files: ['t/*'], listenerTimeout: '15s'"), "t/a.sh:exit 0"));
        WorkflowRun build = started(jenkins, job, "No listener takes part");
        await().atMost(PATIENCE).until(() -> paused(build));
        jenkins.assertBuildStatus(Result.FAILURE, jenkins.waitForCompletion(build));
        jenkins.assertLogContains("could not be carried out (no fault of a test)", build);
        jenkins.assertLogContains("istener", build);
        await().atMost(PATIENCE).until(() -> !paused(build));
    }

    @Test
    void theBuildsPageSaysThatItWaitsForAListenerWhileItDoes() throws Exception {
        WorkflowJob job =
                job(jenkins, "waits", pipeline("", step("files: ['t/*'], listenerTimeout: '30m'"), "t/a.sh:exit 0"));
        WorkflowRun build = started(jenkins, job, "No listener takes part");
        assertThat(summary(build)).contains("waiting for a listener to run 1 file");
        build.doStop();
        jenkins.assertBuildStatus(Result.ABORTED, jenkins.waitForCompletion(build));
    }

    /** The build's own page. */
    private String summary(WorkflowRun build) throws Exception {
        JenkinsRule.WebClient client = jenkins.createWebClient();
        client.setJavaScriptEnabled(false);
        return client.getPage(build).asNormalizedText();
    }

    @Test
    void aWrongClusterIsToldWithThoseThatAnswer() throws Exception {
        world.listen(1, "team-a");
        world.listen(1);
        for (String cluster : new String[] {"team-a", null}) {
            await().atMost(PATIENCE)
                    .until(() -> !Ping.ping(world.address, cluster, Duration.ofSeconds(1))
                            .isEmpty());
        }
        WorkflowJob job = job(
                jenkins,
                "elsewhere",
                pipeline("", step("files: ['t/*'], cluster: 'team-x', listenerTimeout: '5s'"), "t/a.sh:exit 0"));
        WorkflowRun build = jenkins.buildAndAssertStatus(Result.FAILURE, job);
        jenkins.assertLogContains("No listener has answered within 5 s", build);
        jenkins.assertLogContains(
                "Listeners answer there, but of cluster team-a and no cluster: is cluster the right one?", build);

        WorkflowJob own = job(
                jenkins,
                "own",
                pipeline(
                        "",
                        step("files: ['t/*'], cluster: 'team-x', localSlots: 1, minimum: 1, listenerTimeout: '5s'"),
                        "t/a.sh:sleep 60"));
        WorkflowRun other = jenkins.buildAndAssertStatus(Result.FAILURE, own);
        jenkins.assertLogContains("No listener besides the step's own has come within 5 s, and minimum is 1.", other);
        jenkins.assertLogContains("but of cluster team-a and no cluster", other);
    }

    private static boolean paused(WorkflowRun build) {
        for (FlowNode node : new DepthFirstScanner().allNodes(build.getExecution())) {
            if (PauseAction.isPaused(node)) {
                return true;
            }
        }
        return false;
    }

    @Test
    void anAbortStopsTheRunsWorkers() throws Exception {
        world.listen(2);
        Path alive = directory.resolve("alive");
        WorkflowJob job = job(
                jenkins,
                "abort",
                pipeline("", step("files: ['t/*']"), "t/a.sh:echo $$ > " + alive + "; exec sleep 3600"));
        WorkflowRun build = started(jenkins, job, "is ready");
        await().atMost(PATIENCE).until(() -> Files.exists(alive) && Files.size(alive) > 1);
        long pid = Long.parseLong(Files.readString(alive).strip());
        assertThat(ProcessHandle.of(pid)).isPresent();
        List<StepExecution> executions = executions(build);
        assertThat(executions.get(0).getStatusBounded(2, TimeUnit.SECONDS))
                .contains("0 of 1 file done", "1 running", "1 listener");
        long begin = System.nanoTime();
        build.doStop();
        await().atMost(PATIENCE).until(() -> ProcessHandle.of(pid).isEmpty());
        long seconds = TimeUnit.NANOSECONDS.toSeconds(System.nanoTime() - begin);
        System.out.println("The worker was stopped after " + seconds + " s");
        jenkins.assertBuildStatus(Result.ABORTED, jenkins.waitForCompletion(build));
        assertThat(build.getAction(DistributedTestAction.class)).isNotNull();
    }

    private static List<StepExecution> executions(WorkflowRun build) throws Exception {
        return build.getExecution().getCurrentExecutions(true).get(60, TimeUnit.SECONDS);
    }

    @Test
    void aTimeoutStepEndsTheRun() throws Exception {
        world.listen(1);
        String body = "  timeout(time: 5, unit: 'SECONDS') { distributedTest files: ['t/*'], " + SHELL + " }";
        WorkflowJob job = job(jenkins, "timeout", pipeline("", body, "t/a.sh:exec sleep 3600"));
        WorkflowRun build = jenkins.buildAndAssertStatus(Result.ABORTED, job);
        jenkins.assertLogContains("CANCELLED", build);
    }

    @Test
    void anAbortWhileTheRunIsPreparedEndsTheStep() throws Exception {
        String body = "  timeout(time: 2, unit: 'SECONDS') { distributedTest files: ['t/*'], callbacks:"
                + " ['before_originate=sleep 600'], " + SHELL + " }";
        WorkflowJob job = job(jenkins, "early", pipeline("", body, "t/a.sh:exit 0"));
        try (LogRecorder log = new LogRecorder()
                .record("io.jenkins.plugins.distributedtest", Level.WARNING)
                .record("hudson.model", Level.WARNING)
                .record("org.jenkinsci.plugins.workflow", Level.WARNING)
                .capture(100)) {
            WorkflowRun build = jenkins.buildAndAssertStatus(Result.ABORTED, job);
            assertThat(log.getMessages()).isEmpty();
            jenkins.assertLogNotContains("\tat ", build);
        }
    }

    @Test
    void whatIsConfiguredWronglyIsSaidWithTheWayOut() throws Exception {
        failsSaying(
                "files: ['t/*'], fileTimeout: 'soon', " + SHELL, "Option fileTimeout: file_timeout must be a duration");
        failsSaying("files: ['u/*'], " + SHELL, "No test file in", "u/*");
        failsSaying(
                "files: ['t/*'], runner: 'command', command: ['sh', '{file}'], broker: 'cj'",
                "There is no broker \"cj\". Did you mean \"ci\"?");
        failsSaying("broker: 'ci'", "say files in the step");
        failsSaying("files: ['t/*'], onFailure: 'MAYBE', " + SHELL, "onFailure is UNSTABLE, FAILURE or IGNORE");
        failsSaying("files: ['t/*'], environment: ['=x'], " + SHELL, "environment takes entries NAME=VALUE");
        failsSaying("files: ['t/*'], broker: 'ci'", "t/a.sh");
        failsSaying("files: ['t/*'], sync: 'rsync', " + SHELL, "file_server.host");
        failsSaying("files: ['t/*'], json: '../out.json', " + SHELL, "json is ", "outside of the workspace");
        failsSaying("files: ['t/*'], html: '/tmp/out.html', " + SHELL, "html is /tmp/out.html, outside");
        failsSaying("files: ['t/*'], resultsFile: '../../out.xml', " + SHELL, "resultsFile is ", "name a path in");
    }

    @Test
    void aRepositoryWithoutARemoteCannotBeClonedByListeners() throws Exception {
        // Jenkins' directory may lie in a checkout, so the workspace is a repository of its own.
        String body = "  sh 'git init -q .'\n  distributedTest files: ['t/*'], sync: 'git', " + SHELL;
        WorkflowJob job = job(jenkins, "remote", pipeline("", body, "t/a.sh:exit 0"));
        WorkflowRun build = jenkins.buildAndAssertStatus(Result.FAILURE, job);
        jenkins.assertLogContains("origin", build);
    }

    @Test
    void theFirstPipelineOfTheDocumentationRunsAsPasted() throws Exception {
        world.listen(1);
        String page = Files.readString(Path.of("docs", "jenkins.md"));
        int from = page.indexOf("```groovy\n", page.indexOf("## From an empty Jenkins to the first sharded build"));
        String script = page.substring(page.indexOf('\n', from), page.indexOf("```", from + 3));
        WorkflowRun build = jenkins.buildAndAssertSuccess(job(jenkins, "pasted", script));
        jenkins.assertLogContains("2 files", build);
    }

    @Test
    void onlyFailedRunsEverythingWhereNothingIsRecorded() throws Exception {
        world.listen(1);
        WorkflowJob job = job(
                jenkins,
                "first",
                pipeline("", step("files: ['t/*'], onlyFailed: true"), "t/a.sh:exit 0", "t/b.sh:exit 0"));
        WorkflowRun build = jenkins.buildAndAssertSuccess(job);
        jenkins.assertLogContains("so the whole suite runs", build);
        jenkins.assertLogContains("RESULT passed=2 failed=0", build);
    }

    @Test
    void theBuildsVariablesReachTestsOnEveryListenerButItsSecretsDoNot() throws Exception {
        world.listen(1);
        SystemCredentialsProvider.getInstance()
                .getCredentials()
                .add(new StringCredentialsImpl(
                        CredentialsScope.GLOBAL, "token", "", Secret.fromString("hunter2-hunter2")));
        String body = "  withCredentials([string(credentialsId: 'token', variable: 'TOKEN')]) {\n"
                + "    withEnv(['COLOUR=blue', 'SHAPE=round', \"COPY=x${TOKEN}\"]) {\n"
                + "    def r = distributedTest files: ['t/*'], environment: ['SHAPE=square'], " + SHELL
                + "\n    echo \"RESULT passed=${r.passed} failed=${r.failed}\"\n  } }";
        WorkflowJob job = job(
                jenkins,
                "variables",
                pipeline(
                        "",
                        body,
                        "t/build.sh:test \"$BUILD_NUMBER $JOB_NAME $CI\" = '1 variables true' && test -n \"$BUILD_URL\"",
                        "t/around.sh:test \"$COLOUR $SHAPE\" = 'blue square' || exit 1",
                        "t/secret.sh:test -z \"$TOKEN$COPY\"",
                        "t/workspace.sh:test -f \"$WORKSPACE/t/workspace.sh\" && test \"$WORKSPACE\" = \"$PWD\""));
        WorkflowRun build = jenkins.buildAndAssertSuccess(job);
        jenkins.assertLogContains("RESULT passed=4 failed=0", build);
    }

    @Test
    void secretsThatTestsPrintAreMaskedWhereverTheyAreKept() throws Exception {
        world.listen(1);
        SystemCredentialsProvider.getInstance()
                .getCredentials()
                .add(new StringCredentialsImpl(
                        CredentialsScope.GLOBAL, "token", "", Secret.fromString("hunter2-hunter2")));
        String body = "  withCredentials([string(credentialsId: 'token', variable: 'TOKEN')]) {\n"
                + "    distributedTest files: ['t/*'], json: 'out.json', " + SHELL + "\n  }\n"
                + "  echo readFile('out.json').contains('hunter2') ? 'LEAKED' : 'KEPT'";
        WorkflowJob job =
                job(jenkins, "masked", pipeline("", body, "t/a.sh:echo it is hunter2-hunter2 you see; exit 1"));
        WorkflowRun build = jenkins.buildAndAssertStatus(Result.UNSTABLE, job);
        jenkins.assertLogContains("it is **** you see", build);
        jenkins.assertLogContains("KEPT", build);
        Path root = build.getRootDir().toPath();
        assertThat(root.resolve("junitResult.xml")).content().contains("****").doesNotContain("hunter2");
        try (Stream<Path> kept = Files.list(root.resolve("distributed-test"))) {
            assertThat(kept.filter(file -> file.toString().endsWith(".json")))
                    .isNotEmpty()
                    .allSatisfy(file -> assertThat(file).content().doesNotContain("hunter2"));
        }
        String page = DistributedTestAction.of(build).getRuns().get(0).getUrl();
        assertThat(jenkins.createWebClient()
                        .goTo(build.getUrl() + "distributed-tests/" + page + "data", "application/json")
                        .getWebResponse()
                        .getContentAsString())
                .contains("****")
                .doesNotContain("hunter2");
    }

    private int failing;

    private void failsSaying(String options, String... texts) throws Exception {
        WorkflowJob job =
                job(jenkins, "bad" + failing++, pipeline("", "  distributedTest " + options, "t/a.sh:exit 0"));
        WorkflowRun build = jenkins.buildAndAssertStatus(Result.FAILURE, job);
        for (String text : texts) {
            jenkins.assertLogContains(text, build);
        }
        jenkins.assertLogNotContains("\tat io.jenkins.plugins.distributedtest", build);
    }

    @Test
    void theProjectsOwnConfigurationSuppliesWhatTheStepDoesNotSay() throws Exception {
        world.listen(1, "team-a");
        String project =
                "distributed-test.json:{\"files\": [\"t/*.sh\"], \"runners\": {\"command\": [\"sh\", \"{file}\"],"
                        + " \"files\": {\"t/*.sh\": \"command\"}}, \"cluster_id\": \"team-a\", \"fail_fast\": 3,"
                        + " \"connection\": {\"host\": \"" + world.address.host() + "\", \"port\": "
                        + world.address.port()
                        + ", \"vhost\": \"" + world.address.virtualHost() + "\"}}";
        String body = "  def r = distributedTest()\n  echo \"RESULT passed=${r.passed}\"";
        WorkflowJob job = job(jenkins, "project", pipeline("", body, "t/a.sh:exit 0", project));
        WorkflowRun build = jenkins.buildAndAssertSuccess(job);
        jenkins.assertLogContains("RESULT passed=1", build);
        jenkins.assertLogContains("(as the project says), cluster team-a", build);
    }

    @Test
    void aListAndEnvironmentAndCallbacksWork() throws Exception {
        world.listen(1);
        String body = step(
                        "list: 'list.txt', environment: ['COLOR=dark red'], callbacks: ['after_sync=touch made-by-callback',"
                                + " 'before_originate=touch before.txt', 'after_job_finishes=touch after.txt']")
                + "\n  echo \"AFTER ${fileExists('before.txt')} ${fileExists('after.txt')}\"";
        WorkflowJob job = job(
                jenkins,
                "list",
                pipeline(
                        "",
                        body,
                        "list.txt:# these\nt/a.sh\n",
                        "t/b.sh:exit 1",
                        "t/a.sh:[ \"$COLOR\" = \"dark red\" ] && [ -e made-by-callback ]"));
        WorkflowRun build = jenkins.buildAndAssertSuccess(job);
        jenkins.assertLogContains("RESULT passed=1 failed=0", build);
        jenkins.assertLogContains("AFTER true true", build);
    }

    @Test
    void onlyWhatFailedIsRunAgainAndRuntimesAreRecorded() throws Exception {
        world.listen(2);
        WorkflowJob job = job(jenkins, "again", pipeline("", step("files: ['t/*']"), "t/a.sh:exit 0", "t/b.sh:exit 1"));
        jenkins.buildAndAssertStatus(Result.UNSTABLE, job);
        assertThat(Files.readString(job.getRootDir().toPath().resolve("distributed-test/runtimes-default.json")))
                .contains("t/a.sh");
        job.setDefinition(new CpsFlowDefinition(
                pipeline("", step("files: ['t/*'], onlyFailed: true"), "t/a.sh:exit 0", "t/b.sh:exit 0"), true));
        WorkflowRun second = jenkins.buildAndAssertSuccess(job);
        jenkins.assertLogContains("1 file through", second);
        jenkins.assertLogContains("RESULT passed=1 failed=0", second);
        WorkflowRun third = jenkins.buildAndAssertSuccess(job);
        jenkins.assertLogContains("Nothing to run", third);
        jenkins.assertLogContains("RESULT passed=0 failed=0", third);
    }

    @Test
    void aPullRequestBeginsWithTheRuntimesOfItsTargetBranch() throws Exception {
        world.listen(1);
        MockFolder folder = jenkins.createFolder("repository");
        WorkflowJob target = folder.createProject(WorkflowJob.class, "main");
        target.setDefinition(new CpsFlowDefinition(pipeline("", step("files: ['t/*']"), "t/a.sh:exit 0"), true));
        jenkins.buildAndAssertSuccess(target);
        WorkflowJob request = folder.createProject(WorkflowJob.class, "PR-1");
        String body = "  withEnv(['CHANGE_TARGET=main']) {\n" + step("files: ['t/*']") + "\n  }";
        request.setDefinition(new CpsFlowDefinition(pipeline("", body, "t/a.sh:exit 0"), true));
        assertThat(expectedSeconds(jenkins.buildAndAssertSuccess(request))).isPositive();
        assertThat(expectedSeconds(target.getLastBuild())).isZero();
    }

    private static double expectedSeconds(WorkflowRun build) throws Exception {
        try (Stream<Path> files = Files.list(build.getRootDir().toPath().resolve("distributed-test"))) {
            Path report = files.filter(file -> file.getFileName().toString().matches("[0-9a-f-]{36}\\.json"))
                    .findFirst()
                    .orElseThrow();
            return JsonReport.read(report).files().get(0).expectedSeconds();
        }
    }

    @Test
    void aRunOnAnAgentReadsTheAgentsWorkspace() throws Exception {
        world.listen(2);
        jenkins.createSlave("remote", "remote", null);
        StringBuilder large = new StringBuilder();
        for (int i = 0; i < 3_000; i++) {
            large.append("0123456789abcdef-").append(i).append('\n');
        }
        String body = "  sh 'for i in 1 2 3 4 5 6 7 8 9 10; do cat big.txt big.txt big.txt big.txt >> huge.bin; done;"
                + " for i in $(seq 1 700); do echo $i > small$i; done; cp huge.bin huge2; chmod +x t/a.sh'\n"
                + step("files: ['t/*']");
        WorkflowJob job = job(
                jenkins,
                "agent",
                pipeline(
                        "remote",
                        body,
                        "big.txt:" + large,
                        "t/a.sh:[ $(cat huge.bin | wc -l) = 120000 ] && cmp huge.bin huge2 && [ $(cat small700) = 700 ]"));
        WorkflowRun build = jenkins.buildAndAssertSuccess(job);
        jenkins.assertLogContains("RESULT passed=1 failed=0", build);
    }

    @Test
    void sourcesOnASharedDiskAreToldToListeners() throws Exception {
        world.listen(1);
        WorkflowJob none = job(jenkins, "none", pipeline("", step("files: ['t/*'], sync: 'none'"), "t/a.sh:exit 0"));
        jenkins.assertLogContains("RESULT passed=1", jenkins.buildAndAssertSuccess(none));
    }

    @Test
    void gitIsAskedWhereTheWorkspaceIs() throws Exception {
        world.listen(1);
        jenkins.createSlave("remote", "remote", null);
        String body = "  sh 'git init -q . && git add -A && git -c user.name=n -c user.email=e commit -qm x"
                + " && rm -rf ../bare.git && git clone -q --bare . ../bare.git"
                + " && git remote add origin \"file://$PWD/../bare.git\"'\n"
                + step("files: ['t/*'], sync: 'git', gitProtocols: ['file']");
        WorkflowJob git = job(jenkins, "git", pipeline("remote", body, "t/a.sh:exit 0"));
        jenkins.assertLogContains("RESULT passed=1", jenkins.buildAndAssertSuccess(git));
    }

    @Test
    void rsyncPushesFromWhereTheWorkspaceIs() throws Exception {
        Assumptions.assumeTrue(Files.isExecutable(Path.of("/usr/bin/rsync")), "rsync is not installed");
        world.listen(1);
        jenkins.createSlave("remote", "remote", null);
        Path served = Files.createDirectories(directory.resolve("served"));
        int port = FreePorts.next();
        Path conf = Files.writeString(
                directory.resolve("rsyncd.conf"),
                "use chroot = no\n[src]\npath = " + served + "\nread only = no\nuid = "
                        + System.getProperty("user.name") + "\n");
        Process daemon = new ProcessBuilder(
                        "rsync", "--daemon", "--no-detach", "--address=127.0.0.1", "--port=" + port, "--config=" + conf)
                .redirectErrorStream(true)
                .redirectOutput(directory.resolve("rsyncd.log").toFile())
                .start();
        try {
            String options = "files: ['t/*'], sync: 'rsync', fileServerHost: '127.0.0.1', fileServerPort: " + port;
            WorkflowJob rsync = job(jenkins, "rsync", pipeline("remote", step(options), "t/a.sh:exit 0"));
            jenkins.assertLogContains("RESULT passed=1", jenkins.buildAndAssertSuccess(rsync));
        } finally {
            daemon.destroy();
            daemon.waitFor();
        }
    }

    @Test
    void severalBuildsAndStepsRunAtOnce() throws Exception {
        world.listen(4);
        String two = "  def n = [:]\n  parallel one: { n.one = distributedTest(files: ['a/*'], " + SHELL
                + ").passed }, two: { n.two = distributedTest(files: ['b/*'], " + SHELL
                + ").passed }\n  echo \"BOTH ${n.one} ${n.two}\"";
        List<WorkflowRun> builds = new ArrayList<>();
        for (int i = 0; i < 3; i++) {
            WorkflowJob job =
                    job(jenkins, "many" + i, pipeline("", two, "a/1.sh:exit 0", "a/2.sh:exit 0", "b/1.sh:exit 0"));
            builds.add(Objects.requireNonNull(job.scheduleBuild2(0)).waitForStart());
        }
        for (WorkflowRun build : builds) {
            jenkins.assertBuildStatusSuccess(jenkins.waitForCompletion(build));
            jenkins.assertLogContains("BOTH 2 1", build);
        }
    }
}
