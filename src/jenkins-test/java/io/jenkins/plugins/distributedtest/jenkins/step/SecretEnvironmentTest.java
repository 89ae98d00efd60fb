package io.jenkins.plugins.distributedtest.jenkins.step;

import static io.jenkins.plugins.distributedtest.jenkins.step.StepWorld.SHELL;
import static io.jenkins.plugins.distributedtest.jenkins.step.StepWorld.job;
import static io.jenkins.plugins.distributedtest.jenkins.step.StepWorld.pipeline;
import static org.assertj.core.api.Assertions.assertThat;

import com.cloudbees.plugins.credentials.CredentialsScope;
import com.cloudbees.plugins.credentials.SystemCredentialsProvider;
import com.rabbitmq.client.Channel;
import com.rabbitmq.client.Connection;
import com.rabbitmq.client.ConnectionFactory;
import hudson.model.Result;
import hudson.util.Secret;
import io.jenkins.plugins.distributedtest.wire.Names;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.stream.Stream;
import org.jenkinsci.plugins.plaincredentials.impl.StringCredentialsImpl;
import org.jenkinsci.plugins.workflow.job.WorkflowRun;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.jvnet.hudson.test.JenkinsRule;
import org.jvnet.hudson.test.junit.jupiter.WithJenkins;

/** {@code secretEnvironment}: secrets reach tests on listeners of the run, and nobody else. */
@WithJenkins
class SecretEnvironmentTest {
    private static final String SECRET = "hunter2-hunter2";
    private static final String TEST = "test \"$TOKEN\" = 'hunter2''-hunter2' && echo \"it is $TOKEN you see\"; exit 1";

    @TempDir
    private Path directory;

    private JenkinsRule jenkins;
    private StepWorld world;

    @BeforeEach
    void start(JenkinsRule rule) {
        jenkins = rule;
        world = new StepWorld(directory);
        world.configure();
        SystemCredentialsProvider.getInstance()
                .getCredentials()
                .add(new StringCredentialsImpl(CredentialsScope.GLOBAL, "token", "", Secret.fromString(SECRET)));
    }

    @AfterEach
    void stop() throws Exception {
        world.close();
        LocalListenerTest.awaitNone();
    }

    private static String step(String options, String block) {
        return "  withCredentials([string(credentialsId: 'token', variable: 'TOKEN')]) {\n"
                + "    def r = distributedTest(" + options + ", json: 'out.json', secretEnvironment: ['TOKEN'], "
                + SHELL
                + ") " + block
                + "\n    echo \"RESULT passed=${r.passed} failed=${r.failed} listeners=${r.listeners}\"\n  }\n";
    }

    /** Hears what every listener of the broker hears. */
    private List<String> everyDefinition(Connection connection) throws IOException {
        List<String> heard = new CopyOnWriteArrayList<>();
        Channel channel = connection.createChannel();
        channel.exchangeDeclare(Names.jobs(null), "fanout", true);
        String queue = channel.queueDeclare().getQueue();
        channel.queueBind(queue, Names.jobs(null), "");
        channel.basicConsume(
                queue,
                true,
                (tag, delivery) -> heard.add(new String(delivery.getBody(), StandardCharsets.UTF_8)),
                tag -> {});
        return heard;
    }

    private void leaksNothing(WorkflowRun build) throws IOException {
        jenkins.assertLogContains("it is **** you see", build);
        jenkins.assertLogNotContains(SECRET, build);
        try (Stream<Path> all = Files.walk(build.getRootDir().toPath())) {
            assertThat(all.filter(Files::isRegularFile))
                    .isNotEmpty()
                    .allSatisfy(file -> assertThat(Files.readString(file, StandardCharsets.ISO_8859_1))
                            .as(file.toString())
                            .doesNotContain(SECRET));
        }
    }

    @Test
    void theStepsOwnListenerSeesThemAndOthersOfTheBrokerTakeNoPart() throws Exception {
        world.listen(4);
        ConnectionFactory factory = new ConnectionFactory();
        factory.setUri(world.address.toSecretUri());
        try (Connection connection = factory.newConnection()) {
            List<String> heard = everyDefinition(connection);
            String body = step("files: ['t/*'], localSlots: 1", "")
                    + "  echo readFile('out.json').contains('hunter2') ? 'LEAKED' : 'KEPT'";
            WorkflowRun build = jenkins.buildAndAssertStatus(
                    Result.UNSTABLE, job(jenkins, "own", pipeline("", body, "t/a.sh:" + TEST, "t/b.sh:exit 0")));
            jenkins.assertLogContains("RESULT passed=1 failed=1 listeners=1", build);
            jenkins.assertLogContains("Secret variable TOKEN: only listeners of this run take part", build);
            jenkins.assertLogContains("KEPT", build);
            leaksNothing(build);
            assertThat(heard)
                    .anyMatch(each -> each.contains("\"sealed\":\""))
                    .noneMatch(each -> each.contains("hunter"));
        }
    }

    @Test
    void listenersOfAgentsAndOfTheBlockSeeThem() throws Exception {
        jenkins.createSlave("remote", "remote", null);
        WorkflowRun agents = jenkins.buildAndAssertStatus(
                Result.UNSTABLE,
                job(
                        jenkins,
                        "agents",
                        pipeline("", step("files: ['t/*'], agents: [[label: 'remote']]", ""), "t/a.sh:" + TEST)));
        jenkins.assertLogContains("RESULT passed=0 failed=1 listeners=1", agents);
        leaksNothing(agents);

        WorkflowRun block = jenkins.buildAndAssertStatus(
                Result.UNSTABLE,
                job(
                        jenkins,
                        "block",
                        pipeline(
                                "",
                                step("files: ['t/*']", "{ node('remote') { distributedTestListener slots: 1 } }"),
                                "t/a.sh:" + TEST)));
        jenkins.assertLogContains("RESULT passed=0 failed=1 listeners=1", block);
        leaksNothing(block);
    }

    @Test
    void whatCannotBeIsToldWithTheWayOut() throws Exception {
        Map<String, String> wrong = Map.of(
                "secretEnvironment: ['NOWHERE']",
                "secretEnvironment names NOWHERE, which no step around distributedTest sets",
                "secretEnvironment: ['TOKEN=" + SECRET + "']",
                "names of variables only, without their values: TOKEN.",
                "secretEnvironment: ['PATH']",
                "PATH belongs to each machine",
                "secretEnvironment: ['DISTRIBUTED_TEST_X']",
                "cannot be a variable of tests",
                "secretEnvironment: ['BUILD_TAG'], protocol: 'gorgon', sync: 'none'",
                "secretEnvironment is not for protocol: 'gorgon'");
        int number = 0;
        for (Map.Entry<String, String> each : wrong.entrySet()) {
            String body = "  distributedTest files: ['t/*'], " + each.getKey() + ", " + SHELL;
            WorkflowRun build = jenkins.buildAndAssertStatus(
                    Result.FAILURE, job(jenkins, "wrong" + number++, pipeline("", body, "t/a.sh:exit 0")));
            jenkins.assertLogContains(each.getValue(), build);
            jenkins.assertLogNotContains(SECRET, build);
        }
    }
}
