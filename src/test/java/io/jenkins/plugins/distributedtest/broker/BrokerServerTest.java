package io.jenkins.plugins.distributedtest.broker;

import static io.jenkins.plugins.distributedtest.amqp.Probe.PATIENCE;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import io.jenkins.plugins.distributedtest.LogCapture;
import io.jenkins.plugins.distributedtest.amqp.BrokerAddress;
import io.jenkins.plugins.distributedtest.amqp.BrokerFile;
import io.jenkins.plugins.distributedtest.amqp.Probe;
import io.jenkins.plugins.distributedtest.testing.FreePorts;
import io.jenkins.plugins.distributedtest.testing.TestCertificates;
import io.jenkins.plugins.distributedtest.tls.KeyAndCertificate;
import io.jenkins.plugins.distributedtest.tls.Tls;
import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Duration;
import java.time.Instant;
import java.util.logging.Level;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class BrokerServerTest {
    private static final BrokerServer.Options PLAIN = BrokerServer.Options.plain("127.0.0.1", 0);

    @TempDir
    Path directory;

    @Test
    void aRestartTakesTheSameClientsBack() throws Exception {
        Path data = directory.resolve("not/there/yet");
        BrokerAddress address;
        try (BrokerServer server = BrokerServer.start(data, PLAIN)) {
            address = server.address();
            try (Probe probe = new Probe(address)) {
                probe.session(1);
                server.close();
                await().atMost(PATIENCE).until(() -> probe.losses.size() == 1);
                try (BrokerServer again = BrokerServer.start(data, PLAIN)) {
                    assertThat(again.address()).isEqualTo(address);
                    probe.session(2);
                }
            }
        }
        assertThat(BrokerFile.read(data.resolve(BrokerServer.URI_FILE))).isEqualTo(address);
    }

    @Test
    void onlyTheOwnerCanReadThePassword() throws Exception {
        Path data = directory.resolve("data");
        try (BrokerServer server = BrokerServer.start(data, PLAIN)) {
            assertThat(PosixFilePermissions.toString(Files.getPosixFilePermissions(server.uriFile())))
                    .isEqualTo("rw-------");
            assertThat(PosixFilePermissions.toString(Files.getPosixFilePermissions(data)))
                    .isEqualTo("rwx------");
            assertThat(server.address().password()).hasSizeGreaterThan(30);
            assertThat(server.address().toString())
                    .doesNotContain(server.address().password());
        }
        Path file = data.resolve(BrokerServer.URI_FILE);
        Files.setPosixFilePermissions(file, PosixFilePermissions.fromString("rw-r--r--"));
        assertThatThrownBy(() -> BrokerServer.start(data, PLAIN))
                .isInstanceOf(IOException.class)
                .hasMessageContaining("chmod 600 " + file);
    }

    @Test
    void aPortInUseIsNamedWithTheWayOut() throws Exception {
        try (ServerSocket taken = new ServerSocket(FreePorts.next(), 1, InetAddress.getLoopbackAddress())) {
            assertThatThrownBy(() -> BrokerServer.start(
                            directory, BrokerServer.Options.plain("127.0.0.1", taken.getLocalPort())))
                    .isInstanceOf(IOException.class)
                    .hasMessageContaining("127.0.0.1:" + taken.getLocalPort())
                    .hasMessageContaining("choose another");
        }
    }

    @Test
    void withTlsItMakesACertificateThatClientsTrustByItsFingerprint() throws Exception {
        BrokerServer.Options tls = BrokerServer.Options.withTls("127.0.0.1", 0);
        BrokerAddress address;
        try (BrokerServer server = BrokerServer.start(directory, tls)) {
            address = BrokerFile.read(server.uriFile());
            assertThat(address.tls().fingerprint()).matches("[0-9a-f]{64}");
            try (Probe probe = new Probe(address.withHost("localhost"))) {
                probe.session(1);
            }
            for (Tls other : new Tls[] {Tls.DEFAULT, new Tls(null, null, null, "0".repeat(64))}) {
                try (Probe probe = new Probe(address.withTls(other))) {
                    await().atMost(PATIENCE).until(() -> !probe.refusals.isEmpty());
                    assertThat(probe.refusals.get(0)).contains("is not trusted");
                }
            }
            try (Probe probe = new Probe(address.withTls(null))) {
                await().atMost(PATIENCE).until(() -> !probe.failures.isEmpty() || !probe.refusals.isEmpty());
                assertThat(probe.sessions).isEmpty();
            }
        }
        try (BrokerServer again = BrokerServer.start(directory, tls)) {
            assertThat(again.address()).isEqualTo(address);
        }
        KeyAndCertificate kept = KeyAndCertificate.read(
                directory.resolve(OwnCertificate.CERTIFICATE_FILE), directory.resolve(OwnCertificate.KEY_FILE));
        assertThat(kept.certificate().getNotAfter().toInstant())
                .isAfter(Instant.now().plus(Duration.ofDays(3000)));
        assertThat(PosixFilePermissions.toString(
                        Files.getPosixFilePermissions(directory.resolve(OwnCertificate.KEY_FILE))))
                .isEqualTo("rw-------");
    }

    @Test
    void itShowsTheCertificateThatItIsGiven() throws Exception {
        TestCertificates certificates = TestCertificates.create(directory.resolve("certificates"));
        KeyAndCertificate given = KeyAndCertificate.read(certificates.server(), certificates.serverKey());
        BrokerServer.Options options = new BrokerServer.Options("127.0.0.1", 0, null, null, null, true, given);
        try (BrokerServer server = BrokerServer.start(directory.resolve("data"), options);
                Probe probe = new Probe(server.address().withTls(new Tls(certificates.ca(), null, null, null)))) {
            probe.session(1);
        }
    }

    @Test
    void aPasswordThatIsGivenIsNotKept() throws Exception {
        BrokerServer.Options given = new BrokerServer.Options("127.0.0.1", 0, null, "me", "hush-hush", false, null);
        BrokerAddress first;
        try (BrokerServer server = BrokerServer.start(directory, given);
                Probe probe = new Probe(server.address())) {
            probe.session(1);
            first = server.address();
        }
        try (var files = Files.list(directory)) {
            for (Path file : files.toList()) {
                assertThat(Files.readString(file)).doesNotContain("hush-hush");
            }
        }
        try (BrokerServer again = BrokerServer.start(directory, given)) {
            assertThat(again.address()).isEqualTo(first);
        }
    }

    @Test
    void aPortThatIsTakenMeanwhileIsNotInsistedOn() throws Exception {
        int last;
        try (BrokerServer server = BrokerServer.start(directory, PLAIN)) {
            last = server.address().port();
        }
        try (ServerSocket taken = new ServerSocket(last, 1, InetAddress.getLoopbackAddress());
                BrokerServer again = BrokerServer.start(directory, PLAIN)) {
            assertThat(again.address().port()).isNotEqualTo(taken.getLocalPort());
        }
    }

    @Test
    void twoDoNotShareADataDirectory() throws Exception {
        BrokerServer first = BrokerServer.start(directory, PLAIN);
        assertThatThrownBy(() -> BrokerServer.start(directory, PLAIN))
                .isInstanceOf(IOException.class)
                .hasMessageContaining("Another broker runs with the data directory " + directory);
        first.close();
        BrokerServer.start(directory, PLAIN).close();
    }

    @Test
    void atAllAddressesItIsReachedByTheNameOfTheHostOrTheOneThatIsGiven() throws Exception {
        try (BrokerServer server = BrokerServer.start(directory, BrokerServer.Options.withTls("0.0.0.0", 0))) {
            assertThat(server.address().host()).isNotEqualTo("0.0.0.0").isNotBlank();
        }
        BrokerServer.Options named = new BrokerServer.Options("0.0.0.0", 0, "ci.example.org", null, null, true, null);
        try (BrokerServer server = BrokerServer.start(directory, named)) {
            assertThat(server.address().toString()).startsWith("amqps://distributed-test@ci.example.org:");
        }
    }

    @Test
    void aFileThatIsNoAddressIsNamed() throws Exception {
        Path file = directory.resolve(BrokerServer.URI_FILE);
        Files.writeString(file, "http://u:hush@host");
        Files.setPosixFilePermissions(file, PosixFilePermissions.fromString("rw-------"));
        assertThatThrownBy(() -> BrokerServer.start(directory, PLAIN))
                .isInstanceOf(IOException.class)
                .hasMessageContaining(file.toString())
                .hasMessageNotContaining("hush");
    }

    @Test
    void passwordsOfAnyCharactersWorkAndAreNotLogged() throws Exception {
        String password = "p$$a${x}\"\\'ü /:@";
        LogCapture log = new LogCapture("", Level.FINE);
        try (log;
                EmbeddedBroker broker =
                        EmbeddedBroker.start(new EmbeddedBroker.Options("127.0.0.1", 0, "me$", password));
                Probe probe = new Probe(BrokerAddress.parse(broker.address().toSecretUri()))) {
            probe.session(1);
        }
        assertThat(log.records())
                .isNotEmpty()
                .noneMatch(one -> (one.getMessage() + " " + one.getThrown()).contains("p$$a"));
    }
}
