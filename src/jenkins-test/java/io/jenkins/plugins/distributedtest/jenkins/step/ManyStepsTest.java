package io.jenkins.plugins.distributedtest.jenkins.step;

import static io.jenkins.plugins.distributedtest.jenkins.step.StepWorld.PATIENCE;
import static io.jenkins.plugins.distributedtest.jenkins.step.StepWorld.job;
import static io.jenkins.plugins.distributedtest.jenkins.step.StepWorld.pipeline;
import static io.jenkins.plugins.distributedtest.jenkins.step.StepWorld.threads;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import java.nio.file.Path;
import java.util.List;
import org.jenkinsci.plugins.workflow.job.WorkflowJob;
import org.jenkinsci.plugins.workflow.job.WorkflowRun;
import org.jenkinsci.plugins.workflow.steps.StepExecution;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.jvnet.hudson.test.JenkinsRule;
import org.jvnet.hudson.test.junit.jupiter.WithJenkins;

/** Many steps at once, which wait for their tests. */
@WithJenkins
class ManyStepsTest {
    private static final int STEPS = 200;
    /** What the three pools may have in all: for preparing, for writing, for reading content. */
    private static final int POOLED = 16 + 4 + 4;

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

    private static String branches(int count) {
        return "  def branches = [:]\n  for (int i = 0; i < " + count
                + "; i++) {\n    def n = i\n    branches[\"b$n\"] = {"
                + " distributedTest files: ['t/*'], listenerTimeout: '1h', sync: 'none', " + StepWorld.SHELL
                + " }\n  }\n  parallel branches";
    }

    private static long waiting(WorkflowRun build) throws Exception {
        List<StepExecution> all =
                build.getExecutionPromise().get().getCurrentExecutions(true).get();
        return all.stream()
                .filter(DistributedTestExecution.class::isInstance)
                .filter(each -> each.getStatus().startsWith("0 of 1 file done"))
                .count();
    }

    @Test
    void twoHundredStepsCostNoMoreThreadsThanOne() throws Exception {
        WorkflowJob one = job(jenkins, "one", pipeline("", branches(1), "t/a.sh:exit 0"));
        WorkflowRun alone = one.scheduleBuild2(0).waitForStart();
        await().atMost(PATIENCE).until(() -> waiting(alone) == 1);
        int cost = lasting().size();
        WorkflowJob many = job(jenkins, "many", pipeline("", branches(STEPS), "t/a.sh:exit 0"));
        WorkflowRun build = many.scheduleBuild2(0).waitForStart();
        await().atMost(PATIENCE.multipliedBy(2)).until(() -> waiting(build) == STEPS);
        // The second of the connection's two threads for deliveries starts when it is needed.
        assertThat(lasting()).hasSizeLessThanOrEqualTo(cost + 1);
        assertThat(threads()).filteredOn(ManyStepsTest::isOfAPool).hasSizeLessThanOrEqualTo(POOLED);
        world.listen(8);
        jenkins.assertBuildStatusSuccess(jenkins.waitForCompletion(alone));
        jenkins.assertBuildStatusSuccess(jenkins.waitForCompletion(build));
        await().atMost(PATIENCE).until(() -> threads().isEmpty());
    }

    /** Threads that last as long as there is a run: the loop, and the connection's. The pools' come and go. */
    private static List<String> lasting() {
        return threads().stream().filter(name -> !isOfAPool(name)).toList();
    }

    private static boolean isOfAPool(String name) {
        return name.startsWith("distributed-test-prepare-")
                || name.startsWith("distributed-test-work-")
                || name.startsWith("distributed-test-content-")
                || name.startsWith("distributed-test-sync-");
    }
}
