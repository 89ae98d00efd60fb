package io.jenkins.plugins.distributedtest.originator;

import com.rabbitmq.client.Channel;
import io.jenkins.plugins.distributedtest.amqp.BrokerSession;
import io.jenkins.plugins.distributedtest.amqp.ReliablePublisher;
import io.jenkins.plugins.distributedtest.amqp.Topology;
import io.jenkins.plugins.distributedtest.suite.RunEnd;
import io.jenkins.plugins.distributedtest.suite.WorkerId;
import io.jenkins.plugins.distributedtest.wire.NativeMessage;
import io.jenkins.plugins.distributedtest.wire.SyncSpec;
import io.jenkins.plugins.distributedtest.wire.WireCodec;
import io.jenkins.plugins.distributedtest.wire.WireException;
import java.io.IOException;
import java.time.Duration;
import java.util.List;

/**
 * How a run talks to its listeners: one implementation per dialect. Lives on the run's loop; holds no truth about the
 * run.
 */
interface Dialogue {
    /**
     * Declares and binds what the run needs.
     *
     * @return how many replies wait already
     */
    int declare(BrokerSession session, Channel channel) throws IOException;

    /** The queue that replies come from. */
    String replyQueue();

    /** The queue that announcements of listeners come from. */
    String announcementQueue();

    /** Keeps what expires when unused from expiring. */
    void touch(Channel channel) throws IOException;

    /**
     * Puts a file at the end of the files queue.
     *
     * @param ahead before those that are not
     */
    void publishFile(ReliablePublisher publisher, NativeMessage.FileJob job, boolean ahead);

    /** Empties the files queue. */
    void purge(Channel channel) throws IOException;

    /** Invites every listener. */
    void invite(ReliablePublisher publisher, SyncSpec sync);

    /** Whether listeners have to be invited again when files have been published again. */
    boolean invitesAgain(RunState state);

    /**
     * Invites the listener that has announced itself.
     *
     * @param announcement the announcement's body
     */
    void inviteOne(ReliablePublisher publisher, SyncSpec sync, byte[] announcement) throws WireException;

    /**
     * Handles a reply.
     *
     * @param now seconds from the start of the run
     * @param treeDigest digest of the originator's tree; null if there is none
     */
    List<Effect> reply(RunState state, double now, String treeDigest, byte[] body) throws WireException;

    /** Tells one of our listeners to drop the run. */
    void cancelOne(ReliablePublisher publisher, String inbox, String reason);

    /** Asks the listeners of all clusters of the broker to say which is theirs. Gorgon's protocol knows no such question. */
    default void askOtherClusters(ReliablePublisher publisher) {}

    /** Shows that the originator is alive. */
    void heartbeat(ReliablePublisher publisher);

    /** Tells every listener that the run is over. */
    void sayGoodbye(ReliablePublisher publisher, RunEnd end, String reason);

    /** How long to wait before {@link #delete}, for listeners that would come to harm otherwise. */
    Duration linger(RunState state);

    /**
     * Whether the broker has forgotten what was declared there, so that it must have been started anew: to be asked before
     * it is declared again.
     */
    default boolean isForgotten(BrokerSession session) throws IOException {
        return false;
    }

    /** Deletes what was declared, so that no listener comes to harm. */
    void delete(BrokerSession session, RunEnd end) throws IOException;

    /** Deletes queues. One that is gone already (over which a broker may close the channel) keeps no other. */
    static void deleteQueues(BrokerSession session, String... queues) throws IOException {
        Channel channel = session.channel();
        for (String queue : queues) {
            try {
                channel.queueDelete(queue);
            } catch (IOException e) {
                if (!session.isOpen()) {
                    throw e;
                }
                channel = session.channel();
            }
        }
        channel.abort();
    }

    /** Publishes a native message. */
    static void send(ReliablePublisher publisher, String exchange, String key, NativeMessage message) {
        publisher.publish(exchange, key, Topology.MESSAGE, WireCodec.encode(message));
    }

    /** The message that tells listeners that a run has ended so. */
    static NativeMessage goodbye(String runId, RunEnd end, String reason) {
        return end == RunEnd.COMPLETED
                ? new NativeMessage.FinishRun(runId)
                : new NativeMessage.CancelRun(runId, reason);
    }

    /** Handles a native message from one of our listeners; null if it is none that answers a run. */
    static List<Effect> nativeReply(RunState state, double now, String treeDigest, NativeMessage message)
            throws WireException {
        if (message instanceof NativeMessage.Start start) {
            check(start.worker());
            need(start.file(), "file");
            return state.start(now, start.worker(), start.file(), start.lease());
        } else if (message instanceof NativeMessage.Finish finish) {
            check(finish.worker());
            need(finish.result(), "result");
            return state.finish(now, finish.worker(), finish.lease(), finish.result(), finish.casesBefore());
        } else if (message instanceof NativeMessage.Cases cases) {
            check(cases.worker());
            need(cases.file(), "file");
            need(cases.cases(), "cases");
            return state.natives().cases(now, cases);
        } else if (message instanceof NativeMessage.Heartbeat heartbeat) {
            name(heartbeat.listener(), "listener");
            List<NativeMessage.Heartbeat.Running> running =
                    heartbeat.running() == null ? List.of() : heartbeat.running();
            return state.natives().heartbeat(now, new NativeMessage.Heartbeat(heartbeat.listener(), running));
        } else if (message instanceof NativeMessage.Preparing preparing) {
            name(preparing.listener(), "listener");
            name(preparing.host(), "host");
            if (preparing.inbox() != null) {
                name(preparing.inbox(), "inbox");
            }
            return state.natives().preparing(now, preparing);
        } else if (message instanceof NativeMessage.Ready ready) {
            name(ready.listener(), "listener");
            boolean same = treeDigest == null || treeDigest.equals(ready.treeDigest());
            return state.natives().ready(now, ready.listener(), ready.syncSeconds(), same);
        } else if (message instanceof NativeMessage.Left left) {
            name(left.listener(), "listener");
            return state.natives().left(now, left);
        }
        throw new WireException("Not an answer to a run: " + message.getClass().getSimpleName());
    }

    /** Checks the name of one of our workers. */
    static void check(WorkerId worker) throws WireException {
        need(worker, "worker");
        name(worker.listener(), "listener");
        name(worker.host(), "host");
        if (worker.slot() < 1 || worker.slot() > ListenerBook.MAX_SLOTS) {
            throw new WireException("Not a worker's slot (1 to " + ListenerBook.MAX_SLOTS + "): " + worker.slot());
        }
    }

    private static void name(String value, String what) throws WireException {
        need(value, what);
        if (value.isEmpty() || value.length() > 255) {
            throw new WireException("A message's " + what + " has " + value.length() + " characters, not 1 to 255");
        }
    }

    private static void need(Object value, String name) throws WireException {
        if (value == null) {
            throw new WireException("A message lacks its " + name);
        }
    }
}
