package io.jenkins.plugins.distributedtest.files;

import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.BasicFileAttributes;
import org.jspecify.annotations.Nullable;

/**
 * Files at paths where others can write: what is there may be a link, or a pipe that blocks who opens it, without end.
 */
public final class PlainFile {
    private PlainFile() {}

    /**
     * Opens a file for reading, if it is a regular one.
     *
     * @return null if there is none, or something else: a link, a pipe, a device, a directory
     * @throws IOException if it cannot be read
     */
    public static @Nullable InputStream read(Path file) throws IOException {
        return Files.isRegularFile(file, LinkOption.NOFOLLOW_LINKS)
                ? Files.newInputStream(file, LinkOption.NOFOLLOW_LINKS)
                : null;
    }

    /**
     * Opens a file for reading, if it is a regular one or a link to one.
     *
     * @throws NoSuchFileException if there is none
     * @throws IOException if there is something else, which is not opened, or it cannot be read; names it
     */
    public static InputStream open(Path file) throws IOException {
        if (!Files.readAttributes(file, BasicFileAttributes.class).isRegularFile()) {
            throw new IOException(file + " is no regular file");
        }
        return Files.newInputStream(file);
    }

    /**
     * What a file holds that is a regular one, or a link to one.
     *
     * @param most how many bytes it may hold; less than the highest number there is
     * @throws NoSuchFileException if there is none
     * @throws IOException if there is something else, which is not opened, it is longer, or it cannot be read; names it
     */
    public static byte[] bytes(Path file, int most) throws IOException {
        try (InputStream in = open(file)) {
            byte[] bytes = in.readNBytes(most + 1);
            if (bytes.length > most) {
                throw new IOException(file + " is longer than " + most + " bytes");
            }
            return bytes;
        }
    }

    /** The same as a text; what is no UTF-8 in it is replaced. */
    public static String text(Path file, int most) throws IOException {
        return new String(bytes(file, most), StandardCharsets.UTF_8);
    }

    /**
     * Makes a new file in place of whatever is there, which is removed and never opened.
     *
     * @throws IOException if it cannot be made
     */
    public static OutputStream anew(Path file) throws IOException {
        DirectoryTree.delete(file);
        return Files.newOutputStream(file, StandardOpenOption.CREATE_NEW, StandardOpenOption.WRITE);
    }
}
