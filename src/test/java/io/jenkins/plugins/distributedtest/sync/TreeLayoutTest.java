package io.jenkins.plugins.distributedtest.sync;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.jenkins.plugins.distributedtest.files.DirectoryTree;
import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.FileTime;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.TreeMap;
import java.util.concurrent.ConcurrentHashMap;
import java.util.stream.Stream;
import org.junit.jupiter.api.Assumptions;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** A workspace that goes on from the tree of an earlier run has the tree that is wanted and nothing else. */
class TreeLayoutTest {
    @TempDir
    Path directory;

    private Path source;
    private Path workspace;
    private Path outside;

    @BeforeEach
    void prepare() throws IOException {
        source = Trees.awkward(directory.resolve("source"));
        workspace = directory.resolve("workspace");
        outside = directory.resolve("outside");
        Trees.write(outside, "precious", "of somebody else");
    }

    private LaidOutTree layOut(LaidOutTree before) throws Exception {
        TreeLayout layout = layout(before);
        layout.needed();
        assertThat(layout.layOut()).isEmpty();
        return layout.done();
    }

    private TreeLayout layout(LaidOutTree before) throws Exception {
        Manifest manifest = TreeDigest.scan(source, ExcludePatterns.none(), null);
        Workspaces.Content content = entry -> Files.newInputStream(source.resolve(entry.path()));
        return new TreeLayout(workspace, before, manifest, content);
    }

    private void assertThatTheTreeIsThere() throws Exception {
        assertThat(Trees.content(workspace)).isEqualTo(Trees.content(source));
        assertThat(Trees.content(outside)).hasSize(2);
        assertThat(outside.resolve("precious")).hasContent("of somebody else");
    }

    private TreeMap<String, FileStamp> stamps() throws IOException {
        TreeMap<String, FileStamp> all = new TreeMap<>();
        try (Stream<Path> files = Files.walk(workspace)) {
            for (Path file : files.filter(one -> !Files.isDirectory(one, LinkOption.NOFOLLOW_LINKS))
                    .toList()) {
                all.put(workspace.relativize(file).toString(), FileStamp.of(file));
            }
        }
        return all;
    }

    @Test
    void whatIsTheSameIsNotTouched() throws Exception {
        LaidOutTree first = layOut(null);
        var stamps = stamps();

        TreeLayout layout = layout(first);

        assertThat(layout.needed()).isEmpty();
        assertThat(layout.layOut()).isEmpty();
        assertThat(layout.kept()).isEqualTo(stamps.size());
        layout.done();
        assertThat(stamps()).isEqualTo(stamps);
        assertThatTheTreeIsThere();
    }

