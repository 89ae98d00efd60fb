package io.jenkins.plugins.distributedtest.listener;

import com.rabbitmq.client.AlreadyClosedException;
import com.rabbitmq.client.Channel;
import com.rabbitmq.client.GetResponse;
import io.jenkins.plugins.distributedtest.amqp.BrokerSession;
import io.jenkins.plugins.distributedtest.amqp.GorgonTopology;
import io.jenkins.plugins.distributedtest.callback.Callbacks;
import io.jenkins.plugins.distributedtest.suite.FileResult;
import io.jenkins.plugins.distributedtest.suite.FileStatus;
import io.jenkins.plugins.distributedtest.suite.TestCase;
import io.jenkins.plugins.distributedtest.wire.NativeMessage;
import io.jenkins.plugins.distributedtest.wire.gorgon.GorgonCodec;
import io.jenkins.plugins.distributedtest.wire.gorgon.GorgonMessage;
import io.jenkins.plugins.distributedtest.wire.gorgon.GorgonResults;
import java.io.IOException;
import java.time.Duration;
import java.util.List;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * A run in Gorgon's dialect. From a Ruby originator, it gets Gorgon's messages and nothing else, through
 * {@link RubyReplies}, and the run is over for us when the queue is empty. From an originator of ours (its definition
 * has our extension), it gets the native messages too, through the same publisher as all native replies, and it says
 * itself when the run is over.
 */
final class GorgonLink implements DialectLink {
    private static final Logger LOG = LoggerFactory.getLogger(GorgonLink.class);
    /** As many lines of output go into a crash message as Gorgon's have. */
    private static final int CRASH_LINES = 70;

    private static final String OURS_TO_DELETE = "file_queue_";

    private final RunDefinition job;
    private final GorgonMessage.JobDefinition definition;
    private final ListenerContext context;
    private final RubyReplies ruby;
    private BrokerSession session;
    private Channel channel;
    private boolean dry;
    private Runnable onGone = () -> {};

    GorgonLink(RunDefinition job, GorgonMessage.JobDefinition definition, ListenerContext context) {
        this.job = job;
        this.definition = definition;
        this.context = context;
        ruby = definition.extension() == null ? new RubyReplies(context.loop(), definition.replyExchangeName()) : null;
    }

    @Override
    public String dialect() {
        return "gorgon";
    }

    @Override
    public boolean endsWhenEmpty() {
        return ruby != null;
    }

    @Override
    public boolean owesEveryFinish() {
        return ruby != null;
    }

    @Override
    public String gorgonQueue() {
        return definition.fileQueueName();
    }

    @Override
    public void onGone(Runnable action) {
        onGone = action;
        if (ruby != null) {
            ruby.onGone(action);
        }
    }

    @Override
    public void attach(BrokerSession newSession) throws IOException {
        session = newSession;
        channel = null;
        dry = false;
        if (ruby != null) {
            ruby.attach(newSession);
        }
    }

    @Override
    public void detach() {
        session = null;
        channel = null;
        if (ruby != null) {
            ruby.detach();
        }
    }

    @Override
    public FileFeed feed(JoinedRun run, Slot slot) {
        return new GorgonFeed(this, run);
    }

    @Override
    public boolean originatorSeen() {
        return false; // files never wait for it
    }

    @Override
    public void refill() {
        dry = false;
    }

    /** Fetches a file, unless the queue was empty the last time and nobody has said since that there is more. */
    HeldFile get(JoinedRun run) {
        while (session != null && !dry) {
            try {
                if (channel == null || !channel.isOpen()) {
                    channel = session.channel();
                }
                Channels.beforeReading(session, channel, definition.fileQueueName());
                GetResponse response = channel.basicGet(definition.fileQueueName(), false);
                if (response == null) {
                    dry = true;
                    return null;
                }
                HeldFile file = read(run, response);
                if (file != null) {
                    return file;
                }
            } catch (IOException | AlreadyClosedException e) {
                lost(e);
                return null;
            }
        }
        return null;
    }

    private HeldFile read(JoinedRun run, GetResponse response) throws IOException {
        long tag = response.getEnvelope().getDeliveryTag();
        String path = null;
        try {
            path = GorgonCodec.path(response.getBody());
            int lease = GorgonCodec.lease(response.getProps().getHeaders());
            Duration timeout = job.fileTimeout();
            NativeMessage.FileJob file =
                    new NativeMessage.FileJob(path, lease, timeout.toMillis() / 1e3, 0, List.of(), lease > 1);
            return new HeldFile(run, file, timeout, channel, tag);
        } catch (IOException | IllegalArgumentException e) {
            run.refused(e.getMessage());
            if (path != null && ruby != null) {
                refuse(path, e.getMessage());
            }
            channel.basicAck(tag, false); // Qpid would redeliver it for ever if it were rejected
            return null;
        }
    }

