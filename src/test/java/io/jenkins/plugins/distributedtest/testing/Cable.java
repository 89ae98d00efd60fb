package io.jenkins.plugins.distributedtest.testing;

import io.jenkins.plugins.distributedtest.amqp.BrokerAddress;
import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;

/** A way to a broker that can be cut and mended, while the broker and all other connections to it live on. */
public final class Cable implements AutoCloseable {
    private final BrokerAddress broker;
    private final ServerSocket server;
    private final List<Socket> ends = new CopyOnWriteArrayList<>();
    private volatile boolean cut;

    /** Lays a cable to a broker. */
    public Cable(BrokerAddress broker) throws IOException {
        this.broker = broker;
        server = new ServerSocket(0, 50, InetAddress.getLoopbackAddress());
        start("cable-accept", this::accept);
    }

    /** The near end. */
    public BrokerAddress address() {
        return new BrokerAddress(
                "127.0.0.1", server.getLocalPort(), broker.virtualHost(), broker.username(), broker.password(), null);
    }

    /** Ends all connections without a word, and every new one at once. */
    public void cut() {
        cut = true;
        ends.forEach(Cable::end);
        ends.clear();
    }

    /** Lets connections through again. */
    public void mend() {
        cut = false;
    }

    private void accept() {
        while (!server.isClosed()) {
            try {
                join(server.accept());
            } catch (IOException e) {
                continue; // the server's end, or one connection's
            }
        }
    }

    private void join(Socket near) throws IOException {
        ends.add(near);
        if (cut) {
            end(near);
            return;
        }
        Socket far = new Socket(broker.host(), broker.port());
        ends.add(far);
        if (cut) {
            end(far);
        }
        start("cable-out", () -> copy(near, far));
        start("cable-in", () -> copy(far, near));
    }

    private static void copy(Socket from, Socket to) {
        try (from;
                to) {
            from.getInputStream().transferTo(to.getOutputStream());
        } catch (IOException e) {
            return; // one side has ended, and so does the other
        }
    }

    private static void end(Socket socket) {
        try {
            socket.close();
        } catch (IOException e) {
            throw new IllegalStateException(e);
        }
    }

    private static void start(String name, Runnable work) {
        Thread thread = new Thread(work, name);
        thread.setDaemon(true);
        thread.start();
    }

    @Override
    public void close() throws IOException {
        server.close();
        cut();
    }
}
