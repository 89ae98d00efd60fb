package io.jenkins.plugins.distributedtest.jenkins.zuul;

import static io.jenkins.plugins.distributedtest.jenkins.zuul.GearmanServerEntries.descriptor;
import static io.jenkins.plugins.distributedtest.jenkins.zuul.GearmanServerEntries.everything;
import static io.jenkins.plugins.distributedtest.jenkins.zuul.GearmanServerEntries.here;
import static io.jenkins.plugins.distributedtest.jenkins.zuul.GearmanServerEntries.serve;
import static io.jenkins.plugins.distributedtest.jenkins.zuul.GearmanServerEntries.servers;
import static io.jenkins.plugins.distributedtest.jenkins.zuul.GearmanServerEntries.test;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import com.cloudbees.plugins.credentials.CredentialsScope;
import com.cloudbees.plugins.credentials.SystemCredentialsProvider;
import com.cloudbees.plugins.credentials.impl.CertificateCredentialsImpl;
import hudson.util.FormValidation;
import io.jenkins.plugins.casc.ConfigurationAsCode;
import io.jenkins.plugins.casc.ConfiguratorException;
import io.jenkins.plugins.distributedtest.gearman.GearServerStandIn;
import io.jenkins.plugins.distributedtest.gearman.RealGearmand;
import io.jenkins.plugins.distributedtest.jenkins.config.DistributedTestConfiguration;
import io.jenkins.plugins.distributedtest.testing.FreePorts;
import io.jenkins.plugins.distributedtest.testing.TestCertificates;
import io.jenkins.plugins.distributedtest.tls.Tls;
import java.io.ByteArrayOutputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import jenkins.model.Jenkins;
import org.htmlunit.Page;
import org.htmlunit.html.HtmlForm;
import org.htmlunit.html.HtmlPage;
import org.htmlunit.html.HtmlTextInput;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.jvnet.hudson.test.JenkinsRule;
import org.jvnet.hudson.test.MockAuthorizationStrategy;
import org.jvnet.hudson.test.junit.jupiter.WithJenkins;
import org.yaml.snakeyaml.Yaml;

/** How a Gearman server is configured: its form, as code, and the button that tries it, with real servers. */
@WithJenkins
class GearmanServerEntryTest {
    private static final Path DOCUMENTATION = Path.of("docs/zuul.md");

    @TempDir
    private Path directory;

    private JenkinsRule jenkins;

    @BeforeEach
    void start(JenkinsRule rule) {
        jenkins = rule;
    }

    // ---- the form

    @Test
    void theFormChangesNothingByItself() throws Exception {
        GearmanServerEntry full = everything();
        GearmanServerEntry bare = here(FreePorts.next());
        serve(full, bare);
        jenkins.configRoundtrip();
        assertThat(servers()).hasSize(2);
        jenkins.assertEqualDataBoundBeans(full, servers().get(0));
        jenkins.assertEqualDataBoundBeans(bare, servers().get(1));
    }

    @Test
    void whatIsTypedIsSavedAndReadAgain() throws Exception {
        serve(everything());
        HtmlPage page = jenkins.createWebClient().goTo("configure");
        HtmlForm form = page.getFormByName("config");
        ((HtmlTextInput) form.getInputByValue("team/.*")).setValue("other/.*");
        ((HtmlTextInput) form.getInputByValue("20")).setValue("");
        jenkins.submit(form);
        GearmanServerEntry read =
                new DistributedTestConfiguration().getGearmanServers().get(0);
        assertThat(read.getPattern()).isEqualTo("other/.*");
        assertThat(read.getCapacity()).isNull();
        assertThat(read.getStartSeconds()).isEqualTo(90);
    }

    @Test
    void badInputIsToldWithTheWayOut() throws Exception {
        GearmanServerEntry.DescriptorImpl form = descriptor();
        assertError(form.doCheckPort("70000"), "1 to 65535");
        assertError(form.doCheckPort("gearman"), "1 to 65535");
        assertError(form.doCheckPattern("team/(", "PATTERN"), "Not a regular expression");
        assertError(form.doCheckCapacity("0"), "number of builds");
        assertError(form.doCheckCapacity("many"), "number of builds");
        assertError(form.doCheckStartSeconds("-1"), "number of seconds");
        assertError(form.doCheckChangeUrl("review.example.org"), "http://");

        FormValidation missing = form.doCheckFolder("gate", "FOLDER");
        assertThat(missing.kind).isEqualTo(FormValidation.Kind.WARNING);
        assertThat(missing.getMessage()).contains("no folder", "gate");
        jenkins.createFolder("gate");
        assertThat(List.of(
                        form.doCheckPattern("", "PATTERN"),
                        form.doCheckFolder("", "FOLDER"),
                        form.doCheckPort("4730"),
                        form.doCheckPort(""),
                        form.doCheckPattern("team/(", "ALL"),
                        form.doCheckFolder("gate", "FOLDER"),
                        form.doCheckCapacity(""),
                        form.doCheckStartSeconds("0"),
                        form.doCheckChangeUrl("https://review.example.org/{change}")))
                .allMatch(each -> each.kind == FormValidation.Kind.OK);
    }

