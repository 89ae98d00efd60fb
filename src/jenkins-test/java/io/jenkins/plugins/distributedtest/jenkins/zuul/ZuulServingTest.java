package io.jenkins.plugins.distributedtest.jenkins.zuul;

import static io.jenkins.plugins.distributedtest.jenkins.zuul.ZuulWorld.LONG;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import com.fasterxml.jackson.databind.JsonNode;
import hudson.matrix.AxisList;
import hudson.matrix.MatrixProject;
import hudson.matrix.TextAxis;
import hudson.model.BooleanParameterDefinition;
import hudson.model.FreeStyleBuild;
import hudson.model.FreeStyleProject;
import hudson.model.Node;
import hudson.model.ParametersDefinitionProperty;
import hudson.model.Queue;
import hudson.model.StringParameterDefinition;
import hudson.model.queue.CauseOfBlockage;
import hudson.model.queue.QueueTaskDispatcher;
import hudson.slaves.DumbSlave;
import hudson.tasks.Shell;
import io.jenkins.plugins.distributedtest.gearman.GearmanTestClient.Submitted;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import org.jenkinsci.plugins.workflow.job.WorkflowJob;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.jvnet.hudson.test.JenkinsRule;
import org.jvnet.hudson.test.TestExtension;
import org.jvnet.hudson.test.junit.jupiter.WithJenkins;

/**
 * A Jenkins that serves Zuul over a real gearmand. Weaknesses of gearman-plugin that this would have shown:
 *
 * <table>
 * <caption>Which test holds which</caption>
 * <tr><td>1: a block in Jenkins freezes a node; idle executors while jobs queue</td>
 *     <td>{@link #aBuildThatJenkinsHoldsBackFreezesNothingAndIsHandedBack}</td></tr>
 * <tr><td>2: a lock that excludes nobody</td>
 *     <td>there is none; {@link #whatJenkinsSchedulesItselfGoesFirst}</td></tr>
 * <tr><td>3: loss of the server goes unseen</td><td>{@link ZuulEndTest#aLostServerEndsTheBuild}</td></tr>
 * <tr><td>4: parameters that are not declared are dropped</td><td>{@link #buildsWithAllThatZuulSent}</td></tr>
 * <tr><td>5: pipelines on the controller only</td><td>{@link #aPipelineNeedsNoExecutorOfTheController}</td></tr>
 * <tr><td>6: a limited user's save unregisters</td><td>{@link ZuulRegistrationTest#aSaveByAUserOfFewPermissionsUnregistersNothing}</td></tr>
 * <tr><td>7: names without folders; managers that clones share</td>
 *     <td>{@link ZuulRegistrationTest#registersByDifferenceUnderFullNames}, {@code FunctionTableTest}, {@code ZuulExecutorContract}</td></tr>
 * <tr><td>8: changes of executors, matrix</td>
 *     <td>{@link #takesMoreAsSoonAsThereAreMoreExecutors}, {@link #buildsAMatrix}</td></tr>
 * <tr><td>9: test connection for everybody, no TLS</td>
 *     <td>{@code GearmanServerEntryTest}, {@code EndpointPermissionsTest}, {@code GearmanTlsTest}</td></tr>
 * <tr><td>10: errors kill a thread, a refused build is a NullPointerException</td>
 *     <td>{@code ZuulBuildTest}</td></tr>
 * <tr><td>11: everything registered again on each save</td>
 *     <td>{@link ZuulRegistrationTest#registersByDifferenceUnderFullNames}, {@code FunctionTableTest}</td></tr>
 * </table>
 */
@WithJenkins
class ZuulServingTest extends ZuulServingFixture {
    /** Holds back whatever is named here, as the plugins do that throttle. */
    @TestExtension
    public static final class Holding extends QueueTaskDispatcher {
        static final Set<String> NAMES = ConcurrentHashMap.newKeySet();

