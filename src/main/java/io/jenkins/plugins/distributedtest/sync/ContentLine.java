package io.jenkins.plugins.distributedtest.sync;

import com.rabbitmq.client.Channel;
import com.rabbitmq.client.Delivery;
import io.jenkins.plugins.distributedtest.amqp.BrokerSession;
import io.jenkins.plugins.distributedtest.amqp.Topology;
import io.jenkins.plugins.distributedtest.loop.EventLoop;
import io.jenkins.plugins.distributedtest.wire.SyncSpec;
import java.io.IOException;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.function.Consumer;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * One fetch's line to the originator: on the loop's side a channel with an exclusive, auto-delete queue bound to the
 * run's content exchange (bound before anything is asked, so that no answer is missed); on the fetching thread's side a
 * queue of events. At most {@value #PREFETCH} messages are on their way to the fetching thread: the broker sends the
 * next when one is done.
 */
final class ContentLine implements AutoCloseable {
    private static final int PREFETCH = 8;
    private static final Duration LOOP_TIMEOUT = Duration.ofSeconds(60);
    private static final Logger LOG = LoggerFactory.getLogger(ContentLine.class);

    private final EventLoop loop;
    private final String listener;
    private final SyncSpec sync;
    private final Consumer<ContentLine> onOpen;
    private final Consumer<ContentLine> onClose;
    private final LinkedBlockingQueue<Event> events = new LinkedBlockingQueue<>();
    private boolean opened;
    private volatile Channel channel;

    /** What happens on the line. */
    sealed interface Event {}

    /** A message came. */
    record Arrived(Channel channel, Delivery delivery) implements Event {}

    /** The line stands (again): what was asked before has to be asked again. */
    record Connected() implements Event {}

    /** It is over, for a reason. */
    record Closed(String reason) implements Event {}

    /**
     * @param onOpen called on the loop: attaches the line to the session if there is one, now and after reconnects
     * @param onClose called on the loop: forgets it
     */
    ContentLine(
            EventLoop loop,
            String listener,
            SyncSpec sync,
            Consumer<ContentLine> onOpen,
            Consumer<ContentLine> onClose) {
        this.loop = loop;
        this.listener = listener;
        this.sync = sync;
        this.onOpen = onOpen;
        this.onClose = onClose;
    }

    /** The listener's id. */
    String listener() {
        return listener;
    }

    /** Whether there is a connection, as far as is known. */
    boolean isConnected() {
        return channel != null;
    }

    // ---- the fetching thread's side

    /**
     * Opens the line unless it is open.
     *
     * @return whether it was opened now: then {@link Connected} says when to ask
     */
    boolean open() throws SyncException, InterruptedException {
        if (opened) {
            return false;
        }
        opened = true;
        onLoop(() -> onOpen.accept(this));
        return true;
    }

    /** Asks the originator; without a connection nothing happens, since all is asked again after the next. */
    void ask(List<String> digests, long missingBytes) throws SyncException, InterruptedException {
        ContentMessages.Packed request =
                ContentMessages.request(new ContentMessages.Request(listener, digests, missingBytes));
        onLoop(() -> {
            if (channel != null) {
                publish(request);
            }
        });
    }

    /**
     * Waits for an event.
     *
     * @return null if none came
     */
    Event next(Duration timeout) throws SyncException, InterruptedException {
        Event event = events.poll(timeout.toMillis(), TimeUnit.MILLISECONDS);
        if (event instanceof Closed closed) {
            throw new SyncException(SyncException.Kind.FAILED, closed.reason());
        }
        return event;
    }

    /** A message is dealt with: another may come. */
    void done(Arrived message) {
        try {
            loop.execute(() -> ack(message));
        } catch (RejectedExecutionException e) {
            LOG.debug("The loop is closed", e);
        }
    }

    @Override
    public void close() {
        if (!opened) {
            return;
        }
        try {
            loop.execute(() -> {
                onClose.accept(this);
                hangUp();
            });
        } catch (RejectedExecutionException e) {
            LOG.debug("The loop is closed, and the connection with it", e);
        }
    }

    private void onLoop(Runnable action) throws SyncException, InterruptedException {
        try {
            CompletableFuture<Object> done = loop.submit(() -> {
                action.run();
                return null;
            });
            done.get(LOOP_TIMEOUT.toSeconds(), TimeUnit.SECONDS);
        } catch (RejectedExecutionException e) {
            throw new SyncException(SyncException.Kind.FAILED, "The listener is being shut down", e);
        } catch (ExecutionException | TimeoutException e) {
            throw new SyncException(SyncException.Kind.FAILED, "The broker cannot be asked: " + e.getMessage(), e);
        }
    }

    // ---- the loop's side

    /** On the loop: there is a session. */
    void attach(BrokerSession session) throws IOException {
        Channel fresh = session.channel();
        String queue = Topology.contentAnswers(fresh, sync.contentExchange(), ContentOffer.KEY);
        fresh.basicQos(PREFETCH);
        session.consume(fresh, queue, false, delivery -> events.add(new Arrived(fresh, delivery)), () -> {});
        channel = fresh;
        events.add(new Connected());
    }

    /** On the loop: the session is gone, and what it had delivered is void. */
    void detach() {
        channel = null;
    }

    /** On the loop: it is over. */
    void end(String reason) {
        events.add(new Closed(reason));
    }

    private void publish(ContentMessages.Packed request) {
        try {
            channel.basicPublish("", sync.contentQueue(), request.properties(), request.body());
        } catch (IOException | RuntimeException e) {
            LOG.debug("The connection is lost; all is asked again after the next", e);
        }
    }

    private void ack(Arrived message) {
        if (message.channel() == channel) {
            try {
                channel.basicAck(message.delivery().getEnvelope().getDeliveryTag(), false);
            } catch (IOException | RuntimeException e) {
                LOG.debug("The connection is lost; its loss is told soon", e);
            }
        }
    }

    private void hangUp() {
        Channel old = channel;
        channel = null;
        if (old != null && old.isOpen()) {
            try {
                old.abort();
            } catch (IOException | RuntimeException e) {
                LOG.debug("Closing a channel", e);
            }
        }
    }
}
