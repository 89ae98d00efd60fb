package io.jenkins.plugins.distributedtest.files;

import java.io.IOException;
import java.nio.file.FileSystems;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.attribute.FileAttribute;
import java.nio.file.attribute.PosixFilePermission;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.Set;

/**
 * Files and directories for their owner alone: secrets, and what other users of the host have no business in. Where
 * the file system knows no such permissions (Windows), they get what their directory gives.
 */
public final class OwnerOnly {
    private static final Set<PosixFilePermission> FILE = PosixFilePermissions.fromString("rw-------");
    private static final Set<PosixFilePermission> DIRECTORY = PosixFilePermissions.fromString("rwx------");

    private OwnerOnly() {}

    /**
     * Writes a file beside its place and moves it there, so that it is never half there nor readable for others.
     *
     * @throws IOException if it cannot be written; what was there before then stays
     */
    public static void write(Path file, String text) throws IOException {
        Path directory = file.toAbsolutePath().getParent();
        Path next = Files.createTempFile(directory, "." + file.getFileName(), null, attributes(FILE));
        try {
            Files.writeString(next, text);
            Files.move(next, file, StandardCopyOption.ATOMIC_MOVE, StandardCopyOption.REPLACE_EXISTING);
        } finally {
            Files.deleteIfExists(next);
        }
    }

    /**
     * Makes a directory that only its owner can enter, and the missing ones above it as usual. One that exists is left
     * as it is.
     *
     * @throws IOException if it cannot be made
     */
    public static void createDirectory(Path directory) throws IOException {
        if (!Files.isDirectory(directory)) {
            Files.createDirectories(directory.toAbsolutePath().getParent());
            Files.createDirectories(directory, attributes(DIRECTORY));
        }
    }

    /**
     * Refuses a file that holds a secret and that others than its owner can read or write.
     *
     * @param holds what it holds, for the message, such as "a password"
     * @throws IOException if others can, or if that cannot be found out; names the file and the way out
     */
    public static void check(Path file, String holds) throws IOException {
        if (posix()) {
            Set<PosixFilePermission> permissions = Files.getPosixFilePermissions(file);
            if (!FILE.containsAll(permissions)) {
                throw new IOException(file + " holds " + holds + ", but others can read it ("
                        + PosixFilePermissions.toString(permissions) + "): chmod 600 " + file);
            }
        }
    }

    private static FileAttribute<?>[] attributes(Set<PosixFilePermission> permissions) {
        return posix()
                ? new FileAttribute<?>[] {PosixFilePermissions.asFileAttribute(permissions)}
                : new FileAttribute<?>[0];
    }

    private static boolean posix() {
        return FileSystems.getDefault().supportedFileAttributeViews().contains("posix");
    }
}