    /** A Ruby originator waits for each of its files, also for one that cannot be run. */
    private void refuse(String path, String why) {
        String worker = workerId(1);
        publish(new GorgonMessage.Start(context.host(), worker, path, null));
        publish(new GorgonMessage.Finish(
                context.host(),
                worker,
                path,
                0,
                List.of(new GorgonMessage.Failure.Text("Exception: " + why)),
                "crash",
                null,
                0,
                null));
    }

    private void lost(Exception e) {
        LOG.debug("The queue {} cannot be read", definition.fileQueueName(), e);
        boolean gone = channel != null && session.isOpen() && Channels.closedByNotFound(channel);
        Channels.close(channel);
        channel = null;
        dry = true;
        if (gone) {
            onGone.run();
        }
    }

    @Override
    public void preparing() {
        tellOurs(new NativeMessage.Preparing(
                context.id(), context.host(), GorgonInbox.queue(context), context.version(), context.slots()));
    }

    @Override
    public void ready(String treeDigest, double syncSeconds) {
        tellOurs(new NativeMessage.Ready(context.id(), treeDigest, syncSeconds));
    }

    @Override
    public void started(Slot slot, HeldFile file) {
        publish(new GorgonMessage.Start(
                context.host(), workerId(slot.number()), file.file().path(), ours(slot, file, null)));
    }

    @Override
    public boolean takesCases() {
        return false; // Gorgon's result of a file has all that is known of it
    }

    @Override
    public void cases(Slot slot, HeldFile file, List<TestCase> cases, Runnable sent) {
        throw new UnsupportedOperationException("Gorgon's dialect has no message for cases");
    }

    @Override
    public void finished(Slot slot, HeldFile file, FileResult result) {
        FileResult told = result;
        if (result.status() == FileStatus.CANCELLED) {
            if (ruby == null) {
                return;
            }
            told = Results.crashed(result.file(), "The listener stopped before the file had ended", result.output());
        }
        publish(GorgonResults.finish(told, context.host(), workerId(slot.number()), ours(slot, file, told)));
    }

    /** A Ruby originator knows workers by their host and this number. */
    private String workerId(int slot) {
        return Long.toString(context.workerNumbers() + slot);
    }

    private GorgonMessage.Ours ours(Slot slot, HeldFile file, FileResult result) {
        return ruby != null ? null : new GorgonMessage.Ours(context.id(), slot.number(), file.lease(), result);
    }

    @Override
    public void heartbeat(List<NativeMessage.Heartbeat.Running> running) {
        tellOurs(new NativeMessage.Heartbeat(context.id(), running));
    }

    @Override
    public void left(Ending ending) {
        tellOurs(new NativeMessage.Left(context.id(), ending.reason(), ending.problem(), ending.output()));
        if (ruby == null || ending.problem().isEmpty()) {
            return;
        }
        if (Callbacks.AFTER_SYNC.equals(ending.callback())) {
            String script = definition.callbacksClassFile() == null ? "" : definition.callbacksClassFile();
            String text = "after_sync callback failed. Please, check your script in " + script + ". Message: "
                    + ending.problem();
            publish(new GorgonMessage.Raised(context.host(), text, ending.output()));
        } else {
            publish(new GorgonMessage.Crash(context.host(), lastLines(ending.output()), ending.problem() + "\n"));
        }
    }

    private static String lastLines(String text) {
        List<String> lines = text.lines().toList();
        return String.join("\n", lines.subList(Math.max(0, lines.size() - CRASH_LINES), lines.size()));
    }

    @Override
    public void deleteEntities() {
        if (definition.fileQueueName().startsWith(OURS_TO_DELETE)) {
            context.onScratchChannel(scratch -> scratch.queueDelete(definition.fileQueueName()));
        }
    }

    @Override
    public void close() {
        Channels.close(channel);
        channel = null;
        session = null;
        if (ruby != null) {
            ruby.close();
        }
    }

    private void tellOurs(NativeMessage message) {
        if (ruby == null) {
            publish(new GorgonMessage.Native(message));
        }
    }

    private void publish(GorgonMessage message) {
        byte[] body = GorgonCodec.encode(message);
        if (ruby != null) {
            ruby.publish(body);
        } else {
            context.publish(definition.replyExchangeName(), "", GorgonTopology.OF_LISTENER, body);
        }
    }
}
