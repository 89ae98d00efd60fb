package io.jenkins.plugins.distributedtest.listener;

import static io.jenkins.plugins.distributedtest.listener.ListenerFixture.eventually;

import com.rabbitmq.client.AMQP;
import com.rabbitmq.client.Channel;
import com.rabbitmq.client.Connection;
import io.jenkins.plugins.distributedtest.amqp.BrokerAddress;
import io.jenkins.plugins.distributedtest.suite.RunnerSettings;
import io.jenkins.plugins.distributedtest.suite.WorkerId;
import io.jenkins.plugins.distributedtest.wire.CallbackSpec;
import io.jenkins.plugins.distributedtest.wire.Names;
import io.jenkins.plugins.distributedtest.wire.NativeMessage;
import io.jenkins.plugins.distributedtest.wire.SyncSpec;
import io.jenkins.plugins.distributedtest.wire.WireCodec;
import java.io.IOException;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.stream.Stream;

/** An originator of the native dialect that does what a test tells it, step by step, and keeps what it hears. */
final class NativeOriginator implements AutoCloseable {
    static final AMQP.BasicProperties JSON = new AMQP.BasicProperties.Builder()
            .contentType("application/json")
            .deliveryMode(2)
            .build();

    final String runId = UUID.randomUUID().toString();
    final List<NativeMessage> replies = new CopyOnWriteArrayList<>();
    final List<NativeMessage.Announcement> announcements = new CopyOnWriteArrayList<>();
    final Connection connection;
    final Channel channel;
    double heartbeatSeconds = 1;
    double silenceSeconds = 600;
    boolean casesApart;
    Map<String, String> environment = Map.of();
    String sealed;
    CallbackSpec callbacks = CallbackSpec.NONE;
    RunnerSettings runners = RunnerSettings.DEFAULT;

    NativeOriginator(BrokerAddress address) throws Exception {
        connection = ListenerFixture.connect(address);
        channel = connection.createChannel();
        channel.exchangeDeclare(Names.jobs(null), "fanout", true);
        channel.exchangeDeclare(Names.originators(null), "fanout", true);
        channel.queueDeclare(Names.files(runId), true, false, false, Map.of());
        channel.queueDeclare(Names.replies(runId), true, false, false, Map.of());
        channel.queueDeclare(Names.announcements(runId), false, true, true, Map.of());
        channel.queueBind(Names.announcements(runId), Names.originators(null), "");
        channel.basicConsume(
                Names.replies(runId), true, (tag, d) -> replies.add(WireCodec.decode(d.getBody())), tag -> {});
        channel.basicConsume(
                Names.announcements(runId),
                true,
                (tag, d) -> announcements.add((NativeMessage.Announcement) WireCodec.decode(d.getBody())),
                tag -> {});
    }

    NativeOriginator files(String... files) throws IOException {
        for (String file : files) {
            file(file, 1, 0);
        }
        return this;
    }

    void file(String file, int lease, double expected, WorkerId... avoid) throws IOException {
        send("", Names.files(runId), new NativeMessage.FileJob(file, lease, 60, expected, List.of(avoid), false));
    }

    NativeMessage.JobDefinition definition() {
        return new NativeMessage.JobDefinition(
                runId,
                "project",
                Names.files(runId),
                Names.replies(runId),
                heartbeatSeconds,
                silenceSeconds,
                environment,
                new SyncSpec(SyncSpec.Kind.NONE, null, "digest", "/", null, null, null, null),
                callbacks,
                runners,
                1,
                casesApart,
                null,
                sealed);
    }

    NativeOriginator define() throws IOException {
        toAll(definition());
        return this;
    }

    void toAll(NativeMessage message) throws IOException {
        send(Names.jobs(null), "", message);
    }

    void finish() throws IOException {
        toAll(new NativeMessage.FinishRun(runId));
    }

    void cancel() throws IOException {
        toAll(new NativeMessage.CancelRun(runId, "the test says so"));
    }

    void send(String exchange, String key, NativeMessage message) throws IOException {
        channel.basicPublish(exchange, key, JSON, WireCodec.encode(message));
    }

    <T> List<T> got(Class<T> type) {
        return replies.stream().filter(type::isInstance).map(type::cast).toList();
    }

    List<String> started() {
        return got(NativeMessage.Start.class).stream()
                .map(NativeMessage.Start::file)
                .toList();
    }

    List<String> finished() {
        return got(NativeMessage.Finish.class).stream()
                .map(f -> f.result().file().path())
                .toList();
    }

    Stream<NativeMessage.Left> left() {
        return got(NativeMessage.Left.class).stream();
    }

    <T> T await(Class<T> type) {
        eventually(
                type.getSimpleName() + " comes; so far: " + replies,
                () -> !got(type).isEmpty());
        return got(type).get(0);
    }

    void awaitFinished(int files) {
        eventually("files finish", () -> finished().size() >= files);
    }

    int filesLeft() throws IOException {
        try (Channel own = connection.createChannel()) {
            return (int) own.messageCount(Names.files(runId));
        } catch (java.util.concurrent.TimeoutException e) {
            throw new IOException(e);
        }
    }

    @Override
    public void close() throws IOException {
        if (connection.isOpen()) {
            ListenerFixture.delete(connection, own -> own.queueDelete(Names.files(runId)));
            ListenerFixture.delete(connection, own -> own.queueDelete(Names.replies(runId)));
        }
        connection.abort();
    }
}
