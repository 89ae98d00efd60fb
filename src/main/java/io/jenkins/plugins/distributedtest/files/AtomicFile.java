package io.jenkins.plugins.distributedtest.files;

import java.io.BufferedOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.file.AtomicMoveNotSupportedException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.util.Objects;
import java.util.UUID;

/**
 * Writes a file so that a reader sees the old content or the new one, never a half: into a temporary file beside it,
 * which then takes its name. A target that exists and is not a regular file (a pipe, {@code /dev/stdout}) is written
 * to directly; of a symbolic link the file it points to is replaced, not the link.
 */
public final class AtomicFile {
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
     * Writes a file, making missing directories above it.
     *
     * @param target the file
     * @param content what it is to hold
     * @throws IOException if it cannot be written; the old content then stays
     */
    public static void write(Path target, Content content) throws IOException {
        Path file = Files.exists(target) ? target.toRealPath() : target.toAbsolutePath();
        if (Files.exists(file) && !Files.isRegularFile(file)) {
            if (Files.isDirectory(file)) {
                throw new IOException("Cannot write " + target + ": it is a directory");
            }
            writeDirectly(file, content);
            return;
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
