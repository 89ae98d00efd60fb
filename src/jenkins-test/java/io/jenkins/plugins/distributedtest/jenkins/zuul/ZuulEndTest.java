package io.jenkins.plugins.distributedtest.jenkins.zuul;

import static io.jenkins.plugins.distributedtest.jenkins.zuul.ZuulWorld.LONG;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import hudson.markup.EscapedMarkupFormatter;
import hudson.model.FreeStyleProject;
import hudson.model.Label;
import hudson.model.Result;
import hudson.model.Run;
import hudson.slaves.DumbSlave;
import io.jenkins.plugins.distributedtest.gearman.GearmanTestClient.Submitted;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import org.jenkinsci.plugins.workflow.job.WorkflowJob;
import org.junit.jupiter.api.Test;
import org.jvnet.hudson.test.junit.jupiter.WithJenkins;

/** How a build that Zuul asked for is described, stopped and ends. */
@WithJenkins
class ZuulEndTest extends ZuulServingFixture {
    @Test
    void stopsABuildThatRunsWithAllItsProcesses() throws Exception {
        Path pids = directory.resolve("pids");
        FreeStyleProject job = shell("app", "sleep 1000 & echo $! > " + pids + "; wait");
        world.serve(world.entry());
        world.awaitJobs("app");
        Submitted build = world.build("app");
        await().atMost(LONG)
                .until(() -> Files.exists(pids) && !Files.readString(pids).isBlank());
        long sleeping = Long.parseLong(Files.readString(pids).strip());
        Submitted stop = world.control("stop", build, null);

        assertThat(world.result(build)).isEqualTo("ABORTED");
        await().atMost(LONG).until(stop::isEnded);
        assertThat(stop.end).startsWith("complete");
        await().atMost(LONG).until(() -> !job.getLastBuild().isBuilding());
        assertThat(job.getLastBuild().getResult()).isEqualTo(Result.ABORTED);
        await().atMost(LONG)
                .until(() -> ProcessHandle.of(sleeping)
                        .filter(ProcessHandle::isAlive)
                        .isEmpty());
        assertThat(log(job.getLastBuild())).contains("Stopped for Zuul");
    }

    @Test
    void stopsAPipelineThatRuns() throws Exception {
        WorkflowJob job = pipeline("pipe", "node { echo 'begun'; sleep 1000 }");
        world.serve(world.entry());
        world.awaitJobs("pipe");
        Submitted build = world.build("pipe");
        await().atMost(LONG).until(() -> log(onlyRun(job)).contains("begun"));
        world.control("stop", build, null);
        assertThat(world.result(build)).isEqualTo("ABORTED");
        await().atMost(LONG).until(() -> !job.getLastBuild().isBuilding());
        assertThat(job.getLastBuild().getResult()).isEqualTo(Result.ABORTED);
    }

    @Test
    void describesABuild() throws Exception {
        rule.jenkins.setMarkupFormatter(new EscapedMarkupFormatter());
        Path go = directory.resolve("go");
        FreeStyleProject job = shell("app", "while [ ! -e " + go + " ]; do sleep 0.2; done");
        world.serve(world.entry());
        world.awaitJobs("app");
        Submitted build = world.build("app");
        Run<?, ?> run = onlyRun(job);
        world.control("set_description", build, "<b>change</b><script>alert(1)</script>");
        await().atMost(LONG).until(() -> "<b>change</b><script>alert(1)</script>".equals(run.getDescription()));
        String page = rule.createWebClient().getPage(run).getWebResponse().getContentAsString();
        assertThat(page).contains("&lt;b&gt;change").doesNotContain("<script>alert(1)");
        Files.createFile(go);
        assertThat(world.result(build)).isEqualTo("SUCCESS");
    }

    @Test
    void takesTheNodeOfflineWhateverTheEnd() throws Exception {
        DumbSlave one = rule.createSlave("one", "one", null);
        DumbSlave two = rule.createSlave("two", "two", null);
        rule.waitOnline(one);
        rule.waitOnline(two);
        shell("fails", "exit 1").setAssignedLabel(Label.get("one"));
        pipeline("pipe", "node('two') { echo 'here' }");
        world.serve(world.entry());
        world.awaitJobs("fails", "fails:one", "pipe");
        assertThat(world.result(world.build("fails", Map.of("OFFLINE_NODE_WHEN_COMPLETE", "1"))))
                .isEqualTo("FAILURE");
        assertThat(one.toComputer().isOffline()).isTrue();
        assertThat(one.toComputer().getOfflineCauseReason()).contains("OFFLINE_NODE_WHEN_COMPLETE");
        assertThat(two.toComputer().isOffline()).isFalse();
        assertThat(world.result(world.build("pipe", Map.of("OFFLINE_NODE_WHEN_COMPLETE", "true"))))
                .isEqualTo("SUCCESS");
        assertThat(two.toComputer().isOffline()).isTrue();
        assertThat(rule.jenkins.toComputer().isOffline()).isFalse();
    }

    @Test
    void aLostServerEndsTheBuild() throws Exception {
        FreeStyleProject job = shell("app", "sleep 1000");
        world.serve(world.entry());
        world.awaitJobs("app");
        world.build("app");
        Run<?, ?> run = onlyRun(job);
        world.server.close();
        await().atMost(LONG).until(() -> !run.isBuilding());
        assertThat(run.getResult()).isEqualTo(Result.ABORTED);
    }
}
