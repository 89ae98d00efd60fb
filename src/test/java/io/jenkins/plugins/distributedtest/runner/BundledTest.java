package io.jenkins.plugins.distributedtest.runner;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.ArrayList;
import java.util.List;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Where the runners' files are put, and whom that directory must not trust. */
class BundledTest {
    @TempDir
    Path cache;

    private final SortedMap<String, byte[]> files = new TreeMap<>();

    BundledTest() {
        for (int i = 0; i < 30; i++) {
            files.put("ruby/file" + i + ".rb", ("content " + i).repeat(2000).getBytes(UTF_8));
        }
    }

    private void assertWhole(Path target) throws IOException {
        for (var each : files.entrySet()) {
            assertThat(target.resolve(each.getKey())).hasBinaryContent(each.getValue());
        }
        try (Stream<Path> all = Files.walk(target)) {
            assertThat(all.filter(Files::isRegularFile)).hasSize(files.size());
        }
    }

    private void assumePosix() {
        assumeTrue(
                cache.getFileSystem().supportedFileAttributeViews().contains("posix"),
                "this file system has no POSIX permissions");
    }

    @Test
    void isKeptInTheCacheForItsOwnerOnly() throws Exception {
        assumePosix();
        Path target = Bundled.unpack(files, cache);

        assertThat(target).startsWith(cache.resolve("distributed-test"));
        assertWhole(target);
        assertThat(PosixFilePermissions.toString(Files.getPosixFilePermissions(target)))
                .isEqualTo("rwx------");
        assertThat(PosixFilePermissions.toString(Files.getPosixFilePermissions(target.getParent())))
                .isEqualTo("rwx------");
        assertThat(Bundled.unpack(files, cache)).isEqualTo(target);
    }

    @Test
    void whatWasChangedOfTheSameLengthIsPutRight() throws Exception {
        Path target = Bundled.unpack(files, cache);
        Path changed = target.resolve("ruby/file3.rb");
        Files.write(changed, "CONTENT 3".repeat(2000).getBytes(UTF_8));
        Files.delete(target.resolve("ruby/file4.rb"));

        assertThat(Bundled.unpack(files, cache)).isEqualTo(target);
        assertWhole(target);
    }

    @Test
    void aLinkInTheCacheIsNotWrittenThrough() throws Exception {
        Path target = Bundled.unpack(files, cache);
        Path elsewhere = Files.writeString(cache.resolve("precious"), "mine");
        Files.delete(target.resolve("ruby/file5.rb"));
        Files.createSymbolicLink(target.resolve("ruby/file5.rb"), elsewhere);

        assertWhole(Bundled.unpack(files, cache));
        assertThat(elsewhere).hasContent("mine");
    }

    @Test
    void aDirectoryThatOthersCanWriteToIsNotUsed() throws Exception {
        assumePosix();
        Path target = Bundled.unpack(files, cache);
        Files.setPosixFilePermissions(target, PosixFilePermissions.fromString("rwxrwxrwx"));

        Path other = Bundled.unpack(files, cache);
        assertThat(other).isNotEqualTo(target);
        assertThat(PosixFilePermissions.toString(Files.getPosixFilePermissions(other)))
                .isEqualTo("rwx------");
        assertWhole(other);
    }

    @Test
    void aDirectoryOfAnotherUserIsNotUsed() throws Exception {
        Path target = Bundled.unpack(files, cache);
        try {
            Files.setOwner(
                    target,
                    cache.getFileSystem().getUserPrincipalLookupService().lookupPrincipalByName("nobody"));
        } catch (IOException e) {
            assumeTrue(false, "only root can give a directory to another user");
        }
        Path other = Bundled.unpack(files, cache);
        assertThat(other).isNotEqualTo(target);
        assertWhole(other);
    }

    @Test
    void aLinkInPlaceOfTheDirectoryIsNotUsed() throws Exception {
        Path target = Bundled.unpack(files, cache);
        Path moved = Files.move(target, cache.resolve("moved"));
        Files.createSymbolicLink(target, moved);

        assertThat(Bundled.unpack(files, cache)).isNotEqualTo(target);
    }

    @Test
    void aCacheThatCannotBeWrittenIsDoneWithout() throws Exception {
        Path file = Files.writeString(cache.resolve("file"), "not a directory");

        assertWhole(Bundled.unpack(files, file));
        assertWhole(Bundled.unpack(files, null));
    }

    @Test
    void manyAtOnceEndUpWithTheSameWholeDirectory() throws Exception {
        ExecutorService pool = Executors.newFixedThreadPool(8);
        try {
            List<Callable<Path>> tasks = new ArrayList<>();
            for (int i = 0; i < 8; i++) {
                tasks.add(() -> Bundled.unpack(files, cache));
            }
            List<Path> targets = new ArrayList<>();
            for (Future<Path> each : pool.invokeAll(tasks)) {
                targets.add(each.get());
            }
            assertThat(targets).containsOnly(targets.get(0));
            assertWhole(targets.get(0));
        } finally {
            pool.shutdownNow();
        }
    }
}
