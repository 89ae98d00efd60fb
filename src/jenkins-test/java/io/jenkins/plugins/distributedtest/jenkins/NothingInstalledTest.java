package io.jenkins.plugins.distributedtest.jenkins;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import hudson.model.Label;
import hudson.model.Result;
import io.jenkins.plugins.casc.ConfigurationAsCode;
import io.jenkins.plugins.distributedtest.jenkins.broker.EmbeddedBrokerService;
import io.jenkins.plugins.distributedtest.jenkins.broker.EmbeddedBrokerSettings;
import io.jenkins.plugins.distributedtest.jenkins.config.DistributedTestConfiguration;
import io.jenkins.plugins.distributedtest.jenkins.listeners.AgentListener;
import java.io.ByteArrayOutputStream;
import java.net.URL;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import jenkins.model.Jenkins;
import org.htmlunit.HttpMethod;
import org.htmlunit.Page;
import org.htmlunit.WebRequest;
import org.htmlunit.WebResponse;
import org.htmlunit.html.HtmlPage;
import org.jenkinsci.plugins.workflow.cps.CpsFlowDefinition;
import org.jenkinsci.plugins.workflow.job.WorkflowJob;
import org.jenkinsci.plugins.workflow.job.WorkflowRun;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.jvnet.hudson.test.JenkinsRule;
import org.jvnet.hudson.test.MockAuthorizationStrategy;
import org.jvnet.hudson.test.junit.jupiter.WithJenkins;
import org.yaml.snakeyaml.Yaml;

/** From an empty Jenkins with one agent to a sharded build by two settings; and all that shows and keeps them. */
@WithJenkins
class NothingInstalledTest {
    private static final Duration LIMIT = Duration.ofSeconds(180);
    private static final String YAML = """
            unclassified:
              distributedTest:
                embeddedBroker:
                  bindAddress: "0.0.0.0"
                  port: 0
                  publicHost: "127.0.0.1"
                agentListeners:
                  - label: "tests"
                    slots: 2
            """;

    @TempDir
    private Path directory;

    private static DistributedTestConfiguration configuration() {
        return DistributedTestConfiguration.get();
    }

    private void configure(String yaml) throws Exception {
        Path file = Files.writeString(directory.resolve("jenkins.yaml"), yaml);
        ConfigurationAsCode.get().configure(file.toString());
    }

    @Test
    void twoSettingsAndAPipelineShardASuite(JenkinsRule jenkins) throws Exception {
        jenkins.createOnlineSlave(Label.get("tests"));
        configure(YAML);

        WorkflowJob job = jenkins.createProject(WorkflowJob.class, "sharded");
        job.setDefinition(new CpsFlowDefinition("""
                node('tests') {
                  for (int i = 0; i < 6; i++) {
                    writeFile file: "checks/${i}.check", text: "echo file ${i}; exit ${i == 3 ? 1 : 0}"
                  }
                  def r = distributedTest files: ['checks/*.check'], runner: 'command', command: ['sh', '{file}'],
                      listenerTimeout: '2m'
                  echo "${r.passed} passed, ${r.failed} failed of ${r.total}"
                }
                """, true));
        WorkflowRun run = jenkins.assertBuildStatus(Result.UNSTABLE, job.scheduleBuild2(0));
        jenkins.assertLogContains("5 passed, 1 failed of 6", run);
    }

    @Test
    void theFormChangesNothingByItself(JenkinsRule jenkins) throws Exception {
        EmbeddedBrokerSettings broker = new EmbeddedBrokerSettings();
        broker.setBindAddress("127.0.0.2");
        broker.setPublicHost("ci.example.org");
        AgentListener one = new AgentListener("linux && !arm");
        one.setSlots(7);
        one.setBroker("embedded");
        one.setCluster("team-a");
        AgentListener other = new AgentListener("mac");
        configuration().setEmbeddedBroker(broker);
        configuration().setAgentListeners(List.of(one, other));
        await().atMost(LIMIT).until(() -> EmbeddedBrokerService.get().isWell());

        jenkins.configRoundtrip();

        jenkins.assertEqualDataBoundBeans(broker, configuration().getEmbeddedBroker());
        jenkins.assertEqualDataBoundBeans(List.of(one, other), configuration().getAgentListeners());

        configuration().setEmbeddedBroker(null);
        configuration().setAgentListeners(List.of());
        jenkins.configRoundtrip();
        assertThat(configuration().getEmbeddedBroker()).isNull();
        assertThat(configuration().getAgentListeners()).isEmpty();
    }

    @Test
    void thePageOfTheConfigurationShowsHowTheBrokerIs(JenkinsRule jenkins) throws Exception {
        configuration().setEmbeddedBroker(new EmbeddedBrokerSettings());
        await().atMost(LIMIT).until(() -> EmbeddedBrokerService.get().isWell());
        HtmlPage page = jenkins.createWebClient().goTo("configure");
        assertThat(page.asXml()).contains("data-broker-state").contains("amqp://distributed-test@127.0.0.1:");
    }

