package io.jenkins.plugins.distributedtest.amqp;

import io.jenkins.plugins.distributedtest.files.OwnerOnly;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;

/**
 * A file for its owner alone with the URI of a broker, password included, in one line. A password in a file is seen by
 * nobody who lists processes and their environments.
 */
public final class BrokerFile {
    private BrokerFile() {}

    /**
     * Reads the address of a broker.
     *
     * @throws IOException if the file cannot be read, holds no address, or others than its owner can read it; names the
     *     file, not the password
     */
    public static BrokerAddress read(Path file) throws IOException {
        OwnerOnly.check(file, "a password");
        try {
            return BrokerAddress.parse(Files.readString(file).strip());
        } catch (IllegalArgumentException e) {
            throw new IOException(file + ": " + e.getMessage(), e);
        }
    }

    /** Writes the address of a broker, so that {@link #read} finds it whole or not at all. */
    public static void write(Path file, BrokerAddress address) throws IOException {
        OwnerOnly.write(file, address.toSecretUri() + "\n");
    }
}
