package io.jenkins.plugins.distributedtest.jenkins.zuul;

import static io.jenkins.plugins.distributedtest.jenkins.zuul.ZuulWorld.LONG;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import com.fasterxml.jackson.databind.JsonNode;
import hudson.markup.EscapedMarkupFormatter;
import hudson.matrix.AxisList;
import hudson.matrix.MatrixProject;
import hudson.matrix.TextAxis;
import hudson.model.BooleanParameterDefinition;
import hudson.model.Computer;
import hudson.model.FreeStyleBuild;
import hudson.model.FreeStyleProject;
import hudson.model.Item;
import hudson.model.Label;
import hudson.model.Node;
import hudson.model.ParametersDefinitionProperty;
import hudson.model.Queue;
import hudson.model.Result;
import hudson.model.Run;
import hudson.model.StringParameterDefinition;
import hudson.model.User;
import hudson.model.queue.CauseOfBlockage;
import hudson.model.queue.QueueTaskDispatcher;
import hudson.security.ACL;
import hudson.security.ACLContext;
import hudson.slaves.DumbSlave;
import hudson.tasks.Shell;
import io.jenkins.plugins.distributedtest.gearman.GearmanTestClient.Submitted;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import jenkins.model.Jenkins;
import org.jenkinsci.plugins.workflow.cps.CpsFlowDefinition;
import org.jenkinsci.plugins.workflow.job.WorkflowJob;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.jvnet.hudson.test.JenkinsRule;
import org.jvnet.hudson.test.MockAuthorizationStrategy;
import org.jvnet.hudson.test.MockFolder;
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
 * <tr><td>3: loss of the server goes unseen</td><td>{@link #aLostServerEndsTheBuild}</td></tr>
 * <tr><td>4: parameters that are not declared are dropped</td><td>{@link #buildsWithAllThatZuulSent}</td></tr>
 * <tr><td>5: pipelines on the controller only</td><td>{@link #aPipelineNeedsNoExecutorOfTheController}</td></tr>
 * <tr><td>6: a limited user's save unregisters</td><td>{@link #aSaveByAUserOfFewPermissionsUnregistersNothing}</td></tr>
 * <tr><td>7: names without folders; managers that clones share</td>
 *     <td>{@link #registersByDifferenceUnderFullNames}, {@code FunctionTableTest}, {@code ZuulExecutorContract}</td></tr>
 * <tr><td>8: changes of executors, matrix</td>
 *     <td>{@link #takesMoreAsSoonAsThereAreMoreExecutors}, {@link #buildsAMatrix}</td></tr>
 * <tr><td>9: test connection for everybody, no TLS</td>
 *     <td>{@code GearmanServerEntryTest}, {@code EndpointPermissionsTest}, {@code GearmanTlsTest}</td></tr>
 * <tr><td>10: errors kill a thread, a refused build is a NullPointerException</td>
 *     <td>{@code ZuulBuildTest}</td></tr>
 * <tr><td>11: everything registered again on each save</td>
 *     <td>{@link #registersByDifferenceUnderFullNames}, {@code FunctionTableTest}</td></tr>
 * </table>
 */
@WithJenkins
class ZuulServingTest {
    @TempDir
    Path directory;

    private JenkinsRule rule;
    private ZuulWorld world;

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

    @BeforeEach
    void start(JenkinsRule jenkins) throws Exception {
        rule = jenkins;
        Holding.NAMES.clear();
        world = new ZuulWorld(directory);
    }

    @AfterEach
    void stop() throws Exception {
        world.close();
    }

    private FreeStyleProject shell(String name, String script) throws Exception {
        FreeStyleProject job = rule.createFreeStyleProject(name);
        job.getBuildersList().add(new Shell(script));
        job.setConcurrentBuild(true);
        return job;
    }

    private WorkflowJob pipeline(String name, String script) throws Exception {
        WorkflowJob job = rule.createProject(WorkflowJob.class, name);
        job.setDefinition(new CpsFlowDefinition(script, true));
        return job;
    }

    private static Run<?, ?> onlyRun(hudson.model.Job<?, ?> job) {
        await("a build of " + job).atMost(LONG).until(() -> job.getLastBuild() != null);
        return job.getLastBuild();
    }

    private static String log(Run<?, ?> run) throws Exception {
        return String.join("\n", run.getLog(10_000));
    }

    @Test
    void registersByDifferenceUnderFullNames() throws Exception {
        FreeStyleProject top = rule.createFreeStyleProject("app");
        MockFolder folder = rule.createFolder("team");
        folder.createProject(FreeStyleProject.class, "app");
        MockFolder inner = folder.createProject(MockFolder.class, "deep");
        WorkflowJob pipeline = inner.createProject(WorkflowJob.class, "pipe");
        world.serve(world.entry());
        world.awaitJobs("app", "team/app", "team/deep/pipe");

        top.disable();
        world.awaitJobs("team/app", "team/deep/pipe");
        top.enable();
        top.renameTo("renamed");
        world.awaitJobs("renamed", "team/app", "team/deep/pipe");
        pipeline.delete();
        world.awaitJobs("renamed", "team/app");
        folder.renameTo("crew");
        world.awaitJobs("crew/app", "renamed");
        rule.createFreeStyleProject("new");
        world.awaitJobs("crew/app", "new", "renamed");

        GearmanServerEntry inFolder = world.entry();
        inFolder.setJobs(JobChoice.FOLDER);
        inFolder.setFolder("crew");
        inFolder.setNames(NameScheme.SHORT);
        world.serve(inFolder);
        world.awaitJobs("app");
        GearmanServerEntry marked = world.entry();
        marked.setJobs(JobChoice.PROPERTY);
        world.serve(marked);
        world.awaitJobs();
        top.addProperty(new ServeToZuul());
        world.awaitJobs("renamed");
        world.serve();
        world.awaitJobs();
    }

    @Test
    void registersTheLabelsThatSomeNodeHas() throws Exception {
        FreeStyleProject job = shell("app", "true");
        job.setAssignedLabel(Label.get("precise&&x86"));
        world.serve(world.entry());
        world.awaitJobs("app");

        DumbSlave node = rule.createSlave("node-1", "precise x86 big", null);
        world.awaitJobs("app", "app:precise", "app:x86");
        rule.waitOnline(node);
        Submitted build = world.build("app:precise", Map.of("ZUUL_NODE", "precise"));
        assertThat(world.result(build)).isEqualTo("SUCCESS");
        JsonNode last = ZuulWorld.last(build);
        assertThat(last.path("node_name").asText()).isEqualTo("node-1");
        assertThat(last.path("node_labels").toString()).contains("precise", "x86", "big");

        rule.jenkins.removeNode(node);
        world.awaitJobs("app");
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

    @Test
    void aSaveByAUserOfFewPermissionsUnregistersNothing() throws Exception {
        FreeStyleProject secret = rule.createFreeStyleProject("secret");
        FreeStyleProject open = rule.createFreeStyleProject("open");
        rule.jenkins.setSecurityRealm(rule.createDummySecurityRealm());
        rule.jenkins.setAuthorizationStrategy(new MockAuthorizationStrategy()
                .grant(Jenkins.READ)
                .everywhere()
                .to("limited")
                .grant(Item.READ, Item.CONFIGURE)
                .onItems(open)
                .to("limited"));
        world.serve(world.entry());
        world.awaitJobs("open", "secret");
        try (ACLContext limited =
                ACL.as2(User.getOrCreateByIdOrFullName("limited").impersonate2())) {
            assertThat(rule.jenkins.getItem("secret")).isNull();
            open.setDescription("saved by somebody who sees little");
            open.renameTo("open-2");
        }
        world.awaitJobs("open-2", "secret");
        assertThat(secret.isBuildable()).isTrue();
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

    @Test
    void showsHowItGoes() throws Exception {
        FreeStyleProject job = shell("app", "true");
        world.serve(world.entry());
        world.awaitJobs("app");
        assertThat(world.result(world.build("app"))).isEqualTo("SUCCESS");
        String page = rule.createWebClient().goTo("manage/gearman-servers/").asNormalizedText();
        assertThat(page)
                .contains("127.0.0.1:" + world.port)
                .contains("Connected since")
                .doesNotContain("not connected");
        assertThat(ZuulService.get().status()).singleElement().satisfies(status -> {
            assertThat(status.isConnected()).isTrue();
            assertThat(status.getFunctions()).isEqualTo(1);
            assertThat(status.getTaken()).isEqualTo(1);
        });
        assertThat(job.getLastBuild().getResult()).isEqualTo(Result.SUCCESS);
        Computer computer = rule.jenkins.toComputer();
        assertThat(computer.isOffline()).isFalse();
    }
}
