package io.jenkins.plugins.distributedtest.listener;

import io.jenkins.plugins.distributedtest.amqp.BrokerSession;
import io.jenkins.plugins.distributedtest.amqp.Topology;
import io.jenkins.plugins.distributedtest.collect.CollectLine;
import io.jenkins.plugins.distributedtest.suite.FileResult;
import io.jenkins.plugins.distributedtest.suite.FileStatus;
import io.jenkins.plugins.distributedtest.suite.TestCase;
import io.jenkins.plugins.distributedtest.wire.Names;
import io.jenkins.plugins.distributedtest.wire.NativeMessage;
import io.jenkins.plugins.distributedtest.wire.WireCodec;
import java.io.IOException;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * A native run. All replies go through the listener's one publisher to the default exchange with the reply queue as
 * routing key, so that they keep their order and a run that has vanished costs no channel.
 *
 * <p>A broker that is started again may have lost the reply queue, and a message to a queue that does not exist is lost
 * without a word. So after each connect, replies wait until the queue has been seen: the originator declares it when it
 * is back, which may be after us, and then sends the definition once more.
 *
 * <p>Files wait for the originator as well. A broker that was killed may have forgotten that a file was acknowledged and
 * hand it out a second time while its worker still runs it; the originator empties the queue when it is back and
 * publishes what is to be run. So after a loss of the connection no file is taken until the originator has spoken.
 */
final class NativeLink implements DialectLink {
    private static final Logger LOG = LoggerFactory.getLogger(NativeLink.class);

    private final RunDefinition job;
    private final ListenerContext context;
    private final List<NativeFeed> feeds = new ArrayList<>();
    private final Deque<Waiting> waiting = new ArrayDeque<>();
    /** How many cases of the file that a slot runs were told ahead of its result. */
    private final Map<Integer, Integer> told = new HashMap<>();

    private final CollectLine collecting;
    private BrokerSession session;
    private boolean open;
    /** Whether the originator has spoken over this session, or it is the one that its definition came over. */
    private boolean originatorHeard = true;

    /** A reply that waits for the reply queue, and what to do when it is on its way. */
    private record Waiting(NativeMessage message, Runnable sent) {}

    NativeLink(RunDefinition job, ListenerContext context) {
        this.job = job;
        this.context = context;
        collecting = job.collect() == null ? null : new CollectLine(context.loop(), job.runId());
    }

    @Override
    public CollectLine collecting() {
        return collecting;
    }

    String filesQueue() {
        return Names.files(job.runId());
    }

    @Override
    public String dialect() {
        return "native";
    }

    @Override
    public boolean endsWhenEmpty() {
        return false;
    }

    @Override
    public boolean owesEveryFinish() {
        return false;
    }

    @Override
    public String gorgonQueue() {
        return null;
    }

    @Override
    public void onGone(Runnable action) {
        // The feeds tell.
    }

    @Override
    public void attach(BrokerSession newSession) throws IOException {
        session = newSession;
        open = false;
        if (collecting != null) {
            collecting.attach(newSession);
        }
        attachFeeds();
        send();
    }

    private void attachFeeds() {
        if (session != null && originatorHeard) {
            feeds.forEach(feed -> feed.attach(session));
        }
    }

    @Override
    public boolean originatorSeen() {
        if (originatorHeard || session == null) {
            return false;
        }
        originatorHeard = true;
        attachFeeds();
        return true;
    }

    /** Sends what waits, if there is a queue for it by now. */
    private void send() throws IOException {
        open = open || session != null && Channels.queueExists(session, Names.replies(job.runId()));
        while (open && !waiting.isEmpty()) {
            publish(waiting.poll());
        }
    }

    private void publish(Waiting reply) {
        publish(reply.message());
        context.whenSent(reply.sent());
    }

    @Override
    public void detach() {
        session = null;
        open = false;
        originatorHeard = false;
        if (collecting != null) {
            collecting.detach();
        }
        feeds.forEach(NativeFeed::detach);
    }

    @Override
    public FileFeed feed(JoinedRun run, Slot slot) {
        NativeFeed feed = new NativeFeed(this, run, slot);
        feeds.add(feed);
        if (session != null && originatorHeard) {
            feed.attach(session);
        }
        return feed;
    }

    @Override
    public void refill() {
        // Files are sent by the broker by itself.
        try {
            send();
        } catch (IOException e) {
            LOG.debug("The replies of run {} wait for the next connection", job.runId(), e);
        }
    }

    @Override
    public void preparing() {
        reply(new NativeMessage.Preparing(
                context.id(), context.host(), Names.inbox(context.id()), context.version(), context.slots()));
    }

    @Override
    public void ready(String treeDigest, double syncSeconds) {
        reply(new NativeMessage.Ready(context.id(), treeDigest, syncSeconds));
    }

    @Override
    public void started(Slot slot, HeldFile file) {
        told.remove(slot.number());
        reply(new NativeMessage.Start(slot.worker(), file.file().path(), file.lease()));
    }

    @Override
    public boolean takesCases() {
        return job.casesApart();
    }

    @Override
    public void cases(Slot slot, HeldFile file, List<TestCase> cases, Runnable sent) {
        int from = told.getOrDefault(slot.number(), 0);
        told.put(slot.number(), from + cases.size());
        String path = file.file().path();
        reply(new Waiting(new NativeMessage.Cases(slot.worker(), path, file.lease(), from, cases), sent));
    }

    @Override
    public void finished(Slot slot, HeldFile file, FileResult result) {
        if (result.status() != FileStatus.CANCELLED) {
            int before = told.getOrDefault(slot.number(), 0);
            reply(new NativeMessage.Finish(slot.worker(), file.lease(), result, before));
        }
    }

    @Override
    public void heartbeat(List<NativeMessage.Heartbeat.Running> running) {
        if (open) {
            reply(new NativeMessage.Heartbeat(context.id(), running)); // one that is late would tell what is past
        }
    }

    @Override
    public void left(Ending ending) {
        reply(new NativeMessage.Left(context.id(), ending.reason(), ending.problem(), ending.output()));
    }

    @Override
    public void deleteEntities() {
        context.onScratchChannel(channel -> channel.queueDelete(Names.files(job.runId())));
        context.onScratchChannel(channel -> channel.queueDelete(Names.replies(job.runId())));
    }

    @Override
    public void close() {
        session = null;
        if (collecting != null) {
            collecting.close();
        }
        feeds.clear();
        waiting.forEach(this::publish);
        waiting.clear();
    }

    private void reply(NativeMessage message) {
        reply(new Waiting(message, () -> {}));
    }

    private void reply(Waiting reply) {
        if (open) {
            publish(reply);
        } else {
            // No more of them than slots have files, since the files queue is gone as well, and parts of these.
            waiting.add(reply);
        }
    }

    private void publish(NativeMessage message) {
        context.publish("", Names.replies(job.runId()), Topology.MESSAGE, WireCodec.encode(message));
    }
}
