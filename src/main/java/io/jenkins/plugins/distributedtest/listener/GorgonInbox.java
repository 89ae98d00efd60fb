package io.jenkins.plugins.distributedtest.listener;

import com.rabbitmq.client.Channel;
import com.rabbitmq.client.Delivery;
import io.jenkins.plugins.distributedtest.amqp.BrokerSession;
import io.jenkins.plugins.distributedtest.amqp.GorgonTopology;
import io.jenkins.plugins.distributedtest.wire.Names;
import io.jenkins.plugins.distributedtest.wire.WireException;
import io.jenkins.plugins.distributedtest.wire.gorgon.GorgonCodec;
import io.jenkins.plugins.distributedtest.wire.gorgon.GorgonMessage;
import io.jenkins.plugins.distributedtest.wire.gorgon.GorgonNames;
import java.io.IOException;
import java.util.function.Consumer;

/**
 * Where a listener hears of runs in Gorgon's dialect: its job queue, bound to {@code gorgon.jobs} of its cluster, and a
 * queue bound to {@code gorgon.worker_managers}, through which cancelling originators of all clusters are heard. Both
 * go with the connection, since a consumer is on them. Flags are Gorgon's, to the letter.
 *
 * <p>Pings are answered at once, however busy the slots are. A {@code gem_command} is refused: it would let anybody who
 * reaches the broker run what he likes. On the event loop.
 */
final class GorgonInbox {
    private static final int SHOWN = 200;

    private final ListenerContext context;
    private final String cluster;
    private final Consumer<GorgonMessage.JobDefinition> onJob;
    private final Runnable onCancel;

    /**
     * @param context the listener
     * @param cluster its cluster, or null
     * @param onJob takes job definitions
     * @param onCancel told when some originator cancels its job, nobody says which
     */
    GorgonInbox(
            ListenerContext context, String cluster, Consumer<GorgonMessage.JobDefinition> onJob, Runnable onCancel) {
        this.context = context;
        this.cluster = cluster;
        this.onJob = onJob;
        this.onCancel = onCancel;
    }

    /** The name of a listener's job queue. */
    static String queue(ListenerContext context) {
        return GorgonNames.jobQueue(context.id());
    }

    void attach(BrokerSession session) throws IOException {
        Channel channel = session.channel();
        String queue = queue(context);
        GorgonTopology.jobQueue(channel, queue, cluster);
        GorgonTopology.originators(channel, cluster);
        String cancels = GorgonTopology.cancels(channel);
        session.consume(channel, cancels, true, this::cancelled, () -> deleted(channel));
        session.consume(channel, queue, true, this::delivered, () -> deleted(channel));
    }

    /** Tells originators that a listener has come. */
    void announce() {
        byte[] body = GorgonCodec.encode(new GorgonMessage.Announcement(queue(context)));
        context.publish(Names.gorgonOriginators(cluster), "", GorgonTopology.OF_LISTENER, body);
    }

    private void delivered(Delivery delivery) {
        try {
            GorgonMessage message = GorgonCodec.decode(delivery.getBody());
            if (message instanceof GorgonMessage.JobDefinition job) {
                onJob.accept(job);
            } else if (message instanceof GorgonMessage.Ping ping) {
                reply(
                        ping.replyExchangeName(),
                        new GorgonMessage.PingResponse(
                                context.host(), context.version(), context.slots(), context.id()));
            } else if (message instanceof GorgonMessage.GemCommand gem) {
                refuse(gem);
            } else {
                context.refused("A message from " + Names.gorgonJobs(cluster) + " is refused: " + kind(message));
            }
        } catch (WireException e) {
            context.refused("A message from " + Names.gorgonJobs(cluster) + " is refused: " + e.getMessage());
        }
    }

    private void cancelled(Delivery delivery) {
        try {
            GorgonMessage message = GorgonCodec.decode(delivery.getBody());
            if (message instanceof GorgonMessage.CancelJob) {
                onCancel.run();
            } else {
                context.refused("A message from " + Names.GORGON_WORKER_MANAGERS + " is refused: " + kind(message));
            }
        } catch (WireException e) {
            context.refused("A message from " + Names.GORGON_WORKER_MANAGERS + " is refused: " + e.getMessage());
        }
    }

    private static String kind(GorgonMessage message) {
        return message instanceof GorgonMessage.Unknown unknown
                ? "its type, '" + shown(unknown.kind()) + "', is not known"
                : "it is none for listeners (" + message.getClass().getSimpleName() + ")";
    }

    private void refuse(GorgonMessage.GemCommand gem) throws WireException {
        String command = "gem " + gem.gemCommand() + " gorgon";
        context.refused("A gem_command is refused: " + shown(command));
        reply(
                gem.replyExchangeName(),
                new GorgonMessage.CommandState(
                        "command_failed",
                        context.host(),
                        shown(command),
                        "",
                        "This listener runs no commands that come over the broker."));
    }

    private static String shown(String text) {
        return text.substring(0, Math.min(SHOWN, text.length())).replaceAll("\\p{Cntrl}", "?");
    }

    /** Answers through an exchange that may be gone by now, which then costs a channel of no further use. */
    private void reply(String exchange, GorgonMessage message) throws WireException {
        RunDefinition.checkName("reply_exchange_name", exchange);
        context.onScratchChannel(channel -> {
            channel.exchangeDeclarePassive(exchange);
            channel.basicPublish(exchange, "", GorgonTopology.OF_LISTENER, GorgonCodec.encode(message));
        });
    }

    private void deleted(Channel channel) {
        context.problem("The queue " + queue(context) + " was deleted; it is declared again");
        Channels.close(channel);
        BrokerSession session = context.session();
        if (session == null) {
            return;
        }
        try {
            attach(session);
            announce();
        } catch (IOException e) {
            context.problem("The job queue cannot be declared again: " + e.getMessage());
        }
    }
}
