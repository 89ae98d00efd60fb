package io.jenkins.plugins.distributedtest.amqp;

import static org.awaitility.Awaitility.await;

import com.rabbitmq.client.AMQP;
import com.rabbitmq.client.Channel;
import com.rabbitmq.client.ShutdownSignalException;
import io.jenkins.plugins.distributedtest.loop.EventLoop;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;

/** A connection for tests, with all that its lifecycle was told, and a way to run something on its loop and wait. */
public final class Probe implements AutoCloseable, BrokerConnection.Lifecycle {
    public static final Duration PATIENCE = Duration.ofSeconds(60);
    public static final AMQP.BasicProperties PERSISTENT = new AMQP.BasicProperties.Builder()
            .deliveryMode(2)
            .contentType("application/json")
            .build();

    public final EventLoop loop;
    public final List<BrokerSession> sessions = new CopyOnWriteArrayList<>();
    public final List<String> losses = new CopyOnWriteArrayList<>();
    public final List<String> failures = new CopyOnWriteArrayList<>();
    public final List<Duration> pauses = new CopyOnWriteArrayList<>();
    public final List<String> refusals = new CopyOnWriteArrayList<>();
    public final List<String> blocks = new CopyOnWriteArrayList<>();
    public volatile int unblocks;
    public final BrokerConnection connection;
    private final Setup setup;

    /** What is to be done with each new session. */
    public interface Setup {
        void run(BrokerSession session) throws IOException;
    }

    /** Something that runs on the loop. */
    public interface OnLoop<T> {
        T run(BrokerSession session) throws Exception;
    }

    public Probe(BrokerAddress address) {
        this(address, session -> {});
    }

    public Probe(BrokerAddress address, Setup setup) {
        this(address, new EventLoop("probe"), setup);
    }

    public Probe(BrokerAddress address, EventLoop loop, Setup setup) {
        this.loop = loop;
        this.setup = setup;
        connection = BrokerConnection.open(address, "probe", loop, this);
    }

    @Override
    public void connected(BrokerSession session) throws IOException {
        sessions.add(session);
        setup.run(session);
    }

    @Override
    public void disconnected(String reason) {
        losses.add(reason);
    }

    @Override
    public void failing(String reason, Duration nextTry) {
        failures.add(reason);
        pauses.add(nextTry);
    }

    @Override
    public void refused(String reason) {
        refusals.add(reason);
    }

    @Override
    public void blocked(String reason) {
        blocks.add(reason);
    }

    @Override
    public void unblocked() {
        unblocks++;
    }

    /** Waits for the n-th session. */
    public BrokerSession session(int n) {
        await().atMost(PATIENCE).until(() -> sessions.size() >= n);
        return sessions.get(n - 1);
    }

    /** Runs something on the loop with the newest session and waits for its outcome. */
    public <T> T call(OnLoop<T> action) {
        session(1);
        try {
            return loop.submit(() -> action.run(sessions.get(sessions.size() - 1)))
                    .get(PATIENCE.toSeconds(), TimeUnit.SECONDS);
        } catch (ExecutionException e) {
            throw e.getCause() instanceof RuntimeException known ? known : new IllegalStateException(e.getCause());
        } catch (InterruptedException | TimeoutException e) {
            throw new IllegalStateException(e);
        }
    }

    /** Asks over a channel of its own, since the broker closes it if the queue does not exist. */
    public static boolean exists(BrokerSession session, String queue) throws IOException {
        Channel asking = session.channel();
        try {
            asking.queueDeclarePassive(queue);
            asking.abort();
            return true;
        } catch (IOException e) {
            if (e.getCause() instanceof ShutdownSignalException closed
                    && closed.getReason() instanceof AMQP.Channel.Close close
                    && close.getReplyCode() == AMQP.NOT_FOUND) {
                return false;
            }
            throw e;
        }
    }

    public static byte[] bytes(String text) {
        return text.getBytes(StandardCharsets.UTF_8);
    }

    public static String text(byte[] bytes) {
        return new String(bytes, StandardCharsets.UTF_8);
    }

    @Override
    public void close() {
        connection.close();
        loop.close();
    }
}
