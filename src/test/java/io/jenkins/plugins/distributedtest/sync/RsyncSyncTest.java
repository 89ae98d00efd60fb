package io.jenkins.plugins.distributedtest.sync;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.jenkins.plugins.distributedtest.loop.EventLoop;
import io.jenkins.plugins.distributedtest.process.CommandResult;
import io.jenkins.plugins.distributedtest.process.Commands;
import io.jenkins.plugins.distributedtest.process.ProcessSpec;
import io.jenkins.plugins.distributedtest.testing.FreePorts;
import io.jenkins.plugins.distributedtest.wire.SyncSpec;
import io.jenkins.plugins.distributedtest.wire.gorgon.GorgonMessage;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Assumptions;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Sync kind rsync with a real rsync daemon on a port of its own. */
@Timeout(120)
class RsyncSyncTest {
    @TempDir
    Path directory;

    private final EventLoop loop = new EventLoop("test");
    private final int port = FreePorts.next();
    private RsyncDaemon daemon;
    private Path served;
    private Path tree;

    @BeforeEach
    void start() throws Exception {
        Assumptions.assumeTrue(Files.isExecutable(Path.of("/usr/bin/rsync")), "rsync is not installed");
        served = Files.createDirectory(directory.resolve("served"));
        tree = Files.createDirectory(directory.resolve("tree"));
        daemon = RsyncDaemon.of(served, directory.resolve("state"));
        daemon.start(null, port);
    }

    @AfterEach
    void stop() {
        loop.close();
        // Asked to end, rsync takes two seconds. That it ends when it is asked has tests of its own.
        ProcessHandle.allProcesses().filter(this::isOurs).forEach(ProcessHandle::destroyForcibly);
    }

    private boolean isOurs(ProcessHandle process) {
        return process.info().commandLine().orElse("").contains("--config=" + directory.resolve("state"));
    }

    private SyncSpec push(Path from, String... exclude) throws Exception {
        Sync.FileServer server = new Sync.Daemon("127.0.0.1", port, null);
        SourceOffer offer = SourceOffers.create(
                loop,
                "run",
                from,
                new Sync.Rsync(List.of(exclude), server),
                OfferingHost.of(directory.resolve("cache")));
        offer.prepare();
        return offer.spec();
    }

    private FetchedTree pull(SyncSpec spec, String workspace) throws Exception {
        FetcherSettings settings = FetcherSettings.of(directory.resolve("work"), Duration.ofSeconds(60));
        try (SourceFetcher fetcher = new SourceFetcher(loop, "listener", settings)) {
            return fetcher.fetch(new JobSource("run", "project", spec), directory.resolve(workspace));
        }
    }

    @Test
    void bringsTheTreeExactly() throws Exception {
        Trees.awkward(tree);
        Trees.write(tree, ".git/config", "not a source");
        Trees.write(tree, "log/test.log", "excluded");
        SyncSpec spec = push(tree, "/log");

        FetchedTree got = pull(spec, "ws");

        assertThat(got.treeDigest()).isEqualTo(spec.treeDigest());
        var expected = Trees.content(tree);
        expected.keySet().removeIf(path -> path.startsWith(".git") || path.startsWith("log"));
        assertThat(Trees.content(directory.resolve("ws"))).isEqualTo(expected);
        assertThat(Files.getLastModifiedTime(directory.resolve("ws/plain.txt")).toMillis() / 1000)
                .isEqualTo(Files.getLastModifiedTime(tree.resolve("plain.txt")).toMillis() / 1000);
    }

    @Test
    void theNextRunBringsOnlyWhatChangedAndLosesWhatWasDeleted() throws Exception {
        for (int i = 0; i < 20; i++) {
            Trees.write(tree, "file" + i, "content " + i);
        }
        pull(push(tree), "ws1");
        Path kept = keptTree();
        Object inode = Files.getAttribute(kept.resolve("file1"), "unix:ino");
        Object changedInode = Files.getAttribute(kept.resolve("file2"), "unix:ino");
        Trees.write(tree, "file2", "changed content");
        Files.delete(tree.resolve("file3"));
        // What a test writes into its workspace stays there.
        Files.writeString(directory.resolve("ws1/file1"), "scribbled");

        pull(push(tree), "ws2");

        assertThat(Trees.content(directory.resolve("ws2"))).isEqualTo(Trees.content(tree));
        assertThat(Files.getAttribute(kept.resolve("file1"), "unix:ino")).isEqualTo(inode);
        assertThat(Files.getAttribute(kept.resolve("file2"), "unix:ino")).isNotEqualTo(changedInode);
    }

