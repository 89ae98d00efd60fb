package io.jenkins.plugins.distributedtest.jenkins.config;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.cloudbees.plugins.credentials.CredentialsScope;
import com.cloudbees.plugins.credentials.SystemCredentialsProvider;
import com.cloudbees.plugins.credentials.impl.UsernamePasswordCredentialsImpl;
import hudson.util.Secret;
import io.jenkins.plugins.distributedtest.amqp.BrokerAddress;
import io.jenkins.plugins.distributedtest.jenkins.broker.Broker;
import io.jenkins.plugins.distributedtest.jenkins.broker.BrokerException;
import io.jenkins.plugins.distributedtest.jenkins.broker.ResolvedBroker;
import io.jenkins.plugins.distributedtest.jenkins.listeners.AgentListener;
import io.jenkins.plugins.distributedtest.jenkins.zuul.GearmanServerEntry;
import io.jenkins.plugins.distributedtest.jenkins.zuul.JobChoice;
import io.jenkins.plugins.distributedtest.tls.Tls;
import java.nio.file.Files;
import java.util.List;
import jenkins.model.Jenkins;
import org.htmlunit.html.HtmlElement;
import org.htmlunit.html.HtmlForm;
import org.htmlunit.html.HtmlPage;
import org.htmlunit.html.HtmlTextInput;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.jvnet.hudson.test.JenkinsRule;
import org.jvnet.hudson.test.MockAuthorizationStrategy;
import org.jvnet.hudson.test.junit.jupiter.WithJenkins;

/** The configuration in a real Jenkins: saved, read again, submitted by its form, and resolved into a broker. */
@WithJenkins
class DistributedTestConfigurationTest {
    private static final String PASSWORD = "s3cret-in-a-store";

    private JenkinsRule jenkins;

    @BeforeEach
    void start(JenkinsRule rule) throws Exception {
        jenkins = rule;
        UsernamePasswordCredentialsImpl login = new UsernamePasswordCredentialsImpl(
                CredentialsScope.SYSTEM, "broker-login", "for tests", "amy", PASSWORD);
        SystemCredentialsProvider.getInstance().getCredentials().add(login);
        SystemCredentialsProvider.getInstance().save();
    }

    private static DistributedTestConfiguration configuration() {
        return DistributedTestConfiguration.get();
    }

    static Broker byUri() {
        Broker broker = new Broker("ci");
        broker.setUri("amqps://broker.example.org/team");
        broker.setCredentialsId("broker-login");
        broker.setCluster("team-a");
        return broker;
    }

    static Broker byHost() {
        Broker broker = new Broker("lab");
        broker.setHost("lab.example.org");
        broker.setPort(5673);
        broker.setVirtualHost("tests");
        broker.setTls(true);
        broker.setCaFile("/etc/ssl/lab.pem");
        broker.setFingerprint("ab".repeat(32));
        return broker;
    }

    static StepDefaults someDefaults() {
        StepDefaults defaults = new StepDefaults();
        defaults.setRunner("rspec");
        defaults.setProtocol("gorgon");
        defaults.setSync("git");
        defaults.setFileTimeout("5m");
        defaults.setRunTimeout("2h");
        defaults.setListenerTimeout("90s");
        defaults.setRetries(2);
        defaults.setRetryBudget(30);
        defaults.setFailFast(0);
        defaults.setOnFailure("FAILURE");
        defaults.setLocalSlots(3);
        return defaults;
    }

    private void check(DistributedTestConfiguration read) throws Exception {
        assertThat(read.getBrokers()).hasSize(2);
        jenkins.assertEqualDataBoundBeans(byUri(), read.getBrokers().get(0));
        jenkins.assertEqualDataBoundBeans(byHost(), read.getBrokers().get(1));
        jenkins.assertEqualDataBoundBeans(someDefaults(), read.getDefaults());
    }

    @Test
    void startsWithNoBrokerAndEverythingLeftToTheEngine() throws Exception {
        assertThat(configuration().getBrokers()).isEmpty();
        jenkins.assertEqualDataBoundBeans(new StepDefaults(), configuration().getDefaults());
    }

    @Test
    void whatIsSavedIsReadAgain() throws Exception {
        configuration().setBrokers(List.of(byUri(), byHost()));
        configuration().setDefaults(someDefaults());
        check(new DistributedTestConfiguration());
    }

