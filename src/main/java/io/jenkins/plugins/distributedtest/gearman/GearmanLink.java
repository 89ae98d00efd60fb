package io.jenkins.plugins.distributedtest.gearman;

import io.jenkins.plugins.distributedtest.gearman.Packet.ProtocolException;
import io.jenkins.plugins.distributedtest.loop.Backoff;
import io.jenkins.plugins.distributedtest.loop.DaemonThreads;
import io.jenkins.plugins.distributedtest.loop.EventLoop;
import io.jenkins.plugins.distributedtest.tls.TlsProblems;
import java.io.IOException;
import java.time.Duration;
import java.time.Instant;
import java.util.Collection;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.ThreadPoolExecutor;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Keeps a worker connected to its server: connects, and connects again after each loss and each failure, until
 * it is closed. The pauses stay short, whatever the time that the server was away: Zuul, once it is back, gives a job
 * 5 s to be registered, and reports NOT_REGISTERED then.
 *
 * <p>Every connection has a number of its own, its generation. What an earlier connection still delivers is dropped,
 * and so is what is sent while there is no connection: it would reach a server that knows nothing of it.
 *
 * <p>All state belongs to the event loop, and every event is delivered on it. Call the methods on the loop.
 */
final class GearmanLink {
    private static final Logger LOG = LoggerFactory.getLogger(GearmanLink.class);

    /** What a link reports. */
    interface Events {
        /** There is a connection, over which nothing has been sent yet. */
        void connected();

        /** The server has sent its first packet: it is one, and it answers. {@link #received} follows. */
        void answered();

        /**
         * The server has sent something.
         *
         * @throws ProtocolException if the packet is malformed; the connection is then closed
         */
        void received(Packet packet) throws ProtocolException;

        /**
         * The connection is gone, or was {@linkplain GearmanLink#close closed}.
         *
         * @param problem why, for people
         */
        void lost(String problem);

        /**
         * Something else went wrong, such as an attempt to connect.
         *
         * @param problem what, for people
         */
        void failed(String problem);
    }

    private final GearmanServer server;
    private final EventLoop loop;
    private final Events events;
    private final RareLog log;
    private final ThreadPoolExecutor connector;
    private final Backoff backoff = Backoff.brisk();
    private GearmanConnection connection;
    /** When the connection was made; null while there is none. */
    private Instant madeAt;
    /** When the server first answered over it; null before. */
    private Instant connectedSince;

    private long generation;
    private boolean closed;

    GearmanLink(GearmanServer server, EventLoop loop, RareLog log, Events events) {
        this.server = server;
        this.loop = loop;
        this.log = log;
        this.events = events;
        connector = DaemonThreads.pool("gearman-" + server + "-connector", 1, 2);
    }

    /** Connects. Returns at once; {@link Events#connected} or {@link Events#failed} follows. */
    void connect() {
        if (closed) {
            return;
        }
        long next = ++generation;
        connector.execute(() -> {
            try {
                GearmanConnection made = GearmanConnection.open(
                        server,
                        next,
                        packet -> loop.execute(() -> received(next, packet)),
                        reason -> later(() -> disconnected(next, reason)));
                later(() -> connected(made));
            } catch (IOException | RuntimeException e) {
                later(() -> notConnected("Cannot connect to " + server + ": " + TlsProblems.inWords(e)));
            }
        });
    }

    private void connected(GearmanConnection made) {
        if (closed) {
            made.hangUp("closed");
            return;
        }
        connection = made;
        madeAt = Instant.now();
        made.start();
        events.connected();
    }

    private void notConnected(String problem) {
        if (!closed) {
            events.failed(problem);
            loop.schedule(backoff.next(), this::connect);
        }
    }

    private void received(long from, Packet packet) {
        if (!isCurrent(from)) {
            return;
        }
        if (connectedSince == null) {
            connectedSince = Instant.now();
            log.info("Connected to the Gearman server " + server, connectedSince);
            events.answered();
        }
        try {
            events.received(packet);
        } catch (ProtocolException e) {
            events.failed("The Gearman server " + server + " broke the protocol: " + e.getMessage());
            hangUp(e.getMessage());
        }
    }

    private void disconnected(long lostGeneration, String reason) {
        if (!isCurrent(lostGeneration)) {
            return;
        }
        backoff.lasted(Duration.between(madeAt, Instant.now()));
        boolean answered = connectedSince != null;
        connection = null;
        madeAt = null;
        connectedSince = null;
        events.lost((answered ? "Lost the connection to the Gearman server " : "No Gearman server answers at ") + server
                + ": " + reason);
        if (!closed) {
            loop.schedule(backoff.next(), this::connect);
        }
    }

    /** Whether there is a connection. */
    boolean isUp() {
        return connection != null;
    }

    /** Whether there is a connection, of this generation. */
    boolean isCurrent(long wanted) {
        return connection != null && connection.generation() == wanted;
    }

    /** The number of the connection; without one, of the last attempt to make one. */
    long generation() {
        return generation;
    }

    /** Since when there is a connection over which the server answers; null while there is none. */
    Instant connectedSince() {
        return connectedSince;
    }

    /** For how long the server has sent nothing; 0 while there is no connection. */
    long silentMillis() {
        return connection == null ? 0 : connection.silentMillis();
    }

    /** Sends a packet; drops it while there is no connection. */
    void send(Packet packet) {
        if (connection != null) {
            connection.send(packet);
        }
    }

    /** Sends packets, one after the other. */
    void sendAll(Collection<Packet> packets) {
        packets.forEach(this::send);
    }

    /** Closes this connection; {@link Events#lost} follows, and then a new connection. */
    void hangUp(String reason) {
        if (connection != null) {
            connection.hangUp(reason);
        }
    }

    /** Whether it was closed for good. */
    boolean isClosed() {
        return closed;
    }

    /**
     * Closes the connection for good, after writing what was sent before. {@link Events#lost} is called before this
     * returns, if there was a connection. Harmless when repeated.
     *
     * @return completes when the connection has ended
     */
    CompletableFuture<Void> close() {
        if (closed) {
            return CompletableFuture.completedFuture(null);
        }
        closed = true;
        connector.shutdownNow();
        if (connection == null) {
            return CompletableFuture.completedFuture(null);
        }
        GearmanConnection last = connection;
        disconnected(last.generation(), "closed");
        return last.finish();
    }

    /** Never in the middle of what the loop is doing now: the connection may end while something is sent. */
    private void later(Runnable task) {
        try {
            loop.execute(task);
        } catch (RejectedExecutionException e) {
            LOG.debug("The event loop is closed", e);
        }
    }
}
