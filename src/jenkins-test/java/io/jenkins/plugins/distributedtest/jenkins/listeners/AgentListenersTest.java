package io.jenkins.plugins.distributedtest.jenkins.listeners;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import hudson.model.Label;
import hudson.slaves.DumbSlave;
import hudson.slaves.OfflineCause;
import hudson.util.FormValidation;
import io.jenkins.plugins.distributedtest.amqp.BrokerAddress;
import io.jenkins.plugins.distributedtest.jenkins.broker.EmbeddedBrokerService;
import io.jenkins.plugins.distributedtest.jenkins.broker.EmbeddedBrokerSettings;
import io.jenkins.plugins.distributedtest.jenkins.config.DistributedTestConfiguration;
import io.jenkins.plugins.distributedtest.jenkins.job.JobPageTest;
import io.jenkins.plugins.distributedtest.originator.Ping;
import io.jenkins.plugins.distributedtest.originator.PingAnswer;
import io.jenkins.plugins.distributedtest.report.Chromium;
import java.net.URI;
import java.net.URL;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;
import org.htmlunit.HttpMethod;
import org.htmlunit.WebRequest;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.jvnet.hudson.test.JenkinsRule;
import org.jvnet.hudson.test.junit.jupiter.WithJenkins;

/** Listeners that Jenkins runs on agents: real processes on real agents, with the controller's own broker. */
@WithJenkins
class AgentListenersTest {
    private static final Duration LIMIT = Duration.ofSeconds(180);

    @TempDir
    private Path work;

    private JenkinsRule jenkins;

    @BeforeEach
    void start(JenkinsRule rule) {
        jenkins = rule;
    }

    private static DistributedTestConfiguration configuration() {
        return DistributedTestConfiguration.get();
    }

    private static AgentListener on(String label, int slots) {
        AgentListener listener = new AgentListener(label);
        listener.setSlots(slots);
        return listener;
    }

    private BrokerAddress broker(String bindAddress) throws Exception {
        EmbeddedBrokerSettings settings = new EmbeddedBrokerSettings();
        settings.setBindAddress(bindAddress);
        configuration().setEmbeddedBroker(settings);
        await().atMost(LIMIT).until(() -> EmbeddedBrokerService.get().isWell());
        return configuration().resolve(null).address();
    }

    /** Who answers on the broker. */
    private static List<PingAnswer> answers(BrokerAddress broker) throws Exception {
        return new ArrayList<>(Ping.ping(broker, null, Duration.ofMillis(500)));
    }

    private static void awaitAnswers(BrokerAddress broker, int count) {
        await().atMost(LIMIT)
                .ignoreExceptions()
                .untilAsserted(() -> assertThat(answers(broker)).hasSize(count));
    }

    /** Every listener process below a directory, whoever started it. */
    private static List<ProcessHandle> processes(String directory) {
        try (Stream<ProcessHandle> all = ProcessHandle.allProcesses()) {
            return all.filter(each -> List.of(each.info().arguments().orElse(new String[0]))
                            .contains("--directory=" + directory + "/distributed-test"))
                    .toList();
        }
    }

    private static List<ProcessHandle> awaitProcesses(String directory, int count) {
        await().atMost(LIMIT).until(() -> processes(directory).size() == count);
        return processes(directory);
    }

    /** What a page says, its scripts left alone: HtmlUnit does not know the JavaScript of today's browsers. */
    private String page(String path) throws Exception {
        JenkinsRule.WebClient client = jenkins.createWebClient();
        client.getOptions().setJavaScriptEnabled(false);
        return client.goTo(path).asNormalizedText();
    }

