package io.jenkins.plugins.distributedtest.jenkins.config;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import com.cloudbees.plugins.credentials.CredentialsScope;
import com.cloudbees.plugins.credentials.SystemCredentialsProvider;
import com.cloudbees.plugins.credentials.impl.UsernamePasswordCredentialsImpl;
import hudson.model.Descriptor.FormException;
import hudson.util.FormValidation;
import io.jenkins.plugins.distributedtest.amqp.BrokerAddress;
import io.jenkins.plugins.distributedtest.jenkins.broker.Broker;
import io.jenkins.plugins.distributedtest.listener.Listener;
import io.jenkins.plugins.distributedtest.listener.ListenerSettings;
import io.jenkins.plugins.distributedtest.sync.SshOptions;
import io.jenkins.plugins.distributedtest.testing.FreePorts;
import io.jenkins.plugins.distributedtest.testing.RealRabbit;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Locale;
import java.util.logging.Level;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.jvnet.hudson.test.JenkinsRule;
import org.jvnet.hudson.test.LogRecorder;
import org.jvnet.hudson.test.junit.jupiter.WithJenkins;

/** The button <em>Test connection</em>, with a real RabbitMQ. */
@WithJenkins
class TestConnectionTest {
    private JenkinsRule jenkins;

    @BeforeEach
    void start(JenkinsRule rule) {
        jenkins = rule;
    }

    private FormValidation test(BrokerAddress address, String credentialsId) {
        Broker.DescriptorImpl descriptor = (Broker.DescriptorImpl) jenkins.jenkins.getDescriptorOrDie(Broker.class);
        return descriptor.doTestConnection(
                "",
                address.host(),
                String.valueOf(address.port()),
                address.virtualHost(),
                false,
                "",
                "",
                credentialsId,
                "");
    }

    private static void addLogin(String password) {
        try {
            SystemCredentialsProvider.getInstance()
                    .getCredentials()
                    .add(new UsernamePasswordCredentialsImpl(
                            CredentialsScope.SYSTEM, "rabbit", "for tests", "guest", password));
        } catch (FormException e) {
            throw new IllegalStateException(e);
        }
    }

    @Test
    void countsTheListenersThatAnswer(@TempDir Path work) throws Exception {
        BrokerAddress address = RealRabbit.shared().freshVirtualHost();
        addLogin("guest");
        ListenerSettings settings = new ListenerSettings(
                null, 2, work, false, Duration.ofSeconds(60), Duration.ofSeconds(60), SshOptions.DEFAULT, null);
        try (Listener listener = new Listener(settings, address, new SimpleMeterRegistry())) {
            listener.start();
            await().atMost(Duration.ofSeconds(60)).until(() -> listener.status().connectedSince() != null);
            FormValidation answer = test(address, "rabbit");
            assertThat(answer.kind).isEqualTo(FormValidation.Kind.OK);
            assertThat(answer.getMessage()).contains("1 listener answered", "2 slots, 0 busy");
        }
    }

    @Test
    void warnsThatNobodyAnswers() {
        FormValidation answer = test(RealRabbit.shared().freshVirtualHost(), "");
        assertThat(answer.kind).isEqualTo(FormValidation.Kind.WARNING);
        assertThat(answer.getMessage()).contains("Connected to", "No listener answered");
    }

    @Test
    void saysThatThePasswordIsWrongWithoutIt() {
        addLogin("wr0ng-s3cret");
        FormValidation answer = test(RealRabbit.shared().address(), "rabbit");
        assertThat(answer.kind).isEqualTo(FormValidation.Kind.ERROR);
        assertThat(answer.getMessage()).contains("guest").doesNotContain("wr0ng-s3cret");
    }

    @Test
    void saysThatNothingListensThere() {
        try (LogRecorder log = new LogRecorder()
                .record("io.jenkins.plugins.distributedtest", Level.INFO)
                .capture(100)) {
            FormValidation answer =
                    test(new BrokerAddress("127.0.0.1", FreePorts.next(), "/", "guest", "guest", null), "");
            assertThat(answer.kind).isEqualTo(FormValidation.Kind.ERROR);
            assertThat(answer.getMessage()).contains("cannot be reached").doesNotContain("next attempt");
            assertThat(log.getMessages())
                    .as("one question is not repeated")
                    .isNotEmpty()
                    .noneMatch(message -> message.toLowerCase(Locale.ROOT).contains("next attempt"));
        }
    }

    @Test
    void namesCredentialsThatAreGone() {
        FormValidation answer = test(new BrokerAddress("127.0.0.1", 5672, "/", "guest", "guest", null), "gone");
        assertThat(answer.kind).isEqualTo(FormValidation.Kind.ERROR);
        assertThat(answer.getMessage()).contains("gone");
    }
}
