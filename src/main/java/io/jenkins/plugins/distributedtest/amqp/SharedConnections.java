package io.jenkins.plugins.distributedtest.amqp;

import io.jenkins.plugins.distributedtest.loop.Backoff;
import io.jenkins.plugins.distributedtest.loop.EventLoop;
import java.io.IOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.RejectedExecutionException;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Connections to one broker that many owners share, so that hundreds of runs need no socket and no threads each.
 *
 * <p>The story: whoever {@linkplain #open opens} gets a share of a trunk, a real {@link BrokerConnection}; the first
 * share makes the trunk, one more than {@value #SHARES} the next, the last that goes closes it. A share's session is a
 * view of the trunk's: channels opened through it are its own and are closed with it, and what concerns one share (its
 * set-up failed, one of its queues was deleted) is no matter of the others. What concerns the trunk (it is lost, refused,
 * blocked) is told to each.
 *
 * <p>All owners are on one event loop, which owns the state of this class, too.
 */
public final class SharedConnections implements Connector {
    /** Shares of a trunk: each needs a few channels, and brokers allow some 2,000 on a connection. */
    static final int SHARES = 400;

    private static final Logger LOG = LoggerFactory.getLogger(SharedConnections.class);

    private final BrokerAddress address;
    private final String clientName;
    private final EventLoop loop;
    private final int capacity;
    private final List<Trunk> trunks = new ArrayList<>();

    /**
     * @param address the broker
     * @param clientName shown in the broker's list of connections and in thread names
     * @param loop where all owners live
     */
    public SharedConnections(BrokerAddress address, String clientName, EventLoop loop) {
        this(address, clientName, loop, SHARES);
    }

    SharedConnections(BrokerAddress address, String clientName, EventLoop loop, int capacity) {
        this.address = address;
        this.clientName = clientName;
        this.loop = loop;
        this.capacity = capacity;
    }

    /**
     * A share of a connection.
     *
     * @throws IllegalArgumentException if broker or loop are not those of this object
     */
    @Override
    public Link open(BrokerAddress to, String owner, EventLoop on, BrokerConnection.Lifecycle lifecycle) {
        if (!to.equals(address) || on != loop) {
            throw new IllegalArgumentException("These are connections to " + address + " on " + loop.name());
        }
        Share share = new Share(owner, lifecycle);
        loop.execute(() -> join(share));
        return share;
    }

    private void join(Share share) {
        if (share.closed) {
            return;
        }
        Trunk trunk = trunks.stream()
                .filter(each -> each.shares.size() < capacity)
                .findFirst()
                .orElseGet(Trunk::new);
        trunk.add(share);
    }

    /** A real connection. */
    private final class Trunk implements BrokerConnection.Lifecycle {
        private final List<Share> shares = new ArrayList<>();
        private BrokerConnection connection;
        /** The session; null while there is none. */
        private BrokerSession session;
        /** Whether the last attempt to connect has failed and the next one is not due yet. */
        private boolean pausing;

        Trunk() {
            trunks.add(this);
            dial();
        }

        private void dial() {
            pausing = false;
            connection = BrokerConnection.open(address, clientName, loop, this);
        }

        void add(Share share) {
            shares.add(share);
            share.trunk = this;
            if (session != null) {
                share.begin(session);
            } else if (pausing) {
                // Whoever comes new does not wait for the end of a pause that others have earned.
                connection.close();
                dial();
            }
        }

        void remove(Share share) {
            shares.remove(share);
            if (shares.isEmpty()) {
                trunks.remove(this);
                session = null;
                connection.close();
            }
        }

        @Override
        public void connected(BrokerSession opened) {
            pausing = false;
            session = opened;
            List.copyOf(shares).forEach(share -> share.begin(opened));
        }

        @Override
        public void disconnected(String reason) {
            session = null;
            List.copyOf(shares).forEach(share -> share.lost(reason));
        }

        @Override
        public void failing(String reason, Duration nextTry) {
            pausing = true;
            tellAll(lifecycle -> lifecycle.failing(reason, nextTry));
        }

        @Override
        public void refused(String reason) {
            tellAll(lifecycle -> lifecycle.refused(reason));
        }

        @Override
        public void blocked(String reason) {
            for (Share share : List.copyOf(shares)) {
                if (share.view != null) {
                    share.view.blocked(reason);
                    share.lifecycle.blocked(reason);
                }
            }
        }

        @Override
        public void unblocked() {
            for (Share share : List.copyOf(shares)) {
                if (share.view != null && share.view.isBlocked()) {
                    BrokerSession view = share.view;
                    view.blocked(null);
                    share.lifecycle.unblocked();
                    view.unblocked();
                }
            }
        }

        private void tellAll(java.util.function.Consumer<BrokerConnection.Lifecycle> word) {
            for (Share share : List.copyOf(shares)) {
                if (!share.closed) {
                    word.accept(share.lifecycle);
                }
            }
        }
    }

    /** An owner's part of a trunk. */
    private final class Share implements Link {
        private final String owner;
        private final BrokerConnection.Lifecycle lifecycle;
        private final Backoff backoff = new Backoff();
        private volatile boolean closed;
        private Trunk trunk;
        /** The owner's view of the trunk's session; null while there is none. */
        private BrokerSession view;

        private long generation;

        Share(String owner, BrokerConnection.Lifecycle lifecycle) {
            this.owner = owner;
            this.lifecycle = lifecycle;
        }

        void begin(BrokerSession session) {
            if (closed || view != null) {
                return;
            }
            BrokerSession made = session.view(++generation);
            view = made;
            try {
                lifecycle.connected(made);
            } catch (IOException | RuntimeException e) {
                LOG.warn("Setting up {} on the connection to {} failed", owner, address, e);
                failed(
                        session,
                        "Setting up the connection to " + address + " failed: " + ConnectFailure.rootMessage(e));
            }
        }

        private void failed(BrokerSession session, String reason) {
            lost(reason);
            if (closed) {
                return;
            }
            Duration pause = backoff.next();
            lifecycle.failing(reason, pause);
            loop.schedule(pause, () -> {
                if (trunk.session == session) {
                    begin(session);
                }
            });
        }

        /** The view is of no use any more. */
        void lost(String reason) {
            if (view == null) {
                return;
            }
            dropView();
            if (!closed) {
                lifecycle.disconnected(reason);
            }
        }

        private void dropView() {
            BrokerSession old = view;
            view = null;
            old.end();
            old.closeChannels();
        }

        @Override
        public void close() {
            if (closed) {
                return;
            }
            closed = true;
            if (loop.inLoop()) {
                leave();
                return;
            }
            try {
                loop.execute(this::leave);
            } catch (RejectedExecutionException e) {
                LOG.debug("The loop is closed", e);
                Trunk of = trunk;
                if (of != null) {
                    of.connection.close();
                }
            }
        }

        private void leave() {
            if (view != null) {
                dropView();
            }
            if (trunk != null) {
                trunk.remove(this);
            }
        }
    }
}