    /** What a run may do to its tree. */
    enum Deed {
        WRITES_AS_MUCH_AND_SETS_THE_TIME_BACK {
            @Override
            void to(Path tree, Path outside) throws IOException {
                Path file = tree.resolve("plain.txt");
                FileTime time = Files.getLastModifiedTime(file);
                Files.writeString(file, "PLAIN");
                Files.setLastModifiedTime(file, time);
            }
        },
        REPLACES_BY_RENAMING {
            @Override
            void to(Path tree, Path outside) throws IOException {
                Path file = tree.resolve("plain.txt");
                Path other = Files.writeString(tree.resolve("other"), "PLAIN");
                Files.setLastModifiedTime(other, Files.getLastModifiedTime(file));
                Files.move(other, file, StandardCopyOption.ATOMIC_MOVE);
            }
        },
        EXCHANGES_TWO_FILES {
            @Override
            void to(Path tree, Path outside) throws IOException {
                Files.move(tree.resolve("dir/--delete"), tree.resolve("aside"));
                Files.move(tree.resolve("-rf"), tree.resolve("dir/--delete"));
                Files.move(tree.resolve("aside"), tree.resolve("-rf"));
            }
        },
        CHANGES_A_MODE {
            @Override
            void to(Path tree, Path outside) throws IOException {
                Files.setPosixFilePermissions(tree.resolve("plain.txt"), PosixFilePermissions.fromString("rwxr-xr-x"));
                Files.setPosixFilePermissions(tree.resolve("bin/run"), PosixFilePermissions.fromString("r--------"));
            }
        },
        CHANGES_LINKS {
            @Override
            void to(Path tree, Path outside) throws IOException {
                Files.delete(tree.resolve("link"));
                Files.createSymbolicLink(tree.resolve("link"), outside.resolve("precious"));
                Files.delete(tree.resolve("dangling"));
                Files.writeString(tree.resolve("dangling"), "a file now");
            }
        },
        PUTS_A_LINK_FOR_A_DIRECTORY {
            @Override
            void to(Path tree, Path outside) throws IOException {
                Files.move(tree.resolve("bin"), tree.resolve("bin-before"));
                Files.createSymbolicLink(tree.resolve("bin"), outside);
            }
        },
        PUTS_A_LINK_FOR_A_FILE {
            @Override
            void to(Path tree, Path outside) throws IOException {
                Files.delete(tree.resolve("plain.txt"));
                Files.createSymbolicLink(tree.resolve("plain.txt"), outside.resolve("precious"));
            }
        },
        PUTS_A_DIRECTORY_FOR_A_FILE {
            @Override
            void to(Path tree, Path outside) throws IOException {
                Files.delete(tree.resolve("plain.txt"));
                Trees.write(tree, "plain.txt/below/it", "x");
            }
        },
        LEAVES_MUCH_BEHIND {
            @Override
            void to(Path tree, Path outside) throws IOException {
                Trees.write(tree, "__pycache__/a.pyc", "x");
                Trees.write(tree, "dir/log/of/the.run", "x");
                Trees.write(tree, "void/of/content/no", "longer empty");
                Files.createSymbolicLink(tree.resolve("dir/out"), outside);
            }
        },
        DELETES {
            @Override
            void to(Path tree, Path outside) throws IOException {
                Files.delete(tree.resolve("plain.txt"));
                Files.delete(tree.resolve("link"));
                Files.delete(tree.resolve("void/of/content"));
                Files.delete(tree.resolve("bin/run"));
                Files.delete(tree.resolve("bin"));
            }
        },
        CLOSES_A_DIRECTORY {
            @Override
            void to(Path tree, Path outside) throws IOException {
                Files.setPosixFilePermissions(tree.resolve("dir"), PosixFilePermissions.fromString("---------"));
            }
        },
        GIVES_A_FILE_ANOTHER_NAME_OUTSIDE {
            @Override
            void to(Path tree, Path outside) throws IOException {
                Path inside = tree.resolve("plain.txt");
                Files.delete(inside);
                Files.createLink(inside, outside.resolve("precious"));
            }
        };

        abstract void to(Path tree, Path outside) throws IOException;
    }

    @ParameterizedTest
    @EnumSource
    void whateverARunDoesTheNextHasTheTree(Deed deed) throws Exception {
        LaidOutTree first = layOut(null);
        deed.to(workspace, outside);

        LaidOutTree second = layOut(first);

        assertThatTheTreeIsThere();
        deed.to(workspace, outside);
        LaidOutTree tidied = TreeLayout.tidy(workspace, second);
        assertThat(Trees.content(source).entrySet())
                .containsAll(Trees.content(workspace).entrySet());
        layOut(tidied);
        assertThatTheTreeIsThere();
    }

    @Test
    void whatTheTreeHasBecomeMeanwhileIsThere() throws Exception {
        LaidOutTree first = layOut(null);
        Trees.write(source, "plain.txt", "PLAIN");
        Files.delete(source.resolve("-rf"));
        Files.delete(source.resolve("link"));
        Trees.write(source, "link/was/a/link", "x");
        Files.delete(source.resolve("bin/run"));
        Files.delete(source.resolve("bin"));
        Trees.write(source, "bin", "was a directory");
        Files.setPosixFilePermissions(source.resolve("same1"), PosixFilePermissions.fromString("rwxr-xr-x"));
        Trees.write(source, "void/of/content/no", "longer empty");

        TreeLayout layout = layout(first);

        assertThat(layout.needed()).hasSize(5);
        assertThat(layout.layOut()).isEmpty();
        assertThat(layout.kept()).isPositive();
        layOut(layout.done());
        assertThatTheTreeIsThere();
    }

