package io.jenkins.plugins.distributedtest.originator;

import io.jenkins.plugins.distributedtest.amqp.BrokerAddress;
import io.jenkins.plugins.distributedtest.amqp.BrokerConnection;
import io.jenkins.plugins.distributedtest.amqp.Connector;
import io.jenkins.plugins.distributedtest.loop.EventLoop;
import java.util.Objects;
import java.util.concurrent.Executor;

/**
 * Where a run lives; many runs can share all of it.
 *
 * @param loop the loop that owns its state
 * @param address the broker
 * @param connector how it comes to a connection to the broker: one of its own, or a share of a common one
 * @param preparation runs the preparation of sources, which may block for as long as a push takes
 */
public record RunBase(EventLoop loop, BrokerAddress address, Connector connector, Executor preparation) {
    /** Checks that all is there. */
    public RunBase {
        Objects.requireNonNull(loop, "loop");
        Objects.requireNonNull(address, "address");
        Objects.requireNonNull(connector, "connector");
        Objects.requireNonNull(preparation, "preparation");
    }

    /**
     * A base with a connection for each run, and a thread for the preparation of each one's sources, which ends with
     * that.
     *
     * @param loop the loop that the runs live on; may be shared
     * @param address the broker
     */
    public static RunBase of(EventLoop loop, BrokerAddress address) {
        return of(loop, address, Preparation::onThreadOfItsOwn);
    }

    /**
     * A base with a connection for each run.
     *
     * @param loop the loop that the runs live on; may be shared
     * @param address the broker
     * @param preparation runs the preparation of sources
     */
    public static RunBase of(EventLoop loop, BrokerAddress address, Executor preparation) {
        return new RunBase(loop, address, BrokerConnection::open, preparation);
    }
}
