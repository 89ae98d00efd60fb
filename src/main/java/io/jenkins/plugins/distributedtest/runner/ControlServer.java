package io.jenkins.plugins.distributedtest.runner;

import io.jenkins.plugins.distributedtest.loop.DaemonThreads;
import io.jenkins.plugins.distributedtest.runner.ControlMessage.Closed;
import io.jenkins.plugins.distributedtest.runner.ControlMessage.ControlException;
import io.jenkins.plugins.distributedtest.runner.ControlMessage.Hello;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.security.SecureRandom;
import java.util.HexFormat;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.Semaphore;

/**
 * Takes the connections that runner processes open to their listener, on the loopback interface.
 *
 * <p>Any local process can reach the port, so a connection counts for nothing until its first line is a hello with a
 * token that was given to a process through its environment. That line must come within {@link #HELLO_MILLIS}, and
 * only {@link #MAX_STRANGERS} connections may be waiting for it at a time.
 *
 * <p>Each connection has a thread of its own that reads it and hands its messages to the {@link Sink} of its token.
 */
final class ControlServer implements AutoCloseable {
    private static final int HELLO_MILLIS = 10_000;
    private static final int MAX_STRANGERS = 64;
    private static final int MAX_HELLO = 4096;
    private static final SecureRandom RANDOM = new SecureRandom();

    private final ServerSocket server;
    private final Map<String, Callers> expected = new ConcurrentHashMap<>();
    private final Set<ControlConnection> open = ConcurrentHashMap.newKeySet();
    private final Semaphore strangers = new Semaphore(MAX_STRANGERS);

    /** Says where the messages of a process that holds a token go. */
    interface Callers {
        /**
         * Called on the connection's thread.
         *
         * @return where its messages go; null to refuse it
         */
        Sink arrived(Hello hello, ControlConnection connection);
    }

    /** Takes the messages of one connection, on its thread, the last one being {@link Closed}. */
    interface Sink {
        void message(ControlMessage message);
    }

    ControlServer() throws IOException {
        server = new ServerSocket();
        server.bind(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), MAX_STRANGERS);
        DaemonThreads.start("runner-control-" + port(), this::accept);
    }

    int port() {
        return server.getLocalPort();
    }

    /** Makes a token for a process; its callers are taken until {@link #forget}. */
    String expect(Callers callers) {
        byte[] bytes = new byte[16];
        RANDOM.nextBytes(bytes);
        String token = HexFormat.of().formatHex(bytes);
        expected.put(token, callers);
        return token;
    }

    /** Takes no more connections with a token. */
    void forget(String token) {
        expected.remove(token);
    }

    private void accept() {
        while (!server.isClosed()) {
            try {
                Socket socket = server.accept();
                if (!strangers.tryAcquire()) {
                    socket.close();
                    continue;
                }
                DaemonThreads.start("runner-control-" + port() + "-" + socket.getPort(), () -> serve(socket));
            } catch (IOException e) {
                continue; // one connection failed, or the server was closed, which ends the loop
            }
        }
    }

    private void serve(Socket socket) {
        Sink sink = null;
        String fault = null;
        boolean stranger = true;
        try (socket;
                ControlConnection connection = new ControlConnection(socket)) {
            open.add(connection);
            try {
                sink = welcome(connection);
                strangers.release();
                stranger = false;
                if (sink != null) {
                    connection.timeout(0);
                    pass(connection, sink);
                }
            } finally {
                open.remove(connection);
            }
        } catch (ControlException e) {
            fault = e.getMessage();
        } catch (IOException e) {
            fault = null; // a reset is an end like any other
        } finally {
            if (stranger) {
                strangers.release();
            }
            if (sink != null) {
                sink.message(new Closed(fault));
            }
        }
    }

    private Sink welcome(ControlConnection connection) throws IOException {
        connection.timeout(HELLO_MILLIS);
        if (connection.read(MAX_HELLO) instanceof Hello hello) {
            Callers callers = expected.get(hello.token());
            return callers == null ? null : callers.arrived(hello, connection);
        }
        return null;
    }

    private static void pass(ControlConnection connection, Sink sink) throws IOException {
        for (ControlMessage message = connection.read(); message != null; message = connection.read()) {
            sink.message(message);
        }
    }

    @Override
    public void close() {
        try {
            server.close();
        } catch (IOException e) {
            return; // nothing more can be done for it
        } finally {
            open.forEach(ControlConnection::close);
        }
    }
}
