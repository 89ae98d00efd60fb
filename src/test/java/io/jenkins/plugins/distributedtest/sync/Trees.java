package io.jenkins.plugins.distributedtest.sync;

import io.jenkins.plugins.distributedtest.files.Sha256;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.Random;
import java.util.TreeMap;
import java.util.stream.Stream;

/** Source trees for tests. */
final class Trees {
    private Trees() {}

    /** Writes a file, with the directories above it. */
    static Path write(Path tree, String path, String content) throws IOException {
        Path file = tree.resolve(path);
        Files.createDirectories(file.getParent());
        return Files.writeString(file, content);
    }

    /** Writes a file of bytes that do not compress. */
    static void writeRandom(Path tree, String path, long size, int seed) throws IOException {
        Path file = tree.resolve(path);
        Files.createDirectories(file.getParent());
        Random random = new Random(seed);
        byte[] block = new byte[1 << 20];
        try (var out = Files.newOutputStream(file)) {
            for (long left = size; left > 0; left -= block.length) {
                random.nextBytes(block);
                out.write(block, 0, (int) Math.min(left, block.length));
            }
        }
    }

    /** A tree with everything that is awkward: names, executables, links, empty files and directories. */
    static Path awkward(Path tree) throws IOException {
        write(tree, "plain.txt", "plain");
        write(tree, "empty", "");
        write(tree, "dir/with space/it's \"quoted\".rb", "quotes");
        write(tree, "-rf", "leading dash");
        write(tree, "dir/--delete", "leading dashes");
        write(tree, "ünïcödé/日本語/🎉.txt", "unicode");
        write(tree, "new\nline", "a name with a line feed");
        write(tree, "tab\tback\\slash", "more of that");
        write(tree, "$(touch pwned);`id`*?[a]", "for a shell");
        write(tree, "same1", "the same content");
        write(tree, "same2", "the same content");
        Files.setPosixFilePermissions(
                write(tree, "bin/run", "#!/bin/sh\n"), PosixFilePermissions.fromString("rwxr-xr-x"));
        Files.createSymbolicLink(tree.resolve("link"), Path.of("plain.txt"));
        Files.createSymbolicLink(tree.resolve("dir/up"), Path.of("../plain.txt"));
        Files.createSymbolicLink(tree.resolve("dangling"), Path.of("nowhere/at all"));
        Files.createSymbolicLink(tree.resolve("linked-dir"), Path.of("dir"));
        Files.createDirectories(tree.resolve("void/of/content"));
        return tree;
    }

    /** What a tree holds, in a form to compare: content or target by path, with an x for executables. */
    static TreeMap<String, String> content(Path tree) {
        TreeMap<String, String> all = new TreeMap<>();
        try (Stream<Path> files = Files.walk(tree)) {
            for (Path file : files.toList()) {
                String path = tree.relativize(file).toString();
                if (Files.isSymbolicLink(file)) {
                    all.put(path, "-> " + Files.readSymbolicLink(file));
                } else if (Files.isRegularFile(file, LinkOption.NOFOLLOW_LINKS)) {
                    all.put(path, (Files.isExecutable(file) ? "x " : "f ") + sha(file));
                } else {
                    all.put(path, "directory");
                }
            }
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        return all;
    }

    private static String sha(Path file) throws IOException {
        byte[] bytes = Files.readAllBytes(file);
        return Sha256.of(bytes, 0, bytes.length).toString();
    }
}