    /** Random changes on both sides, many times over, from one record to the next. */
    @Test
    void stepByStepTheTreeIsAlwaysTheOneThatIsWanted() throws Exception {
        Random random = new Random(12);
        LaidOutTree tree = layOut(null);
        for (int step = 0; step < 30; step++) {
            for (Path side : List.of(source, workspace)) {
                for (int i = 0; i < 3; i++) {
                    String name = List.of("a", "b/c", "b/d/e", "f g", "h").get(random.nextInt(5));
                    if (random.nextInt(3) == 0) {
                        Files.deleteIfExists(side.resolve(name));
                    } else {
                        Trees.write(side, name, "v" + random.nextInt(3));
                    }
                }
            }
            tree = layOut(tree);
            assertThat(Trees.content(workspace)).isEqualTo(Trees.content(source));
        }
    }

    /** A record by which the file system says that nothing was changed, although something was. */
    private LaidOutTree asIfUnchanged(LaidOutTree laidOut, boolean vouched, ClockMark mark) throws Exception {
        Map<String, LaidOutTree.Standing> entries = new ConcurrentHashMap<>();
        Map<String, FileStamp> directories = new ConcurrentHashMap<>();
        for (Manifest.Entry entry : laidOut.manifest().entries()) {
            entries.put(entry.path(), new LaidOutTree.Standing(entry, FileStamp.of(workspace.resolve(entry.path()))));
        }
        for (String path : laidOut.manifest().directories()) {
            directories.put(path, FileStamp.of(workspace.resolve(path)));
        }
        return new LaidOutTree(laidOut.manifest(), FileStamp.of(workspace), entries, directories, vouched, mark);
    }

    @Test
    void whereTheFileSystemDoesNotVouchForItEveryFileIsRead() throws Exception {
        LaidOutTree first = layOut(null);
        Files.writeString(workspace.resolve("plain.txt"), "PLAIN");

        layOut(asIfUnchanged(first, false, ClockMark.now()));

        assertThatTheTreeIsThere();
    }

    @Test
    void afterTheClockWasSetBackEveryFileIsRead() throws Exception {
        LaidOutTree first = layOut(null);
        Files.writeString(workspace.resolve("plain.txt"), "PLAIN");
        ClockMark now = ClockMark.now();

        layOut(asIfUnchanged(first, true, new ClockMark(now.wall() + 3_600_000, now.steady(), now.boot())));

        assertThatTheTreeIsThere();
    }

    @Test
    void elseTheStampIsBelieved() throws Exception {
        LaidOutTree first = layOut(null);
        Files.writeString(workspace.resolve("plain.txt"), "PLAIN");

        layOut(asIfUnchanged(first, true, ClockMark.now()));

        assertThat(workspace.resolve("plain.txt")).hasContent("PLAIN");
    }

    @Test
    void aRecordOfAnotherDirectoryIsNotUsed() throws Exception {
        LaidOutTree first = layOut(null);
        Path other = directory.resolve("other");
        Files.move(workspace, other);
        Files.createDirectory(workspace);
        Trees.write(workspace, "litter", "x");

        TreeLayout layout = layout(first);
        layout.needed();
        assertThat(layout.kept()).isZero();
        assertThat(layout.layOut()).isEmpty();

        assertThatTheTreeIsThere();
        assertThatThrownBy(() -> TreeLayout.tidy(directory.resolve("source"), first))
                .isInstanceOf(IOException.class)
                .hasMessageContaining("source");
    }

