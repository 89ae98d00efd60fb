package io.jenkins.plugins.distributedtest.collect;

import com.rabbitmq.client.Channel;
import com.rabbitmq.client.Delivery;
import io.jenkins.plugins.distributedtest.amqp.BrokerSession;
import io.jenkins.plugins.distributedtest.amqp.Topology;
import io.jenkins.plugins.distributedtest.loop.EventLoop;
import io.jenkins.plugins.distributedtest.sync.ContentMessages;
import io.jenkins.plugins.distributedtest.wire.Names;
import io.jenkins.plugins.distributedtest.wire.WireException;
import java.io.IOException;
import java.time.Duration;
import java.util.UUID;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * A share's line to the originator's {@link Collector}: on the loop's side a channel of its own with a queue of its own for
 * answers; on the side of the thread that brings files back a queue of events. One message at a time is handed to the loop,
 * so that those of the run get between them.
 */
public final class CollectLine {
    private static final Duration LOOP_TIMEOUT = Duration.ofSeconds(60);
    private static final Logger LOG = LoggerFactory.getLogger(CollectLine.class);

    private final EventLoop loop;
    private final String runId;
    private final LinkedBlockingQueue<Event> events = new LinkedBlockingQueue<>();
    private @Nullable BrokerSession session;
    private volatile @Nullable Channel channel;
    private volatile String token = "";
    private boolean wanted;
    private boolean closed;

    /** What happens on the line. */
    sealed interface Event {}

    /** The originator has answered. */
    record Answered(CollectMessages.Answer answer) implements Event {}

    /** The line stands (again): what was said before has to be said again. */
    record Connected() implements Event {}

    /** It is over, for a reason. */
    record Closed(String reason) implements Event {}

    /**
     * @param loop the listener's loop
     * @param runId the run's id
     */
    public CollectLine(EventLoop loop, String runId) {
        this.loop = loop;
        this.runId = runId;
    }

    // ---- the loop's side

    /** There is a session. */
    public void attach(BrokerSession opened) {
        session = opened;
        if (wanted && !closed) {
            connect(opened);
        }
    }

    private void connect(BrokerSession opened) {
        try {
            Channel fresh = opened.channel();
            String own = UUID.randomUUID().toString();
            Topology.ownQueue(fresh, Names.collectAnswers(runId, own));
            opened.consume(fresh, Names.collectAnswers(runId, own), true, this::came, () -> {});
            channel = fresh;
            token = own;
            events.add(new Connected());
        } catch (IOException | RuntimeException e) {
            if (opened.isOpen()) {
                events.add(new Closed("The broker refuses: " + e.getMessage()));
            }
        }
    }

    private void came(Delivery delivery) {
        try {
            events.add(new Answered(CollectMessages.readAnswer(delivery.getBody())));
        } catch (WireException e) {
            LOG.warn("An answer about collected files is ignored: {}", e.getMessage());
        }
    }

    /** The session is gone. */
    public void detach() {
        session = null;
        channel = null;
    }

    /** The share is over. */
    public void close() {
        closed = true;
        Channel old = channel;
        detach();
        events.add(new Closed("The listener has left the run"));
        if (old != null && old.isOpen()) {
            try {
                old.abort();
            } catch (IOException | RuntimeException e) {
                LOG.debug("Closing a channel", e);
            }
        }
    }

    // ---- the side of the thread that brings files back

    /** Whether there is a connection, as far as is known. */
    boolean isConnected() {
        return channel != null;
    }

    /** The token of the queue that answers come from now. */
    String token() {
        return token;
    }

    /** Opens the line: {@link Connected} follows when it stands. */
    void open() throws CollectException, InterruptedException {
        onLoop(() -> {
            BrokerSession present = session;
            wanted = true;
            if (present != null && !closed) {
                connect(present);
            }
        });
    }

    /** Sends something. Without a connection nothing happens, since all is said again after the next. */
    void send(ContentMessages.Packed message) throws CollectException, InterruptedException {
        onLoop(() -> {
            Channel open = channel;
            if (open != null) {
                try {
                    open.basicPublish("", Names.collected(runId), message.properties(), message.body());
                } catch (IOException | RuntimeException e) {
                    LOG.debug("The connection is lost; all is said again after the next", e);
                }
            }
        });
    }

    private void onLoop(Runnable action) throws CollectException, InterruptedException {
        try {
            CompletableFuture<Boolean> done = loop.submit(() -> {
                action.run();
                return true;
            });
            done.get(LOOP_TIMEOUT.toSeconds(), TimeUnit.SECONDS);
        } catch (RejectedExecutionException e) {
            throw new CollectException("The listener is being shut down", e);
        } catch (ExecutionException | TimeoutException e) {
            throw new CollectException("The broker cannot be asked: " + e.getMessage(), e);
        }
    }

    /**
     * Waits for an event.
     *
     * @return null if none came
     * @throws CollectException if the line is over
     */
    @Nullable
    Event next(Duration timeout) throws CollectException, InterruptedException {
        Event event = events.poll(timeout.toMillis(), TimeUnit.MILLISECONDS);
        if (event instanceof Closed over) {
            throw new CollectException(over.reason());
        }
        return event;
    }
}
