package io.jenkins.plugins.distributedtest.e2e;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import io.jenkins.plugins.distributedtest.gearman.GearServerStandIn;
import io.jenkins.plugins.distributedtest.gearman.RealGearmand;
import io.jenkins.plugins.distributedtest.testing.EmbeddedFixture;
import io.jenkins.plugins.distributedtest.testing.FreePorts;
import io.jenkins.plugins.distributedtest.testing.TestCertificates;
import io.jenkins.plugins.distributedtest.zuul.ZuulStandIn;
import io.jenkins.plugins.distributedtest.zuul.ZuulStandIn.Build;
import io.jenkins.plugins.distributedtest.zuul.task.GitServer;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** The status page of the built program, and its way to a server that speaks TLS 1.0 only. */
class ExecutorStatusIT {
    /** Ends TLS 1.0 with a client certificate, as the gear of Zuul 2 has it, before a plain Gearman server. */
    private static final String TLS_1_0 = """
            import socket, ssl, sys, threading
            own, target, certificate, key, ca = int(sys.argv[1]), int(sys.argv[2]), *sys.argv[3:6]
            context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
            context.minimum_version = context.maximum_version = ssl.TLSVersion.TLSv1
            context.set_ciphers("ALL:@SECLEVEL=0")
            context.load_cert_chain(certificate, key)
            context.load_verify_locations(ca)
            context.verify_mode = ssl.CERT_REQUIRED
            def pump(a, b):
                try:
                    while True:
                        data = a.recv(65536)
                        if not data: break
                        b.sendall(data)
                except OSError: pass
                for each in (a, b):
                    try: each.shutdown(socket.SHUT_RDWR)
                    except OSError: pass
            def serve(plain):
                try: tls = context.wrap_socket(plain, server_side=True)
                except (OSError, ssl.SSLError) as e:
                    print("refused", e, flush=True)
                    return
                print("accepted", tls.version(), tls.getpeercert()["subject"], flush=True)
                other = socket.create_connection(("127.0.0.1", target))
                threading.Thread(target=pump, args=(tls, other), daemon=True).start()
                pump(other, tls)
            listening = socket.create_server(("127.0.0.1", own))
            print("ready", flush=True)
            while True:
                threading.Thread(target=serve, args=(listening.accept()[0],), daemon=True).start()
            """;

    @TempDir
    Path directory;

    private final int port = FreePorts.next();
    private World world;
    private GitServer git;

    @BeforeEach
    void start() throws Exception {
        git = new GitServer(directory.resolve("merger"));
        world = new World(directory.resolve("world"), EmbeddedFixture::sharedAddress);
    }

    @AfterEach
    void stop() throws Exception {
        world.close();
    }

    private AutoCloseable server(String kind) throws IOException {
        return kind.equals("gear") ? new GearServerStandIn(port) : new RealGearmand(port, directory, "--job-retries=1");
    }

    private Program executor(String gearman, String... more) throws IOException {
        Path file = Files.writeString(directory.resolve("executor.yaml"), """
                gearman: %s
                work_directory: %s
                pass_environment: [PATH, HOME, E2E_MARK, EVIDENCE]
                sources: {protocols: [file]}
                publish: {kind: local, path: %s, url: "http://logs.example.org/<b>"}
                jobs:
                - {name: slow, shell_script: 'echo x > $EVIDENCE/began; while [ ! -e $EVIDENCE/gate ]; do sleep 0.2; done #'}
                - {name: bad, shell_script: 'echo "<i>no</i>" > $TH_RESULT_FILE; exit 1 #'}
                """.formatted(
                        gearman, directory.resolve("work"), directory.resolve("logs")));
        List<String> arguments = new java.util.ArrayList<>(List.of("gearman", "--config", file.toString()));
        arguments.addAll(List.of(more));
        return world.start("executor", arguments, Map.of());
    }

    private static String get(String address) throws Exception {
        HttpResponse<String> response = HttpClient.newHttpClient()
                .send(HttpRequest.newBuilder(URI.create(address)).build(), HttpResponse.BodyHandlers.ofString());
        assertThat(response.statusCode()).isEqualTo(200);
        return response.body();
    }

    private static void awaitResult(Build build, String part) {
        Program.await(() -> part).untilAsserted(() -> assertThat(build.result()).contains(part));
    }