    /** Whatever was begun: the record is of what was there before, and what does not fit it any more goes. */
    @Test
    void aLayoutThatEndedInTheMiddleDoesNoHarm() throws Exception {
        LaidOutTree first = layOut(null);
        Trees.write(source, "plain.txt", "PLAIN");
        Trees.write(source, "new/file", "x");
        Files.delete(workspace.resolve("same1"));
        layout(first).needed();
        Trees.write(workspace, "new/file", "half of");

        layOut(first);

        assertThatTheTreeIsThere();
    }

    @Test
    void theTimesOfTheSourceAreKeptWhereTheyAreKnown() throws Exception {
        Manifest manifest = TreeDigest.scan(source, ExcludePatterns.none(), null);
        Workspaces.Content content = Workspaces.Content.of(source);
        TreeLayout first = new TreeLayout(workspace, null, manifest, content);
        first.needed();
        assertThat(first.layOut()).isEmpty();
        LaidOutTree tree = first.done();
        FileTime time = FileTime.fromMillis(1_000_000_000_000L);
        Files.setLastModifiedTime(source.resolve("plain.txt"), time);

        TreeLayout second = new TreeLayout(workspace, tree, manifest, content);
        second.needed();
        assertThat(second.layOut()).isEmpty();

        assertThat(Files.getLastModifiedTime(workspace.resolve("plain.txt"))).isEqualTo(time);
        assertThat(second.kept()).isPositive();
    }

    @Test
    void aFileSystemThatHidesWritesThroughMappingsIsFoundOut() throws Exception {
        Path memory = Path.of("/dev/shm");
        Assumptions.assumeTrue(
                Files.isWritable(memory) && Files.getFileStore(memory).type().equals("tmpfs"), "no tmpfs here");
        Path there = Files.createTempDirectory(memory, "distributed-test");
        try {
            boolean shows = ChangeProbe.shows(there, 0, true);
            assertThat(ChangeProbe.shows(there, 0, false)).isTrue();
            // What it says is what happens: a mapped write either leaves the stamp or not.
            Path file = Files.writeString(there.resolve("file"), "x");
            FileStamp before = FileStamp.of(file);
            ChangeProbe.shows(there, before.changed(), false); // its clock has ticked then
            try (var channel = FileChannel.open(file, StandardOpenOption.READ, StandardOpenOption.WRITE)) {
                channel.map(FileChannel.MapMode.READ_WRITE, 0, 1).put(0, (byte) 'y');
            }
            assertThat(FileStamp.of(file).equals(before)).isEqualTo(!shows);
        } finally {
            DirectoryTree.delete(there);
        }
    }

    @Test
    void timesOfTheFutureAreNotVouchedFor() {
        long now = System.currentTimeMillis() * 1_000_000;
        assertThat(ChangeProbe.shows(directory, now + 3_600_000_000_000L, false))
                .isFalse();
        assertThat(ChangeProbe.shows(directory.resolve("nowhere"), 0, false)).isFalse();
        assertThat(directory).isDirectoryNotContaining(one -> one.toString().contains(".distributed-test-"));
    }

    @Test
    void theClockIsSoundUnlessItWasSetBack() {
        ClockMark mark = new ClockMark(1_000_000, 5_000, "boot");
        assertThat(mark.isSoundUntil(new ClockMark(1_060_000, 65_000, "boot"))).isTrue();
        assertThat(mark.isSoundUntil(new ClockMark(1_059_000, 65_000, "boot"))).isFalse();
        // Suspended, or set forward.
        assertThat(mark.isSoundUntil(new ClockMark(9_000_000, 65_000, "boot"))).isTrue();
        assertThat(mark.isSoundUntil(new ClockMark(1_000_001, 10, "later"))).isTrue();
        assertThat(mark.isSoundUntil(new ClockMark(999_999, 10, "later"))).isFalse();
        assertThat(mark.isSoundUntil(new ClockMark(999_999, 10, ""))).isFalse();
    }
}
