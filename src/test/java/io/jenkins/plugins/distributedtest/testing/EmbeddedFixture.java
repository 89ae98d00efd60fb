package io.jenkins.plugins.distributedtest.testing;

import io.jenkins.plugins.distributedtest.amqp.BrokerAddress;
import io.jenkins.plugins.distributedtest.broker.EmbeddedBroker;
import java.io.IOException;
import java.io.UncheckedIOException;

/** An embedded broker for tests, at one port and with one password whenever it is started. */
public final class EmbeddedFixture implements AutoCloseable {
    private static EmbeddedFixture shared;

    private EmbeddedBroker broker;
    private final BrokerAddress address;

    /** Starts a broker. */
    public EmbeddedFixture() throws IOException {
        broker = EmbeddedBroker.start(EmbeddedBroker.Options.DEFAULT);
        address = broker.address();
    }

    /** One broker for all tests of this JVM that neither stop it nor mind each other's queues. */
    public static synchronized EmbeddedFixture shared() throws IOException {
        if (shared == null) {
            shared = new EmbeddedFixture();
        }
        return shared;
    }

    /** Where the one for all tests is. */
    public static BrokerAddress sharedAddress() {
        try {
            return shared().address();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** Where it is; the same after a restart. */
    public BrokerAddress address() {
        return address;
    }

    /** Stops it: every connection is lost, and everything in it. */
    public void stop() {
        broker.close();
    }

    /** Starts it again where it was. */
    public void start() throws IOException {
        broker = EmbeddedBroker.start(
                new EmbeddedBroker.Options(address.host(), address.port(), address.username(), address.password()));
    }

    /** Stops it. */
    @Override
    public void close() {
        stop();
    }
}
