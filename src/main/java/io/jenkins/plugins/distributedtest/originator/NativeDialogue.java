package io.jenkins.plugins.distributedtest.originator;

import com.rabbitmq.client.Channel;
import io.jenkins.plugins.distributedtest.amqp.BrokerSession;
import io.jenkins.plugins.distributedtest.amqp.ReliablePublisher;
import io.jenkins.plugins.distributedtest.amqp.Topology;
import io.jenkins.plugins.distributedtest.suite.RunEnd;
import io.jenkins.plugins.distributedtest.wire.Names;
import io.jenkins.plugins.distributedtest.wire.NativeMessage;
import io.jenkins.plugins.distributedtest.wire.SyncSpec;
import io.jenkins.plugins.distributedtest.wire.WireCodec;
import io.jenkins.plugins.distributedtest.wire.WireException;
import java.io.IOException;
import java.time.Duration;
import java.util.List;
import java.util.Objects;

/**
 * The native dialect. The files and reply queues of a run are durable and outlive a lost connection; on RabbitMQ they
 * expire some time after an originator was killed. The queue of announcements is the connection's own.
 */
final class NativeDialogue implements Dialogue {
    private final String runId;

    private final RunSettings settings;
    private final int files;
    private String announcementQueue;
    private BrokerSession session;

    NativeDialogue(String runId, RunSettings settings, int files) {
        this.runId = runId;
        this.settings = settings;
        this.files = files;
    }

    @Override
    public int declare(BrokerSession session, Channel channel) throws IOException {
        this.session = session;
        Topology.jobs(channel, settings.cluster());
        Topology.rollCall(channel);
        String announcements = Topology.originators(channel, settings.cluster());
        Topology.filesQueue(session, channel, Names.files(runId), hasGroups());
        int waiting = Topology.runQueue(session, channel, Names.replies(runId));
        // A name of its own per session: the broker may not know yet that an earlier one is gone.
        announcementQueue = Names.announcements(runId) + "." + Long.toHexString(System.nanoTime());
        Topology.ownQueue(channel, announcementQueue, announcements, "");
        return waiting;
    }

    @Override
    public String replyQueue() {
        return Names.replies(runId);
    }

    @Override
    public String announcementQueue() {
        return announcementQueue;
    }

    @Override
    public void touch(Channel channel) throws IOException {
        Topology.touchFilesQueue(session, channel, Names.files(runId), hasGroups());
    }

    @Override
    public void publishFile(ReliablePublisher publisher, NativeMessage.FileJob job, boolean ahead) {
        publisher.publish(
                "", Names.files(runId), ahead ? Topology.MESSAGE_AHEAD : Topology.MESSAGE, WireCodec.encode(job));
    }

    /** A queue with priorities costs the broker more, so only those have one that need it. */
    private boolean hasGroups() {
        return !settings.groups().isEmpty();
    }

    @Override
    public void purge(Channel channel) throws IOException {
        channel.queuePurge(Names.files(runId));
    }

    @Override
    public void invite(ReliablePublisher publisher, SyncSpec sync) {
        Dialogue.send(publisher, Names.jobs(settings.cluster()), "", definition(sync));
    }

    @Override
    public boolean invitesAgain(RunState state) {
        return false;
    }

    @Override
    public void inviteOne(ReliablePublisher publisher, SyncSpec sync, byte[] announcement) throws WireException {
        if (WireCodec.decode(announcement) instanceof NativeMessage.Announcement listener
                && listener.inbox() != null
                && !listener.inbox().isEmpty()) {
            Dialogue.send(publisher, "", listener.inbox(), definition(sync));
        } else {
            throw new WireException("Not an announcement with an inbox");
        }
    }

    private NativeMessage.JobDefinition definition(SyncSpec sync) {
        return new NativeMessage.JobDefinition(
                runId,
                settings.project(),
                Names.files(runId),
                Names.replies(runId),
                RunRules.seconds(settings.heartbeat()),
                RunRules.seconds(settings.silenceForListeners()),
                settings.environment(),
                sync,
                settings.callbacks(),
                settings.runners(),
                files,
                true,
                settings.collect().spec(),
                settings.sealed());
    }

    @Override
    public List<Effect> reply(RunState state, double now, String treeDigest, byte[] body) throws WireException {
        NativeMessage message = WireCodec.decode(body);
        if (message instanceof NativeMessage.PingResponse response) {
            if (!isOwn(response.cluster())) { // else it has come in the meantime
                state.listeners().otherClusters().answered(response.cluster());
            }
            return List.of();
        }
        return Dialogue.nativeReply(state, now, treeDigest, message);
    }

    private boolean isOwn(String cluster) {
        return Objects.requireNonNullElse(cluster, "").equals(Objects.requireNonNullElse(settings.cluster(), ""));
    }

    @Override
    public void cancelOne(ReliablePublisher publisher, String inbox, String reason) {
        Dialogue.send(publisher, "", inbox, new NativeMessage.CancelRun(runId, reason));
    }

    @Override
    public void askOtherClusters(ReliablePublisher publisher) {
        Dialogue.send(publisher, Names.ROLL_CALL, "", new NativeMessage.Ping(replyQueue()));
    }

    @Override
    public void heartbeat(ReliablePublisher publisher) {
        Dialogue.send(publisher, Names.jobs(settings.cluster()), "", new NativeMessage.OriginatorHeartbeat(runId));
    }

    @Override
    public void sayGoodbye(ReliablePublisher publisher, RunEnd end, String reason) {
        Dialogue.send(publisher, Names.jobs(settings.cluster()), "", Dialogue.goodbye(runId, end, reason));
    }

    @Override
    public Duration linger(RunState state) {
        return Duration.ZERO;
    }

    @Override
    public void delete(BrokerSession session, RunEnd end) throws IOException {
        Dialogue.deleteQueues(session, Names.files(runId), Names.replies(runId), announcementQueue);
    }
}
