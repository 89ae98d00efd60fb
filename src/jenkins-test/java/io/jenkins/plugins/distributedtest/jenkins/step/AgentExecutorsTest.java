package io.jenkins.plugins.distributedtest.jenkins.step;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import hudson.model.Computer;
import hudson.model.Executor;
import hudson.model.Item;
import hudson.model.Label;
import hudson.model.Node;
import hudson.model.Queue;
import hudson.model.Result;
import hudson.model.User;
import hudson.security.ACL;
import hudson.slaves.DumbSlave;
import hudson.slaves.DummyCloudImpl;
import io.jenkins.plugins.distributedtest.jenkins.config.DistributedTestConfiguration;
import io.jenkins.plugins.distributedtest.jenkins.listeners.AgentListener;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import jenkins.model.Jenkins;
import jenkins.security.QueueItemAuthenticatorConfiguration;
import org.jenkinsci.plugins.workflow.job.WorkflowJob;
import org.jenkinsci.plugins.workflow.job.WorkflowRun;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.jvnet.hudson.test.JenkinsRule;
import org.jvnet.hudson.test.MockAuthorizationStrategy;
import org.jvnet.hudson.test.MockQueueItemAuthenticator;
import org.jvnet.hudson.test.junit.jupiter.WithJenkins;

/** Executors that a step asks Jenkins for, nothing else being configured. */
@WithJenkins
class AgentExecutorsTest {
    private static final String SHELL = "runner: 'command', command: ['sh', '{file}']";

    @TempDir
    private Path directory;

    private JenkinsRule jenkins;

    @BeforeEach
    void start(JenkinsRule rule) {
        jenkins = rule;
    }

    @AfterEach
    void nothingIsLeft() throws Exception {
        StepWorld.stopBuilds(jenkins);
        LocalListenerTest.awaitNone();
        await().atMost(StepWorld.PATIENCE).untilAsserted(() -> {
            assertThat(Queue.getInstance().getItems()).isEmpty();
            assertThat(busy()).isEmpty();
        });
    }

    /** What executors do. */
    private static List<String> busy() {
        return Stream.of(Jenkins.get().getComputers())
                .flatMap(computer -> computer.getExecutors().stream())
                .filter(Executor::isBusy)
                .map(executor -> String.valueOf(executor.getCurrentExecutable()))
                .toList();
    }

    /** Executors of nodes other than the built-in one that are taken. */
    private static long taken() {
        return Stream.of(Jenkins.get().getComputers())
                .filter(computer -> !computer.getName().isEmpty())
                .mapToLong(Computer::countBusy)
                .sum();
    }

    private DumbSlave agent(String label, int executors) throws Exception {
        DumbSlave agent = jenkins.createSlave(label, label, null);
        agent.setNumExecutors(executors);
        jenkins.jenkins.updateNode(agent);
        jenkins.waitOnline(agent);
        return agent;
    }

    private WorkflowJob job(String name, String options, String... files) throws Exception {
        return StepWorld.job(
                jenkins,
                name,
                StepWorld.pipeline(
                        "built-in",
                        "  def r = distributedTest " + options + ", " + SHELL
                                + "\n  echo \"RESULT ${r.passed} passed, ${r.failed} failed, ${r.listeners} listeners\"",
                        files));
    }

    /** Waits until a file is there. */
    private static String waits(Path file) {
        return "while [ ! -f " + file + " ]; do sleep 0.1; done";
    }

    private static String[] files(int count, String script) {
        String[] files = new String[count];
        for (int i = 0; i < count; i++) {
            files[i] = "t/" + i + ".sh:" + script;
        }
        return files;
    }

    @Test
    void aCloudProvidesThemOnDemand() throws Exception {
        DummyCloudImpl cloud = new DummyCloudImpl(jenkins, 0);
        cloud.label = Label.get("cloud");
        jenkins.jenkins.clouds.add(cloud);
        Path go = directory.resolve("go");
        WorkflowJob job = job(
                "cloud",
                "files: ['t/*'], agents: [[label: 'cloud', count: 2, slots: 1]], localSlots: 0, listenerTimeout: '3s'",
                files(2, waits(go)));
        WorkflowRun build = StepWorld.started(jenkins, job, "Asking for 2 executors with label cloud, 1 slot each");
        jenkins.waitForMessage("2 slots in all", build);
        assertThat(taken()).isEqualTo(2);
        Files.createFile(go);
        jenkins.assertBuildStatusSuccess(jenkins.waitForCompletion(build));
        jenkins.assertLogContains("RESULT 2 passed, 0 failed, 2 listeners", build);
    }

