package io.jenkins.plugins.distributedtest.files;

import java.io.IOException;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.FileSystems;
import java.nio.file.Files;
import java.nio.file.LinkOption;
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

    private static final Set<PosixFilePermission> OTHERS_WRITE =
            Set.of(PosixFilePermission.GROUP_WRITE, PosixFilePermission.OTHERS_WRITE);

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
     * Makes a directory where others may have put one of that name before us, or takes ours that is there: afterwards it
     * belongs to this user, and nobody else can write to it. What another user put there must not be run.
     *
     * @param mend whether one that others could write to until now is closed to them, instead of being refused
     * @throws IOException if it cannot be made, belongs to another user, or others could write to it
     */
    public static Path claim(Path directory, boolean mend) throws IOException {
        Files.createDirectories(directory.toAbsolutePath().getParent());
        try {
            Files.createDirectory(directory, attributes(DIRECTORY));
        } catch (FileAlreadyExistsException e) {
            if (!Files.isDirectory(directory, LinkOption.NOFOLLOW_LINKS)) {
                throw e;
            }
        }
        Path probe = Files.createTempDirectory(directory, "new-");
        try {
            if (!Files.getOwner(probe).equals(Files.getOwner(directory, LinkOption.NOFOLLOW_LINKS))) {
                throw new IOException(directory + " belongs to another user");
            }
        } finally {
            Files.delete(probe);
        }
        if (posix() && Files.getPosixFilePermissions(directory).stream().anyMatch(OTHERS_WRITE::contains)) {
            if (!mend) {
                throw new IOException(directory + " can be written to by other users");
            }
            Files.setPosixFilePermissions(directory, DIRECTORY);
        }
        return directory;
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
