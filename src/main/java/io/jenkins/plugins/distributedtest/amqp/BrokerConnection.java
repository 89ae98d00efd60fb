package io.jenkins.plugins.distributedtest.amqp;

import com.rabbitmq.client.Connection;
import com.rabbitmq.client.ShutdownSignalException;
import io.jenkins.plugins.distributedtest.loop.Backoff;
import io.jenkins.plugins.distributedtest.loop.DaemonThreads;
import io.jenkins.plugins.distributedtest.loop.EventLoop;
import java.io.IOException;
import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.Executors;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * A connection to the broker that is made again, for ever, until it is closed.
 *
 * <p>The story: {@link #open} returns at once; a thread of the connection's own connects and logs in. Then the owner's
 * {@link Lifecycle#connected} runs on the event loop and declares what it needs; the session it is given is good until
 * {@link Lifecycle#disconnected}, which follows each {@code connected} exactly once (also one that threw), unless the
 * connection is closed first. After a loss the next attempt follows within {@link Backoff#FIRST}, then the pauses grow
 * from 1 s to 30 s. A broker that refuses the login or the virtual host, or shows a certificate that is not trusted, is
 * asked again only after the longest pause, and {@link Lifecycle#refused} tells so first.
 *
 * <p>The client library's own recovery is off: what is to be declared and sent again is known here, and to the owner,
 * not to the library.
 */
public final class BrokerConnection implements Connector.Link {
    /** How long connecting, and then logging in, may each take. */
    public static final Duration CONNECT_TIMEOUT = Duration.ofSeconds(10);
    /** How long the broker may take to answer a call of a channel. */
    public static final Duration RPC_TIMEOUT = Duration.ofSeconds(10);
    /** How often both sides show that they are alive; after two silent periods the connection counts as lost. */
    public static final Duration HEARTBEAT = Duration.ofSeconds(10);
    /** How long {@link #close} takes at most, whatever the broker does. */
    public static final Duration CLOSE_TIMEOUT = Duration.ofSeconds(5);

    private static final Logger LOG = LoggerFactory.getLogger(BrokerConnection.class);

    private final BrokerAddress address;
    private final String clientName;
    private final EventLoop loop;
    private final Lifecycle lifecycle;
    private final ScheduledExecutorService connector;
    private final Backoff backoff = new Backoff();
    private volatile boolean closed;
    private volatile Dialer dialer;
    private volatile BrokerSession session;
    private long generation; // the connector's

    /** What the owner of a connection is told, always on the event loop, and nothing after {@link #close}. */
    public interface Lifecycle {
        /**
         * A session has begun: declare, consume, attach publishers here.
         *
         * @param session the new session; an earlier one has been reported as lost before
         * @throws IOException closes the session, which is then lost like any other and made again after a pause
         */
        void connected(BrokerSession session) throws IOException;

        /**
         * The session is lost; nothing of it will be delivered any more.
         *
         * @param reason for people
         */
        void disconnected(String reason);

        /**
         * An attempt to connect, or {@link #connected}, has failed.
         *
         * @param reason for people; names the broker, not the password
         * @param nextTry the pause before the next attempt
         */
        default void failing(String reason, Duration nextTry) {}

        /**
         * The broker refuses us, by name and password, virtual host, or certificate: trying again will hardly help, and
         * who cannot wait for somebody to change that should close. {@link #failing} follows all the same.
         *
         * @param reason for people; names the broker and the way out, not the password
         */
        default void refused(String reason) {}

        /**
         * The broker takes no messages for now, being short of memory or disk; publishers hold theirs back.
         *
         * @param reason the broker's words
         */
        default void blocked(String reason) {}

        /** The broker takes messages again. */
        default void unblocked() {}
    }

    private BrokerConnection(BrokerAddress address, String clientName, EventLoop loop, Lifecycle lifecycle) {
        this.address = address;
        this.clientName = clientName;
        this.loop = loop;
        this.lifecycle = lifecycle;
        connector = Executors.newSingleThreadScheduledExecutor(DaemonThreads.named(clientName + "-connector"));
    }

    /**
     * Connects and logs in once, and lets go again.
     *
     * @param address where to
     * @return why the broker cannot be reached now, for people; null if it can be
     * @throws IOException if it refuses us, which trying again would not help; the message says how
     */
    public static String whyAway(BrokerAddress address) throws IOException {
        try {
            new Dialer(address, "distributed-test-check").dial().abort((int) CLOSE_TIMEOUT.toMillis());
            return null;
        } catch (ConnectFailure e) {
            if (e.refused()) {
                throw e;
            }
            return e.getMessage();
        }
    }

    /**
     * Begins to connect.
     *
     * @param address where to
     * @param clientName shown in the broker's list of connections and in thread names
     * @param loop where the lifecycle is told and deliveries are handled
     * @param lifecycle the owner
     * @return the connection, not yet made
     */
    public static BrokerConnection open(BrokerAddress address, String clientName, EventLoop loop, Lifecycle lifecycle) {
        BrokerConnection connection = new BrokerConnection(address, clientName, loop, lifecycle);
        connection.connectAfter(Duration.ZERO);
        return connection;
    }

    /** Where the connection goes to. */
    public BrokerAddress address() {
        return address;
    }

    /** Closes the connection for good, within {@link #CLOSE_TIMEOUT}. Harmless when repeated. */
    @Override
    public void close() {
        if (closed) {
            return;
        }
        closed = true;
        Dialer dialing = dialer;
        BrokerSession open = session;
        if (open == null && dialing != null) {
            dialing.hangUp();
        }
        if (loop.inLoop() && open != null) {
            open.end();
        }
        closeWithin(open, dialing);
        connector.shutdownNow();
    }

    private void closeWithin(BrokerSession open, Dialer dialing) {
        if (open == null) {
            return;
        }
        CompletableFuture<Void> done = new CompletableFuture<>();
        int millis = (int) CLOSE_TIMEOUT.toMillis() / 2;
        DaemonThreads.start(clientName + "-closer", () -> {
            open.connection().abort(200, "closed", millis);
            done.complete(null);
        });
        try {
            done.get(CLOSE_TIMEOUT.toMillis() - 500, TimeUnit.MILLISECONDS);
        } catch (TimeoutException | ExecutionException e) {
            LOG.warn("{} did not confirm that the connection is closed; cutting it", address);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        } finally {
            dialing.hangUp();
        }
    }

    private void connectAfter(Duration pause) {
        if (closed) {
            return;
        }
        try {
            connector.schedule(this::connect, pause.toMillis(), TimeUnit.MILLISECONDS);
        } catch (RejectedExecutionException e) {
            LOG.debug("Closed meanwhile", e);
        }
    }

    /** On the connector's thread: one attempt. */
    private void connect() {
        Dialer dialing = new Dialer(address, clientName);
        dialer = dialing;
        if (closed) {
            return;
        }
        try {
            Connection connection = dialing.dial();
            if (closed) {
                dialing.hangUp();
                return;
            }
            begin(new BrokerSession(connection, loop, ++generation));
        } catch (ConnectFailure e) {
            LOG.debug("Cannot connect", e);
            failed(e.getMessage(), e.refused());
        } catch (RuntimeException e) {
            LOG.warn("Cannot connect to {}", address, e);
            failed("Cannot connect to " + address + ": " + e, false);
        }
    }

    private void begin(BrokerSession made) {
        session = made;
        tell(() -> {
            made.watchBlocked(lifecycle);
            long since = System.nanoTime();
            boolean setUp = setUp(made);
            // Added last: a loss during the set-up is told after it, and at once if it has happened already.
            made.connection().addShutdownListener(cause -> tell(() -> lost(made, cause, setUp, since)));
        });
    }

    /** On the loop: lets the owner declare. */
    private boolean setUp(BrokerSession made) {
        try {
            lifecycle.connected(made);
            return true;
        } catch (IOException | RuntimeException e) {
            LOG.warn("Setting up the connection to {} failed", address, e);
            made.failure = "Setting up the connection to " + address + " failed: " + ConnectFailure.rootMessage(e);
            DaemonThreads.start(clientName + "-closer", () -> made.connection().abort(200, "set-up failed", 2000));
            return false;
        }
    }

    /** On the loop. The library may tell twice when a connection ends just as the listener is added. */
    private void lost(BrokerSession gone, ShutdownSignalException cause, boolean wasSetUp, long since) {
        if (gone.hasEnded()) {
            return;
        }
        gone.end();
        session = null;
        if (wasSetUp) {
            backoff.lasted(Duration.ofNanos(System.nanoTime() - since));
        }
        String reason = wasSetUp ? "Lost the connection to " + address + ": " + describe(cause) : gone.failure;
        LOG.info(reason);
        Duration pause = backoff.next();
        connectAfter(pause);
        lifecycle.disconnected(reason);
        if (!wasSetUp) {
            lifecycle.failing(reason, pause);
        }
    }

    private void failed(String reason, boolean refused) {
        tell(() -> {
            Duration pause = refused ? backoff.longest() : backoff.next();
            LOG.warn(reason); // who only asks once, as a test of a connection does, makes no further attempt
            LOG.debug("Next attempt in {} ms", pause.toMillis());
            connectAfter(pause);
            if (refused) {
                lifecycle.refused(reason);
            }
            lifecycle.failing(reason, pause);
        });
    }

    private static String describe(ShutdownSignalException cause) {
        return ConnectFailure.rootMessage(cause);
    }

    private void tell(Runnable event) {
        if (closed) {
            return;
        }
        try {
            loop.execute(() -> {
                if (!closed) {
                    event.run();
                }
            });
        } catch (RejectedExecutionException e) {
            LOG.debug("The loop is closed; so is the connection to {}", address);
            close();
        }
    }

    /** Whether the socket of the latest attempt sends small packets at once. */
    boolean tcpNoDelay() throws IOException {
        return dialer.tcpNoDelay();
    }
}