    @Test
    void anExecutorGoesBackWhenNoFileIsLeftForIt() throws Exception {
        agent("one", 1);
        agent("two", 1);
        Path start = directory.resolve("start");
        Path go = directory.resolve("go");
        WorkflowJob job = job(
                "back",
                "files: ['t/*'], agents: [[label: 'one || two', count: 2, slots: 1]], localSlots: 0",
                "t/long.sh:" + waits(go),
                "t/short.sh:" + waits(start));
        WorkflowRun build = StepWorld.started(jenkins, job, "2 slots in all");
        assertThat(taken()).isEqualTo(2);
        JenkinsRule.WebClient client = jenkins.createWebClient();
        client.getOptions().setJavaScriptEnabled(false);
        String page = client.goTo("computer/one/").getWebResponse().getContentAsString();
        assertThat(page.replaceAll("<wbr[^>]*>", "")).contains("tests of back #1");
        Files.createFile(start);
        await().atMost(StepWorld.PATIENCE).until(() -> taken() == 1);
        assertThat(build.isBuilding()).isTrue();
        Files.createFile(go);
        jenkins.assertBuildStatusSuccess(jenkins.waitForCompletion(build));
        jenkins.assertLogContains("RESULT 2 passed, 0 failed, 2 listeners", build);
    }

    @Test
    void anAgentThatIsKilledInTheMiddleOfAFileCostsThatFileOnly() throws Exception {
        agent("one", 1);
        agent("two", 1);
        Path first = directory.resolve("first");
        WorkflowJob job = job(
                "lost",
                "files: ['t/*'], agents: [[label: 'one || two', count: 1, slots: 1]], localSlots: 0",
                "t/a.sh:if [ -f " + first + " ]; then exit 0; fi; touch " + first + "; sleep 1000",
                "t/b.sh:exit 0");
        WorkflowRun build = StepWorld.started(jenkins, job, "is ready");
        await().atMost(StepWorld.PATIENCE).until(() -> Files.exists(first));
        ProcessHandle agent = LocalListenerTest.listeners().get(0).parent().orElseThrow();
        assertThat(agent.pid()).isNotEqualTo(ProcessHandle.current().pid());
        agent.destroyForcibly();
        jenkins.assertBuildStatusSuccess(jenkins.waitForCompletion(build));
        jenkins.assertLogContains("RESULT 2 passed, 0 failed, 2 listeners", build);
        jenkins.assertLogContains(
                "is lost: its connection to the controller is lost. What it ran goes to others.", build);
        jenkins.assertLogContains("Asking for", build);
        jenkins.assertLogContains("t/a.sh was lost on", build);
    }

    @Test
    void aFullQueueIsWaitedForAndItsReasonTold() throws Exception {
        agent("busy", 1);
        WorkflowJob holding = StepWorld.job(
                jenkins,
                "holding",
                "node('busy') { while (!fileExists('" + directory
                        + "/free')) { sleep time: 300, unit: 'MILLISECONDS' } }");
        WorkflowRun holder = holding.scheduleBuild2(0).waitForStart();
        await().atMost(StepWorld.PATIENCE).until(() -> taken() == 1);
        WorkflowJob job = job(
                "waiting",
                "files: ['t/*'], agents: [[label: 'busy', slots: 1]], localSlots: 0, listenerTimeout: '2s'",
                files(2, "exit 0"));
        WorkflowRun build = StepWorld.started(jenkins, job, "1 executor is still waited for: ");
        assertThat(Stream.of(Queue.getInstance().getItems()).map(item -> item.task.getDisplayName()))
                .containsExactly("tests of waiting #1");
        Files.createFile(directory.resolve("free"));
        jenkins.assertBuildStatusSuccess(jenkins.waitForCompletion(build));
        jenkins.waitForCompletion(holder);
        jenkins.assertLogContains("RESULT 2 passed", build);
    }

    @Test
    void anAbortTakesBackWhatServesAndWhatWaits() throws Exception {
        DumbSlave agent = agent("one", 1);
        WorkflowJob job = job(
                "aborted",
                "files: ['t/*'], agents: [[label: 'one', count: 3, slots: 1]], localSlots: 0",
                files(3, "sleep 1000"));
        WorkflowRun build = StepWorld.started(jenkins, job, "is ready");
        assertThat(Queue.getInstance().getItems()).hasSize(2);
        build.getExecutor().interrupt();
        jenkins.assertBuildStatus(Result.ABORTED, jenkins.waitForCompletion(build));
        LocalListenerTest.awaitNone();
        Path workspaces = Path.of(agent.getRemoteFS(), "distributed-test/runs/workspaces");
        await().atMost(StepWorld.PATIENCE)
                .untilAsserted(() -> assertThat(workspaces)
                        .satisfiesAnyOf(
                                none -> assertThat(none).doesNotExist(),
                                empty -> assertThat(empty).isEmptyDirectory()));
    }

    @Test
    void twoBuildsThatAskForAHundredEachBothEnd() throws Exception {
        agent("some", 3);
        String options = "files: ['t/*'], agents: [[label: 'some', count: 100, slots: 1]], localSlots: 0,"
                + " listenerTimeout: '2s'";
        List<WorkflowRun> builds = new ArrayList<>();
        for (String name : List.of("first", "second")) {
            builds.add(
                    job(name, options, files(100, "exit 0")).scheduleBuild2(0).waitForStart());
        }
        for (WorkflowRun build : builds) {
            jenkins.assertBuildStatusSuccess(jenkins.waitForCompletion(build));
            jenkins.assertLogContains("Asking for 100 executors with label some, 1 slot each", build);
            jenkins.assertLogContains("RESULT 100 passed", build);
        }
    }

