package io.jenkins.plugins.distributedtest.jenkins.executors;

import hudson.remoting.RemoteOutputStream;
import io.jenkins.plugins.distributedtest.loop.DaemonThreads;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.time.Duration;

/**
 * Connects to the broker from the controller. One thread for each connection takes what the broker says to the agent: it
 * waits while the channel's window is full, so an agent that is slow slows down nobody but itself. What the agent says
 * comes on the channel's own thread.
 */
final class BrokerDial implements Dial {
    private static final int LIMIT = (int) Duration.ofSeconds(30).toMillis();

    private final String host;
    private final int port;
    private final String name;

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
        Socket socket = new Socket();
        try {
            socket.setTcpNoDelay(true);
            socket.connect(new InetSocketAddress(host, port), LIMIT);
        } catch (IOException e) {
            socket.close();
            throw new IOException(
                    "The controller does not reach the broker at " + host + ":" + port + ": " + e.getMessage(), e);
        }
        InputStream in = socket.getInputStream();
        DaemonThreads.start(name, () -> Carrier.copy(in, back, socket));
        return new RemoteOutputStream(socket.getOutputStream());
    }
}