    @Test
    void everyAgentWithTheLabelGetsOneAndNoOther() throws Exception {
        BrokerAddress broker = broker("127.0.0.1");
        configuration().setAgentListeners(List.of(on("tests && !slow", 3)));
        DumbSlave agent = jenkins.createOnlineSlave(Label.get("tests"));
        DumbSlave other = jenkins.createOnlineSlave(Label.get("builds"));

        awaitAnswers(broker, 1);
        assertThat(answers(broker).get(0).slots()).isEqualTo(3);
        assertThat(processes(agent.getRemoteFS())).hasSize(1);
        assertThat(processes(other.getRemoteFS())).isEmpty();

        String password = broker.password();
        Path process = Path.of(
                "/proc", String.valueOf(processes(agent.getRemoteFS()).get(0).pid()));
        assertThat(process.resolve("cmdline"))
                .content(StandardCharsets.ISO_8859_1)
                .doesNotContain(password);
        assertThat(process.resolve("environ"))
                .content(StandardCharsets.ISO_8859_1)
                .doesNotContain(password);
        try (var files = Files.walk(Path.of(agent.getRemoteFS(), "distributed-test"))) {
            for (Path each : files.filter(Files::isRegularFile).toList()) {
                assertThat(Files.readString(each, StandardCharsets.ISO_8859_1))
                        .as(each.toString())
                        .doesNotContain(password);
            }
        }
    }

    @Test
    void thePageNamesTheAgentOfEachListenerAndItsHalvesAgree() throws Exception {
        broker("127.0.0.1");
        configuration().setAgentListeners(List.of(on("tests", 2)));
        DumbSlave agent = jenkins.createSlave("shop-tests", "tests", null);
        // Neither half is told what the other knows: both are asked, as the page does.
        await().atMost(LIMIT).ignoreExceptions().untilAsserted(() -> {
            JsonNode listener = new ObjectMapper().readTree(answer("data")).at("/brokers/0/listeners/0");
            assertThat(listener.path("agent").asText()).isEqualTo("shop-tests");
            assertThat(listener.path("agent_url").asText())
                    .isEqualTo(agent.toComputer().getUrl() + "distributed-test-listeners/");
            assertThat(listener.path("here").asBoolean()).isTrue();
            assertThat(answer("state"))
                    .contains("connected (process ")
                    .doesNotContain("not connected", "class=\"error\"");
        });
        try (Chromium browser = new Chromium(work)) {
            Path shots = Files.createDirectories(Path.of("target", "screenshots"));
            browser.size(1280, 900);
            browser.open(URI.create(jenkins.getURL() + "manage/distributed-test-listeners/"));
            await().atMost(LIMIT)
                    .ignoreExceptions()
                    .untilAsserted(
                            () -> assertThat(browser.text("document.querySelector('.dt-listeners-table').innerText"))
                                    .contains("shop-tests"));
            browser.screenshot(shots.resolve("listeners.png"), true);
            browser.evaluate(JobPageTest.DARK);
            browser.screenshot(shots.resolve("listeners-dark.png"), true);
            browser.size(420, 900);
            browser.open(URI.create(jenkins.getURL() + "manage/distributed-test-listeners/"));
            await().atMost(LIMIT)
                    .ignoreExceptions()
                    .untilAsserted(
                            () -> assertThat(browser.text("document.querySelector('.dt-listeners-table').innerText"))
                                    .contains("shop-tests", "answers now"));
            browser.screenshot(shots.resolve("listeners-narrow.png"), true);
            assertThat(browser.evaluate("document.documentElement.scrollWidth").intValue())
                    .as("nothing reaches out of a narrow window")
                    .isLessThanOrEqualTo(420);
            assertThat(browser.evaluate("document.querySelectorAll('#main-panel .error, .jenkins-alert-danger').length")
                            .intValue())
                    .isZero();
            browser.evaluate("document.querySelector('.dt-listeners-table a').click(), 0");
            await().atMost(LIMIT)
                    .ignoreExceptions()
                    .untilAsserted(() -> assertThat(browser.text("document.querySelector('#main-panel').innerText"))
                            .contains("Test listeners", "End of its log"));
        }
    }

