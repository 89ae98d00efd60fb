package io.jenkins.plugins.distributedtest.amqp;

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
 * Files for their owner alone: the URI of a broker, with its password, in one line, and whatever else is secret. A
 * password in a file is seen by nobody who lists processes and their environments.
 */
public final class BrokerFile {
    private static final Set<PosixFilePermission> OWNER_ONLY = PosixFilePermissions.fromString("rw-------");
    private static final Set<PosixFilePermission> OWNER_ONLY_DIRECTORY = PosixFilePermissions.fromString("rwx------");

    private BrokerFile() {}

    /**
     * Reads the address of a broker.
     *
     * @throws IOException if the file cannot be read, holds no address, or others than its owner can read it; names the
     *     file, not the password
     */
    public static BrokerAddress read(Path file) throws IOException {
        if (posix()) {
            Set<PosixFilePermission> permissions = Files.getPosixFilePermissions(file);
            if (!OWNER_ONLY.containsAll(permissions)) {
                throw new IOException(file + " holds a password, but others can read it ("
                        + PosixFilePermissions.toString(permissions) + "): chmod 600 " + file);
            }
        }
        try {
            return BrokerAddress.parse(Files.readString(file).strip());
        } catch (IllegalArgumentException e) {
            throw new IOException(file + ": " + e.getMessage(), e);
        }
    }

    /** Writes the address of a broker, so that {@link #read} finds it whole or not at all. */
    public static void write(Path file, BrokerAddress address) throws IOException {
        writeSecret(file, address.toSecretUri() + "\n");
    }

    /** Written beside and moved into place, so that it is never half there nor readable for others. */
    static void writeSecret(Path file, String text) throws IOException {
        Path directory = file.toAbsolutePath().getParent();
        Path next = Files.createTempFile(directory, "." + file.getFileName(), null, ownerOnly(OWNER_ONLY));
        try {
            Files.writeString(next, text);
            Files.move(next, file, StandardCopyOption.ATOMIC_MOVE, StandardCopyOption.REPLACE_EXISTING);
        } finally {
            Files.deleteIfExists(next);
        }
    }

    /** Makes a directory that only its owner can look into; leaves one alone that is there. */
    static void makeDirectory(Path directory) throws IOException {
        if (!Files.isDirectory(directory)) {
            Files.createDirectories(directory.toAbsolutePath().getParent());
            Files.createDirectory(directory, ownerOnly(OWNER_ONLY_DIRECTORY));
        }
    }

    private static FileAttribute<?>[] ownerOnly(Set<PosixFilePermission> permissions) {
        return posix()
                ? new FileAttribute<?>[] {PosixFilePermissions.asFileAttribute(permissions)}
                : new FileAttribute<?>[0];
    }

    private static boolean posix() {
        return FileSystems.getDefault().supportedFileAttributeViews().contains("posix");
    }
}
