package io.jenkins.plugins.distributedtest.sync;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import io.jenkins.plugins.distributedtest.files.Sha256;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.FileTime;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import org.junit.jupiter.api.Assumptions;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class TreeDigestTest {
    @TempDir
    Path directory;

    private String digest(Path tree, Path cache) throws Exception {
        return TreeDigest.scan(tree, ExcludePatterns.none(), cache).digest();
    }

    @Test
    void countsContentNamesExecutableBitsLinksAndEmptyDirectoriesOnly() throws Exception {
        Path one = Trees.awkward(directory.resolve("one"));
        Path two = Trees.awkward(directory.resolve("two"));
        Trees.write(two, ".git/HEAD", "not a source");
        Files.setPosixFilePermissions(two.resolve("plain.txt"), PosixFilePermissions.fromString("rw-------"));
        Files.setLastModifiedTime(two.resolve("plain.txt"), FileTime.fromMillis(0));
        String digest = digest(one, null);
        assertThat(digest(two, null)).isEqualTo(digest);

        Files.setPosixFilePermissions(two.resolve("plain.txt"), PosixFilePermissions.fromString("rwx------"));
        assertThat(digest(two, null)).isNotEqualTo(digest);
        Files.setPosixFilePermissions(two.resolve("plain.txt"), PosixFilePermissions.fromString("rw-------"));
        Files.delete(two.resolve("void/of/content"));
        assertThat(digest(two, null)).isNotEqualTo(digest);
    }

    @Test
    void doesNotReadAgainWhatHasNotChanged() throws Exception {
        Path tree = directory.resolve("tree");
        Trees.write(tree, "a", "content");
        Path cache = directory.resolve("cache/digests");
        String digest = digest(tree, cache);
        // A file enters the cache once it has been left alone for 2 s.
        await().atMost(Duration.ofSeconds(60))
                .until(() -> digest(tree, cache).equals(digest)
                        && Files.readString(cache).contains(" a\n"));

        // What the cache says is believed as long as the file's stamp is the same: so it was not read.
        DigestCache.open(cache, tree)
                .save(List.of(new DigestCache.Seen(
                        "a", FileStamp.of(tree.resolve("a")), Sha256.of(new byte[] {1}), Long.MAX_VALUE)));
        assertThat(digest(tree, cache)).isNotEqualTo(digest);

        // The same length, the same modification time: still seen.
        FileTime time = Files.getLastModifiedTime(tree.resolve("a"));
        Trees.write(tree, "a", "CONTENT");
        Files.setLastModifiedTime(tree.resolve("a"), time);
        Trees.write(directory.resolve("other"), "a", "CONTENT");
        assertThat(digest(tree, cache)).isEqualTo(digest(directory.resolve("other"), null));
    }

    @Test
    void doesNotRememberFilesThatWereJustWritten() throws Exception {
        Path tree = directory.resolve("tree");
        Path cache = directory.resolve("digests");
        // In the future, as a clock that is off would have it: never settled.
        Files.setLastModifiedTime(
                Trees.write(tree, "a", "one"), FileTime.fromMillis(System.currentTimeMillis() + 3_600_000));
        digest(tree, cache);
        assertThat(Files.readString(cache)).doesNotContain(" a\n");
    }

    @Test
    void aDamagedCacheCostsTimeOnly() throws Exception {
        Path tree = Trees.awkward(directory.resolve("tree"));
        Path cache = Files.writeString(directory.resolve("digests"), "distributed-test digests 2\nrubbish\n");
        assertThat(digest(tree, cache)).isEqualTo(digest(tree, null));
    }

    @Test
    void namesTheDirectoryThatIsNotThere() {
        assertThatThrownBy(() -> digest(directory.resolve("nowhere"), null)).hasMessageContaining("nowhere");
    }

    @Test
    void namesTheFileThatCannotBeRead() throws Exception {
        Path file = Trees.write(directory.resolve("tree"), "secret.key", "x");
        Files.setPosixFilePermissions(file, PosixFilePermissions.fromString("---------"));
        Assumptions.assumeFalse(Files.isReadable(file), "root may read everything");
        assertThatThrownBy(() -> digest(directory.resolve("tree"), null)).hasMessageContaining("secret.key");
    }

    @Test
    void endsWhenInterrupted() throws Exception {
        Path tree = Trees.awkward(directory.resolve("tree"));
        Thread.currentThread().interrupt();
        assertThatThrownBy(() -> digest(tree, null)).isInstanceOf(InterruptedException.class);
        assertThat(Thread.interrupted()).isFalse();
    }

    @Test
    void leavesOutPipesWithoutReadingThemAndSetuidBits() throws Exception {
        Path tree = Trees.awkward(directory.resolve("tree"));
        String digest = digest(tree, null);
        Process mkfifo = new ProcessBuilder("mkfifo", tree.resolve("pipe").toString()).start();
        Assumptions.assumeTrue(mkfifo.waitFor() == 0, "no pipe can be made here");
        assertThat(digest(tree, null)).isEqualTo(digest);

        Files.setAttribute(tree.resolve("bin/run"), "unix:mode", 04755);
        assertThat(digest(tree, null)).isEqualTo(digest);
        Path workspace = directory.resolve("workspace");
        Manifest manifest = TreeDigest.scan(tree, ExcludePatterns.none(), null);
        assertThat(Workspaces.layOut(manifest, Workspaces.Content.of(tree), workspace))
                .isEmpty();
        assertThat((Integer) Files.getAttribute(workspace.resolve("bin/run"), "unix:mode") & 07777)
                .isEqualTo(0755);
    }

    /** A log that is so large that it is longer each time when it has been read. */
    @Test
    void aFileThatOnlyGrowsIsWhatItWasWhenItWasBegun() throws Exception {
        Path tree = directory.resolve("tree");
        Trees.writeRandom(tree, "log", 64 << 20, 1);
        AtomicBoolean over = new AtomicBoolean();
        CompletableFuture<Void> writer = CompletableFuture.runAsync(() -> append(tree.resolve("log"), over));
        try {
            await().until(() -> Files.size(tree.resolve("log")) > 64 << 20);
            Manifest manifest = TreeDigest.scan(tree, ExcludePatterns.none(), null);
            assertThat(manifest.entries()).singleElement().satisfies(entry -> {
                byte[] then;
                try (InputStream in = Files.newInputStream(tree.resolve("log"))) {
                    then = in.readNBytes((int) entry.size());
                }
                assertThat(Sha256.of(then)).isEqualTo(entry.sha());
            });
        } finally {
            over.set(true);
            writer.get(60, TimeUnit.SECONDS);
        }
    }

    private static void append(Path file, AtomicBoolean over) {
        try (OutputStream out = Files.newOutputStream(file, StandardOpenOption.APPEND)) {
            while (!over.get()) {
                out.write("more\n".getBytes(StandardCharsets.UTF_8));
            }
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    @Test
    void theTopMayBeALink() throws Exception {
        Path tree = Trees.awkward(directory.resolve("tree"));
        Path link = Files.createSymbolicLink(directory.resolve("link"), tree);
        assertThat(digest(link, null)).isEqualTo(digest(tree, null));
    }

    @Test
    void takesTenThousandFiles() throws Exception {
        Path tree = directory.resolve("tree");
        for (int i = 0; i < 100; i++) {
            Path part = Files.createDirectories(tree.resolve("part" + i));
            for (int j = 0; j < 100; j++) {
                Files.createFile(part.resolve("file" + j));
            }
        }
        Manifest manifest = TreeDigest.scan(tree, ExcludePatterns.none(), null);
        assertThat(manifest.size()).isEqualTo(10_000);
        assertThat(Manifest.parse(manifest.text()).digest()).isEqualTo(manifest.digest());
    }
}
