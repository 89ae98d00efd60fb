package io.jenkins.plugins.distributedtest.listener;

import com.rabbitmq.client.AMQP;
import com.rabbitmq.client.AlreadyClosedException;
import com.rabbitmq.client.Channel;
import com.rabbitmq.client.ShutdownSignalException;
import io.jenkins.plugins.distributedtest.amqp.BrokerSession;
import java.io.IOException;
import java.util.concurrent.TimeoutException;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** What is done with channels in passing. On the event loop. */
final class Channels {
    private static final Logger LOG = LoggerFactory.getLogger(Channels.class);
    private static final int NOT_FOUND = 404;

    private Channels() {}

    /** Something to do with a channel. */
    interface Use {
        /** May close the channel, by asking for what does not exist. */
        void with(Channel channel) throws IOException;
    }

    /** Closes a channel, whatever its state; null is harmless. */
    static void close(Channel channel) {
        if (channel == null || !channel.isOpen()) {
            return;
        }
        try {
            channel.close();
        } catch (IOException | TimeoutException | ShutdownSignalException e) {
            // Also when the connection is lost while it is being closed, not just before.
            LOG.debug("Closed already", e);
        }
    }

    /** Whether the broker closed a channel since it was asked for a queue or exchange that does not exist. */
    static boolean closedByNotFound(Channel channel) {
        ShutdownSignalException reason = channel.getCloseReason();
        return reason != null
                && reason.getReason() instanceof AMQP.Channel.Close close
                && close.getReplyCode() == NOT_FOUND;
    }

    /**
     * Does something on a channel of its own.
     *
     * @return false if what it asked for does not exist
     * @throws IOException if the session is lost, or the broker refuses for another reason
     */
    static boolean tryOn(BrokerSession session, Use use) throws IOException {
        Channel channel = session.channel();
        try {
            use.with(channel);
            return true;
        } catch (IOException | AlreadyClosedException e) {
            if (closedByNotFound(channel)) {
                return false;
            }
            throw e instanceof IOException io ? io : new IOException("The channel has ended", e);
        } finally {
            close(channel);
        }
    }

    /**
     * Makes sure, before a queue is read, that asking for one that does not exist costs a channel and not the whole
     * connection, as it does on a Qpid broker. RabbitMQ needs no such care, and gets no round trip more.
     *
     * @throws IOException if the queue does not exist, which has closed the channel
     */
    static void beforeReading(BrokerSession session, Channel channel, String queue) throws IOException {
        if (!session.kind().survivesMissingQueues()) {
            channel.queueDeclarePassive(queue);
        }
    }

    /** Whether a queue exists. */
    static boolean queueExists(BrokerSession session, String queue) throws IOException {
        return tryOn(session, channel -> channel.queueDeclarePassive(queue));
    }

    /** Whether an exchange exists. */
    static boolean exchangeExists(BrokerSession session, String exchange) throws IOException {
        return tryOn(session, channel -> channel.exchangeDeclarePassive(exchange));
    }
}
