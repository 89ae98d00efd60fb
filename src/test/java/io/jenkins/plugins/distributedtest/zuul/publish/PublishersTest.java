package io.jenkins.plugins.distributedtest.zuul.publish;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.jenkins.plugins.distributedtest.loop.EventLoop;
import io.jenkins.plugins.distributedtest.sync.Sshd;
import io.jenkins.plugins.distributedtest.zuul.exec.BlockingPool;
import io.jenkins.plugins.distributedtest.zuul.exec.ProcessContext;
import io.jenkins.plugins.distributedtest.zuul.exec.Processes;
import io.jenkins.plugins.distributedtest.zuul.exec.Stopper;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Assumptions;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Every way in which logs are published: a directory, a real sshd, object storage that checks what it is sent. */
@Timeout(120)
class PublishersTest {
    private static final String LOG_PATH = "56/123456/2/check/it's a job/0a1b2c3";
    private static final List<Path> FILES =
            List.of(Path.of("index.html"), Path.of("shell_output.log"), Path.of("junit/a b.xml"));

    @TempDir
    Path directory;

    private final EventLoop loop = new EventLoop("test");
    private final BlockingPool pool = new BlockingPool("test-blocking", 4);
    private final Processes processes = new Processes(loop, pool);
    private Path results;

    @BeforeEach
    void makeResults() throws Exception {
        results = Files.createDirectories(directory.resolve("results"));
        Files.createDirectories(results.resolve("junit"));
        for (Path file : FILES) {
            Files.writeString(results.resolve(file), "content of " + file);
        }
        Files.writeString(results.resolve("not asked for"), "x");
    }

    @AfterEach
    void stop() {
        loop.close();
        pool.close();
        processes.close();
    }

    private void publish(PublishSettings settings) throws Exception {
        Path scratch = Files.createTempDirectory(directory, "scratch");
        Publisher.of(settings, processes)
                .publish(results, FILES, LOG_PATH, new ProcessContext(scratch, "test", null, new Stopper()))
                .get(60, TimeUnit.SECONDS);
    }

    private static void assertThere(Path place) throws Exception {
        for (Path file : FILES) {
            assertThat(place.resolve(LOG_PATH).resolve(file)).hasContent("content of " + file);
        }
        try (var all = Files.walk(place.resolve(LOG_PATH))) {
            assertThat(all.filter(Files::isRegularFile)).hasSize(FILES.size());
        }
    }

    @Test
    void toADirectoryAlsoAgain() throws Exception {
        PublishSettings local = new PublishSettings.Local(directory.resolve("logs"), "http://logs/");
        publish(local);
        publish(local);
        assertThere(directory.resolve("logs"));
    }

    @Test
    void aDirectoryThatCannotBeWrittenIsAnError() throws Exception {
        Path file = Files.writeString(directory.resolve("file"), "");
        assertThatThrownBy(() -> publish(new PublishSettings.Local(file, null))).hasMessageContaining("file");
    }

    @ParameterizedTest
    @ValueSource(strings = {"rsync", "scp"})
    void overSsh(String program) throws Exception {
        Assumptions.assumeTrue(Files.isExecutable(Path.of("/usr/bin", program)), program + " is not installed");
        Path served = Files.createDirectory(directory.resolve("served"));
        Files.createDirectory(served.resolve("logs"));
        try (Sshd sshd = new Sshd(directory.resolve("sshd"), served)) {
            Path config = sshd.clientConfig("log-server", sshd.knownHosts);
            PublishSettings settings = new PublishSettings.Ssh(
                    program,
                    new PublishSettings.Remote("log-server", null, 0, sshd.userKey, config),
                    "logs",
                    "http://logs/");
            publish(settings);
            publish(settings);
            assertThere(served.resolve("logs"));

            Path none = Files.writeString(directory.resolve("none"), "");
            assertThatThrownBy(() -> publish(new PublishSettings.Ssh(
                            program,
                            new PublishSettings.Remote(
                                    "log-server", null, 0, sshd.userKey, sshd.clientConfig("log-server", none)),
                            "logs",
                            null)))
                    .hasMessageContaining(program + " to log-server failed")
                    .hasMessageContaining("Host key verification failed: the known_hosts");
        }
    }

    private static PublishSettings.S3 s3(StorageServer storage, String secret) {
        return new PublishSettings.S3(
                URI.create(storage.url()), "eu-test", "bucket", "zuul/", "access", secret, "http://logs/");
    }

