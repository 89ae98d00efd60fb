package io.jenkins.plugins.distributedtest.listener;

import com.rabbitmq.client.AMQP;
import io.jenkins.plugins.distributedtest.amqp.BrokerSession;
import io.jenkins.plugins.distributedtest.amqp.ReliablePublisher;
import io.jenkins.plugins.distributedtest.loop.EventLoop;
import java.io.IOException;
import java.time.Instant;
import java.util.concurrent.Executor;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.IntSupplier;
import java.util.function.Supplier;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The context of a running listener: its identity, its connection, and what it has to show of itself. Lives on the
 * event loop, but for {@link #status}.
 */
final class OwnContext implements ListenerContext {
    private static final Logger LOG = LoggerFactory.getLogger(OwnContext.class);

    /**
     * Who the listener is.
     *
     * @param id its id
     * @param host its host, for people
     * @param slots how many slots it has
     */
    record Identity(String id, String host, int slots) {}

    /** As many workers of one process have numbers of their own, in which its id is followed by that of the worker. */
    private static final int WORKERS_OF_A_PROCESS = 1000;

    private static final AtomicInteger WORKERS = new AtomicInteger();

    private final Identity identity;
    private final long workerNumbers;
    private final EventLoop loop;
    private final ReliablePublisher publisher;
    private final Executor closers;
    private final ListenerMetrics metrics;
    private IntSupplier busy = () -> 0;
    private Supplier<ListenerStatus> snapshot = () -> null;
    private BrokerSession session;
    private Instant connectedSince;
    private String lastProblem = "";
    private long filesRun;
    private volatile ListenerStatus status;

    /**
     * @param identity who the listener is
     * @param loop its loop
     * @param publisher through which it publishes
     * @param closers where work that ends a run is done
     * @param metrics what it counts
     */
    OwnContext(
            Identity identity, EventLoop loop, ReliablePublisher publisher, Executor closers, ListenerMetrics metrics) {
        this.identity = identity;
        workerNumbers = ProcessHandle.current().pid() * WORKERS_OF_A_PROCESS
                + Math.floorMod(WORKERS.getAndAdd(identity.slots()), WORKERS_OF_A_PROCESS);
        this.loop = loop;
        this.publisher = publisher;
        this.closers = closers;
        this.metrics = metrics;
    }

    /**
     * Begins to show what there is; to be called once, before all else.
     *
     * @param busySlots how many slots are busy
     * @param takenAnew makes a status of what is now
     */
    void show(IntSupplier busySlots, Supplier<ListenerStatus> takenAnew) {
        busy = busySlots;
        snapshot = takenAnew;
        status = takenAnew.get();
    }

    /** The connection stands. */
    void connected(BrokerSession opened) {
        session = opened;
    }

    /** All parts have the connection. */
    void settled() {
        connectedSince = Instant.now();
        metrics.connected();
        changed();
    }

    /** The connection is lost. */
    void disconnected(String reason) {
        session = null;
        connectedSince = null;
        metrics.disconnected();
        failing(reason);
    }

    /** No connection can be made. */
    void failing(String reason) {
        lastProblem = reason;
        changed();
    }

    /** The latest status. Any thread may ask. */
    ListenerStatus status() {
        return status;
    }

    /** Since when the connection stands; null if it does not. */
    Instant connectedSince() {
        return connectedSince;
    }

    /** What went wrong last; empty if nothing has. */
    String lastProblem() {
        return lastProblem;
    }

    /** How many files have been run. */
    long filesRun() {
        return filesRun;
    }

    @Override
    public String id() {
        return identity.id();
    }

    @Override
    public String host() {
        return identity.host();
    }

    @Override
    public String version() {
        return ProgramVersion.get();
    }

    @Override
    public long workerNumbers() {
        return workerNumbers;
    }

    @Override
    public int slots() {
        return identity.slots();
    }

    @Override
    public EventLoop loop() {
        return loop;
    }

    @Override
    public BrokerSession session() {
        return session;
    }

    @Override
    public void publish(String exchange, String routingKey, AMQP.BasicProperties properties, byte[] body) {
        try {
            publisher.publish(exchange, routingKey, properties, body);
        } catch (IllegalStateException e) {
            problem(e.getMessage());
        }
    }

    @Override
    public void whenSent(Runnable action) {
        publisher.whenSent(action);
    }

    @Override
    public void onScratchChannel(Channels.Use use) {
        if (session == null) {
            return;
        }
        try {
            if (!Channels.tryOn(session, use)) {
                LOG.info("A peer's queue or exchange is gone already");
            }
        } catch (IOException e) {
            LOG.warn("Cannot talk to the broker: {}", e.getMessage());
        }
    }

    @Override
    public Executor closers() {
        return closers;
    }

    @Override
    public ListenerMetrics metrics() {
        return metrics;
    }

    @Override
    public void problem(String text) {
        LOG.warn(text);
        lastProblem = text;
        changed();
    }

    @Override
    public void refused(String text) {
        metrics.refused();
        problem(text);
    }

    @Override
    public void fileRun() {
        filesRun++;
    }

    @Override
    public void changed() {
        metrics.busy(busy.getAsInt());
        status = snapshot.get();
    }
}
