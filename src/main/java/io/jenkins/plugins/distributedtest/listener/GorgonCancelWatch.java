package io.jenkins.plugins.distributedtest.listener;

import io.jenkins.plugins.distributedtest.amqp.BrokerSession;
import java.io.IOException;
import java.time.Duration;
import java.util.Collection;
import java.util.List;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Finds out which run a cancel of Gorgon's means, which does not say so: its originator deletes its queues right after
 * it. For a while the queues of all runs in that dialect are watched; a run whose queue vanishes is cancelled, all
 * others go on. On the event loop.
 */
final class GorgonCancelWatch {
    private static final Duration WATCH = Duration.ofSeconds(3);
    private static final Duration PAUSE = Duration.ofMillis(250);
    private static final Logger LOG = LoggerFactory.getLogger(GorgonCancelWatch.class);

    private final ListenerContext context;
    private final Collection<JoinedRun> runs;

    /**
     * @param context the listener
     * @param runs its runs, always as they are
     */
    GorgonCancelWatch(ListenerContext context, Collection<JoinedRun> runs) {
        this.context = context;
        this.runs = runs;
    }

    /** A cancel has come. */
    void begin() {
        look(WATCH.toMillis() / PAUSE.toMillis());
    }

    private void look(long looks) {
        BrokerSession session = context.session();
        if (session == null) {
            return;
        }
        List<JoinedRun> gorgon = runs.stream()
                .filter(run -> run.gorgonQueue() != null && !run.isClosing())
                .toList();
        try {
            for (JoinedRun run : gorgon) {
                if (!Channels.queueExists(session, run.gorgonQueue())) {
                    run.cancel("its originator has cancelled it");
                }
            }
        } catch (IOException e) {
            LOG.debug("Cannot look for cancelled runs now", e);
            return;
        }
        if (looks > 0 && !gorgon.isEmpty()) {
            context.loop().schedule(PAUSE, () -> look(looks - 1));
        }
    }
}
