package io.jenkins.plugins.distributedtest.listener;

import com.rabbitmq.client.AlreadyClosedException;
import com.rabbitmq.client.Channel;
import io.jenkins.plugins.distributedtest.amqp.BrokerSession;
import io.jenkins.plugins.distributedtest.amqp.GorgonTopology;
import io.jenkins.plugins.distributedtest.loop.EventLoop;
import java.io.IOException;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.concurrent.RejectedExecutionException;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Replies to a Ruby originator: in order, and each at most once. It counts {@code finish} messages without looking at
 * the file, so that one that came twice would make it believe that a file is done which is not; therefore nothing is
 * sent again, in contrast to the replies of our own dialect. What could not be sent for want of a connection is kept
 * and sent later.
 *
 * <p>Its reply exchange vanishes with it. A message that comes too late then closes this channel, which is nobody
 * else's; the run is over.
 */
final class RubyReplies {
    private static final Logger LOG = LoggerFactory.getLogger(RubyReplies.class);
    private static final int MAX_WAITING = 10_000;

    private final EventLoop loop;
    private final String exchange;
    private final Deque<byte[]> waiting = new ArrayDeque<>();
    private Runnable onGone = () -> {};
    private Channel channel;
    private boolean gone;

    RubyReplies(EventLoop loop, String exchange) {
        this.loop = loop;
        this.exchange = exchange;
    }

    void onGone(Runnable action) {
        onGone = action;
    }

    void attach(BrokerSession session) throws IOException {
        if (!Channels.exchangeExists(session, exchange)) {
            gone();
            return;
        }
        Channel opened = session.channel();
        channel = opened;
        opened.addShutdownListener(cause -> ended(opened));
        while (channel != null && !waiting.isEmpty()) {
            send(waiting.poll());
        }
    }

    void detach() {
        channel = null;
    }

    void publish(byte[] body) {
        if (gone) {
            return;
        }
        if (channel != null) {
            send(body);
        } else if (waiting.size() < MAX_WAITING) {
            waiting.add(body);
        }
    }

    void close() {
        Channel old = channel;
        channel = null;
        gone = true;
        Channels.close(old);
    }

    private void send(byte[] body) {
        try {
            channel.basicPublish(exchange, "", GorgonTopology.OF_LISTENER, body);
        } catch (IOException | AlreadyClosedException e) {
            // It did not leave, so it may wait for the next connection.
            LOG.debug("Cannot publish to {} now", exchange, e);
            channel = null;
            waiting.addFirst(body);
        }
    }

    private void ended(Channel old) {
        try {
            loop.execute(() -> {
                if (channel == old || channel == null && !gone) {
                    channel = null;
                    if (Channels.closedByNotFound(old)) {
                        gone();
                    }
                }
            });
        } catch (RejectedExecutionException e) {
            LOG.debug("The listener is closed", e);
        }
    }

    private void gone() {
        gone = true;
        waiting.clear();
        onGone.run();
    }
}
