package io.jenkins.plugins.distributedtest.originator;

import com.rabbitmq.client.Channel;
import com.rabbitmq.client.Delivery;
import com.rabbitmq.client.ShutdownSignalException;
import io.jenkins.plugins.distributedtest.amqp.BrokerConnection;
import io.jenkins.plugins.distributedtest.amqp.BrokerSession;
import io.jenkins.plugins.distributedtest.amqp.Connector;
import io.jenkins.plugins.distributedtest.amqp.ReliablePublisher;
import io.jenkins.plugins.distributedtest.wire.WireException;
import java.io.IOException;
import java.time.Duration;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * A run's connection to its broker: made, lost, made again, and what is said over it.
 *
 * <p>After each connect the run's queues are declared. As soon as there are sources to offer as well, replies and
 * announcements are consumed. What waited in the reply queue from before is read first; then the run goes on, with what
 * was published and not started published again. Lives on the loop.
 */
final class BrokerLink {
    private static final Logger LOG = LoggerFactory.getLogger(BrokerLink.class);

    /** How many replies may be on their way to us. */
    private static final int PREFETCH = 500;

    private static final int MAX_PENDING = 20_000;
    /** What can wait for another time is not sent when the broker is so far behind. */
    private static final int BUSY = MAX_PENDING / 2;
    /**
     * How long replies that waited during a loss of the connection are read before queued files are published again.
     */
    private static final Duration CATCH_UP = Duration.ofSeconds(2);

    private final RunParts parts;
    private final Outbox outbox;
    private final LinkOwner owner;
    private Connector.Link connection;
    /** The session; null while there is none. */
    private BrokerSession session;

    private Channel channel;
    private ReliablePublisher publisher;
    /** How many replies of the time before the session are still to be read; negative when caught up. */
    private int catchUp = -1;
    /** Whether the broker was started anew since the run went on last. */
    private boolean forgotten;

    BrokerLink(RunParts parts, Outbox outbox, LinkOwner owner) {
        this.parts = parts;
        this.outbox = outbox;
        this.owner = owner;
    }

    /** Begins to connect. */
    void open() {
        RunBase base = parts.base();
        String name = "distributed-test-run-" + parts.runId().substring(0, 8);
        connection = base.connector().open(base.address(), name, base.loop(), new Life());
    }

    /** Closes it for good; what the broker has not confirmed is not sent again. */
    void close() {
        letGo();
        if (connection != null) {
            connection.close();
        }
    }

    /** The session; null while there is none. */
    BrokerSession session() {
        return session;
    }

    /** The session's publisher; null while there is none. */
    ReliablePublisher publisher() {
        return publisher;
    }

    private void letGo() {
        if (publisher != null) {
            publisher.detach();
        }
        outbox.detach();
        parts.offer().detach();
        parts.collector().detach();
        session = null;
        channel = null;
        publisher = null;
        catchUp = -1;
    }

    private final class Life implements BrokerConnection.Lifecycle {
        @Override
        public void connected(BrokerSession opened) throws IOException {
            try {
                connect(opened);
            } catch (ShutdownSignalException e) {
                throw new IOException(e.getMessage(), e);
            }
        }

        @Override
        public void disconnected(String reason) {
            letGo();
            owner.perform(parts.state().disconnected(owner.now(), reason));
        }

        @Override
        public void failing(String reason, Duration nextTry) {
            owner.perform(parts.state().disconnected(owner.now(), reason));
        }

        @Override
        public void refused(String reason) {
            owner.perform(parts.state().refused(owner.now(), reason));
        }
    }

    private void connect(BrokerSession opened) throws IOException {
        Channel declaring = opened.channel();
        declaring.basicQos(PREFETCH);
        forgotten |= parts.dialogue().isForgotten(opened);
        int waiting = parts.dialogue().declare(opened, declaring);
        ReliablePublisher publishing = new ReliablePublisher(parts.loop(), MAX_PENDING);
        publishing.attach(opened);
        session = opened;
        channel = declaring;
        publisher = publishing;
        outbox.attach(publishing);
        if (owner.sync() != null) {
            parts.offer().attach(opened);
        }
        parts.collector().attach(opened);
        if (parts.state().hasEnded()) {
            owner.connectedAfterTheEnd();
            return;
        }
        catchUp = waiting;
        takeUp();
        if (!parts.state().isPublished()) {
            // Last: a broker over which nothing can be heard is not reached, and the run does not wait for ever.
            owner.perform(parts.state().reached(owner.now()));
        }
    }

    /** The sources are there now. */
    void offerSources() {
        if (session == null) {
            return;
        }
        try {
            parts.offer().attach(session);
            takeUp();
        } catch (IOException | RuntimeException e) {
            renew("the sources cannot be offered over it: " + e.getMessage());
        }
    }

