package io.jenkins.plugins.distributedtest.files;

import java.io.BufferedOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.file.AtomicMoveNotSupportedException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.util.Collection;
import java.util.Objects;
import java.util.Set;
import java.util.UUID;
import java.util.stream.Collectors;

/**
 * Writes a file so that a reader sees the old content or the new one, never a half: into a temporary file beside it,
 * which then takes its name. Of a symbolic link the file it points to is replaced, not the link. A device ({@code
 * /dev/null}, a terminal) is written to directly. A pipe is replaced by the file, too, since whatever has run before may
 * have left it, and nobody reads from it: unless it was there beforehand and is said to be meant.
 */
public final class AtomicFile {
    /** Of a mode, the type of the file, and a pipe's. */
    private static final int TYPE = 0170000;

    private static final int PIPE = 0010000;

    private AtomicFile() {}

    /** Writes content. */
    @FunctionalInterface
    public interface Content {
        /**
         * @param out where to write; buffered, closed by the caller
         * @throws IOException if writing fails
         */
        void writeTo(OutputStream out) throws IOException;
    }

    /**
     * Which of some targets are pipes now, such as those that a shell makes of {@code >(…)}: before anything runs, they are
     * its user's.
     */
    public static Set<Path> pipes(Collection<Path> targets) {
        return targets.stream().filter(AtomicFile::isPipe).collect(Collectors.toUnmodifiableSet());
    }

    private static boolean isPipe(Path target) {
        try {
            int mode = Files.exists(target) && !Files.isRegularFile(target)
                    ? (Integer) Files.getAttribute(target, "unix:mode")
                    : 0;
            return (mode & TYPE) == PIPE;
        } catch (IOException | UnsupportedOperationException e) {
            return false;
        }
    }

    /**
     * Writes a file, making missing directories above it.
     *
     * @param target the file
     * @param content what it is to hold
     * @throws IOException if it cannot be written; the old content then stays
     */
    public static void write(Path target, Content content) throws IOException {
        write(target, content, Set.of());
    }

    /**
     * Writes a file that may be a pipe which somebody reads from.
     *
     * @param meant the pipes that may be opened; the others as above
     */
    public static void write(Path target, Content content, Set<Path> meant) throws IOException {
        if (meant.contains(target)) {
            writeDirectly(target, content);
            return;
        }
        Path file = Files.exists(target) ? target.toRealPath() : target.toAbsolutePath();
        if (Files.exists(file) && !Files.isRegularFile(file)) {
            if (Files.isDirectory(file)) {
                throw new IOException("Cannot write " + target + ": it is a directory");
            }
            if (!isPipe(file)) {
                writeDirectly(file, content);
                return;
            }
        }
        Path directory = Objects.requireNonNull(file.getParent(), "the root is a directory");
        Files.createDirectories(directory);
        Path temporary = directory.resolve("." + file.getFileName() + "." + UUID.randomUUID() + ".tmp");
        try {
            try (OutputStream out = new BufferedOutputStream(
                    Files.newOutputStream(temporary, StandardOpenOption.CREATE_NEW, StandardOpenOption.WRITE))) {
                content.writeTo(out);
            }
            move(temporary, file);
        } finally {
            Files.deleteIfExists(temporary);
        }
    }

    private static void writeDirectly(Path file, Content content) throws IOException {
        try (OutputStream out = new BufferedOutputStream(Files.newOutputStream(file, StandardOpenOption.WRITE))) {
            content.writeTo(out);
        }
    }

    private static void move(Path from, Path to) throws IOException {
        try {
            Files.move(from, to, StandardCopyOption.ATOMIC_MOVE);
        } catch (AtomicMoveNotSupportedException e) {
            Files.move(from, to, StandardCopyOption.REPLACE_EXISTING);
        }
    }
}