    @Test
    void toS3WithSignaturesThatHold() throws Exception {
        try (StorageServer storage = new StorageServer()) {
            storage.busy = 2;
            publish(s3(storage, "right secret"));
            String place = "/bucket/zuul/56/123456/2/check/it%27s%20a%20job/0a1b2c3/";
            assertThat(storage.objects.keySet())
                    .containsExactlyInAnyOrder(
                            place + "index.html", place + "shell_output.log", place + "junit/a%20b.xml");
            assertThat(storage.objects.get(place + "shell_output.log")).isEqualTo("content of shell_output.log");
            assertThat(storage.types.get(place + "shell_output.log")).isEqualTo("text/plain; charset=utf-8");
            assertThat(storage.types.get(place + "index.html")).startsWith("text/html");
            assertThat(storage.requests.get(storage.requests.size() - 1))
                    .as("the page comes last")
                    .endsWith("index.html");
            assertThat(storage.requests).hasSize(FILES.size() + 2);
        }
    }

    @Test
    void aWrongSecretIsAnErrorThatIsNotTriedAgainAndDoesNotTellTheSecret() throws Exception {
        try (StorageServer storage = new StorageServer()) {
            assertThatThrownBy(() -> publish(s3(storage, "wrong secret")))
                    .hasMessageContaining("did not take 56/123456/2")
                    .hasMessageContaining("HTTP status 403")
                    .hasMessageContaining("SignatureDoesNotMatch")
                    .hasMessageNotContaining("wrong secret");
            assertThat(storage.requests).hasSize(1);
            assertThat(s3(storage, "hidden").toString()).doesNotContain("hidden");
        }
    }

    private static PublishSettings.Swift swift(StorageServer storage, String version, String password) {
        return new PublishSettings.Swift(
                new PublishSettings.Keystone(
                        URI.create(storage.url() + version), "tenant", "user", password, "Default"),
                "SYD",
                "logs",
                "",
                "http://logs/");
    }

    @ParameterizedTest
    @ValueSource(strings = {"/v2.0/", "/v2.0", "/v3"})
    void toSwiftWithATokenOfKeystone(String version) throws Exception {
        try (StorageServer storage = new StorageServer()) {
            publish(swift(storage, version, "right password"));
            String place = "/swift/v1/logs/56/123456/2/check/it%27s%20a%20job/0a1b2c3/";
            assertThat(storage.objects)
                    .containsEntry(place + "shell_output.log", "content of shell_output.log")
                    .hasSize(FILES.size());
            assertThat(storage.requests.stream().filter(each -> each.contains("tokens")))
                    .hasSize(1);
        }
    }

    @Test
    void aTokenThatIsNoLongerGoodIsReplaced() throws Exception {
        try (StorageServer storage = new StorageServer()) {
            storage.tokenUses = 2;
            publish(swift(storage, "/v3", "right password"));
            assertThat(storage.objects).hasSize(FILES.size());
            assertThat(storage.requests.stream().filter(each -> each.contains("tokens")))
                    .hasSize(2);
        }
    }

    @Test
    void aLoginThatIsRefusedAndARegionThatIsNotThereAreErrors() throws Exception {
        try (StorageServer storage = new StorageServer()) {
            assertThatThrownBy(() -> publish(swift(storage, "/v2.0", "wrong password")))
                    .hasMessageContaining("Keystone refused the login")
                    .hasMessageNotContaining("wrong password");
            PublishSettings elsewhere = new PublishSettings.Swift(
                    new PublishSettings.Keystone(
                            URI.create(storage.url() + "/v3"), "tenant", "user", "right password", "Default"),
                    "LON",
                    "logs",
                    "",
                    null);
            assertThatThrownBy(() -> publish(elsewhere)).hasMessageContaining("no object-store in region LON");
        }
    }

    @Test
    void addressesAreEncoded() {
        assertThat(LogPath.url("http://logs", LOG_PATH))
                .isEqualTo("http://logs/56/123456/2/check/it%27s%20a%20job/0a1b2c3/index.html");
        assertThat(LogPath.url("http://logs/", "a%b/c~d*e+f")).isEqualTo("http://logs/a%25b/c~d%2Ae%2Bf/index.html");
        assertThat(LogPath.url(null, "a")).isNull();
    }
}
