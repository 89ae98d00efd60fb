package io.jenkins.plugins.distributedtest.listener;

import static io.jenkins.plugins.distributedtest.listener.ListenerFixture.eventually;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.rabbitmq.client.AMQP;
import com.rabbitmq.client.Channel;
import com.rabbitmq.client.Connection;
import com.rabbitmq.client.Delivery;
import io.jenkins.plugins.distributedtest.amqp.BrokerAddress;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.UUID;
import java.util.concurrent.CopyOnWriteArrayList;

/**
 * Gorgon's originator, version 0.11.1, as it was captured from the wire: its entities and flags, the order of what it
 * does, its messages byte for byte; and its ways: it counts finish messages, not files; it dies of a finish before the
 * first start, of what is not JSON in valid UTF-8, of a hostname that is no string or a runtime that is no number; it
 * deletes its queues and its exchange as soon as it has counted as many finishes as files.
 */
final class StandInRubyOriginator implements AutoCloseable {
    private static final ObjectMapper JSON = new ObjectMapper();
    private static final AMQP.BasicProperties PROPERTIES = new AMQP.BasicProperties.Builder()
            .contentType("application/octet-stream")
            .deliveryMode(1)
            .priority(0)
            .build();

    final String id = UUID.randomUUID().toString();
    final String fileQueue = "file_queue_" + id;
    final String replyQueue = "reply_queue_" + id;
    final String replyExchange = "reply_exchange_" + id;
    final String originatorQueue = "originator_queue_" + id;
    final List<JsonNode> replies = new CopyOnWriteArrayList<>();
    final List<String> announced = new CopyOnWriteArrayList<>();
    final Set<String> running = new LinkedHashSet<>();
    final Connection connection;
    final Channel channel;
    private final int files;
    private final String callbacksFile;
    volatile String death;
    volatile int finishes;
    volatile boolean done;
    private boolean started;

    /** Declares its entities and publishes its files, as the originator does before it sends its job definition. */
    StandInRubyOriginator(BrokerAddress address, String callbacksFile, String... paths) throws Exception {
        files = paths.length;
        this.callbacksFile = callbacksFile;
        connection = ListenerFixture.connect(address);
        channel = connection.createChannel();
        channel.queueDeclare(replyQueue, false, false, true, Map.of());
        channel.exchangeDeclare(replyExchange, "direct", false, true, Map.of());
        channel.queueBind(replyQueue, replyExchange, "");
        channel.exchangeDeclare("gorgon.originators", "fanout", false, false, Map.of());
        channel.queueDeclare(originatorQueue, false, false, true, Map.of());
        channel.queueBind(originatorQueue, "gorgon.originators", "");
        channel.queueDeclare(fileQueue, false, false, true, Map.of());
        channel.exchangeDeclare("gorgon.jobs", "fanout", false, false, Map.of());
        for (String path : paths) {
            channel.basicPublish("", fileQueue, PROPERTIES, path.getBytes(StandardCharsets.UTF_8));
        }
    }

    byte[] definition() {
        String callbacks = callbacksFile == null ? "{}" : "{\"callbacks_class_file\":\"" + callbacksFile + "\"}";
        return ("{\"type\":\"job_definition\",\"file_queue_name\":\"" + fileQueue + "\",\"reply_exchange_name\":\""
                        + replyExchange
                        + "\",\"sync\":{\"exclude\":[\".git\",\"log\"],\"rsync_transport\":\"anonymous\","
                        + "\"source_tree_path\":\"rsync://127.0.0.1:43434/src/vm_gorgon-demo\"},\"callbacks\":"
                        + callbacks + "}")
                .getBytes(StandardCharsets.UTF_8);
    }

    /** Sends the definition and listens. */
    StandInRubyOriginator start() throws IOException {
        channel.basicPublish("gorgon.jobs", "", PROPERTIES, definition());
        return listen();
    }

    /** Listens without having sent the definition: for a listener that joins late. */
    StandInRubyOriginator listen() throws IOException {
        channel.basicConsume(replyQueue, true, (tag, delivery) -> replied(delivery), tag -> {});
        channel.basicConsume(originatorQueue, true, (tag, delivery) -> announced(delivery), tag -> {});
        return this;
    }

    private void announced(Delivery delivery) throws IOException {
        String queue =
                JSON.readTree(delivery.getBody()).get("listener_queue_name").textValue();
        announced.add(queue);
        channel.basicPublish("", queue, PROPERTIES, definition());
    }

    private void replied(Delivery delivery) {
        if (death != null || done) {
            return;
        }
        try {
            handle(parse(delivery.getBody()));
        } catch (IOException | RuntimeException e) {
            death = e + " of " + new String(delivery.getBody(), StandardCharsets.UTF_8);
        }
    }

    private static JsonNode parse(byte[] body) throws IOException {
        String text = StandardCharsets.UTF_8
                .newDecoder()
                .decode(ByteBuffer.wrap(body))
                .toString();
        JsonNode message = JSON.readTree(text);
        if (!message.isObject()) {
            throw new IOException("not a JSON object");
        }
        return message;
    }

    private void handle(JsonNode message) throws IOException {
        replies.add(message);
        String action = message.path("action").asText();
        if (action.equals("start")) {
            check(message.get("hostname").isTextual(), "hostname");
            started = true;
            running.add(message.get("filename").textValue());
        } else if (action.equals("finish")) {
            check(started, "a finish before the first start");
            check(message.get("hostname").isTextual(), "hostname");
            check(message.get("runtime").isNumber(), "runtime");
            check(message.get("failures").isArray(), "failures");
            running.remove(message.get("filename").textValue());
            finishes++;
            if (finishes == files) {
                cleanUp();
            }
        }
    }

    private static void check(boolean holds, String what) throws IOException {
        if (!holds) {
            throw new IOException("dies of: " + what);
        }
    }

    /** What it does when it has counted enough finishes. */
    private void cleanUp() throws IOException {
        ListenerFixture.delete(connection, own -> own.queueDelete(replyQueue));
        ListenerFixture.delete(connection, own -> own.queueDelete(fileQueue));
        ListenerFixture.delete(connection, own -> own.exchangeDelete(replyExchange));
        ListenerFixture.delete(connection, own -> own.queueDelete(originatorQueue));
        done = true;
    }

    /** What it does when its user cancels: in this order. */
    void cancel() throws IOException {
        channel.exchangeDeclare("gorgon.worker_managers", "fanout", false, false, Map.of());
        channel.queuePurge(fileQueue);
        channel.basicPublish(
                "gorgon.worker_managers",
                "",
                PROPERTIES,
                "{\"action\":\"cancel_job\"}".getBytes(StandardCharsets.UTF_8));
        cleanUp();
    }

    void awaitDone() {
        eventually("the Ruby originator has all it waits for: " + replies, () -> {
            if (death != null) {
                throw new AssertionError("The Ruby originator is dead: " + death);
            }
            return done;
        });
    }

    List<JsonNode> of(String key, String value) {
        return replies.stream()
                .filter(message -> message.path(key).asText().equals(value))
                .toList();
    }

    @Override
    public void close() {
        connection.abort();
    }
}