    private static void assertError(FormValidation answer, String part) {
        assertThat(answer.kind).isEqualTo(FormValidation.Kind.ERROR);
        assertThat(answer.getMessage()).contains(part);
    }

    // ---- as code

    private void configure(String yaml) throws Exception {
        ConfigurationAsCode.get()
                .configure(Files.writeString(directory.resolve("jenkins.yaml"), yaml)
                        .toString());
    }

    private static Object exported() throws Exception {
        ByteArrayOutputStream out = new ByteArrayOutputStream();
        ConfigurationAsCode.get().export(out);
        Map<String, Map<String, Map<String, Object>>> all = new Yaml().load(out.toString(StandardCharsets.UTF_8));
        return all.get("unclassified").get("distributedTest").get("gearmanServers");
    }

    @Test
    void theDocumentationsExampleConfiguresJenkins() throws Exception {
        Matcher example = Pattern.compile("```yaml\n(unclassified:.*?)```", Pattern.DOTALL)
                .matcher(Files.readString(DOCUMENTATION));
        assertThat(example.find()).isTrue();
        // Once as it stands, once with what it only hints at.
        configure(example.group(1).replace("zuul.example.org", "127.0.0.1"));
        GearmanServerEntry read = servers().get(0);
        assertThat(servers()).hasSize(1);
        assertThat(read.getJobs()).isEqualTo(JobChoice.FOLDER);
        assertThat(read.getFolder()).isEqualTo("gate");
        assertThat(read.getNames()).isEqualTo(NameScheme.FULL);
        assertThat(read.getPort()).isEqualTo(4730);
        assertThat(read.getChangeUrl()).isEqualTo("https://review.example.org/{change}");
        assertThat(read.getStartSeconds()).isEqualTo(600);
        assertThat(read.getCapacity()).isNull();
        assertThat(read.isTls()).isFalse();

        configure(example.group(1)
                .replace("zuul.example.org", "127.0.0.1")
                .replaceAll("# (capacity: \\d+) .*", "$1")
                .replaceAll(
                        "# tls: true, credentialsId: (\\S+), caFile: (\\S+)",
                        "tls: true\n        credentialsId: $1\n        caFile: $2"));
        GearmanServerEntry more = servers().get(0);
        assertThat(more.getCapacity()).isEqualTo(20);
        assertThat(more.isTls()).isTrue();
        assertThat(more.getCredentialsId()).isEqualTo("zuul-client");
        assertThat(more.getCaFile()).isEqualTo("/etc/zuul/ca.pem");
    }

    @Test
    void whatIsExportedConfiguresTheSame() throws Exception {
        GearmanServerEntry full = everything();
        GearmanServerEntry bare = here(FreePorts.next());
        serve(full, bare);
        Object exported = exported();
        serve();
        configure(new Yaml()
                .dump(Map.of("unclassified", Map.of("distributedTest", Map.of("gearmanServers", exported)))));
        assertThat(servers()).hasSize(2);
        jenkins.assertEqualDataBoundBeans(full, servers().get(0));
        jenkins.assertEqualDataBoundBeans(bare, servers().get(1));
        assertThat(exported()).isEqualTo(exported);
    }

    @Test
    void aWrongWordIsRefused() {
        assertThatThrownBy(() ->
                        configure("unclassified: {distributedTest: {gearmanServers: [{host: 127.0.0.1, jobs: SOME}]}}"))
                .hasStackTraceContaining("JobChoice.SOME");
        assertThatThrownBy(() ->
                        configure("unclassified: {distributedTest: {gearmanServers: [{host: 127.0.0.1, prot: 4731}]}}"))
                .isInstanceOf(ConfiguratorException.class)
                .hasStackTraceContaining("prot");
        assertThat(servers()).isEmpty();
    }

