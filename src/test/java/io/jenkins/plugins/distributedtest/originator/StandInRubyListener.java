package io.jenkins.plugins.distributedtest.originator;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import com.rabbitmq.client.AMQP;
import com.rabbitmq.client.Channel;
import com.rabbitmq.client.Connection;
import com.rabbitmq.client.GetResponse;
import com.rabbitmq.client.ShutdownSignalException;
import io.jenkins.plugins.distributedtest.amqp.BrokerAddress;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.UUID;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Function;

/**
 * Behaves as Gorgon's Ruby listener was captured to: polls its job queue with basic.get, serves one job at a time,
 * declares entities again with Gorgon's flags, takes files with basic.get without acknowledgement until there is none,
 * and dies of a channel that the broker closes and of a message it cannot parse. Only its pauses are shorter.
 */
final class StandInRubyListener implements AutoCloseable {
    /** What a worker does with a file. */
    enum Act {
        PASS,
        FAIL,
        /** Its process is killed: no finish, no word. */
        DIE_SILENTLY,
        /** Its process ends and the manager says so. */
        CRASH,
        /** Never comes back. */
        HANG
    }

    private static final ObjectMapper JSON = new ObjectMapper();
    private static final AMQP.BasicProperties PERSISTENT = new AMQP.BasicProperties.Builder()
            .contentType("application/octet-stream")
            .deliveryMode(2)
            .priority(0)
            .build();

    final List<String> ran = new CopyOnWriteArrayList<>();
    final List<String> jobs = new CopyOnWriteArrayList<>();
    final AtomicInteger cancels = new AtomicInteger();
    volatile Throwable death;
    /** Set: after_sync raises. */
    volatile String afterSync;
    /** How long it waits before it looks again for a message. */
    volatile Duration pause = Duration.ofMillis(100);

    private final BrokerAddress address;
    private final String suffix;
    private final String hostname;
    private final int slots;
    private final Function<String, Act> acts;
    private final Thread thread = new Thread(this::live, "ruby-stand-in");
    private final List<Thread> workers = new CopyOnWriteArrayList<>();
    private volatile boolean closed;
    private Channel channel;
    private String jobQueue;

    StandInRubyListener(BrokerAddress address, String cluster, String hostname, int slots, Function<String, Act> acts) {
        this.address = address;
        this.suffix = cluster == null ? "" : "." + cluster;
        this.hostname = hostname;
        this.slots = slots;
        this.acts = acts;
        thread.setDaemon(true);
    }

    StandInRubyListener start() throws Exception {
        Connection connection = FakeListener.factory(address).newConnection(hostname);
        channel = connection.createChannel();
        jobQueue = "job_queue_" + UUID.randomUUID();
        channel.queueDeclare(jobQueue, false, false, true, null);
        channel.exchangeDeclare("gorgon.jobs" + suffix, "fanout", false, false, null);
        channel.queueBind(jobQueue, "gorgon.jobs" + suffix, "");
        channel.exchangeDeclare("gorgon.originators" + suffix, "fanout", false, false, null);
        ObjectNode announcement = JSON.createObjectNode().put("listener_queue_name", jobQueue);
        publish(channel, "gorgon.originators" + suffix, announcement);
        thread.start();
        return this;
    }

    boolean isAlive() {
        return thread.isAlive();
    }