    private Path keptTree() throws Exception {
        try (var trees = Files.list(directory.resolve("work/trees"))) {
            return trees.findFirst().orElseThrow().resolve("tree");
        }
    }

    @Test
    void aKeptTreeThatWasTamperedWithIsRepaired() throws Exception {
        Path file = Trees.write(tree, "file", "content");
        SyncSpec spec = push(tree);
        pull(spec, "ws1");
        Path kept = keptTree().resolve("file");
        Files.writeString(kept, "CONTENT");
        Files.setLastModifiedTime(kept, Files.getLastModifiedTime(file));

        pull(spec, "ws2");
        assertThat(Files.readString(directory.resolve("ws2/file"))).isEqualTo("content");
    }

    /** A file server can hold but one state of it. */
    @Test
    void aFileThatIsWrittenAllTheTimeIsNamedUnlessItIsExcluded() throws Exception {
        Trees.write(tree, "file", "content");
        Trees.write(tree, "log/grows.log", "begun\n");
        Process writer = new ProcessBuilder("sh", "-c", "while :; do echo more >> log/grows.log; sleep 0.02; done")
                .directory(tree.toFile())
                .start();
        try {
            assertThatThrownBy(() -> push(tree))
                    .isInstanceOfSatisfying(
                            SyncException.class, e -> assertThat(e.kind()).isEqualTo(SyncException.Kind.FAILED))
                    .hasMessageContaining("grows.log");
            pull(push(tree, "/log"), "ws");
        } finally {
            writer.destroyForcibly().waitFor();
        }
        assertThat(directory.resolve("ws/file")).hasContent("content");
    }

    @Test
    void anotherTreeThanTheOriginatorsDoesNotRun() throws Exception {
        Trees.write(tree, "file", "content");
        SyncSpec first = push(tree);
        Trees.write(tree, "file", "newer content");
        push(tree);
        assertThatThrownBy(() -> pull(first, "ws"))
                .isInstanceOfSatisfying(
                        SyncException.class, e -> assertThat(e.kind()).isEqualTo(SyncException.Kind.TREE_DIFFERS));
    }

    @Test
    void workingCopiesOfOneNameDoNotShareAPlace() throws Exception {
        Path other = Files.createDirectories(directory.resolve("elsewhere/tree"));
        Trees.write(tree, "mine", "mine");
        Trees.write(other, "theirs", "theirs");
        SyncSpec mine = push(tree);
        SyncSpec theirs = push(other);

        assertThat(mine.source()).isNotEqualTo(theirs.source());
        pull(mine, "ws");
        assertThat(directory.resolve("ws/mine")).exists();
        assertThat(directory.resolve("ws/theirs")).doesNotExist();
        assertThat(push(tree).source()).isEqualTo(mine.source());
    }

    @Test
    void aRubyListenersCommandPullsTheSameTree() throws Exception {
        Trees.awkward(tree);
        GorgonMessage.Sync sync = SourceOffers.gorgon(push(tree, "tmp"));
        assertThat(sync.exclude()).containsExactly(".git", "tmp");
        assertThat(sync.rsyncTransport()).isEqualTo("anonymous");
        Path workspace = Files.createDirectory(directory.resolve("ruby"));
        List<String> command = new ArrayList<>(List.of("rsync", "-azr", "--timeout=5", "--delete"));
        sync.exclude().forEach(pattern -> command.addAll(List.of("--exclude", pattern)));
        command.addAll(List.of(sync.sourceTreePath() + "/", "."));
        CommandResult result = Commands.run(ProcessSpec.of(command).directory(workspace), Duration.ofSeconds(30));
        assertThat(result.ok()).as(result.output()).isTrue();
        assertThat(Trees.content(workspace)).isEqualTo(Trees.content(tree));
    }

