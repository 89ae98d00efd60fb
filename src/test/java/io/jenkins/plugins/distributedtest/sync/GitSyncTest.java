package io.jenkins.plugins.distributedtest.sync;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.jenkins.plugins.distributedtest.loop.EventLoop;
import io.jenkins.plugins.distributedtest.process.CommandResult;
import io.jenkins.plugins.distributedtest.process.Commands;
import io.jenkins.plugins.distributedtest.process.ProcessSpec;
import io.jenkins.plugins.distributedtest.wire.SyncSpec;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Sync kind git with real repositories on this disk. */
@Timeout(120)
class GitSyncTest {
    @TempDir
    Path directory;

    private final EventLoop loop = new EventLoop("test");
    private Path server;
    private Path tree;

    @BeforeEach
    void start() throws Exception {
        server = directory.resolve("server.git");
        git(directory, "init", "-q", "--bare", "-b", "main", server.toString());
        tree = directory.resolve("tree");
        git(directory, "clone", "-q", server.toString(), tree.toString());
        git(tree, "checkout", "-q", "-b", "main");
        Trees.write(tree, "lib/a.rb", "first");
        commit("first");
    }

    @AfterEach
    void stop() {
        loop.close();
    }

    private static String git(Path in, String... arguments) throws Exception {
        List<String> command = new ArrayList<>(List.of(
                "git", "-c", "user.name=Test", "-c", "user.email=test@localhost", "-c", "protocol.file.allow=always"));
        command.addAll(List.of(arguments));
        CommandResult result = Commands.run(ProcessSpec.of(command).directory(in), Duration.ofSeconds(60));
        assertThat(result.ok()).as("%s: %s", command, result.output()).isTrue();
        return result.stdout().strip();
    }

    private String commit(String message) throws Exception {
        git(tree, "add", "-A");
        git(tree, "commit", "-q", "-m", message);
        git(tree, "push", "-q", "origin", "HEAD:main");
        return git(tree, "rev-parse", "HEAD");
    }

    private SyncSpec offer(String url, String ref, String... exclude) throws Exception {
        SourceOffer offer = SourceOffers.create(
                loop, "run", tree, new Sync.Git(List.of(exclude), url, ref, List.of("file")), OfferingHost.of(null));
        offer.prepare();
        return offer.spec();
    }

    private FetchedTree fetch(SyncSpec spec, String workspace) throws Exception {
        FetcherSettings settings = new FetcherSettings(
                directory.resolve("work"),
                1 << 30,
                Duration.ofSeconds(60),
                Duration.ofSeconds(60),
                SshOptions.DEFAULT,
                List.of("file"));
        try (SourceFetcher fetcher = new SourceFetcher(loop, "listener", settings)) {
            return fetcher.fetch(new JobSource("run", "project", spec), directory.resolve(workspace));
        }
    }

    @Test
    void checksOutExactlyTheCommit() throws Exception {
        String first = git(tree, "rev-parse", "HEAD");
        SyncSpec spec = offer(null, null);
        assertThat(spec.treeDigest()).isEqualTo(first);
        Trees.write(tree, "lib/a.rb", "second");
        String second = commit("second");

        assertThat(fetch(spec, "ws1").treeDigest()).isEqualTo(first);
        assertThat(directory.resolve("ws1/lib/a.rb")).hasContent("first");
        assertThat(fetch(offer(null, null), "ws2").treeDigest()).isEqualTo(second);
        assertThat(directory.resolve("ws2/lib/a.rb")).hasContent("second");
        assertThat(git(directory.resolve("ws2"), "log", "--format=%s")).isEqualTo("second\nfirst");
    }

    @Test
    void aCommitThatIsKeptNeedsNoServer() throws Exception {
        SyncSpec spec = offer(null, null);
        fetch(spec, "ws1");
        Files.move(server, directory.resolve("gone"));
        fetch(spec, "ws2");
        assertThat(directory.resolve("ws2/lib/a.rb")).hasContent("first");
    }

