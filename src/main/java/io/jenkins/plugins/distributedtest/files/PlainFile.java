package io.jenkins.plugins.distributedtest.files;

import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
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
     * Makes a new file in place of whatever is there, which is removed and never opened.
     *
     * @throws IOException if it cannot be made
     */
    public static OutputStream anew(Path file) throws IOException {
        DirectoryTree.delete(file);
        return Files.newOutputStream(file, StandardOpenOption.CREATE_NEW, StandardOpenOption.WRITE);
    }
}
