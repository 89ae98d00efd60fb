package io.jenkins.plugins.distributedtest.jenkins.step;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assumptions.assumeThat;
import static org.awaitility.Awaitility.await;

import com.cloudbees.plugins.credentials.CredentialsScope;
import com.cloudbees.plugins.credentials.SystemCredentialsProvider;
import hudson.Launcher;
import hudson.LauncherDecorator;
import hudson.Proc;
import hudson.model.Node;
import hudson.model.Result;
import hudson.model.TaskListener;
import hudson.slaves.DumbSlave;
import hudson.slaves.RetentionStrategy;
import hudson.util.Secret;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.Serializable;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Set;
import java.util.stream.Stream;
import org.jenkinsci.plugins.plaincredentials.impl.StringCredentialsImpl;
import org.jenkinsci.plugins.workflow.actions.ThreadNameAction;
import org.jenkinsci.plugins.workflow.graph.FlowNode;
import org.jenkinsci.plugins.workflow.graphanalysis.DepthFirstScanner;
import org.jenkinsci.plugins.workflow.job.WorkflowJob;
import org.jenkinsci.plugins.workflow.job.WorkflowRun;
import org.jenkinsci.plugins.workflow.steps.BodyExecutionCallback;
import org.jenkinsci.plugins.workflow.steps.BodyInvoker;
import org.jenkinsci.plugins.workflow.steps.Step;
import org.jenkinsci.plugins.workflow.steps.StepContext;
import org.jenkinsci.plugins.workflow.steps.StepDescriptor;
import org.jenkinsci.plugins.workflow.steps.StepExecution;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.jvnet.hudson.test.JenkinsRule;
import org.jvnet.hudson.test.TestExtension;
import org.jvnet.hudson.test.junit.jupiter.WithJenkins;
import org.kohsuke.stapler.DataBoundConstructor;
import org.kohsuke.stapler.DataBoundSetter;

