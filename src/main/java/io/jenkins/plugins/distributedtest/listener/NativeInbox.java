package io.jenkins.plugins.distributedtest.listener;

import com.rabbitmq.client.Channel;
import com.rabbitmq.client.Delivery;
import io.jenkins.plugins.distributedtest.amqp.BrokerSession;
import io.jenkins.plugins.distributedtest.amqp.Topology;
import io.jenkins.plugins.distributedtest.wire.Names;
import io.jenkins.plugins.distributedtest.wire.NativeMessage;
import io.jenkins.plugins.distributedtest.wire.WireCodec;
import io.jenkins.plugins.distributedtest.wire.WireException;
import java.io.IOException;
import java.util.List;
import java.util.function.Consumer;

/**
 * Where a listener hears of native runs: an exclusive queue that goes with the connection, bound to the jobs exchange
 * of its cluster, and to the roll call of all clusters. Whatever comes in that is not a message is counted, logged and
 * forgotten. On the event loop.
 */
final class NativeInbox {
    private final ListenerContext context;
    private final String cluster;
    private final Consumer<NativeMessage> onMessage;

    /**
     * @param context the listener
     * @param cluster its cluster, or null
     * @param onMessage takes what comes in
     */
    NativeInbox(ListenerContext context, String cluster, Consumer<NativeMessage> onMessage) {
        this.context = context;
        this.cluster = cluster;
        this.onMessage = onMessage;
    }

    /** Declares and consumes, then {@linkplain #announce announces} are in order. */
    void attach(BrokerSession session) throws IOException {
        Channel channel = session.channel();
        String queue = Names.inbox(context.id());
        Topology.originators(channel, cluster);
        Topology.ownQueue(channel, queue, Topology.jobs(channel, cluster), "");
        channel.queueBind(queue, Topology.rollCall(channel), "");
        session.consume(channel, queue, true, this::delivered, () -> deleted(channel));
    }

    /** Tells originators that a listener has come. */
    void announce() {
        NativeMessage announcement =
                new NativeMessage.Announcement(context.id(), context.host(), Names.inbox(context.id()));
        context.publish(Names.originators(cluster), "", Topology.MESSAGE, WireCodec.encode(announcement));
    }

    /** Answers a ping: so many slots, so many of them busy, and the runners that this host has. */
    void answer(NativeMessage.Ping ping, int slots, int busy, List<String> runners) {
        NativeMessage response = new NativeMessage.PingResponse(
                context.id(), context.host(), ProgramVersion.get(), slots, busy, runners, cluster);
        try {
            RunDefinition.checkName("reply_queue", ping.replyQueue());
            context.publish("", ping.replyQueue(), Topology.MESSAGE, WireCodec.encode(response));
        } catch (WireException e) {
            context.refused("A ping is refused: " + e.getMessage());
        }
    }

    private void delivered(Delivery delivery) {
        try {
            onMessage.accept(WireCodec.decode(delivery.getBody()));
        } catch (WireException e) {
            context.refused("A message from " + Names.jobs(cluster) + " is refused: " + e.getMessage());
        }
    }

    /** Somebody deleted the inbox: without it we are deaf, so make it anew. */
    private void deleted(Channel channel) {
        context.problem("The queue " + Names.inbox(context.id()) + " was deleted; it is declared again");
        Channels.close(channel);
        BrokerSession session = context.session();
        if (session == null) {
            return;
        }
        try {
            attach(session);
            announce();
        } catch (IOException e) {
            context.problem("The inbox cannot be declared again: " + e.getMessage());
        }
    }
}
