package io.jenkins.plugins.distributedtest.jenkins.broker;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import io.jenkins.plugins.distributedtest.amqp.BrokerAddress;
import io.jenkins.plugins.distributedtest.jenkins.config.DistributedTestConfiguration;
import io.jenkins.plugins.distributedtest.originator.Ping;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.jvnet.hudson.test.JenkinsRule;
import org.jvnet.hudson.test.junit.jupiter.WithJenkins;

/** The broker that the controller runs, as a real process. */
@WithJenkins
class EmbeddedBrokerServiceTest {
    private static final Duration LIMIT = Duration.ofSeconds(120);

    private static DistributedTestConfiguration configuration() {
        return DistributedTestConfiguration.get();
    }

    private static EmbeddedBrokerService service() {
        return EmbeddedBrokerService.get();
    }

    private static EmbeddedBrokerSettings start(String address, int port) {
        EmbeddedBrokerSettings settings = new EmbeddedBrokerSettings();
        settings.setBindAddress(address);
        settings.setPort(port);
        configuration().setEmbeddedBroker(settings);
        return settings;
    }

    /** The broker processes that belong to this Jenkins. */
    private static List<ProcessHandle> processes(JenkinsRule jenkins) {
        String home = jenkins.jenkins.getRootDir().getPath();
        return ProcessHandle.current()
                .children()
                .filter(each -> List.of(each.info().arguments().orElse(new String[0]))
                        .contains("--data-dir=" + home + "/distributed-test-broker"))
                .toList();
    }

    private static BrokerAddress awaitUp() throws Exception {
        await().atMost(LIMIT).until(() -> service().isWell());
        return configuration().resolve(null).address();
    }

    private static void answers(BrokerAddress address) {
        await().atMost(LIMIT)
                .ignoreExceptions()
                .untilAsserted(() -> assertThat(Ping.ping(address, null, Duration.ofMillis(300)))
                        .isEmpty());
    }

    @Test
    void runsWhileItIsConfigured(JenkinsRule jenkins) throws Exception {
        assertThatThrownBy(() -> configuration().resolve(null)).isInstanceOf(BrokerException.class);
        start("127.0.0.1", 0);
        BrokerAddress address = awaitUp();

        assertThat(address.host()).isEqualTo("127.0.0.1");
        assertThat(address.tls()).isNull();
        answers(address);
        assertThat(configuration().resolve("embedded").address()).isEqualTo(address);
        assertThat(service().state()).contains("running (process ", "at amqp://distributed-test@127.0.0.1:");

        List<ProcessHandle> processes = processes(jenkins);
        assertThat(processes).hasSize(1);
        configuration().setEmbeddedBroker(null);
        await().atMost(LIMIT).until(() -> !processes.get(0).isAlive());
        assertThatThrownBy(() -> configuration().resolve(null)).hasMessageContaining("No broker is configured");
    }

    @Test
    void itsPasswordIsASecret(JenkinsRule jenkins) throws Exception {
        start("127.0.0.1", 0);
        String password = awaitUp().password();
        assertThat(password).hasSizeGreaterThan(30);

        Path process = Path.of("/proc", String.valueOf(processes(jenkins).get(0).pid()));
        assertThat(process.resolve("cmdline"))
                .content(StandardCharsets.ISO_8859_1)
                .doesNotContain(password);
        assertThat(process.resolve("environ"))
                .content(StandardCharsets.ISO_8859_1)
                .doesNotContain(password);
        try (var files = Files.walk(jenkins.jenkins.getRootDir().toPath())) {
            for (Path each : files.filter(Files::isRegularFile)
                    .filter(file -> !file.toString().contains("/plugins/")
                            && !file.toString().contains("/war/"))
                    .toList()) {
                assertThat(Files.readString(each, StandardCharsets.ISO_8859_1))
                        .as(each.toString())
                        .doesNotContain(password);
            }
        }
        assertThat(service().state()).doesNotContain(password);
        assertThat(new DistributedTestConfiguration().embeddedBrokerPassword()).isEqualTo(password);
    }

    @Test
    void oneThatIsKilledComesBackWhereItWas(JenkinsRule jenkins) throws Exception {
        start("127.0.0.1", 0);
        BrokerAddress address = awaitUp();
        ProcessHandle first = processes(jenkins).get(0);

        first.destroyForcibly();

        await().atMost(LIMIT).until(() -> processes(jenkins).stream().anyMatch(each -> each.pid() != first.pid()));
        answers(address);
        assertThat(awaitUp()).isEqualTo(address);
        assertThat(service().state()).contains(" at amqp://", ", restarted once, after exit code 137");
    }

    @Test
    void beyondTheLoopbackAddressItSpeaksTlsWithACertificateOfItsOwn(JenkinsRule jenkins) throws Exception {
        start("0.0.0.0", 0);
        BrokerAddress address = awaitUp();
        assertThat(address.host()).isEqualTo("127.0.0.1");
        assertThat(address.tls().fingerprint()).matches("[0-9a-f]{64}");
        answers(address);

        BrokerAddress forAgents = service().forAgents().orElseThrow().address();
        assertThat(forAgents.host())
                .isEqualTo(URI.create(jenkins.jenkins.getRootUrl()).getHost());
        assertThat(forAgents.tls()).isEqualTo(address.tls());
        assertThat(service().state()).contains("amqps://", address.tls().fingerprint());

        EmbeddedBrokerSettings named = new EmbeddedBrokerSettings();
        named.setBindAddress("0.0.0.0");
        named.setPublicHost("ci.example.org");
        configuration().setEmbeddedBroker(named);
        await().atMost(LIMIT)
                .until(() -> service()
                        .forAgents()
                        .map(each -> each.address().host())
                        .orElse("")
                        .equals("ci.example.org"));
        assertThat(awaitUp().tls().fingerprint()).isEqualTo(address.tls().fingerprint());
    }

    @Test
    void aPortThatIsTakenIsTold(JenkinsRule jenkins) throws Exception {
        try (ServerSocket taken = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
            start("127.0.0.1", taken.getLocalPort());
            await().atMost(LIMIT)
                    .until(() -> service().state().contains("cannot listen at 127.0.0.1:" + taken.getLocalPort()));
            assertThat(service().isWell()).isFalse();
            assertThatThrownBy(() -> configuration().resolve(null)).hasMessageContaining("is not up yet");
        }
        start("127.0.0.1", 0);
        answers(awaitUp());
    }
}