    /** Nobody but Jenkins itself may build on the node "forbidden". */
    public static final class Guarded extends MockAuthorizationStrategy {
        @Override
        public ACL getACL(Node node) {
            return node.getNodeName().equals("forbidden")
                    ? ACL.lambda2((who, permission) -> who.equals(ACL.SYSTEM2))
                    : super.getACL(node);
        }
    }

    @Test
    void whereTheBuildsUserMayNotBuildThereIsNoExecutor() throws Exception {
        agent("forbidden", 1);
        jenkins.jenkins.setSecurityRealm(jenkins.createDummySecurityRealm());
        Guarded guarded = new Guarded();
        guarded.grant(Jenkins.READ, Item.READ, Item.BUILD, Computer.BUILD)
                .everywhere()
                .to("dev");
        jenkins.jenkins.setAuthorizationStrategy(guarded);
        Path go = directory.resolve("go");
        WorkflowJob job =
                job("guarded", "files: ['t/*'], agents: [[label: 'forbidden', slots: 1]]", files(3, waits(go)));
        QueueItemAuthenticatorConfiguration.get()
                .getAuthenticators()
                .add(new MockQueueItemAuthenticator()
                        .authenticate("guarded", User.getById("dev", true).impersonate2()));
        WorkflowRun build = StepWorld.started(jenkins, job, "1 executor is still waited for: ");
        jenkins.assertLogContains("dev", build);
        assertThat(taken()).isZero();
        Files.createFile(go);
        jenkins.assertBuildStatusSuccess(jenkins.waitForCompletion(build));
        jenkins.assertLogContains("RESULT 3 passed, 0 failed, 1 listeners", build);
    }

    @Test
    void anExecutorThatSomebodyStopsIsNotAskedForAgain() throws Exception {
        DumbSlave agent = agent("one", 1);
        Path first = directory.resolve("first");
        Path go = directory.resolve("go");
        WorkflowJob job = job(
                "stopped",
                "files: ['t/*'], agents: [[label: 'one', slots: 1]], localSlots: 1",
                files(4, "touch " + first + "; " + waits(go)));
        WorkflowRun build = StepWorld.started(jenkins, job, "2 slots in all");
        agent.toComputer().getExecutors().get(0).doStop();
        jenkins.waitForMessage("was cancelled: no other is asked for in its place", build);
        await().atMost(StepWorld.PATIENCE).until(() -> taken() == 0);
        Files.createFile(go);
        jenkins.assertBuildStatusSuccess(jenkins.waitForCompletion(build));
        jenkins.assertLogContains("RESULT 4 passed, 0 failed, 2 listeners", build);
    }

    @Test
    void whatCannotBeMeantIsRefusedByName() throws Exception {
        for (Map.Entry<String, String> each : Map.of(
                        "[[label: 'a &&']]", "agents: not a label or an expression of labels: a &&",
                        "[[count: 0]]", "agents: count is a number from 1 to 1000, not 0",
                        "[[slots: -1]]", "agents: slots is a number from 0 to 1000, not -1")
                .entrySet()) {
            WorkflowRun build = jenkins.buildAndAssertStatus(
                    Result.FAILURE, job("wrong" + each.getKey().length(), "agents: " + each.getKey(), "t/a.sh:exit 0"));
            jenkins.assertLogContains(each.getValue(), build);
        }
    }

    /** The pipelines of the documentation's overview, but for those that need a Kubernetes or a Docker. */
    private static List<String> pipelinesOfTheOverview() throws Exception {
        String page = Files.readString(Path.of("docs", "jenkins.md"));
        String overview = page.substring(
                page.indexOf("## Which way of getting listeners suits you"), page.indexOf("## Install it"));
        List<String> scripts = new ArrayList<>();
        for (String part : overview.split("```groovy\n")) {
            int end = part.indexOf("```");
            if (end > 0 && !part.contains("podTemplate") && !part.contains("docker.image")) {
                scripts.add(part.substring(0, end));
            }
        }
        return scripts;
    }

    @Test
    void everyPipelineOfTheOverviewRunsAsPasted() throws Exception {
        agent("linux", 4);
        List<String> scripts = pipelinesOfTheOverview();
        assertThat(scripts).hasSize(4);
        for (int i = 0; i < scripts.size(); i++) {
            if (i == 3) {
                DistributedTestConfiguration.get().setAgentListeners(List.of(new AgentListener("linux")));
            }
            WorkflowRun build = jenkins.buildAndAssertSuccess(StepWorld.job(jenkins, "overview" + i, scripts.get(i)));
            jenkins.assertLogContains("is ready", build);
        }
        DistributedTestConfiguration.get().setAgentListeners(List.of());
    }
}
