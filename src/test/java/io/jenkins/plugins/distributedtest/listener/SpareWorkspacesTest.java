package io.jenkins.plugins.distributedtest.listener;

import static org.assertj.core.api.Assertions.assertThat;

import io.jenkins.plugins.distributedtest.sync.LaidOutTree;
import io.jenkins.plugins.distributedtest.sync.LaidOutTrees;
import io.jenkins.plugins.distributedtest.wire.SyncSpec;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Workspaces that wait with their tree for the next run of their project. */
class SpareWorkspacesTest {
    private static final SyncSpec.Kind CONTENT = SyncSpec.Kind.CONTENT;

    @TempDir
    Path work;

    private SpareWorkspaces spares;

    private SpareWorkspaces spares(int count) {
        spares = new SpareWorkspaces(ListenerFixture.settings(work, 1).withKeptTrees(count), "listener");
        return spares;
    }

    @AfterEach
    void close() {
        spares.close();
        assertThat(left()).isEmpty();
    }

    private List<Path> left() {
        try (Stream<Path> all = Files.list(work.resolve("workspaces"))) {
            return all.toList();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** A run of a project: opens a workspace, lays a tree out if none is there, leaves something behind. */
    private SpareWorkspaces.Opened run(String project) throws Exception {
        SpareWorkspaces.Opened opened = spares.open(project, "run", CONTENT);
        Path tree = opened.workspace().tree();
        if (opened.before() == null) {
            assertThat(tree).isEmptyDirectory();
        } else {
            assertThat(tree).isDirectoryContaining("glob:**/source").isDirectoryNotContaining("glob:**/litter");
        }
        LaidOutTree laidOut = LaidOutTrees.layOut(tree, opened.before(), "source");
        Files.writeString(tree.resolve("litter"), "x");
        Files.writeString(opened.workspace().logs().resolve("log"), "x");
        spares.release(project, opened.workspace(), laidOut);
        return opened;
    }

    @Test
    void theNextRunOfTheProjectHasTheTreeAtTheSamePathAndNothingElseOfTheRunBefore() throws Exception {
        spares(2);
        Path first = run("a").workspace().directory();
        assertThat(first.resolveSibling("a-1")).doesNotExist();
        assertThat(spares.count()).isEqualTo(1);

        SpareWorkspaces.Opened second = spares.open("a", "run", CONTENT);

        assertThat(second.before()).isNotNull();
        assertThat(second.workspace().directory().getFileName()).hasToString("a-1");
        assertThat(second.workspace().logs()).isEmptyDirectory();
        assertThat(spares.count()).isZero();
        second.workspace().close();
    }

    @Test
    void eachRunHasItsOwnMark() throws Exception {
        spares(2);
        var first = spares.open("a", "run", CONTENT);
        var before = first.workspace().environment();
        spares.release(
                "a", first.workspace(), LaidOutTrees.layOut(first.workspace().tree(), null, "source"));

        var second = spares.open("a", "run", CONTENT);

        assertThat(second.workspace()).isSameAs(first.workspace());
        assertThat(second.workspace().environment()).isNotEqualTo(before);
        second.workspace().close();
    }

    @Test
    void anotherProjectAndAnotherKindOfSyncHaveANewOne() throws Exception {
        spares(2);
        run("a");
        var other = spares.open("b", "run", CONTENT);
        var git = spares.open("a", "run", SyncSpec.Kind.GIT);
        assertThat(other.before()).isNull();
        assertThat(git.before()).isNull();
        assertThat(git.workspace().tree()).isEmptyDirectory();
        other.workspace().close();
        git.workspace().close();
    }

    @Test
    void thoseThatWereNotUsedForLongestGoFirst() throws Exception {
        spares(2);
        run("a");
        run("b");
        run("a");
        run("c");
        assertThat(spares.count()).isEqualTo(2);
        assertThat(left()).hasSize(2);
        var a = spares.open("a", "run", CONTENT);
        assertThat(a.before()).isNotNull();
        a.workspace().close();
        var b = spares.open("b", "run", CONTENT);
        assertThat(b.before()).isNull();
        b.workspace().close();
    }

    @Test
    void withNoneToKeepAllAreDeleted() throws Exception {
        spares(0);
        run("a");
        assertThat(left()).isEmpty();
    }

    @Test
    void theyGoAfterSomeTimeAndWithTheListener() throws Exception {
        spares(2);
        run("a");
        spares.expire(System.nanoTime());
        assertThat(spares.count()).isEqualTo(1);
        spares.expire(System.nanoTime()
                + SpareWorkspaces.LONGEST.plus(Duration.ofSeconds(1)).toNanos());
        assertThat(spares.count()).isZero();
        assertThat(left()).isEmpty();

        var late = spares.open("a", "run", CONTENT);
        LaidOutTree laidOut = LaidOutTrees.layOut(late.workspace().tree(), null, "source");
        spares.close();
        spares.release("a", late.workspace(), laidOut);
        assertThat(left()).isEmpty();
    }

    @Test
    void oneThatALostListenerLeftIsSweptAway() throws Exception {
        spares(2);
        run("a");
        Path lost = Files.createDirectories(work.resolve("workspaces/.kept-0123456789abcdef/tree"));
        Files.writeString(lost.resolve("source"), "of a run long ago");
        Files.createFile(lost.resolveSibling("lock"));

        assertThat(Workspace.sweep(work)).isEqualTo(1);

        assertThat(lost).doesNotExist();
        assertThat(spares.count()).isEqualTo(1);
        assertThat(left()).hasSize(1);
    }
}
