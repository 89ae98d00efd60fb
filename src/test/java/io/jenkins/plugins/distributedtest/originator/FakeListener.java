package io.jenkins.plugins.distributedtest.originator;

import com.rabbitmq.client.AMQP;
import com.rabbitmq.client.Channel;
import com.rabbitmq.client.Connection;
import com.rabbitmq.client.ConnectionFactory;
import com.rabbitmq.client.DefaultConsumer;
import com.rabbitmq.client.Envelope;
import io.jenkins.plugins.distributedtest.amqp.BrokerAddress;
import io.jenkins.plugins.distributedtest.amqp.Topology;
import io.jenkins.plugins.distributedtest.suite.CaseStatus;
import io.jenkins.plugins.distributedtest.suite.FileResult;
import io.jenkins.plugins.distributedtest.suite.FileStatus;
import io.jenkins.plugins.distributedtest.suite.TestCase;
import io.jenkins.plugins.distributedtest.suite.TestFile;
import io.jenkins.plugins.distributedtest.suite.WorkerId;
import io.jenkins.plugins.distributedtest.wire.Names;
import io.jenkins.plugins.distributedtest.wire.NativeMessage;
import io.jenkins.plugins.distributedtest.wire.WireCodec;
import io.jenkins.plugins.distributedtest.wire.WireException;
import java.io.IOException;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.LinkedBlockingDeque;
import java.util.concurrent.TimeUnit;

/**
 * A listener of the native dialect that does as a test tells it. It keeps what it has not got through to the broker and
 * connects again, as the real one does; {@link #die} is sudden death, {@link #mute} a network that swallows everything.
 */
final class FakeListener implements AutoCloseable {
    /** What a worker does with a file. */
    interface Behaviour {
        /** Returns the result, or null never to finish (until the run ends). */
        FileResult run(NativeMessage.FileJob job, WorkerId worker) throws InterruptedException;
    }

    /** Passes everything at once. */
    static final Behaviour PASS = (job, worker) -> result(job, FileStatus.PASSED);

    final String id;
    final List<String> ran = new CopyOnWriteArrayList<>();
    final List<NativeMessage> heard = new CopyOnWriteArrayList<>();
    private final BrokerAddress address;
    private final String cluster;
    private final int slots;
    private final Behaviour behaviour;
    private final LinkedBlockingDeque<Message> outgoing = new LinkedBlockingDeque<>(100_000);
    private final Map<String, NativeMessage.JobDefinition> runs = new ConcurrentHashMap<>();
    private final Map<Integer, NativeMessage.Heartbeat.Running> running = new ConcurrentHashMap<>();
    private final CountDownLatch over = new CountDownLatch(1);
    private final ExecutorService threads = Executors.newCachedThreadPool(task -> {
        Thread thread = new Thread(task, "fake-listener");
        thread.setDaemon(true);
        return thread;
    });
    private volatile Connection connection;
    private volatile Channel sending;
    private volatile boolean closed;
    private volatile boolean muted;
    private volatile String digest = "digest";
    private volatile NativeMessage.Left refusal;

    private record Message(String exchange, String key, NativeMessage body) {}

    FakeListener(BrokerAddress address, String cluster, String id, int slots, Behaviour behaviour) {
        this.address = address;
        this.cluster = cluster;
        this.id = id;
        this.slots = slots;
        this.behaviour = behaviour;
    }

    static FileResult result(NativeMessage.FileJob job, FileStatus status) {
        boolean crashed = status == FileStatus.CRASHED;
        boolean passed = status == FileStatus.PASSED;
        TestCase one = new TestCase("passes", job.file(), 0.001, CaseStatus.PASSED, null, "", 0);
        return FileResult.of(new TestFile(job.file()), status, 0.001)
                .withCases(passed ? List.of(one) : List.of())
                .withOutput("output of " + job.file())
                .withEnding(crashed ? 137 : null, crashed ? "KILL" : null)
                .by("fake");
    }

    /** Reports another tree than the originator's. */
    FakeListener withDigest(String other) {
        digest = other;
        return this;
    }

    /** Takes no part, for this reason. */
    FakeListener refusing(NativeMessage.Left.Reason reason, String problem) {
        refusal = new NativeMessage.Left(id, reason, problem, "output");
        return this;
    }

    FakeListener start() throws Exception {
        connect();
        threads.execute(this::send);
        return this;
    }

    static ConnectionFactory factory(BrokerAddress address) {
        ConnectionFactory factory = new ConnectionFactory();
        factory.setHost(address.host());
        factory.setPort(address.port());
        factory.setVirtualHost(address.virtualHost());
        factory.setUsername(address.username());
        factory.setPassword(address.password());
        factory.setAutomaticRecoveryEnabled(false);
        return factory;
    }

    private synchronized void connect() throws Exception {
        if (closed || connection != null && connection.isOpen()) {
            return;
        }
        try {
            declare();
        } catch (Exception e) {
            // The files queue may not be there yet: the originator declares it when it has come back itself.
            connection.abort(1000);
            throw e;
        }
    }

