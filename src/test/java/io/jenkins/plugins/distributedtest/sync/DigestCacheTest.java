package io.jenkins.plugins.distributedtest.sync;

import static org.assertj.core.api.Assertions.assertThat;

import io.jenkins.plugins.distributedtest.files.Sha256;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.attribute.FileTime;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.List;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What is remembered of digests is believed only while the file system vouches for it. */
class DigestCacheTest {
    private static final Sha256 SHA = Sha256.of("not what any file holds".getBytes(StandardCharsets.UTF_8));

    @TempDir
    Path directory;

    private Path tree;
    private Path file;
    private Path cache;

    /** The cache knows the file, by a digest that shows whether it was believed. */
    @BeforeEach
    void remember() throws IOException {
        tree = directory.resolve("tree");
        file = Trees.write(tree, "a", "content");
        cache = directory.resolve("cache/digests");
        save(FileStamp.of(file));
        assertThat(known()).isTrue();
    }

    private void save(FileStamp stamp) {
        long later = Math.max(stamp.changed(), stamp.modified()) + 3_000_000_000L;
        DigestCache.open(cache, tree).save(List.of(new DigestCache.Seen("a", stamp, SHA, later)));
    }

    private boolean known() throws IOException {
        return SHA.equals(DigestCache.open(cache, tree).lookup("a", FileStamp.of(file)));
    }

    /** Changes the cache's text and makes it whole again. */
    private void rewrite(String from, String to) throws IOException {
        String text = Files.readString(cache);
        String body = text.substring(0, text.length() - 65).replaceFirst(from, to);
        assertThat(text).doesNotStartWith(body);
        Files.writeString(cache, body + Sha256.of(body.getBytes(StandardCharsets.UTF_8)) + "\n");
    }

    @Test
    void aFileThatWasChangedAndHasItsSizeAndTimeBackIsNotKnown() throws Exception {
        FileTime time = Files.getLastModifiedTime(file);
        Files.writeString(file, "CONTENT");
        Files.setLastModifiedTime(file, time);
        assertThat(known()).isFalse();
    }

    @Test
    void aFileThatWasReplacedByRenamingIsNotKnown() throws Exception {
        Path other = Files.writeString(tree.resolve("other"), "CONTENT");
        Files.setLastModifiedTime(other, Files.getLastModifiedTime(file));
        Files.move(other, file, StandardCopyOption.ATOMIC_MOVE);
        assertThat(known()).isFalse();
    }

    @Test
    void aFileWhoseModeWasChangedIsReadAgainAndTravelsWithIt() throws Exception {
        Files.setPosixFilePermissions(file, PosixFilePermissions.fromString("rwxr-xr-x"));
        assertThat(known()).isFalse();
        Manifest manifest = TreeDigest.scan(tree, ExcludePatterns.none(), cache);
        assertThat(manifest.entries()).singleElement().satisfies(entry -> {
            assertThat(entry.kind()).isEqualTo(Manifest.Kind.EXECUTABLE);
            assertThat(entry.sha()).isEqualTo(Sha256.of(file));
        });
    }

    @Test
    void aLinkThatWasChangedIsAlwaysLookedAt() throws Exception {
        Path link = Files.createSymbolicLink(tree.resolve("link"), Path.of("a"));
        TreeDigest.scan(tree, ExcludePatterns.none(), cache);
        Files.delete(link);
        Files.createSymbolicLink(link, Path.of("b"));
        assertThat(TreeDigest.scan(tree, ExcludePatterns.none(), cache).entries())
                .extracting(Manifest.Entry::target)
                .containsExactly(null, "b");
    }

    @Test
    void aCacheThatIsDamagedSaysNothing() throws Exception {
        String text = Files.readString(cache);
        for (int at = 0; at < text.length(); at += 7) {
            char other = text.charAt(at) == '0' ? '1' : '0';
            Files.writeString(cache, text.substring(0, at) + other + text.substring(at + 1));
            assertThat(known()).as("byte " + at).isFalse();
            Files.writeString(cache, text.substring(0, at));
            assertThat(known()).as("cut at " + at).isFalse();
        }
        Files.writeString(cache, text);
        assertThat(known()).isTrue();
    }

    @Test
    void aCacheOfAnotherTreeSaysNothing() throws Exception {
        Path moved = directory.resolve("moved");
        Files.move(tree, moved);
        FileStamp stamp = FileStamp.of(moved.resolve("a"));
        assertThat(DigestCache.open(cache, moved).lookup("a", stamp)).isNull();
        assertThat(DigestCache.open(cache, tree).lookup("a", stamp)).isEqualTo(SHA);
    }

    @Test
    void aCacheOfAnOlderVersionSaysNothingAndIsReplaced() throws Exception {
        FileStamp stamp = FileStamp.of(file);
        Files.writeString(
                cache,
                "distributed-test digests 1\n" + SHA + " " + stamp.size() + " " + stamp.modified() + " "
                        + stamp.changed() + " " + stamp.inode() + " a\n");
        assertThat(known()).isFalse();
        save(stamp);
        assertThat(known()).isTrue();
    }

    @Test
    void aCacheThatIsALinkSaysNothing() throws Exception {
        Path elsewhere = directory.resolve("elsewhere");
        Files.move(cache, elsewhere);
        Files.createSymbolicLink(cache, elsewhere);
        assertThat(known()).isFalse();
    }

    @Test
    void afterTheClockWasSetBackTheCacheSaysNothing() throws Exception {
        rewrite("(?m)^\\d+ (\\d+ \\S*)$", (System.currentTimeMillis() + 3_600_000) + " $1");
        assertThat(known()).isFalse();
    }

    @Test
    void whereTheFileSystemHasNoChangeTimeNothingIsRemembered() throws Exception {
        FileStamp stamp = FileStamp.of(file);
        FileStamp without =
                new FileStamp(stamp.type(), stamp.mode(), 0, stamp.size(), stamp.modified(), 0, stamp.inode());
        Path other = directory.resolve("cache/other");
        DigestCache.open(other, tree)
                .save(List.of(new DigestCache.Seen("a", without, SHA, stamp.changed() + 3_000_000_000L)));
        assertThat(DigestCache.open(other, tree).lookup("a", without)).isNull();
    }

    @Test
    void aDigestThatWasTakenJustAfterAChangeIsNotRemembered() throws Exception {
        FileStamp stamp = FileStamp.of(file);
        Path other = directory.resolve("cache/other");
        DigestCache.open(other, tree)
                .save(List.of(new DigestCache.Seen("a", stamp, SHA, stamp.changed() + 1_000_000_000L)));
        assertThat(DigestCache.open(other, tree).lookup("a", stamp)).isNull();
    }
}
