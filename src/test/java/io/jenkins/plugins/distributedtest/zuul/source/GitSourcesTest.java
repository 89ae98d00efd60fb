package io.jenkins.plugins.distributedtest.zuul.source;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import io.jenkins.plugins.distributedtest.loop.EventLoop;
import io.jenkins.plugins.distributedtest.zuul.InvalidRequestException;
import io.jenkins.plugins.distributedtest.zuul.ZuulRequest;
import io.jenkins.plugins.distributedtest.zuul.exec.BlockingPool;
import io.jenkins.plugins.distributedtest.zuul.exec.ProcessContext;
import io.jenkins.plugins.distributedtest.zuul.exec.Processes;
import io.jenkins.plugins.distributedtest.zuul.exec.Stopper;
import io.jenkins.plugins.distributedtest.zuul.exec.TimedLog;
import io.jenkins.plugins.distributedtest.zuul.task.GitServer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Sources of jobs with real repositories on this disk. */
@Timeout(120)
class GitSourcesTest {
    @TempDir
    Path directory;

    private final EventLoop loop = new EventLoop("test");
    private final BlockingPool pool = new BlockingPool("test-blocking", 4);
    private final Processes processes = new Processes(loop, pool);
    private final Stopper stopper = new Stopper();
    private GitServer server;
    private int trees;

    @BeforeEach
    void start() throws Exception {
        server = new GitServer(directory.resolve("merger"));
    }

    @AfterEach
    void stop() {
        loop.close();
        pool.close();
        processes.close();
    }

    private GitSources sources(String... origins) {
        return new GitSources(
                processes,
                new SourceSettings(
                        directory.resolve("mirrors"),
                        List.of(origins),
                        List.of("file"),
                        2,
                        Duration.ofMillis(50),
                        Duration.ofSeconds(60),
                        true,
                        new SourceSettings.Mirrors(Duration.ofDays(1), 1_000_000_000)),
                Map.of());
    }

    private static ZuulRequest request(Map<String, String> parameters) {
        return new ZuulRequest("unit", null, "u1", parameters);
    }

    private CompletableFuture<String> begin(GitSources sources, Map<String, String> parameters, Path tree)
            throws Exception {
        Path scratch = Files.createDirectories(directory.resolve("scratch"));
        TimedLog log = TimedLog.open(directory.resolve("git.log"), 1 << 20);
        Revision revision = Revision.of(request(parameters), sources.settings().origins(), null);
        return sources.checkOut(revision, tree, new ProcessContext(scratch, "test-" + directory, log, stopper))
                .whenComplete((commit, problem) -> log.close());
    }

    private Path checkOut(GitSources sources, Map<String, String> parameters) throws Exception {
        Path tree = directory.resolve("tree" + ++trees);
        begin(sources, parameters, tree).get(60, TimeUnit.SECONDS);
        return tree;
    }

    private Path checkOut(Map<String, String> parameters) throws Exception {
        return checkOut(sources(), parameters);
    }

    @Test
    void aChangeIsItsRefOnABranchOfItsOwnWithTagsAndBranches() throws Exception {
        GitServer.git(server.copy(), "tag", "v1", "master");
        GitServer.git(server.copy(), "push", "-q", "origin", "v1");
        Map<String, String> change = server.change("the change");
        Path tree = checkOut(change);
        assertThat(tree.resolve("content")).hasContent("the change");
        assertThat(GitServer.git(tree, "rev-parse", "HEAD")).isEqualTo(change.get("ZUUL_COMMIT"));
        assertThat(GitServer.git(tree, "rev-parse", "--abbrev-ref", "HEAD")).isEqualTo("working");
        assertThat(GitServer.git(tree, "describe", "--tags")).startsWith("v1-1-g");
        assertThat(GitServer.git(tree, "log", "--format=%s", "origin/master")).isEqualTo("master");
    }

    @Test
    void theMirrorBringsOnlyWhatIsNew() throws Exception {
        GitSources sources = sources();
        checkOut(sources, server.change("a"));
        Path mirror = sources.mirrorOf(GitServer.PROJECT);
        int before = Integer.parseInt(GitServer.git(mirror, "count-objects").split(" ")[0]);
        checkOut(sources, server.change("b"));
        int after = Integer.parseInt(GitServer.git(mirror, "count-objects").split(" ")[0]);
        assertThat(after - before).as("a commit, a tree and a blob").isEqualTo(3);
    }

