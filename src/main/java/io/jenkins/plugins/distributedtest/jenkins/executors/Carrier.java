package io.jenkins.plugins.distributedtest.jenkins.executors;

import hudson.remoting.RemoteOutputStream;
import io.jenkins.plugins.distributedtest.loop.DaemonThreads;
import java.io.Closeable;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;

/**
 * On an agent: a port of the loopback address whose connections are carried over the agent's channel to the broker. So
 * neither the broker nor the controller needs a port that agents reach. Who connects still has to log in at the broker.
 *
 * <p>For each connection a thread here takes what comes from it to the controller, and waits while the channel's window
 * is full; what the broker says is written by the channel itself. When either end closes, the other does.
 */
final class Carrier implements Closeable {
    private static final int CHUNK = 16 << 10;
    private static final int BACKLOG = 10;

    private final Dial dial;
    private final ServerSocket server;
    private final Set<Socket> open = ConcurrentHashMap.newKeySet();

    private Carrier(Dial dial, ServerSocket server) {
        this.dial = dial;
        this.server = server;
    }

    /**
     * Opens a port.
     *
     * @param dial opens connections to the broker
     */
    static Carrier open(Dial dial) throws IOException {
        Carrier carrier = new Carrier(dial, new ServerSocket(0, BACKLOG, InetAddress.getLoopbackAddress()));
        DaemonThreads.start("distributed-test-carrier", carrier::accept);
        return carrier;
    }

    /** The port's number. */
    int port() {
        return server.getLocalPort();
    }

    private void accept() {
        try {
            while (true) {
                Socket socket = server.accept();
                open.add(socket);
                DaemonThreads.start("distributed-test-carry", () -> carry(socket));
            }
        } catch (IOException e) {
            close();
        }
    }

    private void carry(Socket socket) {
        try (socket) {
            socket.setTcpNoDelay(true);
            OutputStream broker = dial.connect(new RemoteOutputStream(socket.getOutputStream()));
            copy(socket.getInputStream(), broker, socket);
        } catch (IOException | RuntimeException e) {
            // The client sees that its connection is closed, and tries again.
        } finally {
            open.remove(socket);
        }
    }

    /** Copies to the end, and closes both then. */
    static void copy(InputStream in, OutputStream out, Closeable connection) {
        byte[] chunk = new byte[CHUNK];
        try (connection;
                out) {
            for (int n = in.read(chunk); n >= 0; n = in.read(chunk)) {
                out.write(chunk, 0, n);
                out.flush();
            }
        } catch (IOException | RuntimeException e) {
            // Either end is gone; so is the other then.
        }
    }

    /** Closes the port and its connections. */
    @Override
    public void close() {
        try {
            server.close();
        } catch (IOException e) {
            // Nothing is kept by it.
        }
        for (Socket each : open) {
            try {
                each.close();
            } catch (IOException e) {
                // Nothing is kept by it.
            }
        }
    }
}
