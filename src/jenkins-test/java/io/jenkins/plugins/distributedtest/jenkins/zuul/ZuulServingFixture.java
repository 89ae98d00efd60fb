package io.jenkins.plugins.distributedtest.jenkins.zuul;

import static io.jenkins.plugins.distributedtest.jenkins.zuul.ZuulWorld.LONG;
import static org.awaitility.Awaitility.await;

import hudson.model.FreeStyleProject;
import hudson.model.Run;
import hudson.tasks.Shell;
import java.nio.file.Path;
import org.jenkinsci.plugins.workflow.cps.CpsFlowDefinition;
import org.jenkinsci.plugins.workflow.job.WorkflowJob;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.io.TempDir;
import org.jvnet.hudson.test.JenkinsRule;

/** A Jenkins that serves Zuul over a real gearmand. The test class has to be {@code @WithJenkins}. */
abstract class ZuulServingFixture {
    @TempDir
    Path directory;

    JenkinsRule rule;
    ZuulWorld world;

    @BeforeEach
    void start(JenkinsRule jenkins) throws Exception {
        rule = jenkins;
        world = new ZuulWorld(directory);
    }

    @AfterEach
    void stop() throws Exception {
        world.close();
    }

    FreeStyleProject shell(String name, String script) throws Exception {
        FreeStyleProject job = rule.createFreeStyleProject(name);
        job.getBuildersList().add(new Shell(script));
        job.setConcurrentBuild(true);
        return job;
    }

    WorkflowJob pipeline(String name, String script) throws Exception {
        WorkflowJob job = rule.createProject(WorkflowJob.class, name);
        job.setDefinition(new CpsFlowDefinition(script, true));
        return job;
    }

    static Run<?, ?> onlyRun(hudson.model.Job<?, ?> job) {
        await("a build of " + job).atMost(LONG).until(() -> job.getLastBuild() != null);
        return job.getLastBuild();
    }

    static String log(Run<?, ?> run) throws Exception {
        return String.join("\n", run.getLog(10_000));
    }
}