    @Test
    void anUpdatedBranchIsItsNewRevisionAlsoWhenTheBranchHasGoneOn() throws Exception {
        String merged = server.commit("merged", "merged");
        server.commit("later", "later");
        server.push("master");
        for (String name : List.of("master", "refs/heads/master")) {
            assertThat(checkOut(server.update(name, merged)).resolve("content")).hasContent("merged");
        }
    }

    @Test
    void anAnnotatedTagIsTheCommitThatItLeadsTo() throws Exception {
        GitServer.git(server.copy(), "tag", "-a", "-m", "release", "1.0.0", "master");
        GitServer.git(server.copy(), "push", "-q", "origin", "1.0.0");
        String tag = GitServer.git(server.copy(), "rev-parse", "1.0.0");
        String commit = GitServer.git(server.copy(), "rev-parse", "1.0.0^{commit}");
        assertThat(tag).isNotEqualTo(commit);
        for (String revision : List.of(tag, commit)) {
            Path tree = checkOut(server.update("refs/tags/1.0.0", revision));
            assertThat(GitServer.git(tree, "rev-parse", "HEAD")).isEqualTo(commit);
        }
    }

    @Test
    void aDeletedBranchIsRefusedWithTheWayOut() {
        assertThatThrownBy(() -> checkOut(server.update("refs/heads/feature/x", "0".repeat(40))))
                .isInstanceOf(InvalidRequestException.class)
                .hasMessageContaining("refs/heads/feature/x was deleted")
                .hasMessageContaining("ignore-deletes");
    }

    @Test
    void aTimerGetsTheBranchOrTheDefault() throws Exception {
        Map<String, String> timer = new HashMap<>(
                Map.of("ZUUL_PROJECT", GitServer.PROJECT, "ZUUL_PIPELINE", "periodic", "ZUUL_URL", server.url()));
        assertThat(checkOut(timer).resolve("content")).hasContent("first");
        GitServer.git(server.copy(), "checkout", "-q", "-b", "stable");
        server.commit("stable", "stable");
        server.push("stable");
        timer.put("ZUUL_BRANCH", "stable");
        assertThat(checkOut(timer).resolve("content")).hasContent("stable");
    }

    @Test
    void aChangeWhoseRefIsGoneIsNeverTestedAtTheBranch() throws Exception {
        Map<String, String> change = server.change("a");
        change.put("ZUUL_REF", "refs/zuul/master/Zgone");
        assertThatThrownBy(() -> checkOut(change))
                .isInstanceOf(ExecutionException.class)
                .hasRootCauseInstanceOf(SourceException.class)
                .hasMessageContaining("Failed to fetch refs/zuul/master/Zgone of openstack/nova");
        assertThat(directory.resolve("git.log"))
                .content()
                .containsSubsequence("[running git fetch", "[trying again in 0.05 s]", "[trying again in 0.1 s]");
    }

    @Test
    void anotherCommitThanZuulMeansIsNoCheckout() throws Exception {
        Map<String, String> change = server.change("a");
        String other = server.change("b").get("ZUUL_COMMIT");
        for (String expected : List.of(other, "1".repeat(40))) {
            change.put("ZUUL_COMMIT", expected);
            assertThatThrownBy(() -> checkOut(change))
                    .hasRootCauseInstanceOf(SourceException.class)
                    .hasMessageContaining("but Zuul means " + expected);
        }
    }

    @Test
    void theOriginIsAskedForBranchesAndTheMergerIfThatFails() throws Exception {
        GitServer origin = new GitServer(directory.resolve("origin"));
        GitServer.git(origin.copy(), "checkout", "-q", "master");
        String merged = origin.commit("merged", "only at the origin");
        origin.push("master");
        GitSources sources = sources("file:///nowhere", origin.url());
        assertThat(checkOut(sources, server.update("master", merged)).resolve("content"))
                .hasContent("only at the origin");
        assertThat(checkOut(sources, server.change("at the merger")).resolve("content"))
                .hasContent("at the merger");
    }