    @Test
    void resolvesBranchesAndTagsAtTheServer() throws Exception {
        String first = git(tree, "rev-parse", "HEAD");
        git(tree, "tag", "-a", "-m", "a tag", "v1");
        git(tree, "push", "-q", "origin", "v1");
        Trees.write(tree, "lib/a.rb", "second");
        String second = commit("second");

        assertThat(offer(null, "v1").treeDigest()).isEqualTo(first);
        assertThat(offer(server.toString(), "main").treeDigest()).isEqualTo(second);
        assertThatThrownBy(() -> offer(null, "nope")).hasMessageContaining("nope");
    }

    @Test
    void bringsSubmodules() throws Exception {
        Path library = directory.resolve("library");
        git(directory, "init", "-q", "-b", "main", library.toString());
        Trees.write(library, "lib.rb", "library");
        git(library, "add", "-A");
        git(library, "commit", "-q", "-m", "library");
        git(tree, "submodule", "--quiet", "add", library.toString(), "vendor/library");
        commit("with a submodule");

        fetch(offer(null, null), "ws");
        assertThat(directory.resolve("ws/vendor/library/lib.rb")).hasContent("library");
    }

    @Test
    void aDirtyWorkingTreeIsAnErrorThatNamesTheFilesAndTheWayOut() throws Exception {
        Trees.write(tree, "lib/a.rb", "not committed");
        Trees.write(tree, "lib/new file.rb", "not added");
        assertThatThrownBy(() -> offer(null, null))
                .isInstanceOfSatisfying(
                        SyncException.class,
                        e -> assertThat(e.paths()).containsExactlyInAnyOrder("lib/a.rb", "lib/new file.rb"))
                .hasMessageContaining("Commit and push")
                .hasMessageContaining("content");
        assertThat(offer(null, null, "lib/a.rb", "new*").treeDigest()).hasSize(40);
    }

    @Test
    void aCommitThatWasNotPushedIsAnErrorThatSaysSo() throws Exception {
        Trees.write(tree, "lib/a.rb", "not pushed");
        git(tree, "commit", "-q", "-a", "-m", "not pushed");
        SyncSpec spec = offer(null, null);
        assertThatThrownBy(() -> fetch(spec, "ws"))
                .hasMessageContaining(spec.treeDigest())
                .hasMessageContaining("push it");
    }

    @Test
    void aSubdirectoryIsRefused() throws Exception {
        tree = tree.resolve("lib");
        assertThatThrownBy(() -> offer(null, null)).hasMessageContaining("top of the repository");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {"--upload-pack=touch /tmp/pwned", "ext::sh -c id", "-x", "", "https://user:secret@host/x", "a\nb"
            })
    void refusesUrlsThatAreOptionsCommandsOrHoldPasswords(String url) {
        SyncSpec spec = new SyncSpec(SyncSpec.Kind.GIT, List.of(), "0".repeat(40), url, null, null, null, null);
        assertThatThrownBy(() -> fetch(spec, "ws"))
                .isInstanceOfSatisfying(
                        SyncException.class, e -> assertThat(e.kind()).isEqualTo(SyncException.Kind.REFUSED))
                .hasMessageNotContaining("secret");
    }

    @ParameterizedTest
    @ValueSource(strings = {"--output=x", "a..b", "a b", "x@{1}", "a.lock", "-", "a:b", "a\\b", "x^{tree}"})
    void refusesRefsThatAreNone(String ref) {
        assertThatThrownBy(() -> offer(null, ref))
                .isInstanceOfSatisfying(
                        SyncException.class, e -> assertThat(e.kind()).isEqualTo(SyncException.Kind.REFUSED));
    }

    @Test
    void aProtocolThatIsNotAllowedIsNotUsed() {
        SyncSpec spec = new SyncSpec(
                SyncSpec.Kind.GIT, List.of(), "0".repeat(40), "https://127.0.0.1:1/x", null, null, null, null);
        assertThatThrownBy(() -> fetch(spec, "ws")).hasMessageContaining("not allowed");
    }
}
