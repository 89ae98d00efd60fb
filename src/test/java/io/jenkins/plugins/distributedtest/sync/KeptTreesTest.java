package io.jenkins.plugins.distributedtest.sync;

import static org.assertj.core.api.Assertions.assertThat;

import io.jenkins.plugins.distributedtest.files.DirectoryLock;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.time.Duration;
import java.time.Instant;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class KeptTreesTest {
    private static final Duration MONTH = Duration.ofDays(30);

    @TempDir
    Path directory;

    private Path kept(String kind, String name, int days) throws Exception {
        Path kept = directory.resolve(kind).resolve(name);
        Trees.awkward(Files.createDirectories(kept.resolve("tree")));
        Path lock = Files.createFile(kept.resolve(KeptTrees.LOCK));
        Files.setLastModifiedTime(lock, FileTime.from(Instant.now().minus(Duration.ofDays(days))));
        return kept;
    }

    private static long soon() {
        return System.nanoTime() + TimeUnit.SECONDS.toNanos(30);
    }

    @Test
    void removesWhatWasNotUsedForAMonthAndFollowsNoLink() throws Exception {
        Path outside = Files.createDirectory(directory.resolve("outside"));
        Trees.write(outside, "precious", "stays");
        Path old = kept("trees", "old", 31);
        Files.createSymbolicLink(old.resolve("tree/out"), outside);
        Path oldMirror = kept("git", "old", 31);
        Path recent = kept("trees", "recent", 29);

        KeptTrees.cleanUp(directory, MONTH);
        KeptTrees.cleanUp(directory, MONTH);

        assertThat(old.resolve("tree")).doesNotExist();
        assertThat(oldMirror.resolve("tree")).doesNotExist();
        assertThat(recent.resolve("tree/plain.txt")).exists();
        assertThat(outside.resolve("precious")).hasContent("stays");
    }

    @Test
    void neverRemovesWhatIsInUse() throws Exception {
        Path old = kept("trees", "old", 31);
        try (DirectoryLock use = DirectoryLock.take(old.resolve(KeptTrees.LOCK), soon())) {
            // Even if its clock were far off.
            Files.setLastModifiedTime(old.resolve(KeptTrees.LOCK), FileTime.fromMillis(0));
            KeptTrees.cleanUp(directory, MONTH);
            assertThat(old.resolve("tree/plain.txt")).exists();
        }
        KeptTrees.cleanUp(directory, MONTH);
        assertThat(old.resolve("tree")).doesNotExist();
    }

    @Test
    void aUseCountsFromNow() throws Exception {
        Path old = kept("trees", "old", 31);
        DirectoryLock.take(old.resolve(KeptTrees.LOCK), soon()).close();
        KeptTrees.cleanUp(directory, MONTH);
        assertThat(old.resolve("tree/plain.txt")).exists();
    }

    @Test
    void aWorkDirectoryWithoutAnythingIsNoTrouble() throws Exception {
        KeptTrees.cleanUp(directory.resolve("nowhere"), MONTH);
        assertThat(directory.resolve("nowhere")).doesNotExist();
    }
}