    /**
     * Listens, as soon as there are both a session and sources to offer; then publishes, for the first time or again.
     */
    private void takeUp() throws IOException {
        RunState state = parts.state();
        if (owner.sync() == null || session == null || state.hasEnded()) {
            return;
        }
        BrokerSession opened = session;
        Dialogue dialogue = parts.dialogue();
        opened.consume(channel, dialogue.replyQueue(), false, this::reply, () -> renew("the reply queue was deleted"));
        opened.consume(
                channel,
                dialogue.announcementQueue(),
                true,
                this::announced,
                () -> renew("the announcement queue was deleted"));
        if (!state.isPublished()) {
            catchUp = -1;
            forgotten = false;
            outbox.inviteAfterwards();
            owner.perform(state.begin(owner.now()));
        } else if (catchUp == 0) {
            caughtUp();
        } else {
            parts.loop().schedule(CATCH_UP, () -> {
                if (session == opened && catchUp >= 0) {
                    caughtUp();
                }
            });
        }
    }

    /** The session is of no use any more (a queue was deleted, a channel closed): only a new one helps. */
    private void renew(String why) {
        if (session == null || parts.state().hasEnded()) {
            return;
        }
        LOG.warn("Run {} connects anew: {}", parts.runId(), why);
        connection.close();
        new Life().disconnected(why);
        open();
    }

    private void caughtUp() {
        catchUp = -1;
        outbox.inviteAfterwards();
        boolean anew = forgotten;
        forgotten = false;
        owner.perform(parts.state().reconnected(owner.now(), anew));
    }

    private void reply(Delivery delivery) {
        try {
            channel.basicAck(delivery.getEnvelope().getDeliveryTag(), false);
        } catch (IOException | ShutdownSignalException e) {
            // It comes again over the next session, where it is refused as stale.
            LOG.debug("A reply could not be acknowledged", e);
        }
        try {
            String digest = owner.sync() == null ? null : owner.sync().treeDigest();
            owner.perform(parts.dialogue().reply(parts.state(), owner.now(), digest, delivery.getBody()));
        } catch (WireException | RuntimeException e) {
            owner.dropped("A reply was dropped: " + e.getMessage());
        }
        if (catchUp > 0 && --catchUp == 0) {
            caughtUp();
        }
    }

    private void announced(Delivery delivery) {
        // While catching up nobody is spoken to: who hears us takes files, and what is queued is of the time before.
        if (!parts.state().isPublished() || parts.state().hasEnded() || publisher == null || catchUp >= 0) {
            return; // it is invited with all others when the files are published
        }
        if (publisher.pending() >= BUSY) {
            owner.dropped("An announcement was dropped: the broker does not keep up");
            return;
        }
        try {
            parts.dialogue().inviteOne(publisher, owner.sync(), delivery.getBody());
        } catch (WireException | RuntimeException e) {
            owner.dropped("An announcement was dropped: " + e.getMessage());
        }
    }

    /** Tells one listener to drop the run. */
    void cancelOne(Effect.CancelListener cancel) {
        if (publisher != null && publisher.pending() < BUSY) {
            parts.dialogue().cancelOne(publisher, cancel.inbox(), cancel.reason());
        }
    }

    /** Asks the listeners of all clusters to say which is theirs. */
    void askOtherClusters() {
        if (publisher != null && publisher.pending() < BUSY) {
            parts.dialogue().askOtherClusters(publisher);
        }
    }

    /** Empties the files queue. */
    void purge() {
        if (channel == null) {
            return;
        }
        try {
            parts.dialogue().purge(channel);
        } catch (IOException | ShutdownSignalException e) {
            LOG.debug("The files queue could not be emptied; what is in it is stale", e);
            if (session.isOpen()) {
                // The queue is gone and the channel with it: nothing would be heard any more.
                parts.loop().execute(() -> renew("the files queue was deleted"));
            }
        }
    }

    /** Shows listeners that the run is alive. */
    void heartbeat() {
        RunState state = parts.state();
        boolean speaks = publisher != null && catchUp < 0;
        if (speaks && state.isPublished() && !state.hasEnded() && publisher.pending() < BUSY) {
            parts.dialogue().heartbeat(publisher);
        }
    }

    /** Keeps the run's queues from expiring. */
    void touch() {
        if (channel == null || !channel.isOpen()) {
            return;
        }
        try {
            parts.dialogue().touch(channel);
        } catch (IOException | ShutdownSignalException e) {
            LOG.debug("The queues could not be kept alive now", e);
        }
    }
}