        @Override
        public CauseOfBlockage canTake(Node node, Queue.BuildableItem item) {
            return NAMES.contains(item.task.getName())
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
    void holdNothingBack() {
        Holding.NAMES.clear();
    }

    @Test
    void buildsWithAllThatZuulSent() throws Exception {
        FreeStyleProject job = shell("app", "echo ref=$ZUUL_REF declared=$DECLARED other=$OTHER change=$ZUUL_CHANGE");
        job.addProperty(new ParametersDefinitionProperty(
                new StringParameterDefinition("DECLARED", "by default"), new StringParameterDefinition("OTHER", "o")));
        GearmanServerEntry entry = world.entry();
        entry.setChangeUrl("https://review.example.org/{change}");
        world.serve(entry);
        world.awaitJobs("app");
        Submitted build = world.build("app", "3e92ee83084343678e2769facf403fc9", Map.of("OTHER", "sent"));

        assertThat(world.result(build)).isEqualTo("SUCCESS");
        FreeStyleBuild run = job.getLastBuild();
        assertThat(log(run)).contains("ref=refs/zuul/master/Z1fd4bf9f declared=by default other=sent change=123456");
        JsonNode first = world.first(build);
        assertThat(first.path("name").asText()).isEqualTo("app");
        assertThat(first.has("result")).isFalse();
        JsonNode last = ZuulWorld.last(build);
        assertThat(last.path("url").asText()).isEqualTo(rule.getURL() + run.getUrl());
        assertThat(build.end).isEqualTo("complete " + build.data.get(build.data.size() - 1));
        assertThat(run.getCause(ZuulCause.class).getUnique()).isEqualTo("3e92ee83084343678e2769facf403fc9");
        assertThat(run.getCause(ZuulCause.class).getLink()).isEqualTo("https://review.example.org/123456");

        JenkinsRule.WebClient browser = rule.createWebClient();
        String page = browser.getPage(run).asNormalizedText();
        assertThat(page)
                .contains("Project: openstack/nova")
                .contains("Change: 123456,2")
                .contains("Pipeline: check")
                .contains("Ref: refs/zuul/master/Z1fd4bf9f");
        assertThat(browser.getPage(run)
                        .getAnchorByHref("https://review.example.org/123456")
                        .getTextContent())
                .contains("123456");
    }

    @Test
    void buildsAPipelineWithTypedParametersAndReportsHowItEnds() throws Exception {
        WorkflowJob job = pipeline(
                "pipe", "node { echo(\"flag ${params.FLAG.class.simpleName} ${env.ZUUL_REF}\"); error 'as planned' }");
        job.addProperty(new ParametersDefinitionProperty(new BooleanParameterDefinition("FLAG", false, null)));
        world.serve(world.entry());
        world.awaitJobs("pipe");
        Submitted build = world.build("pipe", Map.of("FLAG", "true"));
        assertThat(world.result(build)).isEqualTo("FAILURE");
        assertThat(log(onlyRun(job))).contains("flag Boolean refs/zuul/master/Z1fd4bf9f");
    }

    @Test
    void aPipelineNeedsNoExecutorOfTheController() throws Exception {
        rule.jenkins.setNumExecutors(0);
        DumbSlave node = rule.createSlave("worker", "worker", null);
        node.setMode(Node.Mode.EXCLUSIVE);
        rule.waitOnline(node);
        pipeline("pipe", "node('worker') { echo 'here' }");
        world.serve(world.entry());
        world.awaitJobs("pipe");
        assertThat(world.result(world.build("pipe"))).isEqualTo("SUCCESS");
    }

    @Test
    void buildsAMatrix() throws Exception {
        MatrixProject job = rule.createProject(MatrixProject.class, "grid");
        job.setAxes(new AxisList(new TextAxis("SIZE", "small", "large")));
        job.getBuildersList().add(new Shell("echo $SIZE $ZUUL_REF"));
        world.serve(world.entry());
        world.awaitJobs("grid");
        assertThat(world.result(world.build("grid"))).isEqualTo("SUCCESS");
        assertThat(log(job.getItem("SIZE=small").getLastBuild())).contains("small refs/zuul/master/Z1fd4bf9f");
        assertThat(log(job.getItem("SIZE=large").getLastBuild())).contains("large refs/zuul/master/Z1fd4bf9f");
    }

    @Test
    void stopsABuildThatWaits() throws Exception {
        FreeStyleProject job = shell("held", "true");
        Holding.NAMES.add("held");
        world.serve(world.entry());
        world.awaitJobs("held");
        Submitted build = world.build("held");
        await().atMost(LONG).until(job::isInQueue);
        world.control("stop", build, null);
        assertThat(world.result(build)).isEqualTo("ABORTED");
        await().atMost(LONG).until(() -> !job.isInQueue());
        assertThat(job.getLastBuild()).isNull();
    }

    @Test
    void aBuildThatJenkinsHoldsBackFreezesNothingAndIsHandedBack() throws Exception {
        FreeStyleProject held = shell("held", "true");
        shell("app", "true");
        Holding.NAMES.add("held");
        GearmanServerEntry entry = world.entry();
        entry.setStartSeconds(5);
        world.serve(entry);
        world.awaitJobs("app", "held");
        Submitted waiting = world.build("held");
        await().atMost(LONG).until(held::isInQueue);
        // The other executor, and Jenkins itself, go on.
        assertThat(world.result(world.build("app"))).isEqualTo("SUCCESS");
        rule.buildAndAssertSuccess(rule.createFreeStyleProject("own"));

        assertThat(world.result(waiting)).isEqualTo("null");
        await().atMost(LONG).until(() -> !held.isInQueue());
        Holding.NAMES.clear();
        assertThat(world.result(world.build("held"))).isEqualTo("SUCCESS");
    }

    @Test
    void aCancelInJenkinsQueueIsAborted() throws Exception {
        FreeStyleProject held = shell("held", "true");
        Holding.NAMES.add("held");
        world.serve(world.entry());
        world.awaitJobs("held");
        Submitted waiting = world.build("held");
        await().atMost(LONG).until(held::isInQueue);
        Queue.getInstance().cancel(held);
        assertThat(world.result(waiting)).isEqualTo("ABORTED");
    }

    @Test
    void requestsAreNotFoldedIntoOne() throws Exception {
        FreeStyleProject job = shell("app", "true");
        job.setConcurrentBuild(true);
        Holding.NAMES.add("app");
        world.serve(world.entry());
        world.awaitJobs("app");
        Submitted one = world.build("app");
        Submitted two = world.build("app");
        await().atMost(LONG).until(() -> Queue.getInstance().getItems(job).size() == 2);
        // Jenkins' own is a third.
        job.scheduleBuild2(0);
        await().atMost(LONG).until(() -> Queue.getInstance().getItems(job).size() == 3);
        Holding.NAMES.clear();
        Queue.getInstance().scheduleMaintenance();
        assertThat(world.result(one)).isEqualTo("SUCCESS");
        assertThat(world.result(two)).isEqualTo("SUCCESS");
        await().atMost(LONG).until(() -> job.getBuilds().size() == 3);
    }

    @Test
    void whatJenkinsSchedulesItselfGoesFirst() throws Exception {
        rule.jenkins.setNumExecutors(1);
        Path go = directory.resolve("go");
        FreeStyleProject first = shell("first", "while [ ! -e " + go + " ]; do sleep 0.2; done");
        FreeStyleProject own = shell("own", "true");
        FreeStyleProject app = shell("app", "true");
        world.serve(world.entry());
        world.awaitJobs("app", "first", "own");
        first.scheduleBuild2(0);
        onlyRun(first);
        Submitted build = world.build("app");
        own.scheduleBuild2(0);
        await().atMost(LONG).until(own::isInQueue);
        // The only executor is busy, so the request stays where another Jenkins could take it.
        assertThat(build.data).isEmpty();
        Files.createFile(go);
        assertThat(world.result(build)).isEqualTo("SUCCESS");
        assertThat(own.getLastBuild().getStartTimeInMillis())
                .isLessThanOrEqualTo(app.getLastBuild().getStartTimeInMillis());
    }

    @Test
    void takesMoreAsSoonAsThereAreMoreExecutors() throws Exception {
        rule.jenkins.setNumExecutors(1);
        Path go = directory.resolve("go");
        FreeStyleProject job = shell("app", "while [ ! -e " + go + " ]; do sleep 0.2; done");
        world.serve(world.entry());
        world.awaitJobs("app");
        Submitted one = world.build("app");
        Submitted two = world.build("app");
        await().atMost(LONG).until(() -> !one.data.isEmpty() || !two.data.isEmpty());
        onlyRun(job);
        assertThat(one.data.isEmpty() || two.data.isEmpty()).isTrue();
        rule.jenkins.setNumExecutors(2);
        await().atMost(LONG).until(() -> !one.data.isEmpty() && !two.data.isEmpty());
        Files.createFile(go);
        assertThat(world.result(one)).isEqualTo("SUCCESS");
        assertThat(world.result(two)).isEqualTo("SUCCESS");
    }
}
