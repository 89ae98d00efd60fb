package io.jenkins.plugins.distributedtest.amqp;

import static io.jenkins.plugins.distributedtest.amqp.Probe.PATIENCE;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import io.jenkins.plugins.distributedtest.testing.RealRabbit;
import io.jenkins.plugins.distributedtest.testing.TestCertificates;
import io.jenkins.plugins.distributedtest.tls.Tls;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Locale;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** TLS towards a real RabbitMQ, with certificates made for the test. */
class TlsTest {
    @TempDir
    Path directory;

    private final RealRabbit rabbit = RealRabbit.shared();

    private BrokerAddress with(Path ca, Path certificate, Path key, String fingerprint) {
        return rabbit.tlsAddress().withTls(new Tls(ca, certificate, key, fingerprint));
    }

    private static void connects(BrokerAddress address) {
        try (Probe probe = new Probe(address)) {
            probe.session(1);
            assertThat(probe.failures).isEmpty();
        }
    }

    private static String refusal(BrokerAddress address) {
        try (Probe probe = new Probe(address)) {
            await().atMost(PATIENCE).until(() -> !probe.refusals.isEmpty());
            assertThat(probe.sessions).isEmpty();
            return probe.refusals.get(0);
        }
    }

    @Test
    void trustsTheGivenAuthority() {
        connects(rabbit.tlsAddress());
    }

    @Test
    void doesNotTrustAnUnknownAuthority() throws IOException {
        TestCertificates others = TestCertificates.create(directory.resolve("others"));
        assertThat(refusal(with(others.ca(), null, null, null))).contains("is not trusted");
        assertThat(refusal(with(null, null, null, null))).contains("is not trusted");
    }

    @Test
    void checksTheHostName() {
        BrokerAddress address = rabbit.tlsAddress();
        BrokerAddress byAnotherName = new BrokerAddress(
                "127.0.0.2", address.port(), "/", address.username(), address.password(), address.tls());
        try (Probe probe = new Probe(byAnotherName)) {
            await().atMost(PATIENCE).until(() -> !probe.failures.isEmpty());
            assertThat(probe.sessions).isEmpty();
        }
    }

    @Test
    void trustsTheOneCertificateOfAFingerprint() throws IOException {
        String right = rabbit.certificates().serverFingerprint();
        connects(with(null, null, null, right));
        String wrong = (right.startsWith("0") ? "1" : "0") + right.substring(1);
        assertThat(refusal(with(null, null, null, wrong)))
                .contains("fingerprint " + right.replace(":", "").toLowerCase(Locale.ROOT));
    }

    @Test
    void showsItsOwnCertificate() throws IOException {
        TestCertificates certificates = rabbit.certificates();
        Path ca = certificates.ca();
        try (Probe probe = new Probe(with(ca, certificates.client(), certificates.clientKey(), null))) {
            probe.session(1);
            assertThat(rabbit.evaluate("[binary_to_list(Subject) || C <- rabbit_networking:connections(),"
                            + " {_, Subject} <- rabbit_networking:connection_info(C, [peer_cert_subject]),"
                            + " is_binary(Subject)]."))
                    .contains("CN=listener");
        }
    }

    @Test
    void namesFilesThatDoNotHoldWhatTheyShould() throws IOException {
        TestCertificates certificates = rabbit.certificates();
        Path garbage = Files.writeString(directory.resolve("garbage.pem"), "nothing of use");
        Path missing = directory.resolve("missing.pem");
        for (Path bad : new Path[] {garbage, missing}) {
            assertThatThrownBy(() -> new Tls(bad, null, null, null).context())
                    .isInstanceOf(IOException.class)
                    .hasMessageContaining(bad.toString());
        }
        assertThatThrownBy(() -> new Tls(null, certificates.client(), certificates.client(), null).context())
                .isInstanceOf(IOException.class)
                .hasMessageContaining(certificates.client().toString())
                .hasMessageContaining("openssl pkcs8");
    }

    @Test
    void speakingTlsToAPlainPortIsSaidInWords() {
        BrokerAddress plain = rabbit.address().withTls(Tls.DEFAULT);
        try (Probe probe = new Probe(plain)) {
            await().atMost(PATIENCE).until(() -> !probe.failures.isEmpty());
            assertThat(probe.failures.get(0)).contains("does not speak TLS");
        }
    }
}
