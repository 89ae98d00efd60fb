package io.jenkins.plugins.distributedtest.sync;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.jenkins.plugins.distributedtest.loop.EventLoop;
import io.jenkins.plugins.distributedtest.wire.SyncSpec;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Assumptions;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** Sync kind rsync through a real sshd. */
@Timeout(120)
class RsyncSshTest {
    private static final String HOST = "file-server";

    @TempDir
    Path directory;

    private final EventLoop loop = new EventLoop("test");
    private Sshd sshd;
    private Path served;
    private Path tree;

    @BeforeEach
    void start() throws Exception {
        Assumptions.assumeTrue(Files.isExecutable(Path.of("/usr/bin/rsync")), "rsync is not installed");
        served = Files.createDirectory(directory.resolve("served here"));
        tree = Files.createDirectory(directory.resolve("tree"));
        sshd = new Sshd(directory.resolve("sshd"), served);
    }

    @AfterEach
    void stop() throws Exception {
        loop.close();
        if (sshd != null) {
            sshd.close();
        }
    }

    private SyncSpec push(SshOptions access) throws Exception {
        Sync.FileServer server =
                new Sync.OverSsh(HOST, text(access.keyFile()), text(access.configFile()), access.anyHostKey());
        SourceOffer offer = SourceOffers.create(
                loop, "run", tree, new Sync.Rsync(List.of("log"), server), OfferingHost.of(directory.resolve("cache")));
        offer.prepare();
        return offer.spec();
    }

    private static String text(Path path) {
        return path == null ? null : path.toString();
    }

    private FetchedTree pull(SyncSpec spec, String workspace, SshOptions access) throws Exception {
        FetcherSettings settings = new FetcherSettings(
                directory.resolve("work"), 1 << 30, Duration.ofSeconds(60), Duration.ofSeconds(60), access, null);
        try (SourceFetcher fetcher = new SourceFetcher(loop, "listener", settings)) {
            return fetcher.fetch(new JobSource("run", "project", spec), directory.resolve(workspace));
        }
    }

    private SshOptions known() throws Exception {
        return new SshOptions(sshd.userKey, sshd.clientConfig(HOST, sshd.knownHosts), false);
    }

    @Test
    void bringsTheTreeExactlyThroughThePortAndKnownHostsOfAConfigurationFile() throws Exception {
        Trees.awkward(tree);
        Trees.write(tree, "log/test.log", "excluded");
        SyncSpec spec = push(known());
        assertThat(spec.source()).startsWith(HOST + ":").doesNotContain("/");
        assertThat(spec.transport()).isEqualTo("ssh");
        assertThat(served.resolve(spec.source().substring(HOST.length() + 1)).resolve("plain.txt"))
                .exists();

        FetchedTree got = pull(spec, "ws", known());

        assertThat(got.treeDigest()).isEqualTo(spec.treeDigest());
        var expected = Trees.content(tree);
        expected.keySet().removeIf(path -> path.startsWith("log"));
        assertThat(Trees.content(directory.resolve("ws"))).isEqualTo(expected);
    }

    @Test
    void theNextRunSeesWhatChanged() throws Exception {
        Trees.write(tree, "a", "one");
        Trees.write(tree, "b", "stays");
        pull(push(known()), "ws1", known());
        Trees.write(tree, "a", "two");
        Files.delete(tree.resolve("b"));

        pull(push(known()), "ws2", known());

        assertThat(Trees.content(directory.resolve("ws2"))).isEqualTo(Trees.content(tree));
    }

    @Test
    void aHostKeyThatIsNotKnownIsRefusedUnlessAnyWillDo() throws Exception {
        Trees.write(tree, "a", "a");
        Path none = Files.writeString(directory.resolve("none"), "");
        assertThatThrownBy(() -> push(new SshOptions(sshd.userKey, sshd.clientConfig(HOST, none), false)))
                .isInstanceOf(SyncException.class)
                .hasMessageContaining("Host key verification failed");
        assertThat(served).isEmptyDirectory();

        SyncSpec spec = push(known());
        assertThatThrownBy(() -> pull(spec, "ws", new SshOptions(sshd.userKey, sshd.clientConfig(HOST, none), false)))
                .isInstanceOf(SyncException.class)
                .hasMessageContaining("Host key verification failed");

        pull(spec, "ws", new SshOptions(sshd.userKey, sshd.clientConfig(HOST, none), true));
        assertThat(directory.resolve("ws/a")).hasContent("a");
    }

    @Test
    void anotherHostsKeyIsRefused() throws Exception {
        Trees.write(tree, "a", "a");
        Path other = Files.writeString(
                directory.resolve("other"),
                "[127.0.0.1]:" + sshd.port + " " + Files.readString(Sshd.publicOf(sshd.key("other_key"))));
        assertThatThrownBy(() -> push(new SshOptions(sshd.userKey, sshd.clientConfig(HOST, other), false)))
                .isInstanceOf(SyncException.class)
                .hasMessageContaining("Host key verification failed");
    }

    @Test
    void aKeyThatIsNotAllowedIsAnErrorAndNobodyIsAsked() throws Exception {
        Trees.write(tree, "a", "a");
        SshOptions wrong = new SshOptions(sshd.key("wrong_key"), sshd.clientConfig(HOST, sshd.knownHosts), false);
        assertThatThrownBy(() -> push(wrong))
                .isInstanceOf(SyncException.class)
                .hasMessageContaining("Permission denied");
    }
}