    @Test
    void whatIsExportedConfiguresTheSame(JenkinsRule jenkins) throws Exception {
        configure(YAML);
        EmbeddedBrokerSettings broker = configuration().getEmbeddedBroker();
        List<AgentListener> listeners = configuration().getAgentListeners();
        assertThat(broker.getBindAddress()).isEqualTo("0.0.0.0");
        assertThat(listeners).singleElement().satisfies(each -> {
            assertThat(each.getLabel()).isEqualTo("tests");
            assertThat(each.getSlots()).isEqualTo(2);
        });
        ByteArrayOutputStream out = new ByteArrayOutputStream();
        ConfigurationAsCode.get().export(out);
        String exported = out.toString(StandardCharsets.UTF_8);
        assertThat(exported).contains("embeddedBroker:", "agentListeners:").doesNotContain("embeddedBrokerPassword");
        configuration().setEmbeddedBroker(null);
        configuration().setAgentListeners(List.of());
        Yaml yaml = new Yaml();
        Map<String, Map<String, Object>> all = yaml.load(exported);
        Object ours = all.get("unclassified").get("distributedTest");
        configure(yaml.dump(Map.of("unclassified", Map.of("distributedTest", ours))));
        jenkins.assertEqualDataBoundBeans(broker, configuration().getEmbeddedBroker());
        jenkins.assertEqualDataBoundBeans(listeners, configuration().getAgentListeners());
    }

    private static WebResponse get(JenkinsRule jenkins, String user, String path, HttpMethod verb) throws Exception {
        JenkinsRule.WebClient client = jenkins.createWebClient().withThrowExceptionOnFailingStatusCode(false);
        if (user != null) {
            client.login(user);
        }
        // HtmlUnit does not know the JavaScript of today's browsers.
        client.getOptions().setJavaScriptEnabled(false);
        WebRequest request = new WebRequest(new URL(jenkins.getURL(), path), verb);
        if (verb == HttpMethod.POST) {
            client.addCrumb(request);
        }
        Page page = client.getPage(request);
        return page.getWebResponse();
    }

    private static void secure(JenkinsRule jenkins) {
        Jenkins.MANAGE.setEnabled(true);
        Jenkins.SYSTEM_READ.setEnabled(true);
        jenkins.jenkins.setSecurityRealm(jenkins.createDummySecurityRealm());
        jenkins.jenkins.setAuthorizationStrategy(new MockAuthorizationStrategy()
                .grant(Jenkins.ADMINISTER)
                .everywhere()
                .to("admin")
                .grant(Jenkins.READ, Jenkins.MANAGE)
                .everywhere()
                .to("manager")
                .grant(Jenkins.READ, Jenkins.SYSTEM_READ)
                .everywhere()
                .to("auditor")
                .grant(Jenkins.READ)
                .everywhere()
                .to("user"));
    }

    @Test
    void anybodyCanDownloadTheProgram(JenkinsRule jenkins) throws Exception {
        secure(jenkins);
        WebResponse jar = get(jenkins, null, "distributed-test/distributed-test-cli.jar", HttpMethod.GET);
        assertThat(jar.getStatusCode()).isEqualTo(200);
        assertThat(jar.getContentLength()).isGreaterThan(1_000_000);
        try (var in = jar.getContentAsStream()) {
            assertThat(in.readNBytes(2)).containsExactly('P', 'K');
        }
        WebResponse head = get(jenkins, null, "distributed-test/distributed-test-cli.jar", HttpMethod.HEAD);
        assertThat(head.getStatusCode()).isEqualTo(200);
        assertThat(head.getResponseHeaderValue("Content-Length")).isEqualTo(String.valueOf(jar.getContentLength()));
        assertThat(head.getContentAsString()).isEmpty();
        assertThat(get(jenkins, "admin", "distributed-test/distributed-test-cli.jar", HttpMethod.POST)
                        .getStatusCode())
                .isEqualTo(405);
        WebResponse page = get(jenkins, "auditor", "manage/distributed-test-listeners/", HttpMethod.GET);
        assertThat(page.getContentAsString())
                .contains("/distributed-test/distributed-test-cli.jar")
                .contains("listen --broker-file broker.uri");
    }

    @Test
    void onlyAdministratorsGetTheBrokersPassword(JenkinsRule jenkins) throws Exception {
        secure(jenkins);
        String path = "manage/distributed-test-listeners/brokerUri";
        assertThat(get(jenkins, "admin", path, HttpMethod.POST).getStatusCode()).isEqualTo(404);
        configuration().setEmbeddedBroker(new EmbeddedBrokerSettings());
        await().atMost(LIMIT).until(() -> EmbeddedBrokerService.get().isWell());

        WebResponse file = get(jenkins, "admin", path, HttpMethod.POST);
        assertThat(file.getContentAsString().strip())
                .isEqualTo(configuration().resolve(null).address().toSecretUri());
        assertThat(get(jenkins, "admin", path, HttpMethod.GET).getStatusCode()).isIn(404, 405);
        for (String user : List.of("manager", "auditor", "user")) {
            assertThat(get(jenkins, user, path, HttpMethod.POST).getStatusCode())
                    .as(user)
                    .isEqualTo(403);
        }
        assertThat(get(jenkins, "auditor", "manage/distributed-test-listeners/", HttpMethod.GET)
                        .getContentAsString())
                .contains("Broker of this controller")
                .doesNotContain("Download broker.uri")
                .doesNotContain(configuration().embeddedBrokerPassword());
        assertThat(get(jenkins, "user", "computer/(built-in)/distributed-test-listeners/", HttpMethod.GET)
                        .getStatusCode())
                .isEqualTo(403);
    }
}
