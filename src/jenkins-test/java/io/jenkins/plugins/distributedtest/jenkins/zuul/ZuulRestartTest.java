package io.jenkins.plugins.distributedtest.jenkins.zuul;

import static io.jenkins.plugins.distributedtest.jenkins.zuul.ZuulWorld.LONG;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import hudson.model.FreeStyleProject;
import hudson.model.Node;
import hudson.model.Queue;
import hudson.model.Result;
import hudson.model.queue.CauseOfBlockage;
import hudson.model.queue.QueueTaskDispatcher;
import io.jenkins.plugins.distributedtest.gearman.GearmanTestClient.Submitted;
import java.nio.file.Files;
import java.nio.file.Path;
import org.jenkinsci.plugins.workflow.cps.CpsFlowDefinition;
import org.jenkinsci.plugins.workflow.job.WorkflowJob;
import org.jenkinsci.plugins.workflow.job.WorkflowRun;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.api.io.TempDir;
import org.jvnet.hudson.test.JenkinsRule;
import org.jvnet.hudson.test.TestExtension;
import org.jvnet.hudson.test.junit.jupiter.JenkinsSessionExtension;

/** Builds for Zuul across a restart of the controller: the Gearman server and Zuul go on meanwhile. */
class ZuulRestartTest {
    /** A gearmand as it is by default: it keeps the job of a worker that was lost, and gives it out again. */
    private static final String[] KNOWING = {};

    @RegisterExtension
    private final JenkinsSessionExtension sessions = new JenkinsSessionExtension();

    @TempDir
    private Path directory;

    private ZuulWorld world;
    private Submitted build;

    /** Lets nothing start whose name says so. */
    @TestExtension
    public static final class Holding extends QueueTaskDispatcher {
        @Override
        public CauseOfBlockage canTake(Node node, Queue.BuildableItem item) {
            return item.task.getName().equals("held")
                    ? new CauseOfBlockage() {
                        @Override
                        public String getShortDescription() {
                            return "held back by the test";
                        }
                    }
                    : null;
        }
    }

    @AfterEach
    void leave() throws Exception {
        if (world != null) {
            world.close();
        }
    }

    private WorkflowRun only(JenkinsRule jenkins) {
        return jenkins.jenkins.getItemByFullName("pipe", WorkflowJob.class).getBuildByNumber(1);
    }

    /** A pipeline that Zuul has asked for and that waits for the gate. */
    private void beginPipeline(JenkinsRule jenkins) throws Exception {
        WorkflowJob job = jenkins.createProject(WorkflowJob.class, "pipe");
        job.setDefinition(new CpsFlowDefinition(
                "node { sh 'echo begun; while [ ! -e " + directory + "/gate ]; do sleep 0.2; done' }", true));
        world.serve(world.entry());
        world.awaitJobs("pipe");
        build = world.build("pipe");
        world.awaitUrl(build);
        await().atMost(LONG).until(() -> only(jenkins) != null);
        jenkins.waitForMessage("begun", only(jenkins));
    }

    private void awaitAdopted(int dataBefore) {
        await("reports from the pipeline that went on").atMost(LONG).until(() -> build.data.size() > dataBefore);
        world.awaitUrl(build);
        assertThat(build.isEnded()).isFalse();
    }

    @Test
    void aPipelineThatGoesOnReportsToTheServerThatStillKnowsItsJob() throws Throwable {
        world = new ZuulWorld(directory, KNOWING);
        sessions.then(this::beginPipeline);
        int before = build.data.size();
        sessions.then(jenkins -> {
            awaitAdopted(before);
            assertThat(ZuulWorld.last(build).path("url").asText())
                    .endsWith(only(jenkins).getUrl());
            Files.createFile(directory.resolve("gate"));
            assertThat(world.result(build)).isEqualTo("SUCCESS");
            jenkins.assertBuildStatusSuccess(jenkins.waitForCompletion(only(jenkins)));
            assertThat(jenkins.jenkins
                            .getItemByFullName("pipe", WorkflowJob.class)
                            .getBuilds())
                    .hasSize(1);
        });
    }

    @Test
    void aStopThatGoesToTheJenkinsBeforeTheRestartIsHeard() throws Throwable {
        world = new ZuulWorld(directory, KNOWING);
        sessions.then(this::beginPipeline);
        int before = build.data.size();
        String former = world.first(build).path("manager").asText();
        sessions.then(jenkins -> {
            awaitAdopted(before);
            assertThat(ZuulWorld.last(build).path("manager").asText()).isEqualTo(former);
            // The stop is for the manager and number that Zuul heard first.
            Submitted stop = world.control("stop", build, null);
            assertThat(world.result(build)).isEqualTo("ABORTED");
            jenkins.assertBuildStatus(Result.ABORTED, jenkins.waitForCompletion(only(jenkins)));
            await().atMost(LONG).until(stop::isEnded);
            assertThat(stop.end).startsWith("complete");
        });
    }

    @Test
    void aPipelineWhoseJobIsGoneIsStoppedSinceZuulBeginsAnother() throws Throwable {
        world = new ZuulWorld(directory);
        sessions.then(this::beginPipeline);
        await("the server tells Zuul that the worker is lost").atMost(LONG).until(build::isEnded);
        assertThat(build.end).isEqualTo("fail");
        sessions.then(jenkins -> {
            WorkflowRun former = only(jenkins);
            Submitted again = world.build("pipe");
            jenkins.assertBuildStatus(Result.ABORTED, jenkins.waitForCompletion(former));
            world.awaitUrl(again);
            Files.createFile(directory.resolve("gate"));
            assertThat(world.result(again)).isEqualTo("SUCCESS");
            WorkflowJob job = jenkins.jenkins.getItemByFullName("pipe", WorkflowJob.class);
            assertThat(job.getBuilds()).hasSize(2);
            assertThat(ZuulWorld.last(again).path("url").asText())
                    .endsWith(job.getBuildByNumber(2).getUrl());
        });
    }

    @Test
    void whatWaitedInTheQueueIsRemoved() throws Throwable {
        world = new ZuulWorld(directory);
        sessions.then(jenkins -> {
            FreeStyleProject job = jenkins.createFreeStyleProject("held");
            world.serve(world.entry());
            world.awaitJobs("held");
            build = world.build("held");
            await().atMost(LONG).until(job::isInQueue);
        });
        await("the server tells Zuul that the worker is lost").atMost(LONG).until(build::isEnded);
        sessions.then(jenkins -> {
            FreeStyleProject job = jenkins.jenkins.getItemByFullName("held", FreeStyleProject.class);
            await().atMost(LONG).until(() -> !job.isInQueue());
            assertThat(job.getLastBuild()).isNull();
        });
    }
}