    private String answer(String path) throws Exception {
        JenkinsRule.WebClient client = jenkins.createWebClient();
        client.getOptions().setJavaScriptEnabled(false);
        String page = "manage/distributed-test-listeners/";
        client.getPage(client.addCrumb(new WebRequest(new URL(jenkins.getURL(), page + "refresh"), HttpMethod.POST)));
        return client.getPage(new WebRequest(new URL(jenkins.getURL(), page + path), HttpMethod.GET))
                .getWebResponse()
                .getContentAsString();
    }

    @Test
    void oneThatDiesIsStartedAgainAndItsEndIsTold() throws Exception {
        BrokerAddress broker = broker("127.0.0.1");
        configuration().setAgentListeners(List.of(on("tests", 1)));
        DumbSlave agent = jenkins.createOnlineSlave(Label.get("tests"));
        awaitAnswers(broker, 1);
        String first = answers(broker).get(0).listener();

        processes(agent.getRemoteFS()).get(0).destroyForcibly();

        await().atMost(LIMIT)
                .ignoreExceptions()
                .untilAsserted(() -> assertThat(answers(broker))
                        .extracting(PingAnswer::listener)
                        .hasSize(1)
                        .doesNotContain(first));
        await().atMost(LIMIT).untilAsserted(() -> {
            String page = page("computer/" + agent.getNodeName() + "/" + AgentListenersAction.URL + "/");
            assertThat(page)
                    .contains("connected (process ", ", restarted once, after exit code 137")
                    .contains("connected: 1 slot");
        });
        assertThat(page("manage/distributed-test-listeners/"))
                .contains("Broker of this controller", agent.getNodeName(), "restarted once");
    }

    @Test
    void itEndsWhenTheAgentIsDisconnectedAndComesBackWithIt() throws Exception {
        BrokerAddress broker = broker("127.0.0.1");
        configuration().setAgentListeners(List.of(on("tests", 1)));
        DumbSlave agent = jenkins.createOnlineSlave(Label.get("tests"));
        awaitAnswers(broker, 1);

        agent.toComputer().disconnect(new OfflineCause.ByCLI("for the test")).get();
        awaitProcesses(agent.getRemoteFS(), 0);
        agent.toComputer().connect(true).get();
        awaitProcesses(agent.getRemoteFS(), 1);
        awaitAnswers(broker, 1);

        agent.toComputer().setTemporarilyOffline(true, new OfflineCause.ByCLI("for the test"));
        awaitProcesses(agent.getRemoteFS(), 0);
        agent.toComputer().setTemporarilyOffline(false, null);
        awaitProcesses(agent.getRemoteFS(), 1);
    }

    @Test
    void itFollowsTheConfiguration() throws Exception {
        BrokerAddress broker = broker("127.0.0.1");
        DumbSlave agent = jenkins.createOnlineSlave(Label.get("tests"));
        configuration().setAgentListeners(List.of(on("tests", 1)));
        awaitAnswers(broker, 1);

        configuration().setAgentListeners(List.of(on("tests", 4)));
        await().atMost(LIMIT)
                .ignoreExceptions()
                .untilAsserted(() -> assertThat(answers(broker))
                        .extracting(PingAnswer::slots)
                        .containsExactly(4));
        configuration().setAgentListeners(List.of());
        awaitProcesses(agent.getRemoteFS(), 0);
        awaitAnswers(broker, 0);
    }

    @Test
    void theControllersOwnNodeCanHaveOneToo() throws Exception {
        BrokerAddress broker = broker("127.0.0.1");
        jenkins.jenkins.setLabelString("tests");
        configuration().setAgentListeners(List.of(on("tests", 2)));
        awaitAnswers(broker, 1);
        String home = jenkins.jenkins.getRootDir().getPath();
        List<ProcessHandle> own = awaitProcesses(home, 1);

        configuration().setAgentListeners(List.of());
        await().atMost(LIMIT).until(() -> own.stream().noneMatch(ProcessHandle::isAlive));
    }

