package io.jenkins.plugins.distributedtest.amqp;

import io.jenkins.plugins.distributedtest.loop.EventLoop;

/**
 * How an owner comes to a connection: one of its own ({@link BrokerConnection#open}), or a share of one that several
 * have together ({@link SharedConnections}). An owner cannot tell the two apart.
 */
@FunctionalInterface
public interface Connector {
    /** What an owner holds of its connection. */
    interface Link extends AutoCloseable {
        /** Lets go of it for good; nothing is told to the owner any more. Harmless when repeated. */
        @Override
        void close();
    }

    /**
     * Begins to connect.
     *
     * @param address where to
     * @param clientName names the owner, for people
     * @param loop where the lifecycle is told and deliveries are handled
     * @param lifecycle the owner
     * @return the link, not yet made
     */
    Link open(BrokerAddress address, String clientName, EventLoop loop, BrokerConnection.Lifecycle lifecycle);
}
