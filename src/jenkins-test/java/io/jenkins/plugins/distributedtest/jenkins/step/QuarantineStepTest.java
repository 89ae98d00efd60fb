package io.jenkins.plugins.distributedtest.jenkins.step;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import hudson.model.Item;
import hudson.model.Result;
import java.net.URL;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.logging.Level;
import jenkins.model.Jenkins;
import org.htmlunit.HttpMethod;
import org.htmlunit.WebRequest;
import org.htmlunit.util.NameValuePair;
import org.jenkinsci.plugins.workflow.job.WorkflowJob;
import org.jenkinsci.plugins.workflow.job.WorkflowRun;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.jvnet.hudson.test.JenkinsRule;
import org.jvnet.hudson.test.LogRecorder;
import org.jvnet.hudson.test.MockAuthorizationStrategy;
import org.jvnet.hudson.test.junit.jupiter.WithJenkins;

/** Tests in quarantine, by a file and by marks on the job's page; and failed files that are run again. */
@WithJenkins
class QuarantineStepTest {
    private static final String STEP =
            "  def r = distributedTest files: ['t/*'], runner: 'command', command: ['sh', '{file}'], localSlots: 1";
    private static final String RESULT =
            "\n  echo \"RESULT ${r.passed} passed, failed ${r.failedFiles}, quarantined ${r.quarantinedFiles}\"";

    @TempDir
    private Path directory;

    private JenkinsRule jenkins;

    @BeforeEach
    void start(JenkinsRule rule) {
        jenkins = rule;
    }

    @AfterEach
    void nothingIsLeft() {
        LocalListenerTest.awaitNone();
    }

    private WorkflowJob job(String name, String more, String... files) throws Exception {
        return StepWorld.job(jenkins, name, StepWorld.pipeline("", STEP + more + RESULT, files));
    }

    @Test
    void whatFailsInQuarantineMakesNothingUnstableAndIsNamed() throws Exception {
        WorkflowJob job = job(
                "file",
                ", quarantine: 'flaky.txt', failFast: 1",
                "flaky.txt:# as so often\nt/a.sh :: t/a.sh\nt/gone.sh",
                "t/a.sh:exit 1",
                "t/b.sh:exit 0");
        WorkflowRun build = jenkins.buildAndAssertSuccess(job);
        jenkins.assertLogContains("In quarantine: 2 tests.", build);
        jenkins.assertLogContains("In quarantine, but of no file of this run: t/gone.sh", build);
        jenkins.assertLogContains("Failed, but in quarantine: the run does not fail by them (1)", build);
        jenkins.assertLogContains("RESULT 1 passed, failed [], quarantined [t/a.sh]", build);
        String page = page(build.getUrl() + "distributed-tests/api/json?depth=3");
        JsonNode totals = new ObjectMapper().readTree(page).get("totals");
        assertThat(totals.get("failed").intValue()).isEqualTo(1);
        assertThat(totals.get("inQuarantine").intValue()).isEqualTo(1);
        assertThat(page(build.getUrl())).contains("1 failed in quarantine");
    }

    @Test
    void aCrashAndAnotherFailureAreNotHidden() throws Exception {
        WorkflowRun crashed = jenkins.buildAndAssertStatus(
                Result.UNSTABLE,
                job(
                        "crash",
                        ", quarantine: 'flaky.txt'",
                        "flaky.txt:t/a.sh :: t/a.sh",
                        "t/a.sh:kill -9 $$",
                        "t/b.sh:exit 0"));
        jenkins.assertLogContains("failed [t/a.sh], quarantined []", crashed);
        WorkflowRun other = jenkins.buildAndAssertStatus(
                Result.UNSTABLE,
                job(
                        "other",
                        ", quarantine: 'flaky.txt'",
                        "flaky.txt:t/a.sh :: t/a.sh",
                        "t/a.sh:exit 1",
                        "t/b.sh:exit 1"));
        jenkins.assertLogContains("2 files (0 passed, 1 failed, 1 failed in quarantine)", other);
        WorkflowRun outside = jenkins.buildAndAssertStatus(
                Result.FAILURE, job("outside", ", quarantine: '../other/flaky.txt'", "t/a.sh:exit 0"));
        jenkins.assertLogContains("outside of the workspace", outside);
    }

    private String page(String path) throws Exception {
        JenkinsRule.WebClient client = jenkins.createWebClient();
        client.getOptions().setJavaScriptEnabled(false);
        return client.goTo(path, null).getWebResponse().getContentAsString();
    }

