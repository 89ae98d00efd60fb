package io.jenkins.plugins.distributedtest.jenkins.executors;

import hudson.remoting.RemoteOutputStream;
import io.jenkins.plugins.distributedtest.loop.DaemonThreads;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.time.Duration;
import java.util.concurrent.Semaphore;

/**
 * Connects to the broker from the controller. One thread for each connection takes what the broker says to the agent: it
 * waits while the channel's window is full, so an agent that is slow slows down nobody but itself. What the agent says
 * comes on the channel's own thread.
 */
final class BrokerDial implements Dial {
    private static final int LIMIT = (int) Duration.ofSeconds(30).toMillis();
    /** A listener has a few; an agent that wants more is not to take the controller's threads. */
    private static final int MOST = 64;

    private final String host;
    private final int port;
    private final String name;
    private final Semaphore free = new Semaphore(MOST);

    /**
     * @param host the broker's host, as the controller reaches it
     * @param port its port
     * @param node the agent, for the name of threads
     */
    BrokerDial(String host, int port, String node) {
        this.host = host;
        this.port = port;
        this.name = "distributed-test-carry-" + node;
    }

    @Override
    public OutputStream connect(OutputStream back) throws IOException {
        if (!free.tryAcquire()) {
            throw new IOException("This agent has " + MOST + " connections to the broker already");
        }
        try {
            Socket socket = reach();
            InputStream in = socket.getInputStream();
            OutputStream out = socket.getOutputStream();
            DaemonThreads.start(name, () -> {
                try {
                    Carrier.copy(in, back, socket);
                } finally {
                    free.release();
                }
            });
            return new RemoteOutputStream(out);
        } catch (IOException e) {
            free.release();
            throw e;
        }
    }

    private Socket reach() throws IOException {
        Socket socket = new Socket();
        try {
            socket.setTcpNoDelay(true);
            socket.connect(new InetSocketAddress(host, port), LIMIT);
            return socket;
        } catch (IOException e) {
            socket.close();
            throw new IOException(
                    "The controller does not reach the broker at " + host + ":" + port + ": " + e.getMessage(), e);
        }
    }
}
