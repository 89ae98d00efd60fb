package io.jenkins.plugins.distributedtest.originator;

import com.rabbitmq.client.AMQP;
import com.rabbitmq.client.Channel;
import io.jenkins.plugins.distributedtest.amqp.BrokerSession;
import io.jenkins.plugins.distributedtest.amqp.GorgonTopology;
import io.jenkins.plugins.distributedtest.amqp.ReliablePublisher;
import io.jenkins.plugins.distributedtest.amqp.Topology;
import io.jenkins.plugins.distributedtest.suite.FileResult;
import io.jenkins.plugins.distributedtest.suite.RunEnd;
import io.jenkins.plugins.distributedtest.suite.WorkerId;
import io.jenkins.plugins.distributedtest.wire.Names;
import io.jenkins.plugins.distributedtest.wire.NativeMessage;
import io.jenkins.plugins.distributedtest.wire.SyncSpec;
import io.jenkins.plugins.distributedtest.wire.WireException;
import io.jenkins.plugins.distributedtest.wire.gorgon.GorgonCodec;
import io.jenkins.plugins.distributedtest.wire.gorgon.GorgonMessage;
import io.jenkins.plugins.distributedtest.wire.gorgon.GorgonNames;
import io.jenkins.plugins.distributedtest.wire.gorgon.GorgonResults;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.List;
import java.util.Map;

/**
 * Gorgon's dialect: Ruby listeners and ours can take part in one run.
 *
 * <p>Gorgon's entities are declared with Gorgon's flags to the letter, for Ruby peers declare them again. Our own
 * listeners hear the end of the run, and that its originator is alive, through the native jobs exchange of the cluster,
 * which no Ruby listener hears: Gorgon's own cancel message would stop every job in every cluster. So a Ruby worker in
 * the middle of a file ends that file before it finds the files queue empty.
 *
 * <p>A Ruby listener dies when it publishes to a reply exchange that is gone. The exchange is auto-delete and would go
 * with the reply queue, when our connection is lost for a moment and at the end of the run. Where the broker can let
 * queues expire (RabbitMQ) a second queue is bound to it: the keeper while the run goes on, and after it one that
 * expires when no worker can be running any more.
 */
final class GorgonDialogue implements Dialogue {
    private static final Duration KEEPER = Duration.ofMinutes(15);
    private static final Duration LINGER = Duration.ofMinutes(1);

    private final String runId;
    private final RunSettings settings;
    private final int files;
    private boolean expires;

    GorgonDialogue(String runId, RunSettings settings, int files) {
        this.runId = runId;
        this.settings = settings;
        this.files = files;
    }

    @Override
    public int declare(BrokerSession session, Channel channel) throws IOException {
        expires = session.kind().expiresQueues();
        int waiting = GorgonTopology.replies(channel, runId);
        touch(channel);
        GorgonTopology.announcements(channel, runId, settings.cluster());
        GorgonTopology.files(channel, runId);
        GorgonTopology.jobs(channel, settings.cluster());
        Topology.jobs(channel, settings.cluster());
        if (settings.gorgonCancelBroadcast()) {
            GorgonTopology.workerManagers(channel);
        }
        return waiting;
    }

    /** Nothing of Gorgon's is durable, and the files queue never has a consumer whose end would take it along. */
    @Override
    public boolean isForgotten(BrokerSession session) throws IOException {
        Channel channel = session.channel();
        try {
            channel.queueDeclarePassive(GorgonNames.fileQueue(runId));
            channel.abort();
            return false;
        } catch (IOException e) {
            if (!session.isOpen()) {
                throw e;
            }
            return true; // the broker has closed the channel
        }
    }

    private String keeper() {
        return "reply_keeper_" + runId;
    }

    @Override
    public String replyQueue() {
        return GorgonNames.replyQueue(runId);
    }

    @Override
    public String announcementQueue() {
        return GorgonNames.originatorQueue(runId);
    }

    @Override
    public void touch(Channel channel) throws IOException {
        if (expires) {
            GorgonTopology.keepReplyExchange(channel, keeper(), runId, KEEPER);
        }
    }

    @Override
    public void publishFile(ReliablePublisher publisher, NativeMessage.FileJob job, boolean ahead) {
        AMQP.BasicProperties properties = GorgonTopology.OF_ORIGINATOR
                .builder()
                .headers(Map.of(GorgonCodec.LEASE_HEADER, job.lease()))
                .build();
        byte[] path = job.file().getBytes(StandardCharsets.UTF_8);
        publisher.publish("", GorgonNames.fileQueue(runId), properties, path);
    }

    @Override
    public void purge(Channel channel) throws IOException {
        channel.queuePurge(GorgonNames.fileQueue(runId));
    }

    @Override
    public void invite(ReliablePublisher publisher, SyncSpec sync) {
        send(publisher, Names.gorgonJobs(settings.cluster()), "", definition(sync));
    }

    /** Ruby workers end when they find the queue empty; only the definition makes new ones. */
    @Override
    public boolean invitesAgain(RunState state) {
        return state.listeners().isEmpty() || state.listeners().all().stream().anyMatch(l -> l.ruby);
    }

