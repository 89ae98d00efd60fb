package io.jenkins.plugins.distributedtest.jenkins;

import static org.assertj.core.api.Assertions.assertThat;

import com.cloudbees.plugins.credentials.CredentialsScope;
import com.cloudbees.plugins.credentials.SystemCredentialsProvider;
import com.cloudbees.plugins.credentials.impl.UsernamePasswordCredentialsImpl;
import hudson.model.Descriptor;
import java.lang.reflect.Method;
import java.net.URL;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import jenkins.model.Jenkins;
import org.htmlunit.HttpMethod;
import org.htmlunit.WebRequest;
import org.htmlunit.WebResponse;
import org.htmlunit.util.NameValuePair;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.jvnet.hudson.test.JenkinsRule;
import org.jvnet.hudson.test.MockAuthorizationStrategy;
import org.jvnet.hudson.test.junit.jupiter.WithJenkins;
import org.kohsuke.stapler.QueryParameter;

/**
 * Who may call the endpoints of the plugin's forms: all that descriptors of ours have, found by reflection, so that a
 * new one is among them.
 */
@WithJenkins
class EndpointPermissionsTest {
    private static final String ROOM = EndpointPermissionsTest.class.getPackageName();

    /** What the system's configuration is not needed for: these belong to the step's form, which anybody may see. */
    private static final List<String> OF_THE_STEP = List.of(ROOM + ".step.");

    private final Map<String, JenkinsRule.WebClient> clients = new HashMap<>();
    private JenkinsRule jenkins;

    private record Endpoint(String url, boolean isFill, List<String> parameters) {}

    @BeforeEach
    void start(JenkinsRule rule) throws Exception {
        jenkins = rule;
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
        UsernamePasswordCredentialsImpl login = new UsernamePasswordCredentialsImpl(
                CredentialsScope.SYSTEM, "hidden-login", "hidden", "amy", "s3cret-s3cret");
        SystemCredentialsProvider.getInstance().getCredentials().add(login);
    }

    private List<Endpoint> endpoints() {
        TreeMap<String, Endpoint> found = new TreeMap<>();
        for (Descriptor<?> descriptor : jenkins.jenkins.getExtensionList(Descriptor.class)) {
            String name = descriptor.getClass().getName();
            if (name.startsWith(ROOM) && OF_THE_STEP.stream().noneMatch(name::startsWith)) {
                for (Method method : descriptor.getClass().getMethods()) {
                    if (method.getName().matches("do(Check|Fill|Test|Auto).*")) {
                        Endpoint endpoint = endpoint(descriptor, method);
                        found.put(endpoint.url(), endpoint);
                    }
                }
            }
        }
        return new ArrayList<>(found.values());
    }

    private static Endpoint endpoint(Descriptor<?> descriptor, Method method) {
        String verb = Character.toLowerCase(method.getName().charAt(2))
                + method.getName().substring(3);
        List<String> parameters = new ArrayList<>();
        for (var each : method.getParameters()) {
            QueryParameter query = each.getAnnotation(QueryParameter.class);
            if (query != null) {
                parameters.add(query.value().isEmpty() ? each.getName() : query.value());
            }
        }
        return new Endpoint("descriptorByName/" + descriptor.getId() + "/" + verb, verb.startsWith("fill"), parameters);
    }

    /** One for each user, since logging in takes longer than everything else. */
    private JenkinsRule.WebClient client(String user) throws Exception {
        if (!clients.containsKey(user)) {
            JenkinsRule.WebClient client = jenkins.createWebClient()
                    .withThrowExceptionOnFailingStatusCode(false)
                    .withJavaScriptEnabled(false);
            clients.put(user, client.login(user));
        }
        return clients.get(user);
    }

    private WebResponse call(Endpoint endpoint, HttpMethod verb, String user) throws Exception {
        JenkinsRule.WebClient client = client(user);
        WebRequest request = new WebRequest(new URL(jenkins.getURL(), endpoint.url()), verb);
        List<NameValuePair> values = new ArrayList<>();
        endpoint.parameters().forEach(each -> values.add(new NameValuePair(each, "")));
        request.setRequestParameters(values);
        if (verb == HttpMethod.POST) {
            client.addCrumb(request);
        }
        return client.getPage(request).getWebResponse();
    }

    @Test
    void whoMayConfigureSeesTheStatusPagesToo() throws Exception {
        for (String page : List.of("distributed-test-listeners/", "gearman-servers/")) {
            for (String user : List.of("admin", "manager", "auditor", "user")) {
                WebRequest request = new WebRequest(new URL(jenkins.getURL(), "manage/" + page), HttpMethod.GET);
                assertThat(client(user).getPage(request).getWebResponse().getStatusCode())
                        .as(page + " for " + user)
                        .isEqualTo(user.equals("user") ? 403 : 200);
            }
        }
        WebRequest manage = new WebRequest(new URL(jenkins.getURL(), "manage/"), HttpMethod.GET);
        assertThat(client("manager").getPage(manage).getWebResponse().getContentAsString())
                .contains("distributed-test-listeners"); // Gearman servers are linked where there are some
    }

    @Test
    void thereAreEndpoints() {
        assertThat(endpoints()).extracting(Endpoint::url).anyMatch(each -> each.endsWith("/testConnection"));
    }

    @Test
    void allOfThemNeedPost() throws Exception {
        for (Endpoint endpoint : endpoints()) {
            assertThat(call(endpoint, HttpMethod.GET, "admin").getStatusCode())
                    .as(endpoint.url())
                    .isIn(404, 405);
        }
    }

    @Test
    void thoseWhoMayConfigureMayCallThem() throws Exception {
        for (Endpoint endpoint : endpoints()) {
            assertThat(call(endpoint, HttpMethod.POST, "manager").getStatusCode())
                    .as(endpoint.url())
                    .isEqualTo(200);
        }
    }

    @Test
    void othersGetNothingOutOfThem() throws Exception {
        for (Endpoint endpoint : endpoints()) {
            for (String user : List.of("user", "auditor")) {
                WebResponse response = call(endpoint, HttpMethod.POST, user);
                if (endpoint.isFill() && response.getStatusCode() != 403) {
                    assertThat(response.getStatusCode()).as(endpoint.url()).isEqualTo(200);
                    assertThat(response.getContentAsString())
                            .as(endpoint.url())
                            .doesNotContain("hidden")
                            .contains("\"values\":[{\"name\":\"");
                    assertThat(response.getContentAsString().split("\"value\""))
                            .as(endpoint.url())
                            .hasSizeLessThan(3);
                } else {
                    assertThat(response.getStatusCode()).as(endpoint.url()).isEqualTo(403);
                }
            }
        }
    }
}