    @Test
    void noPasswordIsSaved() throws Exception {
        configuration().setBrokers(List.of(byUri()));
        assertThat(Files.readString(jenkins.jenkins
                        .getRootDir()
                        .toPath()
                        .resolve(DistributedTestConfiguration.class.getName() + ".xml")))
                .contains("broker-login")
                .doesNotContain(PASSWORD);
    }

    @Test
    void theFormChangesNothingByItself() throws Exception {
        configuration().setBrokers(List.of(byUri(), byHost()));
        configuration().setDefaults(someDefaults());
        jenkins.configRoundtrip();
        check(configuration());
    }

    @Test
    void theFormLeavesEmptyWhatIsEmpty() throws Exception {
        configuration().setBrokers(List.of(new Broker("bare")));
        jenkins.configRoundtrip();
        jenkins.assertEqualDataBoundBeans(
                new Broker("bare"), configuration().getBrokers().get(0));
        jenkins.assertEqualDataBoundBeans(new StepDefaults(), configuration().getDefaults());
    }

    @Test
    void whatIsTypedIsSaved() throws Exception {
        configuration().setBrokers(List.of(byUri()));
        HtmlPage page = jenkins.createWebClient().goTo("configure");
        HtmlForm form = page.getFormByName("config");
        HtmlTextInput name = form.getInputsByName("_.name").stream()
                .filter(each -> each.getValue().equals("ci"))
                .map(HtmlTextInput.class::cast)
                .findFirst()
                .orElseThrow();
        name.setValue("renamed");
        jenkins.submit(form);
        assertThat(configuration().getBrokers()).extracting(Broker::getName).containsExactly("renamed");
    }

    @Test
    void theLastBrokerCanBeDeletedInTheForm() throws Exception {
        configuration().setBrokers(List.of(byUri()));
        HtmlPage page = jenkins.createWebClient().goTo("configure");
        HtmlForm form = page.getFormByName("config");
        HtmlTextInput name = form.getInputsByName("_.name").stream()
                .filter(each -> each.getValue().equals("ci"))
                .map(HtmlTextInput.class::cast)
                .findFirst()
                .orElseThrow();
        HtmlElement chunk = name.getFirstByXPath("ancestor::div[contains(@class,'repeated-chunk')][1]");
        HtmlElement delete = chunk.getFirstByXPath(".//button[contains(@class,'repeatable-delete')]");
        delete.click();
        page.getWebClient().waitForBackgroundJavaScript(30_000);
        jenkins.submit(form);
        assertThat(configuration().getBrokers()).isEmpty();
    }

    @Test
    void aBrokerIsFoundByNameWithItsLogin() throws Exception {
        configuration().setBrokers(List.of(byHost(), byUri()));
        ResolvedBroker broker = configuration().resolve("ci");
        assertThat(broker.address())
                .isEqualTo(new BrokerAddress("broker.example.org", 5671, "team", "amy", PASSWORD, Tls.DEFAULT));
        assertThat(broker.cluster()).isEqualTo("team-a");
        assertThat(broker.displayName()).isEqualTo("ci");
        assertThat(broker.toString()).doesNotContain(PASSWORD);
    }

    @Test
    void withoutANameItIsTheFirst() throws Exception {
        configuration().setBrokers(List.of(byUri(), byHost()));
        assertThat(configuration().resolve(null).displayName()).isEqualTo("ci");
        assertThat(configuration().resolve("  ").displayName()).isEqualTo("ci");
    }

    @Test
    void anUnknownNameIsToldWithTheNearest() {
        configuration().setBrokers(List.of(byUri(), byHost()));
        assertThatThrownBy(() -> configuration().resolve("labb"))
                .isInstanceOf(BrokerException.class)
                .hasMessageContaining("no broker \"labb\"")
                .hasMessageContaining("Did you mean \"lab\"?")
                .hasMessageContaining("ci, lab");
    }

    @Test
    void withoutBrokersTheWayOutIsTold() {
        assertThatThrownBy(() -> configuration().resolve(null))
                .isInstanceOf(BrokerException.class)
                .hasMessageContaining("Manage Jenkins");
        assertThatThrownBy(() -> configuration().resolve("ci")).hasMessageContaining("None is configured");
    }