    @Override
    public void inviteOne(ReliablePublisher publisher, SyncSpec sync, byte[] announcement) throws WireException {
        if (GorgonCodec.decode(announcement) instanceof GorgonMessage.Announcement listener) {
            send(publisher, "", listener.listenerQueueName(), definition(sync));
        } else {
            throw new WireException("Not an announcement");
        }
    }

    private GorgonMessage.JobDefinition definition(SyncSpec sync) {
        GorgonMessage.Extension extension = new GorgonMessage.Extension(
                GorgonCodec.PROTOCOL_VERSION,
                runId,
                settings.cluster(),
                settings.project(),
                RunRules.seconds(settings.heartbeat()),
                RunRules.seconds(settings.silenceForListeners()),
                RunRules.seconds(settings.fileTimeout()),
                settings.environment(),
                sync,
                settings.runners(),
                settings.callbacks() == null ? Map.of() : settings.callbacks().commands(),
                files);
        GorgonMessage.Sync forRuby = new GorgonMessage.Sync(sync.exclude(), sync.transport(), sync.source());
        String classFile =
                settings.callbacks() == null ? null : settings.callbacks().classFile();
        return new GorgonMessage.JobDefinition(
                GorgonNames.fileQueue(runId), GorgonNames.replyExchange(runId), forRuby, classFile, extension);
    }

    @Override
    public List<Effect> reply(RunState state, double now, String treeDigest, byte[] body) throws WireException {
        GorgonMessage message = GorgonCodec.decode(body);
        try {
            if (message instanceof GorgonMessage.Start start) {
                return start(state, now, start);
            } else if (message instanceof GorgonMessage.Finish finish) {
                return finish(state, now, finish);
            } else if (message instanceof GorgonMessage.Crash crash) {
                return state.ruby().crash(now, crash.hostname(), (crash.stderr() + "\n" + crash.stdout()).strip());
            } else if (message instanceof GorgonMessage.Raised raised) {
                return state.ruby().raised(now, raised.hostname(), raised.message(), raised.backtrace());
            } else if (message instanceof GorgonMessage.Native ours) {
                return Dialogue.nativeReply(state, now, treeDigest, ours.message());
            }
        } catch (IllegalArgumentException e) {
            throw new WireException(e.getMessage(), e);
        }
        throw new WireException("Not an answer to a run: "
                + (message instanceof GorgonMessage.Unknown unknown
                        ? "type '" + unknown.kind() + "'"
                        : message.getClass().getSimpleName()));
    }

    private List<Effect> start(RunState state, double now, GorgonMessage.Start start) throws WireException {
        GorgonMessage.Ours ours = start.ours();
        if (ours == null) {
            return state.ruby().start(now, start.hostname(), start.workerId(), start.filename());
        }
        WorkerId worker = new WorkerId(ours.listener(), start.hostname(), ours.slot());
        Dialogue.check(worker);
        return state.start(now, worker, start.filename(), ours.lease());
    }

    private List<Effect> finish(RunState state, double now, GorgonMessage.Finish finish) throws WireException {
        FileResult result = GorgonResults.result(finish);
        GorgonMessage.Ours ours = finish.ours();
        if (ours == null) {
            return state.ruby().finish(now, finish.hostname(), finish.workerId(), result);
        }
        WorkerId worker = new WorkerId(ours.listener(), finish.hostname(), ours.slot());
        Dialogue.check(worker);
        return state.finish(now, worker, ours.lease(), result, 0);
    }

    @Override
    public void cancelOne(ReliablePublisher publisher, String inbox, String reason) {
        Dialogue.send(publisher, "", inbox, new NativeMessage.CancelRun(runId, reason));
    }

    @Override
    public void heartbeat(ReliablePublisher publisher) {
        Dialogue.send(publisher, Names.jobs(settings.cluster()), "", new NativeMessage.OriginatorHeartbeat(runId));
    }

    @Override
    public void sayGoodbye(ReliablePublisher publisher, RunEnd end, String reason) {
        Dialogue.send(publisher, Names.jobs(settings.cluster()), "", Dialogue.goodbye(runId, end, reason));
        if (end != RunEnd.COMPLETED && settings.gorgonCancelBroadcast()) {
            send(publisher, Names.GORGON_WORKER_MANAGERS, "", new GorgonMessage.CancelJob());
        }
    }

    @Override
    public Duration linger(RunState state) {
        boolean ruby = state.listeners().all().stream().anyMatch(l -> l.ruby);
        return expires || !ruby ? Duration.ZERO : Duration.ofSeconds(3);
    }

    @Override
    public void delete(BrokerSession session, RunEnd end) throws IOException {
        if (expires) {
            // After a run that was cut short a Ruby worker may be in the middle of a file still.
            Duration time = end == RunEnd.COMPLETED ? LINGER : LINGER.plus(settings.fileTimeout());
            Channel channel = session.channel();
            GorgonTopology.keepReplyExchange(channel, "reply_linger_" + runId, runId, time);
            channel.queueDelete(keeper());
            channel.abort();
        }
        Dialogue.deleteQueues(session, replyQueue(), GorgonNames.fileQueue(runId), announcementQueue());
    }

    private static void send(ReliablePublisher publisher, String exchange, String key, GorgonMessage message) {
        publisher.publish(exchange, key, GorgonTopology.OF_ORIGINATOR, GorgonCodec.encode(message));
    }
}
