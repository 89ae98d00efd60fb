package io.jenkins.plugins.distributedtest.gearman;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.jenkins.plugins.distributedtest.loop.EventLoop;
import io.jenkins.plugins.distributedtest.testing.TestCertificates;
import io.jenkins.plugins.distributedtest.tls.Tls;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A server that wants TLS and a client certificate, as Zuul's does when it is told to. */
class GearmanTlsTest {
    @TempDir
    Path directory;

    private final EventLoop loop = new EventLoop("gearman-test");
    private final GearmanWorkerFixture.Keeper keeper = new GearmanWorkerFixture.Keeper();
    private TestCertificates certificates;
    private GearServerStandIn server;
    private GearmanWorker worker;

    @BeforeEach
    void startServer() throws IOException {
        certificates = TestCertificates.create(directory.resolve("ours"));
        Tls own = new Tls(certificates.ca(), certificates.server(), certificates.serverKey(), null);
        server = new GearServerStandIn(0, own.context());
    }

    @AfterEach
    void stop() throws IOException {
        if (worker != null) {
            worker.close();
        }
        loop.close();
        if (server != null) {
            server.close();
        }
    }

    private void work(Tls tls) throws IOException {
        worker = new GearmanWorker(
                new GearmanServer("127.0.0.1", server.port(), tls.context(), true),
                new GearmanWorker.ClientId("test", "jobs"),
                loop,
                keeper,
                GearmanWorker.Timing.DEFAULT,
                new SimpleMeterRegistry());
        worker.setFunctions(List.of("build:x"));
        worker.setCapacity(1);
        worker.start();
    }

    private void awaitProblem(String... parts) {
        await().atMost(Duration.ofSeconds(60))
                .untilAsserted(() -> assertThat(worker.status().lastError())
                        .contains("127.0.0.1:" + server.port())
                        .contains(parts));
        assertThat(server.registered()).isEmpty();
    }

    @Test
    void worksWithAClientCertificate() throws Exception {
        work(new Tls(certificates.ca(), certificates.client(), certificates.clientKey(), null));
        await().atMost(Duration.ofSeconds(60)).until(() -> server.registered().contains("build:x"));
        await().atMost(Duration.ofSeconds(60)).until(() -> worker.status().isConnected());
        assertThat(worker.status().lastError()).isEmpty();
    }

    @Test
    void aFingerprintIsEnoughToTrustTheServer() throws Exception {
        work(new Tls(null, certificates.client(), certificates.clientKey(), certificates.serverFingerprint()));
        await().atMost(Duration.ofSeconds(60)).until(() -> server.registered().contains("build:x"));
    }

    @Test
    void aServerOfAnotherAuthorityIsNotTrusted() throws Exception {
        TestCertificates others = TestCertificates.create(directory.resolve("others"));
        work(new Tls(others.ca(), certificates.client(), certificates.clientKey(), null));
        awaitProblem("its certificate is not trusted", "PKIX");
    }

    @Test
    void aServerRefusesAWorkerWithoutACertificate() throws Exception {
        work(new Tls(certificates.ca(), null, null, null));
        awaitProblem("TLS", "certificate");
    }
}