    @Test
    void aGorgonOriginatorsTreeIsPulledWithoutADigest() throws Exception {
        Trees.write(served, "host_project/spec/a_spec.rb", "it works");
        Trees.write(served, "host_project/x1.tmp", "excluded by a pattern that only rsync knows");
        SyncSpec spec = new SyncSpec(
                SyncSpec.Kind.RSYNC,
                List.of("x[0-9].tmp", "it's; touch pwned"),
                null,
                "rsync://127.0.0.1:" + port + "/src/host_project",
                null,
                "anonymous",
                null,
                null);
        FetchedTree got = pull(spec, "ws");
        assertThat(got.treeDigest()).hasSize(64);
        assertThat(Trees.content(directory.resolve("ws")).keySet()).containsExactly("", "spec", "spec/a_spec.rb");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "/etc",
                "etc",
                "-e sh",
                "rsync://",
                "rsync://h",
                "rsync://h/../x",
                "rsync://-oProxyCommand=x/src/y",
                "host:path",
                "rsync://h/src/$(touch pwned)",
                "rsync://h/src/a\nb",
                "host::src/x",
                ""
            })
    void refusesSourcesThatAreNoFileServers(String source) {
        SyncSpec spec =
                new SyncSpec(SyncSpec.Kind.RSYNC, List.of(), "0".repeat(64), source, null, "anonymous", null, null);
        assertThatThrownBy(() -> pull(spec, "ws"))
                .isInstanceOfSatisfying(
                        SyncException.class, e -> assertThat(e.kind()).isEqualTo(SyncException.Kind.REFUSED));
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "-oProxyCommand=x:path",
                ":path",
                "host:",
                "host:-e",
                "host::module/x",
                "ho st:x",
                "/etc",
                "h:../x"
            })
    void refusesSshSourcesThatCouldBeOptionsOrOtherPlaces(String source) {
        SyncSpec spec = new SyncSpec(SyncSpec.Kind.RSYNC, List.of(), "0".repeat(64), source, null, "ssh", null, null);
        assertThatThrownBy(() -> pull(spec, "ws"))
                .isInstanceOfSatisfying(
                        SyncException.class, e -> assertThat(e.kind()).isEqualTo(SyncException.Kind.REFUSED));
    }

    @Test
    void sshNeverAsksAndTrustsAnyHostOnlyWhenTold() throws Exception {
        Rsync.Transport careful =
                new Rsync.Transport(true, new SshOptions(Path.of("/keys/my key"), Path.of("/etc/ssh cfg"), false));
        List<String> command =
                Rsync.mirror("host:place", "/ws", List.of("-x"), careful, false).command();
        assertThat(command).contains("--exclude=-x", "--").endsWith("--", "host:place/", "/ws/");
        assertThat(command)
                .anySatisfy(argument -> assertThat(argument)
                        .startsWith("--rsh=ssh -o BatchMode=yes -o NumberOfPasswordPrompts=0")
                        .endsWith("-F '/etc/ssh cfg' -i '/keys/my key'")
                        .doesNotContain("StrictHostKeyChecking"));
        Rsync.Transport careless = new Rsync.Transport(true, new SshOptions(null, null, true));
        assertThat(Rsync.mirror("host:place", "/ws", List.of(), careless, false).command())
                .anySatisfy(argument -> assertThat(argument).contains("StrictHostKeyChecking=no"));
    }

    @Test
    void aFileServerThatIsNotThereIsNamed() throws Exception {
        daemon.stop();
        Trees.write(tree, "a", "a");
        assertThatThrownBy(() -> push(tree))
                .isInstanceOf(SyncException.class)
                .hasMessageContaining("127.0.0.1:" + port)
                .hasMessageContaining("start-rsync");
    }

    @Test
    void theDaemonListensAtLoopbackOnlyAndStartsOnce() throws Exception {
        assertThat(daemon.isRunning()).isTrue();
        assertThatThrownBy(() -> daemon.start(null, FreePorts.next()))
                .hasMessageContaining("running already")
                .hasMessageContaining("stop-rsync");
        daemon.stop();
        assertThat(daemon.isRunning()).isFalse();
        assertThatThrownBy(daemon::stop).hasMessageContaining("No rsync daemon");
        assertThat(daemon.start(null, port)).isEqualTo("rsync://127.0.0.1:" + port + "/src");
    }

    @Test
    void aPortInUseIsAnErrorThatSaysSo() throws Exception {
        Path other = Files.createDirectory(directory.resolve("other"));
        try (ServerSocket taken = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
            RsyncDaemon second = RsyncDaemon.of(other, directory.resolve("state"));
            assertThatThrownBy(() -> second.start(null, taken.getLocalPort()))
                    .hasMessageContaining(String.valueOf(taken.getLocalPort()))
                    .hasMessageContaining("cannot be used");
        }
    }

    @Test
    void stopKillsNoProcessButItsOwnDaemon() throws Exception {
        Path other = Files.createDirectory(directory.resolve("other"));
        RsyncDaemon second = RsyncDaemon.of(other, directory.resolve("state"));
        int secondPort = FreePorts.next();
        second.start(null, secondPort);
        Path pidFile = directory
                .resolve("state")
                .resolve("rsync-" + RsyncFetch.key(other.toRealPath().toString()))
                .resolve("rsyncd.pid");
        String real = Files.readString(pidFile);
        Files.writeString(pidFile, String.valueOf(ProcessHandle.current().pid()));
        assertThatThrownBy(second::stop).hasMessageContaining("No rsync daemon");
        Files.writeString(pidFile, real);
        second.stop();
        assertThat(daemon.isRunning()).isTrue();
    }
}
