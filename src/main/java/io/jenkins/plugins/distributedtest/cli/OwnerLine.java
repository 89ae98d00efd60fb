package io.jenkins.plugins.distributedtest.cli;

import io.jenkins.plugins.distributedtest.amqp.BrokerAddress;
import io.jenkins.plugins.distributedtest.amqp.OwnerSocket;
import io.jenkins.plugins.distributedtest.loop.DaemonThreads;
import java.io.Closeable;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.nio.channels.SocketChannel;
import java.nio.file.Path;
import java.util.concurrent.Semaphore;

/**
 * A listener's end of its {@link OwnerSocket}. It learns from there where the broker is. One that only its owner reaches
 * gets a port of the loopback address here, from which each connection goes on through the socket.
 */
final class OwnerLine implements Closeable {
    /** What the hidden option {@code --owner-socket} means. */
    static final String OPTION =
            "Learn from this socket where the broker is, and end when it is closed; with --only-run.";

    /** A listener has a few. */
    private static final int MOST = 64;

    private static final int CHUNK = 16 << 10;

    private final Path file;
    private final String listenerId;
    private final SocketChannel own;
    private final Semaphore free = new Semaphore(MOST);
    private final ServerSocket server;
    private final BrokerAddress broker;
    /** Opens the run's secret variables; null if it has none. */
    private final String key;

    private OwnerLine(Path file, String listenerId, SocketChannel own) throws IOException {
        this.file = file;
        this.listenerId = listenerId;
        this.own = own;
        String answer = OwnerSocket.readLine(own);
        String[] words = answer.split(" ", OwnerSocket.WORDS);
        String way = words[0];
        BrokerAddress told = BrokerAddress.parse(words.length > 1 ? words[1] : "");
        key = words.length == OwnerSocket.WORDS ? words[2] : null;
        if (way.equals(OwnerSocket.CARRIED)) {
            server = new ServerSocket(0, MOST, InetAddress.getLoopbackAddress());
            broker = told.withPlace("127.0.0.1", server.getLocalPort());
        } else if (way.equals(OwnerSocket.DIRECT)) {
            server = null;
            broker = told;
        } else {
            throw new IOException("its answer is not of this version of the program");
        }
    }

    /**
     * Connects.
     *
     * @param file the socket
     * @param listenerId the listener's id
     * @throws CliException if there is nobody at the other end
     */
    static OwnerLine open(Path file, String listenerId) throws CliException {
        SocketChannel own = null;
        try {
            own = OwnerSocket.connect(file, OwnerSocket.OWN, listenerId);
            OwnerLine line = new OwnerLine(file, listenerId, own);
            if (line.server != null) {
                DaemonThreads.start("owner-carrier", line::accept);
            }
            return line;
        } catch (IOException | RuntimeException e) {
            closeQuietly(own);
            throw new CliException("--owner-socket: nobody answers at " + file + ": " + e.getMessage()
                    + ". In a container its directory must be that of the host, as the workspace is");
        }
    }

    /** The broker, as it is reached from here; with its password. */
    String brokerUri() {
        return broker.toSecretUri();
    }

    /** The text of the key of the run's secret variables; null if it has none. */
    String key() {
        return key;
    }

    /** Calls back once when the owner has closed the line, or is gone; on a thread of its own. */
    void watch(Runnable atEnd) {
        DaemonThreads.start("owner-line", () -> {
            try {
                OwnerSocket.input(own).transferTo(OutputStream.nullOutputStream());
            } catch (IOException e) {
                // A line that cannot be read has nobody at its other end.
            }
            atEnd.run();
        });
    }

    private void accept() {
        try {
            while (true) {
                Socket socket = server.accept();
                if (free.tryAcquire()) {
                    DaemonThreads.start("owner-carry", () -> carry(socket));
                } else {
                    socket.close();
                }
            }
        } catch (IOException e) {
            // Closed: the listener ends.
        }
    }

    private void carry(Socket socket) {
        try (socket;
                SocketChannel through = OwnerSocket.connect(file, OwnerSocket.BROKER, listenerId)) {
            socket.setTcpNoDelay(true);
            DaemonThreads.start("owner-carry-back", () -> copy(through, socket));
            OutputStream out = OwnerSocket.output(through);
            copy(socket.getInputStream(), out);
        } catch (IOException e) {
            // The client sees that its connection is closed, and tries again.
        } finally {
            free.release();
        }
    }

    private static void copy(SocketChannel from, Socket to) {
        try (from;
                to) {
            copy(OwnerSocket.input(from), to.getOutputStream());
        } catch (IOException e) {
            // Either end is gone; so is the other then.
        }
    }

    private static void copy(InputStream in, OutputStream out) throws IOException {
        byte[] chunk = new byte[CHUNK];
        for (int n = in.read(chunk); n >= 0; n = in.read(chunk)) {
            out.write(chunk, 0, n);
            out.flush();
        }
    }

    /** Closes the line and the port. */
    @Override
    public void close() {
        closeQuietly(own);
        closeQuietly(server);
    }

    private static void closeQuietly(Closeable closeable) {
        try {
            if (closeable != null) {
                closeable.close();
            }
        } catch (IOException e) {
            // Nothing is kept by it.
        }
    }
}
