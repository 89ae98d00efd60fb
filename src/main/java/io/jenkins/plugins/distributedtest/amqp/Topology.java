package io.jenkins.plugins.distributedtest.amqp;

import com.rabbitmq.client.AMQP;
import com.rabbitmq.client.BuiltinExchangeType;
import com.rabbitmq.client.Channel;
import io.jenkins.plugins.distributedtest.wire.Names;
import java.io.IOException;
import java.time.Duration;
import java.util.HashMap;
import java.util.Map;

/**
 * The exchanges and queues of the native dialect, each declared here and nowhere else, and the properties of its
 * messages. docs/wire-protocol.md tells who declares what; {@link Names} has the names.
 *
 * <p>All methods declare anew what is there already, which is harmless, and throw an {@link IOException} if the
 * connection is lost or something of that name exists with other flags.
 */
public final class Topology {
    /** Properties of native messages. */
    public static final AMQP.BasicProperties MESSAGE = new AMQP.BasicProperties.Builder()
            .contentType("application/json")
            .deliveryMode(2)
            .build();

    /** Of those that go before others in a queue that has priorities: the highest that the protocol has. */
    public static final AMQP.BasicProperties MESSAGE_AHEAD =
            MESSAGE.builder().priority(9).build();

    /** Longer than an originator tries to come back. What one that was killed leaves goes then. */
    private static final Duration EXPIRES = Duration.ofMinutes(30);

    private Topology() {}

    /**
     * The exchange by which originators reach every listener of a cluster.
     *
     * @param cluster the cluster, or null
     * @return its name
     */
    public static String jobs(Channel channel, String cluster) throws IOException {
        return durableFanout(channel, Names.jobs(cluster));
    }

    /**
     * The exchange by which listeners reach every originator of a cluster.
     *
     * @param cluster the cluster, or null
     * @return its name
     */
    public static String originators(Channel channel, String cluster) throws IOException {
        return durableFanout(channel, Names.originators(cluster));
    }

    /**
     * The exchange by which every listener of a broker is reached, whatever its cluster.
     *
     * @return its name
     */
    public static String rollCall(Channel channel) throws IOException {
        return durableFanout(channel, Names.ROLL_CALL);
    }

    private static String durableFanout(Channel channel, String exchange) throws IOException {
        channel.exchangeDeclare(exchange, BuiltinExchangeType.FANOUT, true, false, Map.of());
        return exchange;
    }

    /**
     * A queue of a run: durable, not exclusive, and kept while nobody consumes it. Only the originator declares it; all
     * others ask for it passively.
     *
     * @return how many messages wait in it
     */
    public static int runQueue(BrokerSession session, Channel channel, String queue) throws IOException {
        return channel.queueDeclare(queue, true, false, false, runArguments(session))
                .getMessageCount();
    }

    /**
     * The queue of a run's files, otherwise as {@link #runQueue}.
     *
     * @param priorities whether messages with {@link #MESSAGE_AHEAD} go before others
     */
    public static void filesQueue(BrokerSession session, Channel channel, String queue, boolean priorities)
            throws IOException {
        channel.queueDeclare(queue, true, false, false, filesArguments(session, priorities));
    }

    /** As {@link #filesQueue}, without waiting for the answer: shows the broker that the queue is in use. */
    public static void touchFilesQueue(BrokerSession session, Channel channel, String queue, boolean priorities)
            throws IOException {
        channel.queueDeclareNoWait(queue, true, false, false, filesArguments(session, priorities));
    }

    private static Map<String, Object> filesArguments(BrokerSession session, boolean priorities) {
        Map<String, Object> arguments = new HashMap<>(runArguments(session));
        if (priorities) {
            arguments.putAll(session.kind().twoPriorities());
        }
        return arguments;
    }

    private static Map<String, Object> runArguments(BrokerSession session) {
        return session.kind().expiresQueues() ? Map.of("x-expires", (int) EXPIRES.toMillis()) : Map.of();
    }

    /**
     * A queue of this connection alone, which goes with it.
     *
     * @param queue its name
     */
    public static void ownQueue(Channel channel, String queue) throws IOException {
        channel.queueDeclare(queue, false, true, true, Map.of());
    }

    /**
     * A queue of this connection alone that hears an exchange.
     *
     * @param queue its name
     * @param exchange the exchange, declared before
     * @param key the routing key; empty for a fanout exchange
     */
    public static void ownQueue(Channel channel, String queue, String exchange, String key) throws IOException {
        ownQueue(channel, queue);
        channel.queueBind(queue, exchange, key);
    }

    /** The exchange of a run's content: direct, gone with its last queue. */
    public static void contentExchange(Channel channel, String exchange) throws IOException {
        channel.exchangeDeclare(exchange, BuiltinExchangeType.DIRECT, false, true, Map.of());
    }

    /**
     * The queue of requests for a run's content, gone with its consumer.
     *
     * @param keeper a key by which it is bound to the exchange, which so stays while the originator is there
     */
    public static void contentRequests(Channel channel, String queue, String exchange, String keeper)
            throws IOException {
        contentExchange(channel, exchange);
        channel.queueDeclare(queue, false, false, true, Map.of());
        channel.queueBind(queue, exchange, keeper);
    }

    /**
     * A queue of this connection alone for the content that a listener has asked for.
     *
     * @return its name, which the broker has chosen
     */
    public static String contentAnswers(Channel channel, String exchange, String key) throws IOException {
        contentExchange(channel, exchange);
        String queue = channel.queueDeclare("", false, true, true, Map.of()).getQueue();
        channel.queueBind(queue, exchange, key);
        return queue;
    }

    /** The queue of what listeners bring back, gone with its consumer. */
    public static void collected(Channel channel, String queue) throws IOException {
        channel.queueDeclare(queue, false, false, true, Map.of());
    }
}
