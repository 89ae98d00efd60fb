package io.jenkins.plugins.distributedtest.jenkins.listeners;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.jenkins.plugins.distributedtest.jenkins.broker.Broker;
import io.jenkins.plugins.distributedtest.jenkins.broker.EmbeddedBrokerSettings;
import io.jenkins.plugins.distributedtest.jenkins.config.DistributedTestConfiguration;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.URL;
import java.time.Duration;
import java.util.List;
import java.util.Set;
import java.util.stream.Collectors;
import jenkins.model.Jenkins;
import org.awaitility.Awaitility;
import org.htmlunit.HttpMethod;
import org.htmlunit.Page;
import org.htmlunit.WebRequest;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.jvnet.hudson.test.JenkinsRule;
import org.jvnet.hudson.test.MockAuthorizationStrategy;
import org.jvnet.hudson.test.junit.jupiter.WithJenkins;

/** Manage Jenkins › Test listeners in a real Jenkins. */
@WithJenkins
class ListenersPageTest {
    private static final String URL = "manage/distributed-test-listeners/";

    private JenkinsRule jenkins;

    @BeforeEach
    void start(JenkinsRule rule) {
        jenkins = rule;
    }

    private Page ask(String path, HttpMethod method, String user, boolean crumb) throws Exception {
        JenkinsRule.WebClient client = jenkins.createWebClient().withThrowExceptionOnFailingStatusCode(false);
        client.setJavaScriptEnabled(false);
        if (user != null) {
            client.withBasicApiToken(user);
        }
        WebRequest request = new WebRequest(new URL(jenkins.getURL(), URL + path), method);
        return crumb ? client.getPage(client.addCrumb(request)) : client.getPage(request);
    }

    private JsonNode broker(String path, HttpMethod method) throws Exception {
        return new ObjectMapper()
                .readTree(ask(path, method, null, method == HttpMethod.POST)
                        .getWebResponse()
                        .getContentAsString())
                .at("/brokers/0");
    }

    private static Broker broker(int port) {
        Broker broker = new Broker("ci");
        broker.setUri("amqp://127.0.0.1:" + port);
        broker.setCluster("team-a");
        return broker;
    }

    @Test
    void isLinkedFromManageJenkinsAndHasNothingInline() throws Exception {
        JenkinsRule.WebClient client = jenkins.createWebClient();
        client.setJavaScriptEnabled(false);
        assertThat(client.goTo("manage/").getWebResponse().getContentAsString()).contains("distributed-test-listeners");
        String page = client.goTo(URL).getWebResponse().getContentAsString();
        assertThat(page)
                .contains(
                        "data-dt-listeners=\"/jenkins/manage/distributed-test-listeners/\"",
                        "listeners/listeners.js",
                        "<code>broker.uri</code> beside it, and run there",
                        "data-dt-configure=\"/jenkins/manage/configure\"");
        String panel = page.substring(page.indexOf("id=\"main-panel\""));
        assertThat(panel).doesNotContainPattern("<[^>]*\\s(style|on[a-z]+)=");
        assertThat(panel.replaceAll("<script [^>]*src=[^>]*>", "")).doesNotContain("<script");
    }

    @Test
    void tellsHowTheControllersOwnBrokerIsNowAndNoStartAsATrouble() throws Exception {
        assertThat(own()).doesNotContain("data-broker-state");
        DistributedTestConfiguration.get().setEmbeddedBroker(new EmbeddedBrokerSettings());
        try {
            Awaitility.await()
                    .atMost(Duration.ofSeconds(120))
                    .untilAsserted(() -> assertThat(own())
                            .contains("data-broker-state")
                            .doesNotContain("jenkins-alert-danger")
                            .contains(" at amqp://"));
            assertThat(ask("", HttpMethod.GET, null, false).getWebResponse().getContentAsString())
                    .contains("data-dt-own=\"/jenkins/manage/distributed-test-listeners/state\"")
                    .contains(" at amqp://");
        } finally {
            DistributedTestConfiguration.get().setEmbeddedBroker(null);
        }
    }

    /** The part of the page that is kept as it is now; never alarming here, since nothing fails. */
    private String own() throws Exception {
        String html = ask("state", HttpMethod.GET, null, false).getWebResponse().getContentAsString();
        assertThat(html).doesNotContain("jenkins-alert-danger").doesNotContain("main-panel");
        return html;
    }

    @Test
    void asksBehindTheScenesAndTellsWhyABrokerCannotBeAsked() throws Exception {
        int free;
        try (ServerSocket socket = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
            free = socket.getLocalPort();
        }
        DistributedTestConfiguration.get().setBrokers(List.of(broker(free)));
        JsonNode first = broker("refresh", HttpMethod.POST);
        assertThat(first.get("name").textValue()).isEqualTo("ci");
        Awaitility.await().atMost(Duration.ofSeconds(60)).untilAsserted(() -> {
            JsonNode now = broker("data", HttpMethod.GET);
            assertThat(now.get("asking").booleanValue()).isFalse();
            assertThat(now.get("problem").textValue())
                    .contains("127.0.0.1:" + free)
                    .doesNotContain("Exception");
        });
        assertThat(broker("data", HttpMethod.GET).get("listeners")).isEmpty();
    }

    @Test
    void missingCredentialsAreToldInWords() throws Exception {
        Broker broker = broker(1);
        broker.setCredentialsId("gone");
        DistributedTestConfiguration.get().setBrokers(List.of(broker));
        broker("refresh", HttpMethod.POST);
        Awaitility.await()
                .atMost(Duration.ofSeconds(60))
                .untilAsserted(() -> assertThat(
                                broker("data", HttpMethod.GET).get("problem").textValue())
                        .contains("gone"));
    }

    @Test
    void needsSystemReadAndChangesOnlyByPost() throws Exception {
        jenkins.jenkins.setSecurityRealm(jenkins.createDummySecurityRealm());
        jenkins.jenkins.setAuthorizationStrategy(new MockAuthorizationStrategy()
                .grant(Jenkins.READ)
                .everywhere()
                .toEveryone()
                .grant(Jenkins.SYSTEM_READ)
                .everywhere()
                .to("auditor")
                .grant(Jenkins.MANAGE)
                .everywhere()
                .to("manager"));
        for (String path : List.of("", "data", "refresh")) {
            HttpMethod method = path.equals("refresh") ? HttpMethod.POST : HttpMethod.GET;
            assertThat(ask(path, method, "somebody", false).getWebResponse().getStatusCode())
                    .as(path)
                    .isEqualTo(403);
            assertThat(ask(path, method, "auditor", false).getWebResponse().getStatusCode())
                    .as(path)
                    .isEqualTo(200);
        }
        assertThat(ask("refresh", HttpMethod.GET, "auditor", false)
                        .getWebResponse()
                        .getStatusCode())
                .isIn(404, 405);
        assertThat(ask("", HttpMethod.GET, "auditor", false).getWebResponse().getContentAsString())
                .contains("data-dt-configure=\"\"");
    }

    @Test
    void holdsNoThreadWhenNobodyLooks() throws Exception {
        DistributedTestConfiguration.get().setBrokers(List.of(broker(1)));
        broker("refresh", HttpMethod.POST);
        Awaitility.await().atMost(Duration.ofSeconds(90)).untilAsserted(() -> {
            Set<String> names = Thread.getAllStackTraces().keySet().stream()
                    .map(Thread::getName)
                    .collect(Collectors.toSet());
            assertThat(names)
                    .noneMatch(name -> name.startsWith("distributed-test-listeners-page")
                            || name.startsWith("distributed-test-ping"));
        });
    }
}