    private void live() {
        try {
            while (!closed) {
                GetResponse message = channel.basicGet(jobQueue, true);
                if (message == null) {
                    TimeUnit.MILLISECONDS.sleep(pause.toMillis());
                    continue;
                }
                // Invalid JSON, a non-object, a missing key: raised, and nobody rescues.
                JsonNode payload = JSON.readTree(message.getBody());
                switch (payload.get("type").asText()) {
                    case "job_definition" -> job(payload);
                    case "ping" -> pong(payload);
                    default -> {}
                }
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        } catch (Exception e) {
            death = e;
        }
    }

    private void pong(JsonNode ping) throws IOException {
        channel.exchangeDeclare(ping.get("reply_exchange_name").asText(), "direct", false, true, null);
        publish(
                channel,
                ping.get("reply_exchange_name").asText(),
                typed("ping_response")
                        .put("hostname", hostname)
                        .put("version", "0.11.1")
                        .put("worker_slots", slots));
    }

    private void job(JsonNode job) throws Exception {
        String replies = job.get("reply_exchange_name").asText();
        jobs.add(replies);
        channel.exchangeDeclare(replies, "direct", false, true, null);
        if (job.get("sync").get("source_tree_path").asText().isEmpty()) {
            throw new IllegalStateException("nothing to pull");
        }
        if (afterSync != null) {
            publish(
                    channel,
                    replies,
                    typed("exception")
                            .put("hostname", hostname)
                            .put("message", "after_sync callback failed. Message: " + afterSync)
                            .put("backtrace", "a\nb"));
            return;
        }
        List<Thread> forked = new ArrayList<>();
        for (int id = 1; id <= slots; id++) {
            int workerId = id;
            Thread worker = new Thread(() -> worker(job, replies, workerId), "ruby-worker-" + id);
            worker.setDaemon(true);
            worker.start();
            forked.add(worker);
            workers.add(worker);
        }
        for (Thread worker : forked) {
            worker.join();
        }
    }

    private void worker(JsonNode job, String replies, int workerId) {
        String files = job.get("file_queue_name").asText();
        try (Connection connection = FakeListener.factory(address).newConnection(hostname + "-" + workerId)) {
            Channel own = connection.createChannel();
            own.queueDeclare(files, false, false, true, null);
            own.exchangeDeclare(replies, "direct", false, true, null);
            GetResponse next;
            while (!closed && (next = own.basicGet(files, true)) != null) {
                String file = new String(next.getBody(), StandardCharsets.UTF_8);
                if (!run(own, replies, workerId, file)) {
                    connection.abort();
                    return;
                }
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        } catch (Exception e) {
            // A worker that is slow to start may find the run over and its queue deleted. It ends, its listener does
            // not.
            if (!(e.getCause() instanceof ShutdownSignalException why
                    && why.getMessage().contains("no queue '" + files))) {
                death = e;
            }
        }
    }

    /** Returns false if the worker is gone. */
    private boolean run(Channel own, String replies, int workerId, String file) throws Exception {
        ran.add(file);
        publish(own, replies, message("start", workerId, file));
        switch (acts.apply(file)) {
            case DIE_SILENTLY -> {
                return false;
            }
            case CRASH -> {
                publish(
                        own,
                        replies,
                        typed("crash")
                                .put("hostname", hostname)
                                .put("stdout", "")
                                .put("stderr", "killed"));
                return false;
            }
            case HANG -> {
                while (!closed) {
                    TimeUnit.MILLISECONDS.sleep(50);
                }
                return false;
            }
            case FAIL -> {
                ObjectNode finish = message("finish", workerId, file).put("runtime", 0.01);
                finish.putArray("failures").add("Failure:\ntest_bad(ATest) [" + file + ":3]:\n<1> expected");
                publish(
                        own,
                        replies,
                        finish.put("type", "fail").put("runner", "test_unit").put("time", 0.01));
            }
            default -> {
                ObjectNode finish = message("finish", workerId, file).put("runtime", 0.01);
                finish.putArray("failures");
                publish(
                        own,
                        replies,
                        finish.put("type", "pass").put("runner", "test_unit").put("time", 0.01));
            }
        }
        return true;
    }

    private ObjectNode message(String action, int workerId, String file) {
        return JSON.createObjectNode()
                .put("action", action)
                .put("hostname", hostname)
                .put("worker_id", workerId)
                .put("filename", file);
    }

    private static ObjectNode typed(String type) {
        return JSON.createObjectNode().put("type", type);
    }

    private static void publish(Channel channel, String exchange, JsonNode message) throws IOException {
        channel.basicPublish(exchange, "", PERSISTENT, JSON.writeValueAsBytes(message));
    }

    /** The whole listener is killed. */
    void die() {
        closed = true;
        thread.interrupt();
        workers.forEach(Thread::interrupt);
        channel.getConnection().abort(2000);
    }

    @Override
    public void close() {
        die();
    }
}
