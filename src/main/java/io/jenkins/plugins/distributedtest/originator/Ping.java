package io.jenkins.plugins.distributedtest.originator;

import com.rabbitmq.client.Channel;
import com.rabbitmq.client.Delivery;
import com.rabbitmq.client.ShutdownSignalException;
import io.jenkins.plugins.distributedtest.amqp.BrokerAddress;
import io.jenkins.plugins.distributedtest.amqp.BrokerConnection;
import io.jenkins.plugins.distributedtest.amqp.BrokerSession;
import io.jenkins.plugins.distributedtest.amqp.GorgonTopology;
import io.jenkins.plugins.distributedtest.amqp.Topology;
import io.jenkins.plugins.distributedtest.loop.EventLoop;
import io.jenkins.plugins.distributedtest.wire.NativeMessage;
import io.jenkins.plugins.distributedtest.wire.WireCodec;
import io.jenkins.plugins.distributedtest.wire.WireException;
import io.jenkins.plugins.distributedtest.wire.gorgon.GorgonCodec;
import io.jenkins.plugins.distributedtest.wire.gorgon.GorgonMessage;
import io.jenkins.plugins.distributedtest.wire.gorgon.GorgonNames;
import java.io.IOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Asks which listeners of a cluster are there, in both dialects at once. A listener of ours answers in both and is
 * listed once. A Ruby listener answers in Gorgon's, when it is not busy; one that is busy answers when its job has ended
 * and nobody listens any more. It declares the reply exchange before it publishes, and ends if that goes in the moment
 * between: so the exchange stays a little longer than this asks, where the broker can let queues expire.
 */
public final class Ping {
    /** How long connecting to the broker may take. */
    static final Duration CONNECT_TIMEOUT = Duration.ofSeconds(15);

    private static final Logger LOG = LoggerFactory.getLogger(Ping.class);
    private static final Duration LINGER = Duration.ofSeconds(10);

    private final String id = UUID.randomUUID().toString();
    private final String cluster;
    private final Map<String, PingAnswer> ours = new LinkedHashMap<>();
    private final List<PingAnswer> ruby = new ArrayList<>();
    private final CompletableFuture<BrokerSession> asked = new CompletableFuture<>();

    private Ping(String cluster) {
        this.cluster = cluster;
    }

    /**
     * Asks, and waits for answers.
     *
     * @param address the broker
     * @param cluster the cluster; null for the one without a name
     * @param wait how long to wait for answers once the broker is reached
     * @return who answered, by host; empty if nobody did
     * @throws IOException if the broker cannot be reached or refuses us; the message names it
     * @throws InterruptedException when interrupted
     */
    public static List<PingAnswer> ping(BrokerAddress address, String cluster, Duration wait)
            throws IOException, InterruptedException {
        Ping ping = new Ping(cluster);
        try (EventLoop loop = new EventLoop("distributed-test-ping");
                BrokerConnection connection =
                        BrokerConnection.open(address, "distributed-test-ping", loop, ping.new Life())) {
            await(ping.asked, CONNECT_TIMEOUT, connection.address());
            CompletableFuture<List<PingAnswer>> answers = new CompletableFuture<>();
            loop.schedule(wait, () -> answers.complete(ping.answers()));
            return await(answers, wait.plus(CONNECT_TIMEOUT), address);
        }
    }

    private static <T> T await(CompletableFuture<T> future, Duration time, BrokerAddress address)
            throws IOException, InterruptedException {
        try {
            return future.get(time.toMillis(), TimeUnit.MILLISECONDS);
        } catch (TimeoutException e) {
            throw new IOException("The broker " + address + " did not answer within " + time.toSeconds() + " s", e);
        } catch (ExecutionException e) {
            throw new IOException(e.getCause().getMessage(), e.getCause());
        }
    }

    private final class Life implements BrokerConnection.Lifecycle {
        @Override
        public void connected(BrokerSession session) throws IOException {
            if (asked.isDone()) {
                return;
            }
            try {
                askNative(session);
                askGorgon(session);
            } catch (ShutdownSignalException e) {
                throw new IOException(e.getMessage(), e);
            }
            asked.complete(session);
        }

        @Override
        public void disconnected(String reason) {
            LOG.debug("The broker was lost while waiting for answers: {}", reason);
        }

        @Override
        public void failing(String reason, Duration nextTry) {
            asked.completeExceptionally(new IOException(reason));
        }
    }

    private void askNative(BrokerSession session) throws IOException {
        Channel channel = session.channel();
        String jobs = Topology.jobs(channel, cluster);
        String queue = "distributed-test.ping." + id;
        Topology.ownQueue(channel, queue);
        session.consume(channel, queue, true, this::answered, () -> {});
        channel.basicPublish(jobs, "", Topology.MESSAGE, WireCodec.encode(new NativeMessage.Ping(queue)));
    }

    private void answered(Delivery delivery) {
        try {
            if (WireCodec.decode(delivery.getBody()) instanceof NativeMessage.PingResponse response
                    && response.listener() != null
                    && response.host() != null) {
                add(new PingAnswer(
                        response.listener(),
                        response.host(),
                        response.version() == null ? "" : response.version(),
                        response.slots(),
                        response.busy(),
                        response.runners() == null ? List.of() : response.runners(),
                        true,
                        false));
            }
        } catch (WireException | RuntimeException e) {
            LOG.warn("An answer to a ping was dropped: {}", e.getMessage());
        }
    }

    private void askGorgon(BrokerSession session) throws IOException {
        Channel channel = session.channel();
        GorgonTopology.replies(channel, id);
        if (session.kind().expiresQueues()) {
            GorgonTopology.keepReplyExchange(channel, "reply_linger_" + id, id, LINGER);
        }
        String jobs = GorgonTopology.jobs(channel, cluster);
        session.consume(channel, GorgonNames.replyQueue(id), true, this::answeredInGorgon, () -> {});
        GorgonMessage ping = new GorgonMessage.Ping(GorgonNames.replyExchange(id));
        channel.basicPublish(jobs, "", GorgonTopology.OF_ORIGINATOR, GorgonCodec.encode(ping));
    }

    private void answeredInGorgon(Delivery delivery) {
        try {
            if (GorgonCodec.decode(delivery.getBody()) instanceof GorgonMessage.PingResponse response) {
                String listener = response.listener() == null ? "" : response.listener();
                add(new PingAnswer(
                        listener,
                        response.hostname(),
                        response.version(),
                        response.workerSlots(),
                        -1,
                        List.of(),
                        false,
                        true));
            }
        } catch (WireException e) {
            LOG.warn("An answer to a ping was dropped: {}", e.getMessage());
        }
    }

    private void add(PingAnswer answer) {
        if (answer.listener().isEmpty()) {
            ruby.add(answer);
        } else {
            ours.merge(answer.listener(), answer, PingAnswer::merge);
        }
    }

    private List<PingAnswer> answers() {
        List<PingAnswer> all = new ArrayList<>(ours.values());
        all.addAll(ruby);
        all.sort(Comparator.comparing(PingAnswer::host).thenComparing(PingAnswer::listener));
        return all;
    }
}
