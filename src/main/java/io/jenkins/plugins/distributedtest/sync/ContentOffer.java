package io.jenkins.plugins.distributedtest.sync;

import com.rabbitmq.client.AMQP;
import com.rabbitmq.client.Channel;
import com.rabbitmq.client.Delivery;
import io.jenkins.plugins.distributedtest.amqp.BrokerSession;
import io.jenkins.plugins.distributedtest.amqp.ReliablePublisher;
import io.jenkins.plugins.distributedtest.amqp.Topology;
import io.jenkins.plugins.distributedtest.files.Sha256;
import io.jenkins.plugins.distributedtest.loop.EventLoop;
import io.jenkins.plugins.distributedtest.wire.Names;
import io.jenkins.plugins.distributedtest.wire.SyncSpec;
import io.jenkins.plugins.distributedtest.wire.WireException;
import java.io.IOException;
import java.time.Duration;
import java.util.HashSet;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import java.util.concurrent.Executor;
import java.util.concurrent.RejectedExecutionException;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Sync kind {@code content}, the originator's side.
 *
 * <p>The story: listeners put requests into the run's content queue. What is asked for goes into the set of
 * <em>wanted</em> content; asked for twice before its turn comes, it is sent once. Wanted content is read and packed, a
 * batch of at most {@value ContentPacker#BATCH} messages at a time, on a thread of the {@link SyncPool}, and published
 * to the run's content exchange, where every listener of the run hears it. The next batch is packed while one is on its
 * way, and published once the broker has confirmed that one: so at most two batches are in memory, however slow the
 * broker and however many the runs. Content whose sending has begun when a request for it comes is sent again, since
 * that listener may have missed its beginning; content that is packed but not published yet is not.
 *
 * <p>Queue and exchange leave nothing behind: the queue is auto-delete, so it goes with its consumer; it is also bound
 * to the exchange (with a key that nobody uses), which keeps the exchange, auto-delete too, for as long as the
 * originator is connected, whether listeners come or go. The queue is not exclusive: after a connection was cut the
 * broker may hold the old one for a while, and would refuse the new one. After a reconnect both are declared again,
 * what was wanted stays wanted, and listeners ask again for what they miss.
 */
final class ContentOffer implements SourceOffer {
    /** The routing key of content. */
    static final String KEY = "content";

    private static final String KEEP_KEY = "keep";
    private static final int REQUEST_PREFETCH = 20;
    /** How long content whose source is away waits until it is tried again. */
    private static final Duration AWAY_PAUSE = Duration.ofSeconds(1);

    private static final Logger LOG = LoggerFactory.getLogger(ContentOffer.class);

    private final EventLoop loop;
    private final Executor reading;
    private final Preparation preparation;
    private final String queue;
    private final String exchange;
    private final List<String> exclude;
    private final long limit;
    private final ReliablePublisher publisher;
    private final LinkedHashSet<Sha256> wanted = new LinkedHashSet<>();
    private final Set<Sha256> counted = new HashSet<>();
    /** What is being packed, or is packed and not published yet: a request for it is satisfied already. */
    private final Set<Sha256> upcoming = new HashSet<>();

    private volatile Manifest manifest;
    private ContentPacker packer;
    private long countedBytes;
    private Channel channel;
    private boolean packing;
    /** Whether the source cannot be reached for now. */
    private boolean away;

    private boolean half;
    private ContentPacker.Batch packed;
    private boolean closed;

    /** Takes the manifest. */
    interface Preparation {
        /** Blocks for as long as that takes. */
        Prepared prepare() throws SyncException, InterruptedException;
    }

    /** What is offered. */
    record Prepared(Manifest manifest, BlobSource source) {}

    ContentOffer(EventLoop loop, String runId, List<String> exclude, long limit, Preparation preparation) {
        this(loop, runId, exclude, limit, preparation, SyncPool.executor());
    }

    /** @param reading runs the reading of content, one task at a time */
    ContentOffer(
            EventLoop loop, String runId, List<String> exclude, long limit, Preparation preparation, Executor reading) {
        this.loop = loop;
        this.reading = reading;
        this.preparation = preparation;
        this.queue = Names.contentRequests(runId);
        this.exchange = Names.contentAnswers(runId);
        this.exclude = exclude;
        this.limit = limit;
        this.publisher = new ReliablePublisher(loop, 8 * ContentPacker.BATCH + 1000);
    }

    @Override
    public void prepare() throws SyncException, InterruptedException {
        Prepared prepared = preparation.prepare();
        packer = new ContentPacker(prepared.manifest(), prepared.source());
        manifest = prepared.manifest();
    }

    @Override
    public SyncSpec spec() {
        if (manifest == null) {
            throw new IllegalStateException("The sources are not prepared");
        }
        return new SyncSpec(SyncSpec.Kind.CONTENT, exclude, manifest.digest(), null, null, null, queue, exchange);
    }

    @Override
    public void attach(BrokerSession session) throws IOException {
        spec();
        channel = session.channel();
        Topology.contentRequests(channel, queue, exchange, KEEP_KEY);
        channel.basicQos(REQUEST_PREFETCH);
        Channel current = channel;
        session.consume(current, queue, false, delivery -> requested(current, delivery), () -> {});
        publisher.attach(session);
        pump();
    }

    @Override
    public void detach() {
        channel = null;
        publisher.detach();
    }

    @Override
    public void close() {
        if (closed) {
            return;
        }
        closed = true;
        wanted.clear();
        packed = null;
        publisher.detach();
        if (!packing && packer != null) {
            packer.close();
        }
        if (channel != null && channel.isOpen()) {
            try {
                channel.queueDelete(queue);
                channel.exchangeDelete(exchange);
                channel.abort();
            } catch (IOException | RuntimeException e) {
                LOG.debug("The broker removes {} by itself", queue, e);
            }
        }
        channel = null;
    }

    private void requested(Channel from, Delivery delivery) {
        if (closed) {
            return;
        }
        try {
            request(ContentMessages.readRequest(delivery.getBody()));
        } catch (WireException e) {
            LOG.warn("A request for content is ignored: {}", e.getMessage());
        }
        try {
            from.basicAck(delivery.getEnvelope().getDeliveryTag(), false);
        } catch (IOException | RuntimeException e) {
            LOG.debug("The connection is lost; its loss is told soon", e);
        }
        pump();
    }

    private void request(ContentMessages.Request request) {
        if (request.missingBytes() > limit) {
            refuse(request, request.missingBytes());
            return;
        }
        Set<Sha256> asked = new LinkedHashSet<>();
        long bytes = countedBytes;
        for (String digest : request.digests()) {
            Sha256 sha = Sha256.parse(digest);
            Manifest.Entry entry = sha == null ? null : manifest.blobs().get(sha);
            if (entry == null && !manifest.digest().equals(digest)) {
                LOG.warn("Listener {} asks for content that is not in the tree", Paths.printable(request.listener()));
                continue;
            }
            asked.add(sha);
            bytes += entry == null || counted.contains(sha) ? 0 : entry.size();
        }
        if (bytes > limit) {
            refuse(request, bytes);
            return;
        }
        countedBytes = bytes;
        counted.addAll(asked);
        asked.removeAll(upcoming);
        wanted.addAll(asked);
    }

    private void refuse(ContentMessages.Request request, long bytes) {
        String message = String.format(
                "Listeners lack %,d bytes of the sources, more than the limit of %,d for sync through the broker."
                        + " Exclude what the tests do not need, raise the limit, or choose sync kind rsync or git",
                bytes, limit);
        if (publisher.pending() < 1000) {
            publish(ContentMessages.problem(
                    new ContentMessages.Problem(SyncException.Kind.LIMIT, message, request.listener(), List.of())));
        }
    }

    /** Keeps one batch packing and one on its way. */
    private void pump() {
        if (closed || channel == null || packing || away || packed != null || wanted.isEmpty() && !half) {
            return;
        }
        packing = true;
        List<Sha256> next = wanted.stream().limit(ContentMessages.MAX_DIGESTS).toList();
        next.forEach(wanted::remove);
        upcoming.addAll(next);
        reading.execute(() -> {
            ContentPacker.Batch batch = packer.pack(next);
            boolean open = packer.isOpen();
            try {
                loop.execute(() -> packed(next, batch, open));
            } catch (RejectedExecutionException e) {
                packer.close(); // the loop is closed, and the run with it
            }
        });
    }

    private void packed(List<Sha256> offered, ContentPacker.Batch batch, boolean open) {
        packing = false;
        if (closed) {
            packer.close();
            return;
        }
        half = open;
        LinkedHashSet<Sha256> rest = new LinkedHashSet<>(offered);
        batch.taken().forEach(rest::remove);
        rest.addAll(wanted);
        wanted.clear();
        wanted.addAll(rest);
        if (batch.away() != null) {
            wanted.add(batch.away());
            rest.add(batch.away());
            away = true;
            loop.schedule(AWAY_PAUSE, () -> {
                away = false;
                pump();
            });
        }
        upcoming.removeAll(rest);
        packed = batch;
        publisher.whenDrained(this::publishPacked);
    }

    private void publishPacked() {
        if (closed || packed == null) {
            return;
        }
        List<ContentMessages.Packed> messages = packed.messages();
        packed = null;
        upcoming.clear();
        messages.forEach(this::publish);
        pump();
    }

    private void publish(ContentMessages.Packed message) {
        AMQP.BasicProperties properties = message.properties();
        publisher.publish(exchange, KEY, properties, message.body());
    }
}