    @ParameterizedTest
    @ValueSource(strings = {"gear", "gearmand"})
    void thePageHasServersJobsAndResultsWithLinksToLogs(String kind) throws Exception {
        int statusPort = FreePorts.next();
        int metricsPort = FreePorts.next();
        String page = "http://127.0.0.1:" + statusPort + "/";
        try (AutoCloseable server = server(kind);
                ZuulStandIn zuul = new ZuulStandIn(port)) {
            assertThat(server).isNotNull();
            Program program = executor(
                    "{host: 127.0.0.1, port: " + port + "}",
                    "--status-port",
                    String.valueOf(statusPort),
                    "--metrics-port",
                    String.valueOf(metricsPort));
            program.awaitOutput("Status page: " + page);
            program.awaitOutput("Connected to Gearman server 127.0.0.1:" + port);
            assertThat(get(page)).contains("This host takes jobs.", "127.0.0.1:" + port, "Jobs now: 0");

            Map<String, String> bad = git.change("a");
            awaitResult(zuul.build("bad", bad), "<i>no</i>");
            Map<String, String> change = git.change("b");
            Build slow = zuul.build("slow", change);
            Program.await(() -> "the job runs").until(() -> !world.told("began").isEmpty());
            zuul.build("slow", git.change("c"));
            Program.await(() -> "the metrics tell the queue")
                    .until(() -> get("http://127.0.0.1:" + metricsPort + "/metrics")
                            .contains("distributed_test_gearman_jobs_waiting{server=\"127.0.0.1:" + port + "\"} 1.0"));
            assertThat(get(page))
                    .contains("Jobs now: 1", ">3/5<", "openstack/nova", "&lt;i&gt;no&lt;/i&gt;")
                    .contains("<a href=\"http://logs.example.org/&lt;b&gt;/" + bad.get("LOG_PATH"))
                    .contains("<a href=\"http://logs.example.org/&lt;b&gt;/" + change.get("LOG_PATH"))
                    .doesNotContain("<i>no", "<b>");
            Files.createFile(world.evidence().resolve("gate"));
            awaitResult(slow, "SUCCESS");
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"gear", "gearmand"})
    void legacyTlsReachesAServerOfTls10AndHoldsForThatConnectionOnly(String kind) throws Exception {
        TestCertificates certificates = TestCertificates.create(directory.resolve("certificates"));
        int legacy = FreePorts.next();
        int statusPort = FreePorts.next();
        Process proxy = proxy(certificates, legacy);
        try (AutoCloseable server = server(kind);
                ZuulStandIn zuul = new ZuulStandIn(port)) {
            assertThat(server).isNotNull();
            String tls = "ca: %s, certificate: %s, key: %s"
                    .formatted(certificates.ca(), certificates.client(), certificates.clientKey());
            // Both lead to the same server: what the first is allowed the second is not.
            Program program = executor(
                    "[{host: 127.0.0.1, port: %d, tls: {%s, legacy: true}}, {host: localhost, port: %d, tls: {%s}}]"
                            .formatted(legacy, tls, legacy, tls),
                    "--status-port",
                    String.valueOf(statusPort));
            program.awaitOutput("Connected to Gearman server 127.0.0.1:" + legacy + " (legacy TLS)");
            program.awaitOutput("speaks TLS 1.0, which tls.legacy allows");
            awaitResult(zuul.build("bad", git.change("a")), "<i>no</i>");
            Program.await(() -> "the other server is refused")
                    .until(() -> program.output()
                            .contains("Cannot connect to localhost:" + legacy + ": it refuses TLS as we speak it"));
            assertThat(get("http://127.0.0.1:" + statusPort + "/"))
                    .contains("127.0.0.1:" + legacy + " (legacy TLS)", "not connected");
            assertThat(program.output()).doesNotContain("Connected to Gearman server localhost:" + legacy);
            assertThat(directory.resolve("proxy.log")).content().contains("accepted TLSv1 ", "refused ");
        } finally {
            proxy.destroyForcibly();
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"gear"})
    void legacyTlsTrustsNoOtherServer(String kind) throws Exception {
        TestCertificates certificates = TestCertificates.create(directory.resolve("certificates"));
        TestCertificates others = TestCertificates.create(directory.resolve("others"));
        int legacy = FreePorts.next();
        Process proxy = proxy(certificates, legacy);
        try (AutoCloseable server = server(kind)) {
            assertThat(server).isNotNull();
            Program program =
                    executor("{host: 127.0.0.1, port: %d, tls: {ca: %s, certificate: %s, key: %s, legacy: true}}"
                            .formatted(legacy, others.ca(), certificates.client(), certificates.clientKey()));
            program.awaitOutput("its certificate is not trusted");
            assertThat(program.output()).doesNotContain("Connected to");
        } finally {
            proxy.destroyForcibly();
        }
    }

    private Process proxy(TestCertificates certificates, int own) throws IOException {
        Path log = directory.resolve("proxy.log");
        Path script = Files.writeString(directory.resolve("proxy.py"), TLS_1_0);
        Process proxy = new ProcessBuilder(
                        "python3",
                        "-W",
                        "ignore",
                        script.toString(),
                        String.valueOf(own),
                        String.valueOf(port),
                        certificates.server().toString(),
                        certificates.serverKey().toString(),
                        certificates.ca().toString())
                .redirectErrorStream(true)
                .redirectOutput(log.toFile())
                .start();
        Program.await(() -> "the TLS 1.0 server").until(() -> !proxy.isAlive() || Files.size(log) > 0);
        assumeTrue(proxy.isAlive(), "Python's ssl speaks no TLS 1.0: " + Files.readString(log));
        return proxy;
    }
}
