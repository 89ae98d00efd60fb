package io.jenkins.plugins.distributedtest.jenkins.step;

import static org.awaitility.Awaitility.await;

import com.cloudbees.plugins.credentials.CredentialsScope;
import com.cloudbees.plugins.credentials.SystemCredentialsProvider;
import com.cloudbees.plugins.credentials.impl.UsernamePasswordCredentialsImpl;
import io.jenkins.plugins.distributedtest.amqp.BrokerAddress;
import io.jenkins.plugins.distributedtest.jenkins.broker.Broker;
import io.jenkins.plugins.distributedtest.jenkins.config.DistributedTestConfiguration;
import io.jenkins.plugins.distributedtest.jenkins.config.StepDefaults;
import io.jenkins.plugins.distributedtest.listener.Listener;
import io.jenkins.plugins.distributedtest.listener.ListenerSettings;
import io.jenkins.plugins.distributedtest.sync.SshOptions;
import io.jenkins.plugins.distributedtest.testing.RealRabbit;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Collectors;
import org.jenkinsci.plugins.workflow.cps.CpsFlowDefinition;
import org.jenkinsci.plugins.workflow.job.WorkflowJob;
import org.jenkinsci.plugins.workflow.job.WorkflowRun;
import org.jvnet.hudson.test.JenkinsRule;

/** A real broker, real listeners in this JVM, and a Jenkins that knows the broker as {@code ci}. */
public final class StepWorld implements AutoCloseable {
    static final Duration PATIENCE = Duration.ofMinutes(3);
    /** Runs shell scripts, so that a test file does what its name in the pipeline says. */
    static final String SHELL = "runner: 'command', command: ['sh', '{file}'], broker: 'ci'";

    final BrokerAddress address = RealRabbit.shared().freshVirtualHost();
    private final Path directory;
    private final List<Listener> listeners = new ArrayList<>();

    /** Nothing listens yet. */
    public StepWorld(Path directory) {
        this.directory = directory;
    }

    /** Tells Jenkins of the broker. */
    public void configure() {
        configure(address.toSecretUri());
    }

    /** Tells the Jenkins of this JVM of a broker. */
    static void configure(String uri) {
        BrokerAddress address = BrokerAddress.parse(uri);
        try {
            SystemCredentialsProvider.getInstance()
                    .getCredentials()
                    .add(new UsernamePasswordCredentialsImpl(
                            CredentialsScope.SYSTEM, "rabbit", "", address.username(), address.password()));
            SystemCredentialsProvider.getInstance().save();
            Broker broker = new Broker("ci");
            broker.setHost(address.host());
            broker.setPort(address.port());
            broker.setVirtualHost(address.virtualHost());
            broker.setCredentialsId("rabbit");
            DistributedTestConfiguration.get().setBrokers(List.of(broker));
            onlyTheListenersOfTheTest();
        } catch (Exception e) {
            throw new IllegalStateException(e);
        }
    }

    /** Steps have no listener of their own unless they say so. */
    static void onlyTheListenersOfTheTest() {
        StepDefaults defaults = new StepDefaults();
        defaults.setLocalSlots(0);
        DistributedTestConfiguration.get().setDefaults(defaults);
    }

    /** Starts a listener and waits until it is connected. */
    public Listener listen(int slots) throws IOException {
        return listen(slots, null);
    }

    Listener listen(int slots, String cluster) throws IOException {
        Path work = Files.createDirectories(directory.resolve("listener-" + listeners.size()));
        Listener listener = new Listener(
                new ListenerSettings(
                        cluster,
                        slots,
                        work,
                        false,
                        Duration.ofSeconds(60),
                        Duration.ofSeconds(120),
                        SshOptions.DEFAULT,
                        List.of("file", "https")),
                address,
                new SimpleMeterRegistry());
        listeners.add(listener);
        listener.start();
        await().atMost(PATIENCE).until(() -> listener.status().connectedSince() != null);
        return listener;
    }

    /** A pipeline that writes files into the workspace of a node and then does something. */
    static String pipeline(String label, String body, String... files) {
        StringBuilder script = new StringBuilder("node('" + label + "') {\n  deleteDir()\n");
        for (String file : files) {
            int colon = file.indexOf(':');
            script.append("  writeFile file: '")
                    .append(file, 0, colon)
                    .append("', text: '''")
                    .append(file.substring(colon + 1))
                    .append("'''\n");
        }
        return script.append(body).append("\n}\n").toString();
    }

    static WorkflowJob job(JenkinsRule jenkins, String name, String script) throws Exception {
        WorkflowJob job = jenkins.createProject(WorkflowJob.class, name);
        job.setDefinition(new CpsFlowDefinition(script, true));
        return job;
    }

    /** Starts a build and waits until its log has a text. */
    static WorkflowRun started(JenkinsRule jenkins, WorkflowJob job, String text) throws Exception {
        WorkflowRun build = job.scheduleBuild2(0).waitForStart();
        jenkins.waitForMessage(text, build);
        return build;
    }

    /** Stops what is building, and waits for its end. */
    static void stopBuilds(JenkinsRule jenkins) throws Exception {
        for (WorkflowJob job : jenkins.jenkins.getAllItems(WorkflowJob.class)) {
            for (WorkflowRun build : job.getBuilds()) {
                if (build.isBuilding()) {
                    build.doStop();
                    jenkins.waitForCompletion(build);
                }
            }
        }
    }

    /** Names of threads of ours, sorted. */
    static List<String> threads() {
        return Thread.getAllStackTraces().keySet().stream()
                .map(Thread::getName)
                .filter(name -> name.startsWith("distributed-test-"))
                .sorted()
                .collect(Collectors.toList());
    }

    @Override
    public void close() {
        listeners.forEach(Listener::close);
    }
}
