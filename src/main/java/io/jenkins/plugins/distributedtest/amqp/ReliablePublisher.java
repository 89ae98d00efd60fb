package io.jenkins.plugins.distributedtest.amqp;

import com.rabbitmq.client.AMQP;
import com.rabbitmq.client.Channel;
import com.rabbitmq.client.ShutdownSignalException;
import io.jenkins.plugins.distributedtest.loop.EventLoop;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.Deque;
import java.util.List;
import java.util.TreeMap;
import java.util.concurrent.RejectedExecutionException;
import java.util.function.BiConsumer;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Publishes messages so that none is lost: each is kept until the broker has confirmed it, and sent again over the next
 * session if that one is lost first. So the broker may get a message twice, but never not at all, and newer ones follow
 * older ones.
 *
 * <p>The story of a message: {@link #publish} puts it at the end of <em>waiting</em>. As long as a channel is attached
 * and the broker takes messages, waiting ones are sent, at most {@value #WINDOW_MESSAGES} and {@value #WINDOW_BYTES}
 * bytes ahead of the broker's confirms, and are then <em>in flight</em>; so a slow broker slows the sending down
 * instead of blocking the loop in a full socket. A confirm ends the story. A nack, or the end of the channel, puts what
 * was in flight back before everything that waits.
 *
 * <p>A message for an exchange that does not exist (or that we must not use) makes the broker close the channel without
 * saying which message it was. Then what was in flight is sent again one by one; the one that closes the channel again
 * is dropped and reported to {@link #onUndeliverable}. All others arrive.
 *
 * <p>Everything here is called, and calls back, on the event loop.
 */
public final class ReliablePublisher {
    private static final int MAX_NAME_BYTES = 255;
    static final int WINDOW_MESSAGES = 1000;
    static final int WINDOW_BYTES = 4 << 20;
    /** Pause before a message is sent again that the broker has refused, or whose channel it has closed. */
    static final Duration RETRY_PAUSE = Duration.ofMillis(200);

    private static final Logger LOG = LoggerFactory.getLogger(ReliablePublisher.class);

    private final EventLoop loop;
    private final int maxPending;
    private final Deque<Message> waiting = new ArrayDeque<>();
    private final TreeMap<Long, Message> inFlight = new TreeMap<>();
    private final Awaited drained;
    private final Awaited sent;
    private BiConsumer<String, String> onUndeliverable = (exchange, routingKey) -> {};
    private BrokerSession session;
    private Channel channel;
    private long inFlightBytes;
    private long numbers;
    /** Up to and including this number messages are sent one by one, to find the one that closes channels. */
    private long suspectUntil;

    private EventLoop.Scheduled pause;

    /** A message; its number gives the order of publishing. */
    private record Message(
            long number, String exchange, String routingKey, AMQP.BasicProperties properties, byte[] body) {}

    /**
     * A publisher without a session: what is published waits.
     *
     * @param loop the loop that it lives on
     * @param maxPending how many messages it keeps at most; one more is an error
     */
    public ReliablePublisher(EventLoop loop, int maxPending) {
        this.loop = loop;
        this.maxPending = maxPending;
        drained = new Awaited(loop, () -> pending() == 0);
        sent = new Awaited(loop, waiting::isEmpty);
    }

    /**
     * Takes up a new session, on a channel of its own: sends what is not confirmed, in order, then goes on.
     *
     * @throws IOException if the session is lost already; what is pending stays so
     */
    public void attach(BrokerSession newSession) throws IOException {
        detach();
        session = newSession;
        newSession.onUnblocked(() -> {
            if (session == newSession) {
                pump();
            }
        });
        openChannel();
        pump();
    }

    /** Lets go of the session; what is not confirmed is kept for the next. Harmless without one. */
    public void detach() {
        cancelPause();
        Channel old = channel;
        channel = null;
        session = null;
        takeBack();
        if (old != null && old.isOpen()) {
            abort(old);
        }
    }

    /**
     * Publishes a message, now or as soon as there is a session.
     *
     * @param exchange exchange, empty for the default one
     * @param routingKey routing key
     * @param properties properties
     * @param body body; not to be changed any more
     * @throws IllegalArgumentException if a name is longer than the protocol allows
     * @throws IllegalStateException if {@code maxPending} messages are pending already
     */
    public void publish(String exchange, String routingKey, AMQP.BasicProperties properties, byte[] body) {
        checkName(exchange);
        checkName(routingKey);
        if (pending() >= maxPending) {
            throw new IllegalStateException("The broker has not confirmed " + maxPending
                    + " messages, which is this publisher's limit; the message to exchange \"" + exchange
                    + "\" with routing key \"" + routingKey + "\" is refused");
        }
        waiting.add(new Message(++numbers, exchange, routingKey, properties, body));
        pump();
    }

    /** Else the library would throw when its turn comes, and everything behind it would wait for ever. */
    private static void checkName(String name) {
        int bytes = name.getBytes(StandardCharsets.UTF_8).length;
        if (bytes > MAX_NAME_BYTES) {
            throw new IllegalArgumentException(
                    "Not the name of a queue or exchange: " + bytes + " bytes, more than " + MAX_NAME_BYTES);
        }
    }

    /** How many messages are not confirmed yet. */
    public int pending() {
        return waiting.size() + inFlight.size();
    }

    /** Runs an action, once, as soon as nothing is pending; at once (but after the caller) if that is so now. */
    public void whenDrained(Runnable action) {
        drained.add(action);
    }

    /**
     * Runs an action, once, as soon as nothing waits to be sent, so that whoever publishes much can keep to the pace of
     * the broker; at once (but after the caller) if that is so now.
     */
    public void whenSent(Runnable action) {
        sent.add(action);
    }

    /**
     * Says whom to tell when a message was dropped because the broker closes the channel over it.
     *
     * @param action takes the message's exchange and routing key
     */
    public void onUndeliverable(BiConsumer<String, String> action) {
        onUndeliverable = action;
    }

    private void openChannel() throws IOException {
        Channel opened = session.channel();
        try {
            opened.confirmSelect();
        } catch (RuntimeException e) {
            throw new IOException("The connection to the broker is lost", e);
        }
        opened.addConfirmListener(
                (tag, multiple) -> onLoop(opened, () -> confirmed(tag, multiple)),
                (tag, multiple) -> onLoop(opened, () -> refused(tag, multiple)));
        channel = opened;
        opened.addShutdownListener(cause -> onLoop(opened, () -> channelEnded(cause)));
    }

    private void onLoop(Channel source, Runnable event) {
        try {
            loop.execute(() -> {
                if (channel == source) {
                    event.run();
                }
            });
        } catch (RejectedExecutionException e) {
            LOG.debug("A confirm came after the end: {}", e.getMessage());
        }
    }

    /** Sends what waits, as far as the window allows. */
    private void pump() {
        while (channel != null && pause == null && !session.isBlocked() && !waiting.isEmpty() && windowOpen()) {
            Message message = waiting.peek();
            try {
                long tag = channel.getNextPublishSeqNo();
                channel.basicPublish(message.exchange(), message.routingKey(), message.properties(), message.body());
                inFlight.put(tag, waiting.remove());
                inFlightBytes += message.body().length;
            } catch (IOException | ShutdownSignalException e) {
                // The channel or the session has ended; the message stays first in line, its end is told soon.
                LOG.debug("Cannot publish now", e);
                return;
            }
        }
        sent.check();
    }

    private boolean windowOpen() {
        if (inFlight.isEmpty()) {
            return true;
        }
        boolean suspected = inFlight.firstEntry().getValue().number() <= suspectUntil
                || waiting.element().number() <= suspectUntil;
        return !suspected && inFlight.size() < WINDOW_MESSAGES && inFlightBytes < WINDOW_BYTES;
    }

    private void confirmed(long tag, boolean multiple) {
        takeOut(tag, multiple);
        pump();
        drained.check();
    }

    private void refused(long tag, boolean multiple) {
        List<Message> again = takeOut(tag, multiple);
        LOG.warn("The broker did not take {} messages; sending them again", again.size());
        putBack(again);
        pumpLater();
    }

    private List<Message> takeOut(long tag, boolean multiple) {
        List<Message> out = new ArrayList<>();
        if (multiple) {
            var upTo = inFlight.headMap(tag, true);
            out.addAll(upTo.values());
            upTo.clear();
        } else {
            Message one = inFlight.remove(tag);
            if (one != null) {
                out.add(one);
            }
        }
        out.forEach(message -> inFlightBytes -= message.body().length);
        return out;
    }

    /** Puts messages that were in flight before everything that waits, in their order. */
    private void putBack(List<Message> messages) {
        messages.stream()
                .sorted(Comparator.comparingLong(Message::number).reversed())
                .forEach(waiting::addFirst);
    }

    private void takeBack() {
        putBack(List.copyOf(inFlight.values()));
        inFlight.clear();
        inFlightBytes = 0;
    }

    /** The channel has ended. If its session has not, a message did it. */
    private void channelEnded(ShutdownSignalException cause) {
        channel = null;
        if (cause.isHardError()) {
            takeBack();
            return;
        }
        if (inFlight.size() == 1) {
            drop(inFlight.firstEntry().getValue(), cause);
        } else if (!inFlight.isEmpty()) {
            suspectUntil =
                    inFlight.values().stream().mapToLong(Message::number).max().orElse(0);
        }
        takeBack();
        BrokerSession current = session;
        pause = loop.schedule(RETRY_PAUSE, () -> {
            pause = null;
            if (session == current && current.isOpen()) {
                reopen();
            }
        });
        drained.check();
    }

    private void drop(Message message, ShutdownSignalException cause) {
        inFlight.clear();
        LOG.error(
                "A message to exchange \"{}\" with routing key \"{}\" cannot be delivered and is dropped: {}",
                message.exchange(),
                message.routingKey(),
                ConnectFailure.rootMessage(cause));
        onUndeliverable.accept(message.exchange(), message.routingKey());
    }

    private void reopen() {
        try {
            openChannel();
            pump();
        } catch (IOException e) {
            LOG.debug("The session has ended; its loss is told soon", e);
        }
    }

    private void pumpLater() {
        if (pause == null) {
            pause = loop.schedule(RETRY_PAUSE, () -> {
                pause = null;
                pump();
            });
        }
    }

    private void cancelPause() {
        if (pause != null) {
            pause.cancel();
            pause = null;
        }
    }

    private static void abort(Channel old) {
        try {
            old.abort();
        } catch (IOException | RuntimeException e) {
            LOG.debug("Ended already", e);
        }
    }
}
