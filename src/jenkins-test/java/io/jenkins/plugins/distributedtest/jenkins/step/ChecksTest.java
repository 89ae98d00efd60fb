package io.jenkins.plugins.distributedtest.jenkins.step;

import static io.jenkins.plugins.distributedtest.jenkins.step.StepWorld.job;
import static io.jenkins.plugins.distributedtest.jenkins.step.StepWorld.pipeline;
import static org.assertj.core.api.Assertions.assertThat;

import hudson.model.Result;
import hudson.model.Run;
import hudson.model.TaskListener;
import io.jenkins.plugins.checks.api.ChecksConclusion;
import io.jenkins.plugins.checks.api.ChecksDetails;
import io.jenkins.plugins.checks.api.ChecksOutput;
import io.jenkins.plugins.checks.api.ChecksPublisher;
import io.jenkins.plugins.checks.api.ChecksPublisherFactory;
import io.jenkins.plugins.checks.api.ChecksStatus;
import io.jenkins.plugins.distributedtest.jenkins.build.DistributedTestAction;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CopyOnWriteArrayList;
import org.jenkinsci.plugins.workflow.job.WorkflowJob;
import org.jenkinsci.plugins.workflow.job.WorkflowRun;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.jvnet.hudson.test.JenkinsRule;
import org.jvnet.hudson.test.TestExtension;
import org.jvnet.hudson.test.junit.jupiter.WithJenkins;

/** The checks of builds, as the plugin of a source of changes would get them. */
@WithJenkins
class ChecksTest {
    private JenkinsRule jenkins;

    /** Takes checks of jobs whose name says that they are of a change, as GitHub's plugin does. */
    @TestExtension
    public static final class Changes extends ChecksPublisherFactory {
        static final List<ChecksDetails> PUBLISHED = new CopyOnWriteArrayList<>();

        @Override
        protected Optional<ChecksPublisher> createPublisher(Run<?, ?> run, TaskListener listener) {
            if (!run.getParent().getName().startsWith("PR-")) {
                return Optional.empty();
            }
            return Optional.of(new ChecksPublisher() {
                @Override
                public void publish(ChecksDetails details) {
                    if (run.getParent().getName().equals("PR-broken")) {
                        throw new IllegalStateException("the source of changes is away");
                    }
                    if (details.getName().orElse("").startsWith("Distributed tests")) {
                        PUBLISHED.add(details);
                    }
                }
            });
        }
    }

    @BeforeEach
    void start(JenkinsRule rule) {
        jenkins = rule;
        Changes.PUBLISHED.clear();
    }

    @AfterEach
    void nothingIsLeft() throws Exception {
        StepWorld.stopBuilds(jenkins);
        LocalListenerTest.awaitNone();
    }

    private WorkflowRun build(String name, Result result, String options, String... files) throws Exception {
        WorkflowJob job = job(
                jenkins,
                name,
                pipeline(
                        "",
                        "  distributedTest files: ['t/*'], runner: 'command', command: ['sh', '{file}']" + options,
                        files));
        return jenkins.buildAndAssertStatus(result, job);
    }

    private static ChecksDetails only() {
        assertThat(Changes.PUBLISHED).hasSize(1);
        return Changes.PUBLISHED.get(0);
    }

    @Test
    void aCheckHasCountsTheFirstFailuresAndALink() throws Exception {
        WorkflowRun build = build(
                "PR-1",
                Result.UNSTABLE,
                ", title: 'shell'",
                "t/a.sh:exit 0",
                "t/bad_one.sh:echo it is wrong; exit 3",
                "t/c.sh:exit 0");
        ChecksDetails check = only();
        assertThat(check.getName()).contains("Distributed tests / shell");
        assertThat(check.getStatus()).isEqualTo(ChecksStatus.COMPLETED);
        assertThat(check.getConclusion()).isEqualTo(ChecksConclusion.FAILURE);
        String run =
                build.getAction(DistributedTestAction.class).getRuns().get(0).getId();
        assertThat(check.getDetailsURL())
                .contains(jenkins.getURL() + build.getUrl() + "distributed-tests/run/" + run + "/");
        ChecksOutput output = check.getOutput().orElseThrow();
        assertThat(output.getTitle()).contains("Tests failed: 1 of 3 files");
        assertThat(output.getSummary().orElseThrow()).contains("| files | 3 | 2 | 1 | | 0 | 0 |");
        assertThat(output.getText().orElseThrow()).contains("t/bad\\_one.sh");
        JenkinsRule.WebClient client = jenkins.createWebClient();
        client.setJavaScriptEnabled(false);
        assertThat(client.getPage(check.getDetailsURL().orElseThrow())
                        .getWebResponse()
                        .getStatusCode())
                .isEqualTo(200);
    }

    @Test
    void greenIgnoredAndBrokenRunsAreToldApart() throws Exception {
        build("PR-2", Result.SUCCESS, "", "t/a.sh:exit 0");
        assertThat(only().getConclusion()).isEqualTo(ChecksConclusion.SUCCESS);
        assertThat(only().getName()).contains("Distributed tests");
        assertThat(only().getOutput().orElseThrow().getTitle()).contains("1 file passed");
        Changes.PUBLISHED.clear();
        build("PR-3", Result.SUCCESS, ", onFailure: 'IGNORE'", "t/a.sh:exit 1");
        assertThat(only().getConclusion()).isEqualTo(ChecksConclusion.NEUTRAL);
        Changes.PUBLISHED.clear();
        build("PR-4", Result.FAILURE, ", localSlots: 0, listenerTimeout: '2s'", "t/a.sh:exit 0");
        assertThat(only().getConclusion()).isEqualTo(ChecksConclusion.FAILURE);
        assertThat(only().getOutput().orElseThrow().getTitle().orElseThrow()).contains("no fault of a test");
    }

    @Test
    void whereNobodyTakesThemNothingIsSaid() throws Exception {
        WorkflowRun build = build("app", Result.SUCCESS, "", "t/a.sh:exit 0");
        assertThat(Changes.PUBLISHED).isEmpty();
        jenkins.assertLogNotContains("the check of this run", build);
        build("PR-5", Result.SUCCESS, ", skipPublishing: true", "t/a.sh:exit 0");
        assertThat(Changes.PUBLISHED).isEmpty();
        WorkflowRun broken = build("PR-broken", Result.SUCCESS, "", "t/a.sh:exit 0");
        jenkins.assertLogContains(
                "Warning: the check of this run cannot be published: the source of changes is away", broken);
    }
}
