package io.jenkins.plugins.distributedtest.amqp;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.attribute.FileAttribute;
import java.nio.file.attribute.PosixFilePermission;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.Set;

/**
 * The embedded broker as a server of its own, with a data directory. What it keeps there is not messages but its
 * {@linkplain #URI_FILE address with name and password}, in a file that only the owner can read: so listeners that know
 * it can log in again after a restart, and a user of the same machine needs to type nothing.
 */
public final class BrokerServer implements AutoCloseable {
    /** The file in the data directory: one line, the URI of the broker, with the password. */
    public static final String URI_FILE = "broker.uri";

    private static final Set<PosixFilePermission> OWNER_ONLY = PosixFilePermissions.fromString("rw-------");
    private static final Set<PosixFilePermission> OWNER_ONLY_DIRECTORY = PosixFilePermissions.fromString("rwx------");

    private final EmbeddedBroker broker;
    private final Path uriFile;

    private BrokerServer(EmbeddedBroker broker, Path uriFile) {
        this.broker = broker;
        this.uriFile = uriFile;
    }

    /**
     * Starts the broker. It has the name and the password that are kept in the data directory, if there are any; else
     * it gets a generated password, which is then kept.
     *
     * @param dataDirectory made if it is missing
     * @param host address to listen at; {@code 127.0.0.1} unless other hosts shall reach it
     * @param port port; 0 for the one it had last time, or else any free one
     * @throws IOException if the port is in use (names it and the way out), or the data directory cannot be used
     */
    public static BrokerServer start(Path dataDirectory, String host, int port) throws IOException {
        makeDirectory(dataDirectory);
        Path uriFile = dataDirectory.resolve(URI_FILE);
        BrokerAddress kept = Files.exists(uriFile) ? read(uriFile) : null;
        EmbeddedBroker broker = EmbeddedBroker.start(new EmbeddedBroker.Options(
                host,
                port != 0 || kept == null ? port : kept.port(),
                kept == null ? EmbeddedBroker.Options.DEFAULT.username() : kept.username(),
                kept == null ? null : kept.password()));
        try {
            write(uriFile, broker.address());
        } catch (IOException | RuntimeException e) {
            broker.close();
            throw e;
        }
        return new BrokerServer(broker, uriFile);
    }

    /**
     * Reads the address that a server keeps in its data directory.
     *
     * @throws IOException if it cannot be read, is not an address, or others than its owner can read it
     */
    public static BrokerAddress read(Path uriFile) throws IOException {
        if (posix(uriFile)) {
            Set<PosixFilePermission> permissions = Files.getPosixFilePermissions(uriFile);
            if (!OWNER_ONLY.containsAll(permissions)) {
                throw new IOException(uriFile + " holds a password, but others can read it ("
                        + PosixFilePermissions.toString(permissions) + "): chmod 600 " + uriFile
                        + ", or remove it to have a new password generated");
            }
        }
        try {
            return BrokerAddress.parse(Files.readString(uriFile).strip());
        } catch (IllegalArgumentException e) {
            throw new IOException(uriFile + ": " + e.getMessage() + "; remove it to have it made anew", e);
        }
    }

    /** Written beside and moved into place, so that it is never half there nor readable for others. */
    private static void write(Path uriFile, BrokerAddress address) throws IOException {
        Path next = Files.createTempFile(uriFile.getParent(), URI_FILE, null, ownerOnly(uriFile.getParent(), OWNER_ONLY));
        try {
            Files.writeString(next, address.toSecretUri() + "\n");
            Files.move(next, uriFile, StandardCopyOption.ATOMIC_MOVE, StandardCopyOption.REPLACE_EXISTING);
        } finally {
            Files.deleteIfExists(next);
        }
    }

    private static void makeDirectory(Path directory) throws IOException {
        if (!Files.isDirectory(directory)) {
            Path parent = directory.toAbsolutePath().getParent();
            Files.createDirectories(parent);
            Files.createDirectory(directory, ownerOnly(parent, OWNER_ONLY_DIRECTORY));
        }
    }

    private static FileAttribute<?>[] ownerOnly(Path place, Set<PosixFilePermission> permissions) throws IOException {
        return posix(place)
                ? new FileAttribute<?>[] {PosixFilePermissions.asFileAttribute(permissions)}
                : new FileAttribute<?>[0];
    }

    private static boolean posix(Path path) throws IOException {
        return Files.getFileStore(path).supportsFileAttributeView("posix");
    }

    /** Where it is, and how to log in. */
    public BrokerAddress address() {
        return broker.address();
    }

    /** The file that holds the address. */
    public Path uriFile() {
        return uriFile;
    }

    /** Stops it, within {@link EmbeddedBroker#CLOSE_TIMEOUT}; the file stays. Harmless when repeated. */
    @Override
    public void close() {
        broker.close();
    }
}
