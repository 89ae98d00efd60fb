package io.jenkins.plugins.distributedtest.listener;

import io.jenkins.plugins.distributedtest.amqp.BrokerSession;
import io.jenkins.plugins.distributedtest.amqp.GorgonTopology;
import io.jenkins.plugins.distributedtest.wire.Names;
import io.jenkins.plugins.distributedtest.wire.NativeMessage;
import io.jenkins.plugins.distributedtest.wire.RunKey;
import io.jenkins.plugins.distributedtest.wire.WireException;
import io.jenkins.plugins.distributedtest.wire.gorgon.GorgonCodec;
import io.jenkins.plugins.distributedtest.wire.gorgon.GorgonMessage;
import java.io.IOException;
import java.time.Duration;
import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Executor;
import java.util.function.Consumer;
import java.util.function.Supplier;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The runs that a listener takes part in, and what it makes of the definitions that reach it: one whose queue is gone
 * is of a run that has ended and is ignored, as is one of a run that it takes part in or has left for a reason. On the
 * event loop.
 */
final class Runs {
    /** More at a time find no place, and are asked for again when there is one. */
    static final int MAX = 50;

    /** Places that become free within this time are offered together. */
    private static final Duration OFFER_DELAY = Duration.ofMillis(500);

    private static final int REMEMBERED = 1000;
    private static final Logger LOG = LoggerFactory.getLogger(Runs.class);

    private final ListenerContext context;
    private final SlotGroup slots;
    private final RunPreparation preparation;
    private final Executor preparers;
    private final Runnable announce;
    /** The only run to take part in; null for any. */
    private final OneRun only;

    private final GorgonCancelWatch cancelWatch;
    private final Map<String, JoinedRun> active = new LinkedHashMap<>();
    /** Definitions that came while their run's share was closing. */
    private final Map<String, Runnable> again = new LinkedHashMap<>();
    /** Runs that are not to be joined again. */
    private final Map<String, Boolean> left = new LinkedHashMap<>() {
        private static final long serialVersionUID = 1L;

        @Override
        protected boolean removeEldestEntry(Map.Entry<String, Boolean> eldest) {
            return size() > REMEMBERED;
        }
    };

    /** Whether a run has found no place since places were offered last. */
    private boolean turnedAway;

    private boolean offering;
    private Runnable whenEmpty;
    private boolean closing;

    /**
     * @param context the listener
     * @param slots its slots
     * @param preparation how jobs are prepared
     * @param preparers where
     * @param announce has every originator invite us again
     * @param only the only run to take part in; null for any
     */
    Runs(
            ListenerContext context,
            SlotGroup slots,
            RunPreparation preparation,
            Executor preparers,
            Runnable announce,
            OneRun only) {
        this.context = context;
        this.slots = slots;
        this.preparation = preparation;
        this.preparers = preparers;
        this.announce = announce;
        this.only = only;
        cancelWatch = new GorgonCancelWatch(context, active.values());
    }

    Collection<JoinedRun> all() {
        return active.values();
    }

    // ---- what comes in

    /** A message from the native jobs exchange, other than a ping. */
    void onNative(NativeMessage message) {
        try {
            if (message instanceof NativeMessage.JobDefinition definition) {
                define(definition);
            } else if (message instanceof NativeMessage.FinishRun finish) {
                known(finish.runId(), JoinedRun::finish);
            } else if (message instanceof NativeMessage.CancelRun cancel) {
                known(cancel.runId(), run -> run.cancel(String.valueOf(cancel.reason())));
            } else if (message instanceof NativeMessage.OriginatorHeartbeat heartbeat) {
                known(heartbeat.runId(), JoinedRun::originatorSeen);
            }
        } catch (WireException e) {
            context.refused("A job definition is refused: " + e.getMessage());
        }
    }

    /** A definition from a Gorgon jobs exchange. */
    void onGorgon(GorgonMessage.JobDefinition definition) {
        try {
            define(definition);
        } catch (WireException e) {
            context.refused("A job definition in Gorgon's dialect is refused: " + e.getMessage());
            if (RunDefinition.isName(definition.replyExchangeName())) {
                tellRuby(definition, e.getMessage());
            }
        }
    }

    private void known(String runId, Consumer<JoinedRun> action) {
        JoinedRun run = runId == null ? null : active.get(runId);
        if (run != null) {
            action.accept(run);
        }
    }

    private void define(NativeMessage.JobDefinition definition) throws WireException {
        RunDefinition open = RunDefinition.of(definition);
        if (definition.sealed() != null && keyOf(open) == null) {
            LOG.info("Run {} has secrets: only listeners that were started for it take part", open.runId());
            return;
        }
        RunDefinition run = definition.sealed() == null
                ? open
                : open.withSecrets(keyOf(open).open(definition.sealed()));
        define(
                run,
                () -> exists(Names.files(run.runId())),
                () -> new NativeLink(run, context),
                () -> onNative(definition));
    }