    // ---- the button

    @Test
    void aRealServerAnswers() throws Exception {
        int port = FreePorts.next();
        try (RealGearmand server = new RealGearmand(port, directory)) {
            FormValidation answer = test(here(port));
            assertThat(answer.getMessage()).isEqualTo("A Gearman server answers at 127.0.0.1:" + port);
            assertThat(answer.kind).isEqualTo(FormValidation.Kind.OK);
        }
        assertError(test(here(port)), "Cannot connect to 127.0.0.1:" + port);
    }

    @Test
    void whatCannotBeTriedIsNamed() {
        assertError(test(new GearmanServerEntry("")), "host name");
        assertError(descriptor().doTestConnection("127.0.0.1", "70000", false, true, "", "", ""), "70000");
        assertError(descriptor().doTestConnection("127.0.0.1", "gearman", false, true, "", "", ""), "gearman");
        GearmanServerEntry noFile = here(FreePorts.next());
        noFile.setTls(true);
        noFile.setCaFile(directory.resolve("gone.pem").toString());
        assertError(test(noFile), "gone.pem");
        GearmanServerEntry noCredentials = here(FreePorts.next());
        noCredentials.setTls(true);
        noCredentials.setCredentialsId("gone");
        assertError(test(noCredentials), "gone");
    }

    @Test
    void aServerThatWantsACertificateGetsIt() throws Exception {
        TestCertificates certificates = TestCertificates.create(directory.resolve("certificates"));
        Tls own = new Tls(certificates.ca(), certificates.server(), certificates.serverKey(), null);
        SystemCredentialsProvider.getInstance()
                .getCredentials()
                .add(new CertificateCredentialsImpl(
                        CredentialsScope.SYSTEM,
                        "zuul-client",
                        "for tests",
                        "s3cret-s3cret-s3cret",
                        new CertificateCredentialsImpl.PEMEntryKeyStoreSource(
                                Files.readString(certificates.client()), Files.readString(certificates.clientKey()))));
        try (GearServerStandIn server = new GearServerStandIn(0, own.context())) {
            GearmanServerEntry entry = here(server.port());
            assertThat(test(entry).kind).as("without TLS").isEqualTo(FormValidation.Kind.ERROR);
            entry.setTls(true);
            assertError(test(entry), "its certificate is not trusted");
            entry.setCaFile(certificates.ca().toString());
            assertError(test(entry), "certificate");
            entry.setCredentialsId("zuul-client");
            assertThat(test(entry).getMessage()).isEqualTo("A Gearman server answers at 127.0.0.1:" + server.port());

            jenkins.createFreeStyleProject("app");
            serve(entry);
            await().atMost(ZuulWorld.LONG)
                    .until(() -> ZuulService.get().status().stream().anyMatch(ServerStatus::isConnected));
        }
    }

    // ---- who may

    @Test
    void theStatusPageIsForThoseWhoMayReadTheSystemsConfiguration() throws Exception {
        Jenkins.SYSTEM_READ.setEnabled(true);
        GearmanServerEntry broken = here(FreePorts.next());
        broken.setJobs(JobChoice.FOLDER);
        broken.setFolder("nowhere");
        serve(broken);
        await().atMost(ZuulWorld.LONG).until(() -> ZuulService.get().status().size() == 1);
        jenkins.jenkins.setSecurityRealm(jenkins.createDummySecurityRealm());
        jenkins.jenkins.setAuthorizationStrategy(new MockAuthorizationStrategy()
                .grant(Jenkins.ADMINISTER)
                .everywhere()
                .to("admin")
                .grant(Jenkins.READ, Jenkins.SYSTEM_READ)
                .everywhere()
                .to("auditor")
                .grant(Jenkins.READ)
                .everywhere()
                .to("user"));
        assertThat(page("user").getWebResponse().getStatusCode()).isEqualTo(403);
        assertThat(((HtmlPage) page("auditor")).asNormalizedText())
                .contains("127.0.0.1:" + broken.getPort(), "not connected")
                .doesNotContain("nowhere");
        assertThat(((HtmlPage) page("admin")).asNormalizedText())
                .contains("127.0.0.1:" + broken.getPort(), "There is no folder 'nowhere'");
    }

    private Page page(String user) throws Exception {
        JenkinsRule.WebClient client = jenkins.createWebClient()
                .withThrowExceptionOnFailingStatusCode(false)
                .login(user);
        return client.goTo("manage/gearman-servers/", null);
    }
}
