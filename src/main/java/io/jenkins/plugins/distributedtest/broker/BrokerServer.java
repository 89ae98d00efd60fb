package io.jenkins.plugins.distributedtest.broker;

import io.jenkins.plugins.distributedtest.amqp.BrokerAddress;
import io.jenkins.plugins.distributedtest.amqp.BrokerFile;
import io.jenkins.plugins.distributedtest.files.OwnerOnly;
import io.jenkins.plugins.distributedtest.tls.KeyAndCertificate;
import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.UnknownHostException;
import java.nio.channels.FileChannel;
import java.nio.channels.FileLock;
import java.nio.channels.OverlappingFileLockException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.Objects;

/**
 * The embedded broker as a server of its own, with a data directory. What it keeps there is not messages but its
 * {@linkplain #URI_FILE address with name and password}, its port and its certificate, in files that only the owner can
 * read: so listeners that know it can log in again after a restart, and a user of the same machine needs to type
 * nothing. One server at a time uses a data directory.
 */
public final class BrokerServer implements AutoCloseable {
    /** The file in the data directory: one line, the URI of the broker, with the password. */
    public static final String URI_FILE = "broker.uri";

    private static final String PORT_FILE = "broker.port";
    private static final String LOCK_FILE = "broker.lock";

    private final EmbeddedBroker broker;
    private final BrokerAddress address;
    private final Path uriFile;
    private final FileChannel lock;

    /**
     * How to run it.
     *
     * @param host address to listen at; {@code 127.0.0.1} unless other hosts shall reach it
     * @param port port; 0 for the one it had last time if that is free, or else any free one
     * @param publicHost name or address by which clients reach it; null for the host itself, or this machine's name if
     *     it listens at all addresses
     * @param username name to log in with; null for the kept or default one
     * @param password password, which is then not kept; null for the kept one, or else a generated one that is kept
     * @param tls whether to speak TLS, with a certificate that it makes and keeps
     * @param certificate what to show instead of a certificate of its own; null for none. Asks for TLS as well
     */
    public record Options(
            String host,
            int port,
            String publicHost,
            String username,
            String password,
            boolean tls,
            KeyAndCertificate certificate) {
        /** Checks that there is a host. */
        public Options {
            Objects.requireNonNull(host, "host");
        }

        /** Without TLS, and everything else as it is by default. */
        public static Options plain(String host, int port) {
            return new Options(host, port, null, null, null, false, null);
        }

        /** With TLS and a certificate of its own, and everything else as it is by default. */
        public static Options withTls(String host, int port) {
            return new Options(host, port, null, null, null, true, null);
        }

        /** Leaves the password out. */
        @Override
        public String toString() {
            return username + "@" + host + ":" + port + (tls ? " with TLS" : "");
        }
    }

    private BrokerServer(EmbeddedBroker broker, BrokerAddress address, Path uriFile, FileChannel lock) {
        this.broker = broker;
        this.address = address;
        this.uriFile = uriFile;
        this.lock = lock;
    }

    /**
     * Starts the broker. It has the name and the password that are kept in the data directory, if there are any and no
     * others are given; else it gets a generated password, which is then kept.
     *
     * @param dataDirectory made if it is missing
     * @param options how to run it
     * @throws IOException if the port is in use (names it and the way out), or the data directory cannot be used
     */
    public static BrokerServer start(Path dataDirectory, Options options) throws IOException {
        OwnerOnly.createDirectory(dataDirectory);
        FileChannel lock = lock(dataDirectory);
        EmbeddedBroker broker = null;
        try {
            Path uriFile = dataDirectory.resolve(URI_FILE);
            broker = EmbeddedBroker.start(embedded(dataDirectory, uriFile, options));
            BrokerAddress address = broker.address().withHost(publicHost(options));
            OwnerOnly.write(dataDirectory.resolve(PORT_FILE), address.port() + "\n");
            if (options.password() == null) {
                BrokerFile.write(uriFile, address);
            }
            return new BrokerServer(broker, address, uriFile, lock);
        } catch (IOException | RuntimeException e) {
            if (broker != null) {
                broker.close();
            }
            lock.close();
            throw e;
        }
    }

    private static FileChannel lock(Path dataDirectory) throws IOException {
        FileChannel channel =
                FileChannel.open(dataDirectory.resolve(LOCK_FILE), StandardOpenOption.CREATE, StandardOpenOption.WRITE);
        try {
            FileLock taken = channel.tryLock();
            if (taken != null) {
                return channel;
            }
        } catch (OverlappingFileLockException e) {
            // Another server of this very process has it.
        } catch (IOException e) {
            channel.close();
            throw e;
        }
        channel.close();
        throw new IOException("Another broker runs with the data directory " + dataDirectory
                + ": stop it, or choose another data directory");
    }

    private static EmbeddedBroker.Options embedded(Path dataDirectory, Path uriFile, Options options)
            throws IOException {
        BrokerAddress kept = Files.exists(uriFile) ? read(uriFile) : null;
        String username = options.username() != null
                ? options.username()
                : kept != null ? kept.username() : EmbeddedBroker.Options.DEFAULT.username();
        String password = options.password() != null ? options.password() : kept != null ? kept.password() : null;
        KeyAndCertificate certificate = options.certificate() == null && options.tls()
                ? OwnCertificate.in(dataDirectory)
                : options.certificate();
        int port = options.port() != 0 ? options.port() : lastPort(dataDirectory, options.host());
        return new EmbeddedBroker.Options(options.host(), port, username, password, certificate);
    }

    /** The port it had last time if it is free; else 0, for any. */
    private static int lastPort(Path dataDirectory, String host) throws IOException {
        Path file = dataDirectory.resolve(PORT_FILE);
        if (!Files.exists(file)) {
            return 0;
        }
        String text = Files.readString(file).strip();
        if (!text.matches("[0-9]{1,5}") || Integer.parseInt(text) > 65_535) {
            throw new IOException(file + " holds no port: remove it");
        }
        int port = Integer.parseInt(text);
        try (ServerSocket probe = new ServerSocket(port, 1, InetAddress.getByName(host))) {
            return probe.getLocalPort();
        } catch (IOException e) {
            return 0;
        }
    }

    private static BrokerAddress read(Path uriFile) throws IOException {
        try {
            return BrokerFile.read(uriFile);
        } catch (IOException e) {
            throw new IOException(e.getMessage() + "; or remove it to have a new password generated", e);
        }
    }

    private static String publicHost(Options options) throws IOException {
        if (options.publicHost() != null) {
            return options.publicHost();
        }
        if (!InetAddress.getByName(options.host()).isAnyLocalAddress()) {
            return options.host();
        }
        try {
            return InetAddress.getLocalHost().getHostName();
        } catch (UnknownHostException e) {
            return "localhost";
        }
    }

    /** Where clients reach it, and how to log in. With TLS the fingerprint of its certificate is in it. */
    public BrokerAddress address() {
        return address;
    }

    /** The file that holds the address, unless the password was given. */
    public Path uriFile() {
        return uriFile;
    }

    /** Stops it, within {@link EmbeddedBroker#CLOSE_TIMEOUT}; the files stay. Harmless when repeated. */
    @Override
    public void close() {
        broker.close();
        try {
            lock.close();
        } catch (IOException e) {
            // The lock goes with the process at the latest.
        }
    }
}