    private void define(GorgonMessage.JobDefinition definition) throws WireException {
        RunDefinition run = RunDefinition.of(definition);
        boolean ruby = definition.extension() == null;
        define(
                run,
                () -> ruby
                        ? hasFiles(definition.fileQueueName()) && exchangeExists(definition.replyExchangeName())
                        : exists(definition.fileQueueName()),
                () -> new GorgonLink(run, definition, context),
                () -> onGorgon(definition));
    }

    private RunKey keyOf(RunDefinition run) {
        return only == null || !only.runId().equals(run.runId()) ? null : only.key();
    }

    private interface Check {
        boolean holds() throws IOException;
    }

    private void define(RunDefinition definition, Check alive, Supplier<DialectLink> link, Runnable anew) {
        JoinedRun known = active.get(definition.runId());
        boolean another = only != null && !only.runId().equals(definition.runId());
        if (another || closing || context.session() == null || left.containsKey(definition.runId())) {
            return;
        }
        if (known != null) {
            if (known.isClosing()) {
                again.put(definition.runId(), anew);
            } else {
                known.definedAgain();
            }
            return;
        }
        try {
            if (!alive.holds()) {
                LOG.info("The definition of run {} is stale: its files are gone", definition.runId());
                return;
            }
            if (active.size() >= MAX) {
                context.problem(
                        "Run " + definition.runId() + " has to wait: the listener has " + MAX + " runs already");
                turnedAway = true;
                return;
            }
            DialectLink opened = link.get();
            JoinedRun run = new JoinedRun(definition, opened, context, slots, this::gone);
            run.attach(context.session());
            active.put(definition.runId(), run);
            run.begin(preparation, preparers);
            changed();
        } catch (IOException e) {
            // The connection is lost; after the next one the listener announces itself and hears of the run again.
            LOG.debug("Run {} cannot be joined now", definition.runId(), e);
        }
    }

    private boolean exists(String queue) throws IOException {
        return Channels.queueExists(context.session(), queue);
    }

    private boolean exchangeExists(String exchange) throws IOException {
        return Channels.exchangeExists(context.session(), exchange);
    }

    /** A Ruby originator puts all files into the queue before it sends the definition. */
    private boolean hasFiles(String queue) throws IOException {
        long[] messages = new long[1];
        boolean there = Channels.tryOn(context.session(), channel -> messages[0] = channel.messageCount(queue));
        return there && messages[0] > 0;
    }

    /** Its user should see why no listener takes part. */
    private void tellRuby(GorgonMessage.JobDefinition definition, String why) {
        context.onScratchChannel(channel -> {
            channel.exchangeDeclarePassive(definition.replyExchangeName());
            channel.basicPublish(
                    definition.replyExchangeName(),
                    "",
                    GorgonTopology.OF_LISTENER,
                    GorgonCodec.encode(new GorgonMessage.Crash(
                            context.host(), "", "The job definition is refused: " + why + "\n")));
        });
    }

    /** Some originator of some cluster cancels its run in Gorgon's dialect. */
    void onGorgonCancel() {
        cancelWatch.begin();
    }

    // ---- connection and end

    void attach(BrokerSession session) throws IOException {
        for (JoinedRun run : active.values()) {
            run.attach(session);
        }
    }

    void detach() {
        active.values().forEach(JoinedRun::detach);
    }

    private void gone(JoinedRun run, boolean mayRejoin) {
        String runId = run.runId();
        active.remove(runId);
        if (!mayRejoin) {
            left.put(runId, true);
        }
        Runnable anew = again.remove(runId);
        if (anew != null) {
            anew.run();
        }
        changed();
        offerPlaces();
        if (active.isEmpty() && whenEmpty != null) {
            whenEmpty.run();
        }
    }

    /** There is a place: runs that had found none are to ask again. */
    private void offerPlaces() {
        if (!turnedAway || offering || closing) {
            return;
        }
        offering = true;
        context.loop().schedule(OFFER_DELAY, () -> {
            offering = false;
            if (!closing && context.session() != null && active.size() < MAX) {
                turnedAway = false; // a connection that is made anew announces us in any case
                announce.run();
            }
        });
    }

    private void changed() {
        context.metrics().runs(active.size());
        context.changed();
    }

    /**
     * Leaves all runs and joins no more.
     *
     * @param limit for each closing callback
     * @param done told when all is gone
     */
    void shutDown(Duration limit, Runnable done) {
        closing = true;
        whenEmpty = done;
        again.clear();
        List.copyOf(active.values()).forEach(run -> run.shutDown(limit));
        if (active.isEmpty()) {
            done.run();
        }
    }
}