    @Test
    void missingCredentialsAreToldWithTheBroker() {
        Broker broker = byUri();
        broker.setCredentialsId("gone");
        configuration().setBrokers(List.of(broker));
        assertThatThrownBy(() -> configuration().resolve("ci"))
                .isInstanceOf(BrokerException.class)
                .hasMessageContaining("Broker \"ci\"")
                .hasMessageContaining("\"gone\"")
                .hasMessageContaining("Manage Jenkins › Credentials");
    }

    @Test
    void aChangedPasswordIsUsedAtOnce() throws Exception {
        configuration().setBrokers(List.of(byUri()));
        SystemCredentialsProvider.getInstance().getCredentials().clear();
        SystemCredentialsProvider.getInstance()
                .getCredentials()
                .add(new UsernamePasswordCredentialsImpl(
                        CredentialsScope.GLOBAL, "broker-login", "for tests", "amy", "another-s3cret"));
        assertThat(configuration().resolve("ci").address().password()).isEqualTo("another-s3cret");
        assertThat(Secret.fromString("another-s3cret").getEncryptedValue()).isNotEqualTo("another-s3cret");
    }

    @Test
    void brokersNeedNamesOfTheirOwn() {
        assertThatThrownBy(() -> configuration().setBrokers(List.of(byUri(), byUri())))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("\"ci\"");
        assertThatThrownBy(() -> configuration().setBrokers(List.of(new Broker(" "))))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("no name");
    }

    @Test
    void whatCannotBeLeftEmptyIsSaidWhenItIsSaved() {
        assertThatThrownBy(() -> configuration().setAgentListeners(List.of(new AgentListener(" "))))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("have no label: say which agents");
        assertThatThrownBy(() -> configuration().setGearmanServers(List.of(new GearmanServerEntry(" "))))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("has no host: enter its host name");
        GearmanServerEntry entry = new GearmanServerEntry("zuul.example.org");
        entry.setJobs(JobChoice.FOLDER);
        assertThatThrownBy(() -> configuration().setGearmanServers(List.of(entry)))
                .hasMessageContaining("zuul.example.org", "full name of the folder");
        assertThat(configuration().getGearmanServers()).isEmpty();
        assertThat(configuration().getAgentListeners()).isEmpty();
    }

    @Test
    void aFormWithAMistakeChangesNothing() throws Exception {
        configuration().setBrokers(List.of(byUri(), byHost()));
        HtmlPage page = jenkins.createWebClient()
                .withThrowExceptionOnFailingStatusCode(false)
                .goTo("configure");
        HtmlForm form = page.getFormByName("config");
        form.getInputsByName("_.name").stream()
                .filter(each -> each.getValue().equals("lab"))
                .forEach(each -> each.setValue("ci"));
        HtmlPage answer = (HtmlPage) jenkins.submit(form);
        assertThat(answer.asNormalizedText()).contains("Two brokers are called \"ci\"");
        assertThat(configuration().getBrokers()).extracting(Broker::getName).containsExactly("ci", "lab");
    }

    @Test
    void whoMayManageJenkinsMayConfigureAndAnAuditorOnlySees() throws Exception {
        Jenkins.MANAGE.setEnabled(true);
        Jenkins.SYSTEM_READ.setEnabled(true);
        jenkins.jenkins.setSecurityRealm(jenkins.createDummySecurityRealm());
        jenkins.jenkins.setAuthorizationStrategy(new MockAuthorizationStrategy()
                .grant(Jenkins.READ, Jenkins.MANAGE)
                .everywhere()
                .to("manager")
                .grant(Jenkins.READ, Jenkins.SYSTEM_READ)
                .everywhere()
                .to("auditor"));
        configuration().setBrokers(List.of(byUri()));

        HtmlPage seen = jenkins.createWebClient().login("auditor").goTo("configure");
        assertThat(seen.asNormalizedText()).contains("amqps://broker.example.org/team");
        assertThat(seen.asXml()).doesNotContain(PASSWORD);

        HtmlForm form =
                jenkins.createWebClient().login("manager").goTo("configure").getFormByName("config");
        form.getInputsByName("_.cluster").stream()
                .filter(each -> each.getValue().equals("team-a"))
                .forEach(each -> each.setValue("team-b"));
        jenkins.submit(form);
        assertThat(configuration().getBrokers()).extracting(Broker::getCluster).containsExactly("team-b");
    }
}
