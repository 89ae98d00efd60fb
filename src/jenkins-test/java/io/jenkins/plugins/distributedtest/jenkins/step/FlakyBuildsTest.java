package io.jenkins.plugins.distributedtest.jenkins.step;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import hudson.model.Result;
import java.nio.file.Files;
import java.nio.file.Path;
import org.jenkinsci.plugins.workflow.job.WorkflowJob;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.jvnet.hudson.test.JenkinsRule;
import org.jvnet.hudson.test.junit.jupiter.WithJenkins;

/** What a job's page knows of real builds of one commit. */
@WithJenkins
class FlakyBuildsTest {
    private static final String COMMIT = "  sh '''git init -q; git add t;"
            + " git -c user.name=amy -c user.email=amy@example.org commit -q -m one'''\n";

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

    private JsonNode page(WorkflowJob job) throws Exception {
        JenkinsRule.WebClient client = jenkins.createWebClient();
        client.getOptions().setJavaScriptEnabled(false);
        return new ObjectMapper()
                .readTree(client.goTo(job.getUrl() + "distributed-tests/api/json?depth=2", "application/json")
                        .getWebResponse()
                        .getContentAsString());
    }

    @Test
    void aTestThatFailsInOneBuildOfACommitAndPassesInAnotherIsFlaky() throws Exception {
        Path switched = directory.resolve("good");
        WorkflowJob job = StepWorld.job(
                jenkins,
                "shop",
                StepWorld.pipeline(
                        "",
                        COMMIT
                                + "  distributedTest files: ['t/*'], runner: 'command', command: ['sh', '{file}'], localSlots: 1",
                        "t/a.sh:exit 0",
                        "t/b.sh:test -e " + switched));
        jenkins.buildAndAssertStatus(Result.UNSTABLE, job);
        JsonNode first = page(job);
        assertThat(first.get("flakyTests")).isEmpty();
        assertThat(first.get("runs").get(0).get("commit").textValue()).matches("[0-9a-f]{40}");
        assertThat(first.get("runs").get(0).get("failed").intValue()).isEqualTo(1);
        Files.createFile(switched);
        jenkins.buildAndAssertSuccess(job);
        JsonNode flaky = page(job).get("flakyTests").get(0);
        assertThat(flaky.get("file").textValue()).isEqualTo("t/b.sh");
        assertThat(flaky.get("since").intValue()).isEqualTo(2);
        assertThat(flaky.get("hosts").get(0).get("failed").intValue()).isEqualTo(1);
    }
}