    private JsonNode trend(WorkflowJob job) throws Exception {
        return new ObjectMapper().readTree(page(job.getUrl() + "distributed-tests/api/json?depth=2"));
    }

    private int post(String user, String path, String... values) throws Exception {
        JenkinsRule.WebClient client = jenkins.createWebClient()
                .withThrowExceptionOnFailingStatusCode(false)
                .withJavaScriptEnabled(false);
        client.login(user);
        WebRequest request = new WebRequest(new URL(jenkins.getURL(), path), HttpMethod.POST);
        List<NameValuePair> pairs = new ArrayList<>();
        for (int i = 0; i < values.length; i += 2) {
            pairs.add(new NameValuePair(values[i], values[i + 1]));
        }
        request.setRequestParameters(pairs);
        client.addCrumb(request);
        return client.getPage(request).getWebResponse().getStatusCode();
    }

    private void users() {
        jenkins.jenkins.setSecurityRealm(jenkins.createDummySecurityRealm());
        jenkins.jenkins.setAuthorizationStrategy(new MockAuthorizationStrategy()
                .grant(Jenkins.READ, Item.READ)
                .everywhere()
                .toEveryone()
                .grant(Item.CONFIGURE)
                .everywhere()
                .to("maintainer")
                .grant(Item.BUILD)
                .everywhere()
                .to("builder"));
    }

    @Test
    void whoMayConfigureTheJobPutsATestInQuarantineAndReleasesIt() throws Exception {
        WorkflowJob job = job("marked", ", retries: 0", "t/a.sh:exit 1", "t/b.sh:exit 0");
        jenkins.buildAndAssertStatus(Result.UNSTABLE, job);
        users();
        String put = job.getUrl() + "distributed-tests/quarantine";
        String[] test = {"title", "", "file", "t/a.sh", "className", "t/a.sh", "name", "t/a.sh"};
        try (LogRecorder log = new LogRecorder()
                .record("io.jenkins.plugins.distributedtest.jenkins.job.JobQuarantine", Level.INFO)
                .capture(10)) {
            assertThat(post("builder", put, test)).isEqualTo(403);
            assertThat(post("maintainer", put, "title", "", "file", "t/b.sh", "className", "", "name", ""))
                    .as("one that never failed")
                    .isEqualTo(404);
            assertThat(trend(job).get("quarantinedTests")).isEmpty();
            assertThat(post("maintainer", put, test)).isEqualTo(200);
            assertThat(log.getMessages())
                    .containsExactly("maintainer has put a test of marked in quarantine: t/a.sh :: t/a.sh t/a.sh");
        }
        JsonNode marked = trend(job).get("quarantinedTests").get(0);
        assertThat(marked.get("by").textValue()).isEqualTo("maintainer");
        WorkflowRun build = jenkins.buildAndAssertSuccess(job);
        jenkins.assertLogContains("failed [], quarantined [t/a.sh]", build);
        assertThat(page(job.getUrl() + "distributed-tests/")).contains("In quarantine", "maintainer");
        String release = job.getUrl() + "distributed-tests/release";
        assertThat(post("builder", release, test)).isEqualTo(403);
        assertThat(post("maintainer", release, test)).isEqualTo(200);
        jenkins.buildAndAssertStatus(Result.UNSTABLE, job);
    }

    @Test
    void failedFilesAreRunAgainByWhoMayBuild() throws Exception {
        Path good = directory.resolve("good");
        WorkflowJob job = job("again", "", "t/a.sh:test -e " + good, "t/b.sh:exit 0", "t/c.sh:exit 0");
        WorkflowRun first = jenkins.buildAndAssertStatus(Result.UNSTABLE, job);
        assertThat(page(first.getUrl() + "distributed-tests/")).contains("Run failed files again");
        users();
        String again = first.getUrl() + "distributed-tests/runFailedAgain";
        assertThat(post("maintainer", again)).isEqualTo(403);
        Files.createFile(good);
        assertThat(post("builder", again)).isEqualTo(200);
        jenkins.waitUntilNoActivity();
        WorkflowRun second = job.getBuildByNumber(2);
        jenkins.assertBuildStatusSuccess(second);
        jenkins.assertLogContains("Failed files of #1 again, asked for by builder", second);
        jenkins.assertLogContains("Only what failed in #1 is run", second);
        jenkins.assertLogContains("RESULT 1 passed, failed []", second);
        assertThat(page(second.getUrl() + "distributed-tests/")).doesNotContain("Run failed files again");
    }
}
