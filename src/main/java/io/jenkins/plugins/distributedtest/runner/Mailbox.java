package io.jenkins.plugins.distributedtest.runner;

import io.jenkins.plugins.distributedtest.runner.ControlMessage.Closed;
import io.jenkins.plugins.distributedtest.runner.ControlMessage.Hello;
import java.time.Duration;
import java.util.concurrent.ArrayBlockingQueue;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;

/**
 * The messages of one worker process, from its connection's thread to the thread that runs files. Bounded: a runner
 * that talks faster than it is heard is held up by its own connection.
 */
final class Mailbox implements ControlServer.Sink {
    private static final int CAPACITY = 256;
    private static final long OFFER_MILLIS = 200;

    private final BlockingQueue<ControlMessage> queue = new ArrayBlockingQueue<>(CAPACITY);
    private final ClosingCallback closing;
    private final CountDownLatch ended = new CountDownLatch(1);
    private volatile ControlConnection connection;
    private volatile boolean abandoned;
    private volatile Closed closed;

    /** @param closing hears what the process says of the callback at its end */
    Mailbox(ClosingCallback closing) {
        this.closing = closing;
    }

    /** The callback that the process calls at its end. */
    ClosingCallback closing() {
        return closing;
    }

    /** Called when the process has said hello; a second connection is refused. */
    synchronized ControlServer.Sink arrived(Hello hello, ControlConnection from) {
        if (connection != null || abandoned) {
            return null;
        }
        connection = from;
        message(hello);
        return this;
    }

    @Override
    public void message(ControlMessage message) {
        if (closing.hears(message)) {
            return;
        }
        if (message instanceof Closed end) {
            closed = end;
            ended.countDown();
        }
        try {
            while (!abandoned && !queue.offer(message, OFFER_MILLIS, TimeUnit.MILLISECONDS)) {
                continue; // the queue is full, and someone still reads it
            }
        } catch (InterruptedException e) {
            abandon();
            Thread.currentThread().interrupt();
        }
    }

    /** The next message, waiting for at most some nanoseconds; null if none came. */
    ControlMessage poll(long nanos) throws InterruptedException {
        ControlMessage message = queue.poll(Math.max(0, nanos), TimeUnit.NANOSECONDS);
        // Where Closed itself did not get into a full queue, it is still the last message.
        return message != null ? message : closed;
    }

    /** The connection; null before the hello. */
    ControlConnection connection() {
        return connection;
    }

    /** Whether the process can still be talked to. */
    boolean isOpen() {
        return connection != null && closed == null && !abandoned;
    }

    /** Waits for some time until all that the process said has been heard. */
    void awaitEnd(Duration time) throws InterruptedException {
        ended.await(time.toMillis(), TimeUnit.MILLISECONDS);
    }

    /** Nobody reads any more: the connection is closed. */
    synchronized void abandon() {
        abandoned = true;
        ended.countDown();
        queue.clear();
        if (connection != null) {
            connection.close();
        }
    }
}