    private void declare() throws Exception {
        connection = factory(address).newConnection(id);
        sending = connection.createChannel();
        sending.confirmSelect();
        Channel channel = connection.createChannel();
        channel.exchangeDeclare(Names.jobs(cluster), "fanout", true);
        channel.exchangeDeclare(Names.originators(cluster), "fanout", true);
        String inbox = Names.inbox(id) + "." + System.nanoTime();
        channel.queueDeclare(inbox, false, true, true, null);
        channel.queueBind(inbox, Names.jobs(cluster), "");
        channel.basicConsume(inbox, true, new DefaultConsumer(channel) {
            @Override
            public void handleDelivery(String tag, Envelope envelope, AMQP.BasicProperties properties, byte[] body) {
                hear(inbox, body);
            }
        });
        for (NativeMessage.JobDefinition run : runs.values()) {
            consumeFiles(run);
        }
        byte[] announcement = WireCodec.encode(new NativeMessage.Announcement(id, "host-" + id, inbox));
        channel.basicPublish(Names.originators(cluster), "", null, announcement);
    }

    private void hear(String inbox, byte[] body) {
        if (muted) {
            return;
        }
        try {
            NativeMessage message = WireCodec.decode(body);
            heard.add(message);
            if (message instanceof NativeMessage.JobDefinition run && runs.putIfAbsent(run.runId(), run) == null) {
                join(run, inbox);
            } else if (message instanceof NativeMessage.FinishRun finish) {
                leave(finish.runId());
            } else if (message instanceof NativeMessage.CancelRun cancel) {
                leave(cancel.runId());
            }
        } catch (WireException e) {
            throw new IllegalStateException(e);
        }
    }

    private void leave(String runId) {
        NativeMessage.JobDefinition run = runs.remove(runId);
        if (run != null) {
            over.countDown();
            reply(run, new NativeMessage.Left(id, NativeMessage.Left.Reason.DONE, "", ""));
        }
    }

    private void join(NativeMessage.JobDefinition run, String inbox) {
        reply(run, new NativeMessage.Preparing(id, "host-" + id, inbox, "test", slots));
        if (refusal != null) {
            reply(run, refusal);
            return;
        }
        reply(run, new NativeMessage.Ready(id, digest, 0.01));
        threads.execute(() -> beat(run));
        try {
            consumeFiles(run);
        } catch (IOException e) {
            throw new IllegalStateException(e);
        }
    }

    private void consumeFiles(NativeMessage.JobDefinition run) throws IOException {
        for (int slot = 1; slot <= slots; slot++) {
            WorkerId worker = new WorkerId(id, "host-" + id, slot);
            Channel channel = connection.createChannel();
            channel.basicQos(1);
            channel.basicConsume(run.filesQueue(), false, new DefaultConsumer(channel) {
                @Override
                public void handleDelivery(String tag, Envelope envelope, AMQP.BasicProperties properties, byte[] body)
                        throws IOException {
                    NativeMessage.FileJob job = (NativeMessage.FileJob) WireCodec.decode(body);
                    threads.execute(() -> work(run, worker, job, channel, envelope.getDeliveryTag()));
                }
            });
        }
    }

    private void work(
            NativeMessage.JobDefinition run, WorkerId worker, NativeMessage.FileJob job, Channel channel, long tag) {
        try {
            ran.add(job.file());
            running.put(worker.slot(), new NativeMessage.Heartbeat.Running(worker.slot(), job.file(), job.lease()));
            reply(run, new NativeMessage.Start(worker, job.file(), job.lease()));
            FileResult result = behaviour.run(job, worker);
            if (result == null) {
                over.await();
                return;
            }
            running.remove(worker.slot());
            reply(run, new NativeMessage.Finish(worker, job.lease(), result, 0));
            channel.basicAck(tag, false);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        } catch (IOException | RuntimeException e) {
            // The connection is lost: the broker delivers the file again, here or elsewhere.
            running.remove(worker.slot());
        }
    }

    private void beat(NativeMessage.JobDefinition run) {
        try {
            while (!closed && runs.containsKey(run.runId())) {
                reply(run, new NativeMessage.Heartbeat(id, List.copyOf(running.values())));
                TimeUnit.MILLISECONDS.sleep((long) (run.heartbeatSeconds() * 1000));
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    void reply(NativeMessage.JobDefinition run, NativeMessage message) {
        if (!muted) {
            outgoing.add(new Message("", run.replyQueue(), message));
        }
    }

    /** The one run that it serves. */
    NativeMessage.JobDefinition run() {
        return runs.values().iterator().next();
    }

    boolean hasRun() {
        return !runs.isEmpty();
    }

    private void send() {
        try {
            while (!closed) {
                Message message = outgoing.poll(100, TimeUnit.MILLISECONDS);
                if (message == null) {
                    if (!muted && !connection.isOpen()) {
                        reconnect();
                    }
                    continue;
                }
                if (!sent(message)) {
                    outgoing.addFirst(message);
                    reconnect();
                }
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    private boolean sent(Message message) throws InterruptedException {
        try {
            byte[] body = WireCodec.encode(message.body());
            sending.basicPublish(message.exchange(), message.key(), Topology.MESSAGE, body);
            return sending.waitForConfirms(5000);
        } catch (Exception e) {
            if (e instanceof InterruptedException interrupted) {
                throw interrupted;
            }
            return false;
        }
    }

    private void reconnect() throws InterruptedException {
        TimeUnit.MILLISECONDS.sleep(100);
        try {
            connect();
        } catch (InterruptedException e) {
            throw e;
        } catch (Exception e) {
            // Tried again with the next message.
        }
    }

    /** Nothing comes through any more, in either direction, and nobody is told. */
    void mute() {
        muted = true;
        outgoing.clear();
    }

    /** Comes back out of the silence. */
    void unmute() {
        muted = false;
    }

    /** The process is gone at once. */
    void die() {
        closed = true;
        threads.shutdownNow();
        connection.abort(2000);
    }

    @Override
    public void close() {
        over.countDown();
        die();
    }
}
