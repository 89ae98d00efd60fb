package io.jenkins.plugins.distributedtest.amqp;

import java.io.IOException;

/** An AMQP broker inside this process, in memory: Qpid Broker-J. */
public final class EmbeddedBroker implements AutoCloseable {
    private final BrokerAddress address;

    /**
     * How to start it.
     *
     * @param host address to listen at; {@code 127.0.0.1} unless other hosts shall reach it
     * @param port port; 0 for any free one
     * @param username name to log in with
     * @param password password; null to have one generated
     */
    public record Options(String host, int port, String username, String password) {
        /** Loopback, any free port, generated password. */
        public static final Options DEFAULT = new Options("127.0.0.1", 0, "distributed-test", null);
    }

    private EmbeddedBroker(BrokerAddress address) {
        this.address = address;
    }

    /**
     * Starts a broker; it takes connections when this returns.
     *
     * @throws IOException if it cannot listen there; names the port and the way out
     */
    public static EmbeddedBroker start(Options options) throws IOException {
        throw new UnsupportedOperationException("not there yet");
    }

    /** Where it is, and how to log in. */
    public BrokerAddress address() {
        return address;
    }

    /** Stops it; its messages are gone. Harmless when repeated. */
    @Override
    public void close() {}
}
