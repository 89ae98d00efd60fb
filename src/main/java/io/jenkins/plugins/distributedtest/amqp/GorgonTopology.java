package io.jenkins.plugins.distributedtest.amqp;

import com.rabbitmq.client.AMQP;
import com.rabbitmq.client.BuiltinExchangeType;
import com.rabbitmq.client.Channel;
import io.jenkins.plugins.distributedtest.wire.Names;
import io.jenkins.plugins.distributedtest.wire.gorgon.GorgonNames;
import java.io.IOException;
import java.time.Duration;
import java.util.Map;

/**
 * The exchanges and queues of Gorgon's dialect with its flags to the letter, each declared here and nowhere else:
 * nothing is durable or has arguments, queues are auto-delete and not exclusive. A Ruby peer declares them again and
 * is closed out when a flag differs.
 *
 * <p>All methods declare anew what is there already, and throw an {@link IOException} if the connection is lost or
 * something of that name exists with other flags.
 */
public final class GorgonTopology {
    /** Properties of what an originator publishes, as Gorgon's does. */
    public static final AMQP.BasicProperties OF_ORIGINATOR = properties(1);

    /** Properties of what a listener publishes, as Gorgon's does. */
    public static final AMQP.BasicProperties OF_LISTENER = properties(2);

    private GorgonTopology() {}

    private static AMQP.BasicProperties properties(int deliveryMode) {
        return new AMQP.BasicProperties.Builder()
                .contentType("application/octet-stream")
                .deliveryMode(deliveryMode)
                .priority(0)
                .build();
    }

    /**
     * The exchange of job definitions.
     *
     * @param cluster the cluster, or null
     * @return its name
     */
    public static String jobs(Channel channel, String cluster) throws IOException {
        return fanout(channel, Names.gorgonJobs(cluster));
    }

    /**
     * The exchange of announcements.
     *
     * @param cluster the cluster, or null
     * @return its name
     */
    public static String originators(Channel channel, String cluster) throws IOException {
        return fanout(channel, Names.gorgonOriginators(cluster));
    }

    /**
     * The exchange of cancel messages.
     *
     * @return its name
     */
    public static String workerManagers(Channel channel) throws IOException {
        return fanout(channel, Names.GORGON_WORKER_MANAGERS);
    }

    private static String fanout(Channel channel, String exchange) throws IOException {
        channel.exchangeDeclare(exchange, BuiltinExchangeType.FANOUT, false, false, Map.of());
        return exchange;
    }

    /**
     * Reply exchange and reply queue of a run, or of a ping.
     *
     * @return how many messages wait in the queue
     */
    public static int replies(Channel channel, String id) throws IOException {
        channel.exchangeDeclare(GorgonNames.replyExchange(id), BuiltinExchangeType.DIRECT, false, true, Map.of());
        int waiting = sharedQueue(channel, GorgonNames.replyQueue(id));
        channel.queueBind(GorgonNames.replyQueue(id), GorgonNames.replyExchange(id), "");
        return waiting;
    }

    /** The queue of file paths of a run. */
    public static void files(Channel channel, String id) throws IOException {
        sharedQueue(channel, GorgonNames.fileQueue(id));
    }

    /** The queue on which an originator hears announcements. */
    public static void announcements(Channel channel, String id, String cluster) throws IOException {
        sharedQueue(channel, GorgonNames.originatorQueue(id));
        channel.queueBind(GorgonNames.originatorQueue(id), originators(channel, cluster), "");
    }

    /** The queue on which a listener hears of jobs. */
    public static void jobQueue(Channel channel, String queue, String cluster) throws IOException {
        sharedQueue(channel, queue);
        channel.queueBind(queue, jobs(channel, cluster), "");
    }

    private static int sharedQueue(Channel channel, String queue) throws IOException {
        return channel.queueDeclare(queue, false, false, true, Map.of()).getMessageCount();
    }

    /**
     * A queue of this connection alone on which a listener hears of cancelled jobs.
     *
     * @return its name, which the broker has chosen
     */
    public static String cancels(Channel channel) throws IOException {
        String queue = channel.queueDeclare("", false, true, true, Map.of()).getQueue();
        channel.queueBind(queue, workerManagers(channel), "");
        return queue;
    }

    /**
     * A queue that keeps a run's reply exchange for some time, also while no originator is connected: a Ruby listener
     * that publishes to an exchange that is gone ends. For brokers whose queues {@linkplain BrokerKind#expiresQueues
     * expire}; to be declared again before the time is over.
     *
     * @param queue its name
     * @param id the run
     * @param time how long it stays unused
     */
    public static void keepReplyExchange(Channel channel, String queue, String id, Duration time) throws IOException {
        channel.queueDeclare(queue, false, false, false, Map.of("x-expires", (int) time.toMillis(), "x-max-length", 1));
        channel.queueBind(queue, GorgonNames.replyExchange(id), "");
    }
}