    @Test
    void itTrustsTheBrokersCertificateByItsFingerprint() throws Exception {
        BrokerAddress broker = broker("0.0.0.0");
        assertThat(broker.tls().fingerprint()).isNotNull();
        configuration().setAgentListeners(List.of(on("tests", 1)));
        jenkins.createOnlineSlave(Label.get("tests"));
        awaitAnswers(broker, 1);
    }

    @Test
    void itFollowsABrokerThatMoves() throws Exception {
        BrokerAddress before = broker("127.0.0.1");
        configuration().setAgentListeners(List.of(on("tests", 1)));
        jenkins.createOnlineSlave(Label.get("tests"));
        awaitAnswers(before, 1);
        EmbeddedBrokerSettings moved = new EmbeddedBrokerSettings();
        moved.setBindAddress("0.0.0.0");
        configuration().setEmbeddedBroker(moved);
        await().atMost(LIMIT)
                .until(() -> EmbeddedBrokerService.get().isWell()
                        && configuration().resolve(null).address().tls() != null);
        awaitAnswers(configuration().resolve(null).address(), 1);
    }

    @Test
    void aBrokerThatIsNotThereIsTold() throws Exception {
        AgentListener listener = on("tests", 1);
        listener.setBroker("nowhere");
        configuration().setAgentListeners(List.of(listener));
        DumbSlave agent = jenkins.createOnlineSlave(Label.get("tests"));
        await().atMost(LIMIT)
                .untilAsserted(() -> assertThat(page("manage/distributed-test-listeners/"))
                        .contains(agent.getNodeName(), "There is no broker \"nowhere\""));
    }

    @Test
    void manyAgentsCostNoThreadsEach() throws Exception {
        broker("127.0.0.1");
        configuration().setAgentListeners(List.of(on("tests", 1)));
        List<DumbSlave> agents = new ArrayList<>();
        for (int i = 0; i < 3; i++) {
            agents.add(jenkins.createOnlineSlave(Label.get("tests")));
        }
        agents.forEach(each -> awaitProcesses(each.getRemoteFS(), 1));
        await().atMost(LIMIT)
                .untilAsserted(() -> assertThat(Thread.getAllStackTraces().keySet().stream()
                                .filter(each -> each.getName().startsWith("distributed-test-listener")))
                        .isEmpty());
    }

    @Test
    void aBrokerOutOfReachIsToldWhileTyping() throws Exception {
        AgentListener.DescriptorImpl descriptor =
                jenkins.jenkins.getDescriptorByType(AgentListener.DescriptorImpl.class);
        jenkins.createSlave("far", "tests", null);
        EmbeddedBrokerSettings settings = new EmbeddedBrokerSettings();
        configuration().setEmbeddedBroker(settings);
        FormValidation near = descriptor.doCheckLabel("tests", "");
        assertThat(near.kind).isEqualTo(FormValidation.Kind.WARNING);
        assertThat(near.getMessage()).contains("Runs on far", "an agent on another host cannot", "0.0.0.0");

        EmbeddedBrokerSettings open = new EmbeddedBrokerSettings();
        open.setBindAddress("0.0.0.0");
        configuration().setEmbeddedBroker(open);
        assertThat(descriptor.doCheckLabel("tests", "").kind).isEqualTo(FormValidation.Kind.OK);
        assertThat(descriptor.doCheckLabel("nobody", "").getMessage()).contains("No agent has this label");
        assertThat(descriptor.doCheckLabel("a &&", "").kind).isEqualTo(FormValidation.Kind.ERROR);
        // Nothing is red before anything is typed; without a label it is refused when it is saved.
        assertThat(descriptor.doCheckLabel("", "").kind).isEqualTo(FormValidation.Kind.OK);
    }
}
