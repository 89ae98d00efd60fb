package io.jenkins.plugins.distributedtest.listener;

import com.rabbitmq.client.AlreadyClosedException;
import com.rabbitmq.client.Channel;
import com.rabbitmq.client.Delivery;
import com.rabbitmq.client.GetResponse;
import io.jenkins.plugins.distributedtest.amqp.BrokerSession;
import io.jenkins.plugins.distributedtest.wire.NativeMessage;
import io.jenkins.plugins.distributedtest.wire.WireCodec;
import io.jenkins.plugins.distributedtest.wire.WireException;
import java.io.IOException;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.Deque;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * A slot's way to the files of a native run: a channel of its own with a prefetch of two, so that while one file runs
 * the next is here already. Ended streaming (a long file runs), it holds nothing and fetches one file at a time.
 */
final class NativeFeed implements FileFeed {
    private static final Logger LOG = LoggerFactory.getLogger(NativeFeed.class);
    private static final int PREFETCH = 2;

    private final NativeLink link;
    private final JoinedRun run;
    private final Slot slot;
    private final Deque<HeldFile> buffer = new ArrayDeque<>();
    private BrokerSession session;
    private Channel channel;
    private String consumer;
    private long pausedUntil;
    private boolean paused;

    NativeFeed(NativeLink link, JoinedRun run, Slot slot) {
        this.link = link;
        this.run = run;
        this.slot = slot;
    }

    void attach(BrokerSession newSession) {
        detach();
        session = newSession;
    }

    /** The connection is lost: what was sent ahead is the broker's again. */
    void detach() {
        session = null;
        channel = null;
        consumer = null;
        buffer.clear();
    }

    @Override
    public HeldFile take() {
        HeldFile next = buffer.poll();
        if (next != null) {
            return next;
        }
        if (consumer != null || session == null || isPaused()) {
            return null;
        }
        try {
            return fetch();
        } catch (IOException | AlreadyClosedException e) {
            lost(e);
            return null;
        }
    }

    private HeldFile fetch() throws IOException {
        openChannel();
        Channels.beforeReading(session, channel, link.filesQueue());
        while (true) {
            GetResponse response = channel.basicGet(link.filesQueue(), false);
            if (response == null) {
                return null;
            }
            HeldFile file = read(response.getBody(), response.getEnvelope().getDeliveryTag());
            if (file != null) {
                return file;
            }
        }
    }

    @Override
    public void stream() {
        if (consumer != null || session == null || isPaused()) {
            return;
        }
        try {
            openChannel();
            Channel own = channel;
            Channels.beforeReading(session, own, link.filesQueue());
            consumer = session.consume(own, link.filesQueue(), false, d -> delivered(own, d), () -> cancelled(own));
        } catch (IOException | AlreadyClosedException e) {
            lost(e);
        }
    }

    @Override
    public void stop() {
        if (consumer != null) {
            String tag = consumer;
            consumer = null;
            try {
                channel.basicCancel(tag);
            } catch (IOException | AlreadyClosedException e) {
                lost(e);
            }
        }
        // In the queue's order: each goes back to its own place.
        buffer.forEach(HeldFile::giveBack);
        buffer.clear();
    }

    @Override
    public void pause(long nanos) {
        stop();
        paused = true;
        pausedUntil = System.nanoTime() + nanos;
    }

    /** The broker takes back what is not settled when the channel ends. */
    @Override
    public void close() {
        Channel old = channel;
        detach();
        Channels.close(old);
    }

    private boolean isPaused() {
        paused = paused && System.nanoTime() < pausedUntil;
        return paused;
    }

    private void openChannel() throws IOException {
        if (channel == null || !channel.isOpen()) {
            consumer = null;
            channel = session.channel();
            channel.basicQos(PREFETCH);
        }
    }

    private void delivered(Channel from, Delivery delivery) {
        HeldFile file = from == channel
                ? read(delivery.getBody(), delivery.getEnvelope().getDeliveryTag())
                : null;
        if (file == null) {
            return;
        }
        if (consumer == null) {
            file.giveBack(); // it was on its way when streaming ended
        } else {
            buffer.add(file);
            slot.wake();
        }
    }

    /** The broker has deleted the queue, or moved it: see whether it comes back. */
    private void cancelled(Channel from) {
        if (from == channel) {
            consumer = null;
            buffer.forEach(HeldFile::giveBack); // does nothing for a queue that is gone
            buffer.clear();
            run.filesGone();
        }
    }

    /** @return null for what is not a file: it is dropped, so that it cannot come back */
    private HeldFile read(byte[] body, long tag) {
        try {
            if (!(WireCodec.decode(body) instanceof NativeMessage.FileJob job)) {
                throw new WireException("Not a file in the files queue");
            }
            if (job.lease() < 1 || job.file() == null) {
                throw new WireException("A file without name or lease");
            }
            Duration timeout = RunDefinition.seconds("timeout_seconds", job.timeoutSeconds());
            return new HeldFile(run, job, timeout, channel, tag);
        } catch (IOException | RuntimeException e) {
            run.refused(e.getMessage());
            drop(tag);
            return null;
        }
    }

    /** By acknowledging: Qpid redelivers what is rejected, even if told not to, and it would come for ever. */
    private void drop(long tag) {
        try {
            channel.basicAck(tag, false);
        } catch (IOException | AlreadyClosedException e) {
            lost(e);
        }
    }

    private void lost(Exception e) {
        boolean gone = channel != null && session != null && session.isOpen() && Channels.closedByNotFound(channel);
        LOG.debug("The files queue of run {} cannot be read", run.runId(), e);
        Channel old = channel;
        channel = null;
        consumer = null;
        buffer.clear();
        Channels.close(old); // an open one would keep for itself what it holds unsettled
        if (gone) {
            run.filesGone();
        }
    }
}
