package io.jenkins.plugins.distributedtest.collect;

import com.rabbitmq.client.AMQP;
import com.rabbitmq.client.Channel;
import com.rabbitmq.client.Delivery;
import io.jenkins.plugins.distributedtest.amqp.BrokerSession;
import io.jenkins.plugins.distributedtest.amqp.Topology;
import io.jenkins.plugins.distributedtest.loop.DaemonThreads;
import io.jenkins.plugins.distributedtest.loop.EventLoop;
import io.jenkins.plugins.distributedtest.suite.Collected;
import io.jenkins.plugins.distributedtest.sync.ContentMessages;
import io.jenkins.plugins.distributedtest.wire.Names;
import io.jenkins.plugins.distributedtest.wire.WireException;
import java.io.IOException;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.List;
import java.util.Set;
import java.util.concurrent.Executor;
import java.util.concurrent.RejectedExecutionException;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The originator's end of what listeners bring back: a queue of its own on a channel of its own, so that no file stands
 * before a result, and a {@link CollectDesk} that takes its messages one at a time on a thread that may block. Not more than
 * {@value #PREFETCH} messages are on their way to the desk: the broker sends the next when one is dealt with. Lives on the
 * loop.
 */
public final class Collector {
    /** For a run that brings nothing back. */
    public static final Collector NONE = new Collector(null, "", null, Runnable::run);

    private static final int PREFETCH = 4;
    private static final int THREADS = 4;
    /** A listener that has said nothing for so long is waited for no more, at the end. */
    private static final Duration QUIET = Duration.ofSeconds(15);

    private static final Executor POOL = DaemonThreads.pool("distributed-test-collected", THREADS, 10_000);
    private static final Logger LOG = LoggerFactory.getLogger(Collector.class);

    private final @Nullable EventLoop loop;
    private final String runId;
    private final @Nullable CollectDesk desk;
    private final Executor pool;
    private final Deque<Runnable> work = new ArrayDeque<>();
    private boolean working;
    private @Nullable Channel channel;
    private boolean closed;

    private Collector(@Nullable EventLoop loop, String runId, @Nullable CollectDesk desk, Executor pool) {
        this.loop = loop;
        this.runId = runId;
        this.desk = desk;
        this.pool = pool;
    }

    /**
     * What collects for a run.
     *
     * @param loop the run's loop
     * @param runId the run's id
     * @param sink where files go
     * @param directory where that is, for people
     * @param maxBytes how many bytes listeners may bring back together
     * @param fresh whether the run begins, so that what an earlier one left is removed
     */
    public static Collector of(
            EventLoop loop, String runId, CollectSink sink, String directory, long maxBytes, boolean fresh) {
        CollectDesk desk = new CollectDesk(sink, directory, maxBytes);
        Collector collector = new Collector(loop, runId, desk, POOL);
        if (fresh) {
            collector.work.add(desk::begin);
        }
        return collector;
    }

    /**
     * The broker is connected (again).
     *
     * @throws IOException if it is not any more
     */
    public void attach(BrokerSession session) throws IOException {
        if (desk == null || closed) {
            return;
        }
        Channel opened = session.channel();
        Topology.collected(opened, Names.collected(runId));
        opened.basicQos(PREFETCH);
        session.consume(opened, Names.collected(runId), false, delivery -> came(opened, delivery), () -> {});
        channel = opened;
        pump();
    }

    /** The connection is gone. Listeners ask again after the next one. */
    public void detach() {
        channel = null;
    }

    private void came(Channel from, Delivery delivery) {
        CollectDesk taking = desk;
        if (taking == null || closed) {
            return;
        }
        work.add(() -> {
            List<CollectDesk.To> answers = List.of();
            try {
                answers = taking.take(System.nanoTime(), delivery.getProperties(), delivery.getBody());
            } catch (WireException | RuntimeException e) {
                LOG.warn("Run {}: a message about collected files is dropped: {}", runId, e.getMessage());
            }
            List<CollectDesk.To> told = answers;
            onLoop(() -> answer(from, delivery.getEnvelope().getDeliveryTag(), told));
        });
        pump();
    }

    private void onLoop(Runnable task) {
        try {
            if (loop != null) {
                loop.execute(task);
            }
        } catch (RejectedExecutionException e) {
            LOG.debug("The loop is closed, and the run with it", e);
        }
    }

    /** One piece of work at a time. */
    private void pump() {
        Runnable next = working ? null : work.poll();
        if (next == null) {
            return;
        }
        working = true;
        pool.execute(() -> {
            try {
                next.run();
            } catch (RuntimeException | Error e) {
                LOG.error("Run {}: collecting files failed", runId, e);
            } finally {
                onLoop(() -> {
                    working = false;
                    pump();
                });
            }
        });
    }

    private void answer(Channel from, long tag, List<CollectDesk.To> answers) {
        if (from != channel) {
            return; // it comes again
        }
        try {
            from.basicAck(tag, false);
            for (CollectDesk.To to : answers) {
                ContentMessages.Packed message = CollectMessages.answer(to.answer());
                AMQP.BasicProperties properties = message.properties();
                from.basicPublish("", Names.collectAnswers(runId, to.token()), properties, message.body());
            }
        } catch (IOException | RuntimeException e) {
            LOG.debug("The connection is lost; listeners ask again after the next", e);
        }
    }

    /** Whether listeners are still bringing files, so that the end of the run is to wait. */
    public boolean isBusy() {
        long last = desk == null ? Long.MIN_VALUE : desk.lastHeard();
        return working || !work.isEmpty() || last != Long.MIN_VALUE && System.nanoTime() - last < QUIET.toNanos();
    }

    /** What is there so far. From any thread. */
    public Collected report() {
        return desk == null ? Collected.NOTHING : desk.report();
    }

    /** The listeners whose files are all there. From any thread. */
    public Set<String> ended() {
        return desk == null ? Set.of() : desk.ended();
    }

    /**
     * The run is over: takes no more, and removes its queue.
     *
     * @param done runs on the loop when nothing is being done any more
     */
    public void close(Runnable done) {
        if (desk == null || closed) {
            done.run();
            return;
        }
        closed = true;
        if (channel != null && channel.isOpen()) {
            try {
                channel.queueDelete(Names.collected(runId));
                channel.abort();
            } catch (IOException | RuntimeException e) {
                LOG.debug("The broker removes the queue by itself", e);
            }
        }
        channel = null;
        CollectDesk ending = desk;
        work.add(() -> {
            ending.end();
            onLoop(done);
        });
        pump();
    }

    /** Another process takes the run up: lets go of it without a word. */
    public void letGo() {
        closed = true;
        channel = null;
        work.clear();
    }
}