    @Test
    void submodulesComeToo() throws Exception {
        GitServer library = new GitServer(directory.resolve("library"));
        GitServer.git(server.copy(), "checkout", "-q", "master");
        GitServer.git(server.copy(), "submodule", "--quiet", "add", "file://" + library.bare(), "vendor/library");
        String merged = server.commit("with a submodule", "x");
        server.push("master");
        assertThat(checkOut(server.update("master", merged)).resolve("vendor/library/content"))
                .hasContent("first");
    }

    @Test
    void manyJobsOfOneRepositoryWaitForEachOtherWithoutAThread() throws Exception {
        GitSources sources = sources();
        List<Map<String, String>> changes = new ArrayList<>();
        for (int i = 0; i < 12; i++) {
            changes.add(server.change("change " + i));
        }
        List<CompletableFuture<String>> all = new ArrayList<>();
        for (int i = 0; i < 12; i++) {
            all.add(begin(sources, changes.get(i), directory.resolve("at-once-" + i)));
        }
        for (int i = 0; i < 12; i++) {
            assertThat(all.get(i).get(90, TimeUnit.SECONDS))
                    .isEqualTo(changes.get(i).get("ZUUL_COMMIT"));
        }
        long threads = Thread.getAllStackTraces().keySet().stream()
                .filter(thread -> thread.getName().startsWith("test-blocking"))
                .count();
        assertThat(threads).isLessThanOrEqualTo(4);
    }

    @Test
    void aJobThatIsStoppedStopsWaitingForTheLock() throws Exception {
        GitSources sources = sources();
        CompletableFuture<Runnable> held = sources.lock(sources.mirrorOf(GitServer.PROJECT), new Stopper());
        held.get(30, TimeUnit.SECONDS);
        CompletableFuture<String> waiting = begin(sources, server.change("a"), directory.resolve("never"));
        stopper.stop("as planned");
        await().until(waiting::isCompletedExceptionally);
        assertThat(directory.resolve("never")).doesNotExist();
        held.get().run();
        CompletableFuture<Runnable> next = sources.lock(sources.mirrorOf(GitServer.PROJECT), new Stopper());
        next.get(30, TimeUnit.SECONDS).run();
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "ZUUL_PROJECT | ../../etc",
                "ZUUL_PROJECT | --upload-pack=touch /tmp/pwned",
                "ZUUL_PROJECT | a/../../b",
                "ZUUL_PROJECT | /",
                "ZUUL_PROJECT | a/.git/hooks",
                "ZUUL_URL     | ext::sh -c 'touch /tmp/pwned'",
                "ZUUL_URL     | --upload-pack=touch",
                "ZUUL_URL     | host:path",
                "ZUUL_REF     | --upload-pack=touch /tmp/pwned",
                "ZUUL_REF     | -x",
                "ZUUL_REF     | refs/heads/a..b",
                "ZUUL_REF     | refs/heads/a:refs/heads/b",
                "ZUUL_REF     | refs/heads/*",
                "ZUUL_REF     | $(touch /tmp/pwned)",
                "ZUUL_COMMIT  | HEAD",
                "ZUUL_COMMIT  | --all",
                "ZUUL_NEWREV  | master; touch /tmp/pwned",
            })
    void valuesNeverBecomeOptionsPathsOrCode(String name, String value) throws Exception {
        Map<String, String> change = new LinkedHashMap<>(server.change("a"));
        change.put(name, value);
        assertThatThrownBy(() -> checkOut(change))
                .isInstanceOf(InvalidRequestException.class)
                .hasMessageContaining(name);
        assertThat(directory.resolve("mirrors")).doesNotExist();
        assertThat(Path.of("/tmp/pwned")).doesNotExist();
    }

    @Test
    void aProtocolThatIsNotAllowedIsNotUsed() throws Exception {
        Map<String, String> change = server.change("a");
        change.put("ZUUL_URL", "http://127.0.0.1:1/p");
        assertThatThrownBy(() -> checkOut(change)).hasMessageContaining("not allowed");
    }

    @Test
    void credentialsOfAUrlAreNotLogged() throws Exception {
        Map<String, String> change = server.change("a");
        change.put("ZUUL_URL", "https://user:hidden@127.0.0.1:1/p");
        assertThatThrownBy(() -> checkOut(change)).hasMessageNotContaining("hidden");
        assertThat(directory.resolve("git.log"))
                .content()
                .contains("127.0.0.1:1")
                .doesNotContain("hidden");
    }
}