/** Listeners that steps of the pipeline run, in the block of a step and beside it; nothing else being configured. */
@WithJenkins
class PipelineListenersTest {
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
    }

    private DumbSlave agent(String label, int executors) throws Exception {
        DumbSlave agent = new DumbSlave(
                label, directory.resolve("agent-" + label).toString(), jenkins.createComputerLauncher(null));
        agent.setLabelString(label);
        agent.setNumExecutors(executors);
        agent.setRetentionStrategy(RetentionStrategy.NOOP);
        jenkins.jenkins.addNode(agent);
        jenkins.waitOnline(agent);
        return agent;
    }

    private WorkflowJob job(String name, String script) throws Exception {
        return StepWorld.job(jenkins, name, script.replace("SHELL", SHELL).replace("DIRECTORY", directory.toString()));
    }

    private static String result() {
        return "echo \"RESULT ${r.passed} passed, ${r.failed} failed, ${r.listeners} listeners, ${r.slots} slots\"\n";
    }

    private static List<String> branches(WorkflowRun build) {
        List<String> names = new ArrayList<>();
        for (FlowNode node : new DepthFirstScanner().allNodes(build.getExecution())) {
            ThreadNameAction name = node.getAction(ThreadNameAction.class);
            if (name != null) {
                names.add(name.getThreadName());
            }
        }
        return names;
    }

    private static String networkOf(String process) throws IOException {
        return Files.readSymbolicLink(Path.of("/proc", process, "ns/net")).toString();
    }

    @Test
    void aBlockRunsOnceForEachWorkerAndItsListenersServeFromTheirContainers() throws Exception {
        assumeThat(ContainerStep.works()).as("networks of their own (unshare)").isTrue();
        agent("docker", 2);
        WorkflowRun build = jenkins.buildAndAssertSuccess(job("block", """
                def r = distributedTest(files: ['t/*'], workers: 2, SHELL) {
                  node('docker') {
                    container {
                      writeFile file: 't/a.sh', text: 'readlink /proc/self/ns/net >> DIRECTORY/networks; test "$COLOUR" = blue; while [ $(wc -l < DIRECTORY/networks) -lt 2 ]; do sleep 0.1; done'
                      writeFile file: 't/b.sh', text: 'readlink /proc/self/ns/net >> DIRECTORY/networks; test -f here; while [ $(wc -l < DIRECTORY/networks) -lt 2 ]; do sleep 0.1; done'
                      writeFile file: 'here', text: ''
                      withEnv(['COLOUR=blue']) {
                        distributedTestListener slots: 1, sync: 'none'
                      }
                    }
                  }
                }
                """ + result()));
        jenkins.assertLogContains("RESULT 2 passed, 0 failed, 2 listeners, 2 slots", build);
        jenkins.assertLogContains("[Pipeline] { (Branch: worker 2)", build);
        jenkins.assertLogContains("The listener runs with Java ", build);
        assertThat(branches(build)).containsExactlyInAnyOrder("worker 1", "worker 2");
        assertThat(Files.readAllLines(directory.resolve("networks")))
                .hasSize(2)
                .doesNotHaveDuplicates()
                .doesNotContain(networkOf("self"));
    }

    private String waits(String gate) {
        return "while [ ! -f " + directory + "/" + gate + " ]; do sleep 0.1; done";
    }

    private void open(String gate) throws IOException {
        Files.writeString(directory.resolve(gate), "");
    }

    /** In the workspace of the step around the block; the listeners fetch them. */
    private static String around(String label, String options, String block, String... files) {
        return StepWorld.pipeline(
                label,
                "  def r = distributedTest(files: ['t/*'], " + options + ", SHELL) {\n" + block + "  }\n  " + result(),
                files);
    }

    @Test
    void whatAppliesToShAppliesToListenersAndSecretsAreMasked() throws Exception {
        agent("remote", 2);
        SystemCredentialsProvider.getInstance()
                .getCredentials()
                .add(new StringCredentialsImpl(
                        CredentialsScope.GLOBAL, "token", "", Secret.fromString("hunter2-hunter2")));
        WorkflowRun build = jenkins.buildAndAssertStatus(
                Result.UNSTABLE,
                job(
                        "applies",
                        around(
                                "built-in",
                                "workers: 1",
                                """
                    node('remote') {
                      dir('sub') {
                        withCredentials([string(credentialsId: 'token', variable: 'TOKEN')]) {
                          withEnv(['PATH+TOOLS=DIRECTORY/bin']) {
                            distributedTestListener slots: 1
                          }
                        }
                      }
                    }
                """,
                                "t/tool.sh:case $PATH in */bin:*) exit 0;; *) exit 1;; esac",
                                "t/secret.sh:echo \"it is $TOKEN you see\"; exit 1")));
        jenkins.assertLogContains("RESULT 1 passed, 1 failed, 1 listeners, 1 slots", build);
        jenkins.assertLogContains("it is **** you see", build);
        jenkins.assertLogNotContains("hunter2", build);
        Path root = build.getRootDir().toPath();
        assertThat(root.resolve("junitResult.xml")).content().contains("****").doesNotContain("hunter2");
        try (Stream<Path> kept = Files.walk(root)) {
            assertThat(kept.filter(file -> file.toString().endsWith(".json")))
                    .isNotEmpty()
                    .allSatisfy(file -> assertThat(file).content().doesNotContain("hunter2"));
        }
    }

    @Test
    void aListenerThatSomebodyStopsGivesItsFilesToOthers() throws Exception {
        DumbSlave one = agent("one", 1);
        agent("two", 1);
        WorkflowRun build = twoAtWork("stopped");
        one.toComputer().getExecutors().get(0).doStop();
        jenkins.waitForMessage("has ended early: somebody has stopped it", build);
        await().atMost(StepWorld.PATIENCE)
                .until(() -> LocalListenerTest.listeners().size() == 1);
        open("go");
        jenkins.assertBuildStatusSuccess(jenkins.waitForCompletion(build));
        jenkins.assertLogContains("RESULT 2 passed, 0 failed, 2 listeners", build);
    }

    /** A build whose two listeners, on agents one and two, each run a file until {@code go} is opened. */
    private WorkflowRun twoAtWork(String name) throws Exception {
        WorkflowJob job = job(
                name,
                around(
                        "built-in",
                        "workers: 2",
                        """
                    node('one || two') {
                      distributedTestListener slots: 1
                    }
                """,
                        "t/a.sh:touch DIRECTORY/a-$$; " + waits("go"),
                        "t/b.sh:touch DIRECTORY/b-$$; " + waits("go")));
        WorkflowRun build = StepWorld.started(jenkins, job, "2 slots in all");
        await().atMost(StepWorld.PATIENCE).until(() -> started("a-") + started("b-") == 2);
        return build;
    }

    private long started(String prefix) throws IOException {
        try (Stream<Path> all = Files.list(directory)) {
            return all.filter(each -> each.getFileName().toString().startsWith(prefix))
                    .count();
        }
    }

    @Test
    void anAgentThatIsLostCostsWhatItsListenerRan() throws Exception {
        agent("one", 1);
        agent("two", 1);
        WorkflowRun build = twoAtWork("lost");
        ProcessHandle agent = LocalListenerTest.listeners().get(0).parent().orElseThrow();
        assertThat(agent.pid()).isNotEqualTo(ProcessHandle.current().pid());
        agent.destroyForcibly();
        jenkins.waitForMessage("is lost: its connection to the controller is lost. What it ran goes to others.", build);
        open("go");
        jenkins.waitForMessage("RESULT 2 passed, 0 failed", build);
        jenkins.assertBuildStatusSuccess(jenkins.waitForCompletion(build));
    }

    @Test
    void aListenerThatIsKilledGivesItsFilesToOthersAndFailsNothing() throws Exception {
        agent("one", 1);
        agent("two", 1);
        WorkflowRun build = twoAtWork("killed");
        LocalListenerTest.listeners().get(0).destroyForcibly();
        jenkins.waitForMessage("is lost: ", build);
        jenkins.waitForMessage("What it ran goes to others.", build);
        assertThat(LocalListenerTest.listeners()).hasSize(1);
        open("go");
        jenkins.assertBuildStatusSuccess(jenkins.waitForCompletion(build));
        jenkins.assertLogContains("RESULT 2 passed, 0 failed, 2 listeners", build);
        jenkins.assertLogContains("exit code 137", build);
    }

    @Test
    void theMatrixOfTheDocumentationRunsAsPasted() throws Exception {
        agent("linux", 3);
        String page = Files.readString(Path.of("docs", "jenkins.md"));
        int from = page.indexOf("```groovy\n", page.indexOf("A matrix whose cells are listeners:"));
        String script = page.substring(page.indexOf('\n', from), page.indexOf("```", from + 3));
        WorkflowRun build = jenkins.buildAndAssertSuccess(StepWorld.job(jenkins, "matrix", script));
        jenkins.assertLogContains("is ready", build);
        jenkins.assertLogContains("1 passed", build);
    }

    @Test
    void anAbortOfTheBuildEndsEverything() throws Exception {
        agent("one", 3);
        WorkflowJob job = job("aborted", """
                distributedTest(files: ['t/*'], workers: 3, SHELL) {
                  node('one') {
                    writeFile file: 't/a.sh', text: 'sleep 1000'
                    distributedTestListener slots: 1
                  }
                }
                """);
        WorkflowRun build = StepWorld.started(jenkins, job, "is ready");
        build.doStop();
        jenkins.assertBuildStatus(Result.ABORTED, jenkins.waitForCompletion(build));
        LocalListenerTest.awaitNone();
    }

    @Test
    void whereThereIsNoJavaItIsSaidWhatToDo() throws Exception {
        assumeThat(ContainerStep.works()).as("networks of their own (unshare)").isTrue();
        String home = System.getProperty("java.home");
        WorkflowRun build = jenkins.buildAndAssertStatus(
                Result.FAILURE,
                job("nojava", around("built-in", "workers: 2", """
                    node('built-in') {
                      container(without: 'HOME') {
                        withEnv(['JAVA_HOME=DIRECTORY/none', 'PATH=/usr/sbin:/sbin:/usr/local/bin:/bin']) {
                          sh 'if java -version; then exit 17; fi'
                          distributedTestListener slots: 1, sync: 'none'
                        }
                      }
                    }
                """.replace("HOME'", home + "'"), "t/a.sh:exit 0")));
        jenkins.assertLogContains("No Java 17 or later was found for the listener on the built-in node in ", build);
        jenkins.assertLogContains(directory + "/none/bin/java is not there", build);
        jenkins.assertLogContains("Install one there", build);
        jenkins.assertLogContains("Branch worker 1 has failed", build);
    }

    @Test
    void aJavaThatIsTooOldIsSaidByItsVersion() throws Exception {
        WorkflowRun build = jenkins.buildAndAssertStatus(
                Result.FAILURE, job("oldjava", around("built-in", "workers: 1", """
                    node('built-in') {
                      writeFile file: 'old-java', text: 'echo openjdk version \\\\"11.0.2\\\\" 2019-01-15 >&2'
                      sh 'chmod +x old-java'
                      distributedTestListener slots: 1, java: "$WORKSPACE/old-java"
                    }
                """, "t/a.sh:exit 0")));
        jenkins.assertLogContains("/old-java is 11.0.2. Correct the option java", build);
    }

    @Test
    void aListenerServesARunOfAnotherBranchByItsTitle() throws Exception {
        agent("one", 2);
        WorkflowRun build = jenkins.buildAndAssertSuccess(job("named", """
                parallel(
                  suite: {
                    node('built-in') {
                      writeFile file: 't/a.sh', text: 'exit 0'
                      writeFile file: 't/b.sh', text: 'exit 0'
                      def r = distributedTest(files: ['t/*'], title: 'specs', localSlots: 0, SHELL)
                      RESULT
                    }
                  },
                  more: {
                    node('one') {
                      distributedTestListener run: 'specs', slots: 2
                      echo 'LISTENER DONE'
                    }
                  })
                node('one') {
                  distributedTestListener run: 'specs'
                }
                """.replace("RESULT", result())));
        jenkins.assertLogContains("RESULT 2 passed, 0 failed, 1 listeners, 2 slots", build);
        jenkins.assertLogContains("LISTENER DONE", build);
        jenkins.assertLogContains("The run specs is over: no listener is needed any more.", build);
    }

    @Test
    void declarativePipelinesHaveBlocksAndMatricesOfListeners() throws Exception {
        agent("one", 4);
        WorkflowRun build = jenkins.buildAndAssertSuccess(job("declarative", """
                pipeline {
                  agent none
                  stages {
                    stage('Block') {
                      steps {
                        distributedTest(files: ['t/*'], workers: 2, title: 'block', SHELL) {
                          node('one') {
                            writeFile file: 't/a.sh', text: 'exit 0'
                            distributedTestListener(slots: 1, sync: 'none')
                          }
                        }
                      }
                    }
                    stage('Matrix') {
                      matrix {
                        agent { label 'one' }
                        axes {
                          axis {
                            name 'PART'
                            values 'suite', '1', '2'
                          }
                        }
                        stages {
                          stage('Suite') {
                            when { environment name: 'PART', value: 'suite' }
                            steps {
                              writeFile file: 't/a.sh', text: 'touch DIRECTORY/in-a; WAIT'
                              writeFile file: 't/b.sh', text: 'touch DIRECTORY/in-b; WAIT'
                              distributedTest files: ['t/*'], title: 'matrix', localSlots: 0, SHELL
                            }
                          }
                          stage('Listener') {
                            when { not { environment name: 'PART', value: 'suite' } }
                            steps {
                              distributedTestListener run: 'matrix', slots: 1
                            }
                          }
                        }
                      }
                    }
                  }
                }
                """.replace(
                        "WAIT", "while [ ! -f DIRECTORY/in-a ] || [ ! -f DIRECTORY/in-b ]; do sleep 0.1; done")));
        jenkins.assertLogContains("[Pipeline] { (Branch: worker 2)", build);
        jenkins.assertLogContains("1 passed", build);
        jenkins.assertLogContains("2 passed", build);
        jenkins.assertLogContains("2 slots in all", build);
    }

    @Test
    void aBranchThatFailsBeforeItsListenerFailsTheStep() throws Exception {
        WorkflowRun build = jenkins.buildAndAssertStatus(Result.FAILURE, job("broken", """
                distributedTest(files: ['t/*'], workers: 2, SHELL) {
                  node {
                    error 'bundle install has failed'
                  }
                }
                """));
        jenkins.assertLogContains("ERROR: bundle install has failed", build);
        jenkins.assertLogContains("Branch worker 2 has failed", build);
    }

    @Test
    void aBlockWithoutAListenerIsSaid() throws Exception {
        WorkflowRun build = jenkins.buildAndAssertStatus(Result.FAILURE, job("none", """
                distributedTest(files: ['t/*'], workers: 2, SHELL) {
                  echo 'nothing'
                }
                """));
        jenkins.assertLogContains(
                "All branches of the block have ended without a distributedTestListener: there is nothing to run tests on",
                build);
        WorkflowRun other = jenkins.buildAndAssertStatus(
                Result.FAILURE,
                job("ended", around("built-in", "workers: 2", "    echo 'nothing'\n", "t/a.sh:exit 0")));
        jenkins.assertLogContains("All branches of the block have ended, and no other listener is there", other);
    }

    @Test
    void aBranchThatHasNotComeToItsListenerIsStoppedWhenTheRunIsOver() throws Exception {
        agent("one", 1);
        WorkflowRun build =
                jenkins.buildAndAssertSuccess(job("late", around("built-in", "workers: 2", """
                    node('one') {
                      distributedTestListener slots: 1
                      sleep 1
                    }
                """, "t/a.sh:exit 0")));
        jenkins.assertLogContains("RESULT 1 passed, 0 failed, 1 listeners, 1 slots", build);
        jenkins.assertLogContains(" has ended early: the distributed run is over.", build);
    }

    @Test
    void sourcesThatAreNotTheRunsAreRefused() throws Exception {
        String git = "git init -q . && git add t && git -c user.name=a -c user.email=a@example.org commit -qm one";
        WorkflowRun build = jenkins.buildAndAssertStatus(Result.FAILURE, job("differs", """
                node('built-in') {
                  deleteDir()
                  writeFile file: 't/a.sh', text: 'exit 0'
                  sh 'GIT'
                  distributedTest(files: ['t/*'], workers: 1, SHELL) {
                    dir('other') {
                      writeFile file: 't/a.sh', text: 'exit 1'
                      sh 'GIT'
                      distributedTestListener sync: 'none'
                    }
                  }
                }
                """.replace("GIT", git)));
        jenkins.assertLogContains("are not the run's: git has them as ", build);
    }

    @Test
    void whatCannotBeMeantIsRefusedByName() throws Exception {
        String[][] wrong = {
            {"node { distributedTestListener() }", "distributedTestListener belongs into the block of a distributedTest"
            },
            {"node { distributedTestListener run: 'x', slots: -1 }", "slots is a number from 0 to 1000, not -1"},
            {
                "node { distributedTestListener run: 'x', sync: 'git' }",
                "sync is none, for the current directory as it is"
            },
            {"node { distributedTest files: ['t/*'], workers: 2 }", "workers says how many times a block runs at once"},
            {"distributedTest(files: ['t/*'], workers: 0) { echo 'x' }", "workers is a number from 1 to 1000, not 0"},
            {"distributedTest files: ['t/*']", "There is no workspace: distributedTest belongs into node"},
        };
        for (int i = 0; i < wrong.length; i++) {
            WorkflowRun build = jenkins.buildAndAssertStatus(Result.FAILURE, job("wrong" + i, wrong[i][0]));
            jenkins.assertLogContains(wrong[i][1], build);
        }
    }

    /**
     * {@code container}: does for its body what {@code docker.inside} does, with Linux' own means. Processes are in a network
     * of their own, with a loopback address of its own; their standard input is not passed on; and some directories are
     * empty there, as if the image did not have them.
     */
    public static final class ContainerStep extends Step {
        private String without = "";

        @DataBoundConstructor
        public ContainerStep() {}

        public String getWithout() {
            return without;
        }

        /** A directory that is empty in the container. */
        @DataBoundSetter
        public void setWithout(String without) {
            this.without = without;
        }

        /** Whether this machine lets us make such networks. */
        static boolean works() {
            try {
                return new ProcessBuilder("unshare", "-rnm", "ip", "link", "set", "lo", "up")
                                .start()
                                .waitFor()
                        == 0;
            } catch (IOException | InterruptedException e) {
                return false;
            }
        }

        @Override
        public StepExecution start(StepContext context) {
            return new Execution(context, without);
        }

        private static final class Execution extends StepExecution {
            private static final long serialVersionUID = 1L;

            private final String without;

            Execution(StepContext context, String without) {
                super(context);
                this.without = without;
            }

            @Override
            public boolean start() throws Exception {
                getContext()
                        .newBodyInvoker()
                        .withContext(BodyInvoker.mergeLauncherDecorators(
                                getContext().get(LauncherDecorator.class), new Decorator(without)))
                        .withCallback(BodyExecutionCallback.wrap(getContext()))
                        .start();
                return false;
            }
        }

        private static final class Decorator extends LauncherDecorator implements Serializable {
            private static final long serialVersionUID = 1L;

            private final String without;

            Decorator(String without) {
                this.without = without;
            }

            @Override
            public Launcher decorate(Launcher launcher, Node node) {
                return new Launcher.DecoratedLauncher(launcher) {
                    @Override
                    public Proc launch(ProcStarter starter) throws IOException {
                        String enter = "ip link set lo up\n"
                                + (without.isEmpty() ? "" : "mount -t tmpfs none " + without + "\n")
                                + "exec \"$@\"";
                        List<String> command =
                                new ArrayList<>(List.of("unshare", "-rnm", "sh", "-c", enter, "container"));
                        int more = command.size();
                        command.addAll(starter.cmds());
                        boolean[] masks = starter.masks();
                        if (masks != null) {
                            boolean[] moved = Arrays.copyOf(new boolean[more], command.size());
                            System.arraycopy(masks, 0, moved, more, masks.length);
                            starter.masks(moved);
                        }
                        return super.launch(starter.cmds(command).stdin(new ByteArrayInputStream(new byte[0])));
                    }
                };
            }
        }

        @TestExtension
        public static final class DescriptorImpl extends StepDescriptor {
            @Override
            public String getFunctionName() {
                return "container";
            }

            @Override
            public boolean takesImplicitBlockArgument() {
                return true;
            }

            @Override
            public Set<? extends Class<?>> getRequiredContext() {
                return Set.of(Launcher.class, TaskListener.class);
            }

            @Override
            public Set<? extends Class<?>> getProvidedContext() {
                return Set.of(LauncherDecorator.class);
            }
        }
    }
}
