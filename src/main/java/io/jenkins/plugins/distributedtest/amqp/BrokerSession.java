package io.jenkins.plugins.distributedtest.amqp;

import com.rabbitmq.client.AMQP;
import com.rabbitmq.client.BlockedListener;
import com.rabbitmq.client.Channel;
import com.rabbitmq.client.Connection;
import com.rabbitmq.client.DefaultConsumer;
import com.rabbitmq.client.Delivery;
import com.rabbitmq.client.Envelope;
import io.jenkins.plugins.distributedtest.loop.EventLoop;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.RejectedExecutionException;
import java.util.function.Consumer;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * One connection to the broker, from login to loss. A lost one never comes back: {@link BrokerConnection} makes the
 * next, with a higher {@link #generation}. Everything that belongs to a session (channels, consumers, delivery tags)
 * ends with it, and what it still had to say is dropped once {@link BrokerConnection.Lifecycle#disconnected} was
 * called.
 *
 * <p>Its methods and those of its channels are to be called on the event loop. Each call to the broker is bounded by
 * {@link BrokerConnection#RPC_TIMEOUT}.
 */
public final class BrokerSession {
    private static final Logger LOG = LoggerFactory.getLogger(BrokerSession.class);

    private final Connection connection;
    private final EventLoop loop;
    private final long generation;
    private final List<Runnable> onUnblocked = new ArrayList<>();
    /** The channels of a view, which are closed with it; null for a session that is a whole connection. */
    private final List<Channel> channels;

    private volatile boolean ended;
    private String blocked;
    /** Why {@code connected} threw; null if it did not. */
    String failure;

    BrokerSession(Connection connection, EventLoop loop, long generation) {
        this(connection, loop, generation, null);
    }

    private BrokerSession(Connection connection, EventLoop loop, long generation, List<Channel> channels) {
        this.connection = connection;
        this.loop = loop;
        this.generation = generation;
        this.channels = channels;
    }

    /** On the loop: a session for one of several owners of the connection, with channels of its own. */
    BrokerSession view(long viewGeneration) {
        BrokerSession view = new BrokerSession(connection, loop, viewGeneration, new ArrayList<>());
        view.blocked = blocked;
        return view;
    }

    /** On the loop: closes a view's channels. */
    void closeChannels() {
        for (Channel channel : channels) {
            if (channel.isOpen()) {
                try {
                    channel.abort();
                } catch (IOException | RuntimeException e) {
                    LOG.debug("A channel closes with its connection", e);
                }
            }
        }
        channels.clear();
    }

    /**
     * Opens a channel.
     *
     * @throws IOException if the connection is lost or the broker does not allow another channel
     */
    public Channel channel() throws IOException {
        Channel channel;
        try {
            channel = connection.createChannel();
        } catch (RuntimeException e) {
            throw new IOException("The connection to the broker is lost", e);
        }
        if (channel == null) {
            throw new IOException("The broker allows no more than " + connection.getChannelMax() + " channels");
        }
        if (channels != null) {
            channels.removeIf(each -> !each.isOpen());
            channels.add(channel);
        }
        return channel;
    }

    /** Which connection this is: 1 for the first, and rising. */
    public long generation() {
        return generation;
    }

    /** What kind of broker this is. */
    public BrokerKind kind() {
        Map<String, Object> properties = connection.getServerProperties();
        Object product = properties == null ? null : properties.get("product");
        return BrokerKind.of(product == null ? "" : product.toString());
    }

    /** Whether the connection still stands, as far as is known. */
    public boolean isOpen() {
        return !ended && connection.isOpen();
    }

    /** Whether the broker has stopped taking messages, being short of memory or disk. */
    public boolean isBlocked() {
        return blocked != null;
    }

    /**
     * Starts a consumer. Deliveries that were on their way when the consumer is cancelled still arrive; deliveries of a
     * channel or session that has ended do not.
     *
     * @param channel the channel, of this session; its prefetch says how much may be on its way
     * @param queue the queue
     * @param autoAck whether the broker forgets messages when it sends them
     * @param onDelivery takes each delivery, on the loop
     * @param onCancelled runs on the loop when the broker cancels the consumer (its queue was deleted); not after
     *     {@link Channel#basicCancel}. RabbitMQ tells; with the embedded broker a consumer just hears nothing more, so
     *     nothing may depend on it alone
     * @return the consumer tag
     * @throws IOException if the queue does not exist (which closes the channel) or the connection is lost
     */
    public String consume(
            Channel channel, String queue, boolean autoAck, Consumer<Delivery> onDelivery, Runnable onCancelled)
            throws IOException {
        return channel.basicConsume(queue, autoAck, new DefaultConsumer(channel) {
            @Override
            public void handleDelivery(String tag, Envelope envelope, AMQP.BasicProperties properties, byte[] body) {
                onLoop(channel, () -> onDelivery.accept(new Delivery(envelope, properties, body)));
            }

            @Override
            public void handleCancel(String tag) {
                onLoop(channel, onCancelled);
            }
        });
    }

    /** Hands an event to the loop, where it is dropped if its session or channel has ended by then. */
    private void onLoop(Channel channel, Runnable event) {
        try {
            loop.execute(() -> {
                if (!ended && channel.isOpen()) {
                    event.run();
                }
            });
        } catch (RejectedExecutionException e) {
            // The loop, which all owners of the connection share, is closed.
            LOG.debug("An event came after the end: {}", e.getMessage());
            connection.abort(0);
        }
    }

    /** On the loop: runs something each time the broker takes messages again. */
    void onUnblocked(Runnable action) {
        onUnblocked.add(action);
    }

    /** Watches for the broker's word that it takes no messages for now; tells the lifecycle, on the loop. */
    void watchBlocked(BrokerConnection.Lifecycle lifecycle) {
        connection.addBlockedListener(new BlockedListener() {
            @Override
            public void handleBlocked(String reason) {
                ifAlive(() -> {
                    blocked(reason == null ? "" : reason);
                    lifecycle.blocked(blocked);
                });
            }

            @Override
            public void handleUnblocked() {
                ifAlive(() -> {
                    blocked = null;
                    lifecycle.unblocked();
                    unblocked();
                });
            }
        });
    }

    /** On the loop: the broker takes no messages for now. */
    void blocked(String reason) {
        blocked = reason;
    }

    /** On the loop: the broker takes messages again. */
    void unblocked() {
        blocked = null;
        List.copyOf(onUnblocked).forEach(Runnable::run);
    }

    private void ifAlive(Runnable event) {
        try {
            loop.execute(() -> {
                if (!ended) {
                    event.run();
                }
            });
        } catch (RejectedExecutionException e) {
            LOG.debug("An event came after the end: {}", e.getMessage());
        }
    }

    /** On the loop: from now on its events are dropped. */
    void end() {
        ended = true;
        onUnblocked.clear();
    }

    /** Whether its loss has been told. */
    boolean hasEnded() {
        return ended;
    }

    Connection connection() {
        return connection;
    }
}
