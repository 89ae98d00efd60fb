package io.jenkins.plugins.distributedtest.originator;

import com.rabbitmq.client.Channel;
import com.rabbitmq.client.Delivery;
import com.rabbitmq.client.ShutdownSignalException;
import io.jenkins.plugins.distributedtest.amqp.BrokerAddress;
import io.jenkins.plugins.distributedtest.amqp.BrokerConnection;
import io.jenkins.plugins.distributedtest.amqp.BrokerSession;
import io.jenkins.plugins.distributedtest.amqp.ReliablePublisher;
import io.jenkins.plugins.distributedtest.loop.EventLoop;
import io.jenkins.plugins.distributedtest.suite.RunEnd;
import io.jenkins.plugins.distributedtest.suite.RunReport;
import io.jenkins.plugins.distributedtest.suite.TestFile;
import io.jenkins.plugins.distributedtest.sync.SourceOffer;
import io.jenkins.plugins.distributedtest.sync.SyncException;
import io.jenkins.plugins.distributedtest.wire.NativeMessage.FileJob;
import io.jenkins.plugins.distributedtest.wire.SyncSpec;
import io.jenkins.plugins.distributedtest.wire.WireException;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.UUID;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.Executor;
import java.util.concurrent.FutureTask;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * One run from the asking side: publishes a suite, watches the listeners that work on it, and reports.
 *
 * <p>The story: {@link #start} connects to the broker and, at the same time on another thread, prepares the sources.
 * When both are there the files are published, slowest first, and listeners are invited; late ones when they announce
 * themselves. What listeners answer goes into {@link RunState}, which owns the truth and says what to do. When it says
 * that the run has ended, the listeners are told, have a bounded time to take leave, and everything that belongs to the
 * run is deleted from the broker; then {@link #result} is complete.
 *
 * <p>The connection may be lost and come back at any time in between. What was published and not started is then
 * published again; what had waited in the reply queue is read first.
 *
 * <p>All of this happens on one event loop, which many runs can share: there is no thread per run, but for the one that
 * prepares the sources.
 */
public final class DistributedRun {
    /** How long listeners may take to say good-bye to a run that has all its results. */
    static final Duration GOODBYE = Duration.ofSeconds(5);
    /** How long they may take when the run was cut short. */
    static final Duration GOODBYE_WHEN_CUT_SHORT = Duration.ofSeconds(4);

    private static final Logger LOG = LoggerFactory.getLogger(DistributedRun.class);

    /** How many replies may be on their way to us. */
    private static final int PREFETCH = 500;
    /** How many files are handed to the publisher before it has confirms, and how many per turn of the loop. */
    private static final int PUBLISH_AHEAD = 2000;

    private static final int PUBLISH_BATCH = 500;
    private static final int MAX_PENDING = 20_000;
    /** How long replies that waited during a loss of the connection are read before queued files are published again. */
    private static final Duration CATCH_UP = Duration.ofSeconds(2);

    private static final Duration TOUCH = Duration.ofSeconds(60);

    private final String runId;
    private final EventLoop loop;
    private final BrokerAddress address;
    private final RunSettings settings;
    private final RunObserver observer;
    private final Executor preparation;
    private final RunState state;
    private final Dialogue dialogue;
    private final SourceOffer offer;
    private final Deque<FileJob> outbox = new ArrayDeque<>();
    private final List<EventLoop.Scheduled> timers = new ArrayList<>();
    private final CompletableFuture<RunReport> result = new CompletableFuture<>();

    private volatile Instant startedAt;
    private volatile long startNanos;
    private volatile RunReport lastReport;

    // The rest belongs to the loop.
    private boolean started;
    private FutureTask<?> preparing;
    /** The prepared sources; null before that. */
    private SyncSpec sync;
    private SyncException syncFailure;
    private BrokerConnection connection;
    /** The session; null while there is none. */
    private BrokerSession session;
    private Channel channel;
    private ReliablePublisher publisher;
    /** How many replies of the time before the session are still to be read; negative when caught up. */
    private int catchUp = -1;
    private boolean invitationDue;
    private boolean cleaning;
    private boolean done;

    private DistributedRun(
            String runId,
            EventLoop loop,
            BrokerAddress address,
            RunSettings settings,
            RunState state,
            Dialogue dialogue,
            SourceOffer offer,
            RunObserver observer,
            Executor preparation,
            Instant startedAt) {
        this.runId = runId;
        this.loop = loop;
        this.address = address;
        this.settings = settings;
        this.state = state;
        this.dialogue = dialogue;
        this.offer = offer;
        this.observer = observer;
        this.preparation = preparation;
        this.startedAt = startedAt;
        this.startNanos = System.nanoTime() - Duration.between(startedAt, Instant.now()).toNanos();
        this.lastReport = report();
    }

    /**
     * Makes a run whose sources are prepared on a thread of its own, which ends with that.
     *
     * @param loop the loop that the run lives on; may be shared
     * @param address the broker
     * @param settings what is asked for
     * @param ordered the suite, in the order of publishing: slowest first; not empty, no file twice
     * @param expected recorded runtimes in seconds; a file without one may be missing
     * @param directory the project's directory, absolute
     * @param observer hears what happens
     * @return the run, not started
     * @throws IllegalArgumentException if the suite is empty or has a file twice, or Gorgon's dialect is asked for with
     *     a kind of sync that Ruby listeners cannot follow
     */
    public static DistributedRun create(
            EventLoop loop,
            BrokerAddress address,
            RunSettings settings,
            List<TestFile> ordered,
            Map<TestFile, Double> expected,
            Path directory,
            RunObserver observer) {
        return create(
                loop, address, settings, ordered, expected, directory, observer, DistributedRun::onThreadOfItsOwn);
    }

    /**
     * Makes a run.
     *
     * @param preparation runs the preparation of the sources, which may block for as long as a push takes; the other
     *     parameters as above
     */
    public static DistributedRun create(
            EventLoop loop,
            BrokerAddress address,
            RunSettings settings,
            List<TestFile> ordered,
            Map<TestFile, Double> expected,
            Path directory,
            RunObserver observer,
            Executor preparation) {
        String runId = UUID.randomUUID().toString();
        return create(
                loop,
                address,
                settings,
                ordered,
                expected,
                observer,
                preparation,
                runId,
                SourceOptions.offer(loop, runId, directory, settings));
    }

    /** Makes a run with sources offered by the caller. */
    static DistributedRun create(
            EventLoop loop,
            BrokerAddress address,
            RunSettings settings,
            List<TestFile> ordered,
            Map<TestFile, Double> expected,
            RunObserver observer,
            Executor preparation,
            String runId,
            SourceOffer offer) {
        Objects.requireNonNull(observer, "observer");
        RunState state = new RunState(rules(address, settings), ordered, expected);
        return new DistributedRun(
                runId,
                loop,
                address,
                settings,
                state,
                dialogue(runId, settings, ordered.size()),
                offer,
                observer,
                preparation,
                Instant.now());
    }

    /**
     * Takes up a run of another process, or of this one before it was restarted: its listeners have gone on meanwhile.
     * The sources are prepared again and must be the same.
     *
     * @param loop the loop that the run lives on; may be shared
     * @param address the broker
     * @param settings the settings that the run was made with
     * @param snapshot the run, as {@link #save} gave it
     * @param directory the project's directory, absolute
     * @param observer hears what happens from now on
     * @return the run, not started
     */
    public static DistributedRun resume(
            EventLoop loop,
            BrokerAddress address,
            RunSettings settings,
            RunSnapshot snapshot,
            Path directory,
            RunObserver observer) {
        return resume(
                loop,
                address,
                settings,
                snapshot,
                observer,
                DistributedRun::onThreadOfItsOwn,
                SourceOptions.offer(loop, snapshot.runId(), directory, settings));
    }

    static DistributedRun resume(
            EventLoop loop,
            BrokerAddress address,
            RunSettings settings,
            RunSnapshot snapshot,
            RunObserver observer,
            Executor preparation,
            SourceOffer offer) {
        Objects.requireNonNull(observer, "observer");
        Instant startedAt = Instant.ofEpochMilli(snapshot.startedAtMillis());
        double now = Math.max(0, Duration.between(startedAt, Instant.now()).toNanos() / 1e9);
        RunState state = RunState.restore(rules(address, settings), snapshot, now);
        return new DistributedRun(
                snapshot.runId(),
                loop,
                address,
                settings,
                state,
                dialogue(snapshot.runId(), settings, snapshot.files().size()),
                offer,
                observer,
                preparation,
                startedAt);
    }

    private static void onThreadOfItsOwn(Runnable task) {
        Thread thread = new Thread(task, "distributed-test-sources");
        thread.setDaemon(true);
        thread.start();
    }

    private static Dialogue dialogue(String runId, RunSettings settings, int files) {
        boolean gorgon = settings.dialect() == RunSettings.Dialect.GORGON;
        SyncSpec.Kind kind = settings.sync().kind();
        if (gorgon && kind != SyncSpec.Kind.RSYNC && kind != SyncSpec.Kind.NONE) {
            throw new IllegalArgumentException("Gorgon's protocol has no sync of kind '"
                    + kind.name().toLowerCase(java.util.Locale.ROOT)
                    + "': set sync to rsync (or none, for a shared disk), or the protocol to native.");
        }
        return gorgon ? new GorgonDialogue(runId, settings, files) : new NativeDialogue(runId, settings, files);
    }

    private static RunRules rules(BrokerAddress address, RunSettings settings) {
        boolean unnamed = settings.cluster() == null || settings.cluster().isEmpty();
        return RunRules.of(
                settings, "broker " + address + ", " + (unnamed ? "no cluster" : "cluster " + settings.cluster()));
    }

    /** The run's id. */
    public String runId() {
        return runId;
    }

    /** Starts the run. Returns at once; harmless when repeated. */
    public void start() {
        loop.execute(() -> {
            if (started || state.hasEnded()) {
                return;
            }
            started = true;
            if (!state.isPublished()) {
                startedAt = Instant.now();
                startNanos = System.nanoTime();
            }
            prepare();
            connection = BrokerConnection.open(
                    address, "distributed-test-run-" + runId.substring(0, 8), loop, new Life());
            timers.add(loop.every(tickPeriod(), () -> perform(state.tick(now()))));
            timers.add(loop.every(settings.heartbeat(), this::heartbeat));
            timers.add(loop.every(TOUCH, this::touch));
        });
    }

    /**
     * Cancels the run: its workers are stopped, nothing of it stays on the broker. Returns at once; {@link #result}
     * follows within about five seconds. From any thread; harmless when repeated or too late.
     *
     * @param reason for people
     */
    public void cancel(String reason) {
        try {
            loop.execute(() -> perform(state.cancel(now(), reason)));
        } catch (RejectedExecutionException e) {
            LOG.debug("Cancelled after the loop was closed", e);
        }
    }

    /**
     * The outcome: the report, however the run ended; or, exceptionally, a {@link SyncFailedException}. Completed on the
     * loop when nothing of the run is left on the broker.
     */
    public CompletableFuture<RunReport> result() {
        return result;
    }

    /** The report so far. From any thread; waits for the loop for ten seconds at most and then gives an older one. */
    public RunReport snapshot() {
        if (loop.inLoop()) {
            return report();
        }
        try {
            lastReport = loop.submit(this::report).get(10, TimeUnit.SECONDS);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        } catch (ExecutionException | TimeoutException | RejectedExecutionException e) {
            LOG.debug("No report from the loop, giving an older one", e);
        }
        return lastReport;
    }

    /**
     * The run on paper, for {@link #resume}. On the loop, or before the start.
     *
     * @throws IllegalStateException if the files are not published yet, so that there is nothing to take up
     */
    public RunSnapshot save() {
        if (!state.isPublished()) {
            throw new IllegalStateException("The run is not published yet");
        }
        return state.snapshot(runId, startedAt.toEpochMilli());
    }

    /**
     * Lets go of the run without ending it: nothing is said to listeners and nothing deleted from the broker, so that
     * {@link #resume} can take it up. {@link #result} stays open. Returns at once; from any thread.
     */
    public void abandon() {
        loop.execute(() -> {
            if (done) {
                return;
            }
            done = true;
            cleaning = true;
            timers.forEach(EventLoop.Scheduled::cancel);
            if (preparing != null) {
                preparing.cancel(true);
            }
            if (publisher != null) {
                publisher.detach();
            }
            offer.detach();
            if (connection != null) {
                connection.close();
            }
            session = null;
            channel = null;
            publisher = null;
        });
    }

    // ---- preparing the sources

    private void prepare() {
        preparing = new FutureTask<>(
                () -> {
                    try {
                        offer.prepare();
                        loop.execute(this::prepared);
                    } catch (SyncException e) {
                        loop.execute(() -> syncFailed(e));
                    } catch (InterruptedException e) {
                        LOG.debug("Preparing the sources was interrupted: the run has ended");
                    } catch (RuntimeException e) {
                        loop.execute(() -> syncFailed(new SyncException(
                                SyncException.Kind.FAILED, "The sources could not be prepared: " + e, e)));
                    }
                },
                null);
        preparation.execute(preparing);
    }

    private void prepared() {
        if (state.hasEnded()) {
            return;
        }
        sync = offer.spec();
        if (session != null) {
            try {
                offer.attach(session);
                takeUp();
            } catch (IOException | ShutdownSignalException e) {
                // The session is of no use; its loss is told by its life cycle, and the next one attaches the offer.
                LOG.debug("The sources could not be attached", e);
            }
        }
    }

    private void syncFailed(SyncException e) {
        syncFailure = e;
        perform(state.fail(now(), e.getMessage()));
    }

    private void beginWhenReady() {
        if (sync != null && session != null && !state.isPublished() && !state.hasEnded()) {
            invitationDue = true;
            perform(state.begin(now()));
        }
    }

    // ---- the connection

    private final class Life implements BrokerConnection.Lifecycle {
        @Override
        public void connected(BrokerSession opened) throws IOException {
            try {
                connect(opened);
            } catch (ShutdownSignalException e) {
                throw new IOException(e.getMessage(), e);
            }
        }

        @Override
        public void disconnected(String reason) {
            if (publisher != null) {
                publisher.detach();
            }
            offer.detach();
            session = null;
            channel = null;
            publisher = null;
            catchUp = -1;
            outbox.clear();
            perform(state.disconnected(now(), reason));
        }

        @Override
        public void failing(String reason, Duration nextTry) {
            perform(state.disconnected(now(), reason));
        }

        @Override
        public void refused(String reason) {
            perform(state.refused(now(), reason));
        }
    }

    private void connect(BrokerSession opened) throws IOException {
        Channel declaring = opened.channel();
        declaring.basicQos(PREFETCH);
        int waiting = dialogue.declare(opened, declaring);
        ReliablePublisher publishing = new ReliablePublisher(loop, MAX_PENDING);
        publishing.attach(opened);
        session = opened;
        channel = declaring;
        publisher = publishing;
        if (sync != null) {
            offer.attach(opened);
        }
        if (state.hasEnded()) {
            takeLeave();
            return;
        }
        catchUp = waiting;
        if (!state.isPublished()) {
            perform(state.reached(now()));
        }
        takeUp();
    }

    /** Listens, as soon as there are both a session and sources to offer; then publishes, for the first time or again. */
    private void takeUp() throws IOException {
        if (sync == null || session == null || state.hasEnded()) {
            return;
        }
        BrokerSession opened = session;
        opened.consume(channel, dialogue.replyQueue(), false, this::reply, () -> sessionUseless("reply"));
        opened.consume(
                channel, dialogue.announcementQueue(), true, this::announced, () -> sessionUseless("announcement"));
        if (!state.isPublished()) {
            catchUp = -1;
            beginWhenReady();
        } else if (catchUp == 0) {
            caughtUp();
        } else {
            loop.schedule(CATCH_UP, () -> {
                if (session == opened && catchUp >= 0) {
                    caughtUp();
                }
            });
        }
    }

    /** Somebody has deleted a queue of ours: only a new session, which declares it again, helps. */
    private void sessionUseless(String which) {
        LOG.warn("The {} queue of run {} was deleted; connecting anew", which, runId);
        if (channel != null && !state.hasEnded()) {
            connection.close();
            Life life = new Life();
            life.disconnected("the run's " + which + " queue was deleted");
            connection = BrokerConnection.open(
                    address, "distributed-test-run-" + runId.substring(0, 8), loop, new Life());
        }
    }

    private void caughtUp() {
        catchUp = -1;
        invitationDue = true;
        perform(state.reconnected(now()));
    }

    private void reply(Delivery delivery) {
        try {
            channel.basicAck(delivery.getEnvelope().getDeliveryTag(), false);
        } catch (IOException | ShutdownSignalException e) {
            // It comes again over the next session, where it is refused as stale.
            LOG.debug("A reply could not be acknowledged", e);
        }
        try {
            perform(dialogue.reply(state, now(), sync == null ? null : sync.treeDigest(), delivery.getBody()));
        } catch (WireException | RuntimeException e) {
            dropped("A reply was dropped: " + e.getMessage());
        }
        if (catchUp > 0 && --catchUp == 0) {
            caughtUp();
        }
    }

    private void announced(Delivery delivery) {
        if (!state.isPublished() || state.hasEnded() || publisher == null) {
            return;
        }
        try {
            dialogue.inviteOne(publisher, sync, delivery.getBody());
        } catch (WireException | RuntimeException e) {
            dropped("An announcement was dropped: " + e.getMessage());
        }
    }

    private void dropped(String problem) {
        LOG.warn("Run {}: {}", runId, problem);
        tell(new RunEvent.MessageDropped(now(), problem));
    }

    // ---- carrying out what the state wants

    private void perform(List<Effect> effects) {
        for (Effect effect : effects) {
            if (effect instanceof Effect.Publish publish) {
                outbox.add(publish.job());
            } else if (effect instanceof Effect.PurgeFiles) {
                outbox.clear();
                purge();
            } else if (effect instanceof Effect.CancelListener cancel) {
                if (publisher != null) {
                    dialogue.cancelOne(publisher, cancel.inbox(), cancel.reason());
                }
            } else if (effect instanceof Effect.Notify notify) {
                tell(notify.event());
            } else if (effect instanceof Effect.End) {
                conclude();
            }
        }
        pump();
        if (state.hasEnded()) {
            cleanUpWhenAlone();
        }
    }

    private void tell(RunEvent event) {
        try {
            observer.event(event);
        } catch (RuntimeException e) {
            LOG.error("The observer of run {} failed", runId, e);
        }
    }

    private void purge() {
        if (channel == null) {
            return;
        }
        try {
            dialogue.purge(channel);
        } catch (IOException | ShutdownSignalException e) {
            LOG.debug("The files queue could not be emptied; what is in it is stale", e);
        }
    }

    /** Hands files to the publisher, no more at a time than keeps the loop responsive, then invites listeners. */
    private void pump() {
        if (publisher == null || state.hasEnded()) {
            outbox.clear();
            return;
        }
        boolean again = !outbox.isEmpty() && state.isPublished() && dialogue.invitesAgain(state);
        invitationDue |= again;
        for (int i = 0; i < PUBLISH_BATCH && !outbox.isEmpty() && publisher.pending() < PUBLISH_AHEAD; i++) {
            dialogue.publishFile(publisher, outbox.remove());
        }
        ReliablePublisher current = publisher;
        if (!outbox.isEmpty()) {
            Runnable next = () -> {
                if (publisher == current) {
                    pump();
                }
            };
            if (publisher.pending() < PUBLISH_AHEAD) {
                loop.execute(next);
            } else {
                publisher.whenDrained(next);
            }
        } else if (invitationDue) {
            invitationDue = false;
            // The files are to be there first: a Ruby worker that finds no file ends.
            publisher.whenDrained(() -> {
                if (publisher == current && !state.hasEnded()) {
                    dialogue.invite(publisher, sync);
                }
            });
        }
    }

    private void heartbeat() {
        if (publisher != null && state.isPublished() && !state.hasEnded() && publisher.pending() < MAX_PENDING / 2) {
            dialogue.heartbeat(publisher);
        }
    }

    private void touch() {
        if (channel == null || !channel.isOpen()) {
            return;
        }
        try {
            dialogue.touch(channel);
        } catch (IOException | ShutdownSignalException e) {
            LOG.debug("The queues could not be kept alive now", e);
        }
    }

    // ---- the end

    private void conclude() {
        lastReport = report();
        outbox.clear();
        if (preparing != null) {
            preparing.cancel(true);
        }
        Duration patience = state.end() == RunEnd.COMPLETED ? GOODBYE : GOODBYE_WHEN_CUT_SHORT;
        timers.add(loop.schedule(patience, this::cleanUp));
        if (session != null) {
            takeLeave();
        } else if (!state.isPublished()) {
            cleanUp();
        }
    }

    private void takeLeave() {
        if (!state.isPublished()) {
            cleanUp();
            return;
        }
        if (state.end() != RunEnd.COMPLETED) {
            purge();
        }
        dialogue.sayGoodbye(publisher, state.end(), reason());
        ReliablePublisher current = publisher;
        publisher.whenDrained(() -> {
            if (publisher == current) {
                goodbyeSent = true;
                cleanUpWhenAlone();
            }
        });
    }

    private boolean goodbyeSent;

    private String reason() {
        return switch (state.end()) {
            case FAILED_FAST -> "as many files failed as fail-fast allows";
            case CANCELLED, ERROR -> state.problem();
            default -> "";
        };
    }

    private void cleanUpWhenAlone() {
        if (goodbyeSent && !state.awaitsGoodbye()) {
            cleanUp();
        }
    }

    /** Takes everything of the run from the broker, once. */
    private void cleanUp() {
        if (cleaning) {
            return;
        }
        cleaning = true;
        Duration linger = session == null ? Duration.ZERO : dialogue.linger(state);
        if (linger.isZero()) {
            finish();
        } else {
            loop.schedule(linger, this::finish);
        }
    }

    private void finish() {
        if (done) {
            return;
        }
        done = true;
        timers.forEach(EventLoop.Scheduled::cancel);
        closeOffer();
        delete();
        if (publisher != null) {
            publisher.detach();
        }
        if (connection != null) {
            connection.close();
        }
        session = null;
        channel = null;
        publisher = null;
        RunReport report = report();
        lastReport = report;
        tell(new RunEvent.Ended(now(), report));
        if (syncFailure != null) {
            result.completeExceptionally(new SyncFailedException(syncFailure, report));
        } else {
            result.complete(report);
        }
    }

    private void closeOffer() {
        try {
            offer.close();
        } catch (RuntimeException e) {
            LOG.warn("The sources of run {} could not be taken back: {}", runId, e.toString());
        }
    }

    private void delete() {
        if (session == null || !session.isOpen()) {
            return;
        }
        try {
            Channel deleting = session.channel();
            dialogue.delete(deleting, state.end());
            deleting.close();
        } catch (IOException | TimeoutException | ShutdownSignalException e) {
            LOG.warn("The queues of run {} could not be deleted: {}", runId, e.toString());
        }
    }

    // ---- helpers

    private RunReport report() {
        double wall = Double.isNaN(state.endedAt()) ? now() : state.endedAt();
        return new RunReport(
                runId,
                settings.project(),
                startedAt,
                wall,
                state.end(),
                state.end() == RunEnd.ERROR ? state.problem() : "",
                state.fileReports(),
                state.listenerReports());
    }

    private Duration tickPeriod() {
        long millis = settings.heartbeat().toMillis() / 2;
        return Duration.ofMillis(Math.max(50, Math.min(1000, millis)));
    }

    private double now() {
        return (System.nanoTime() - startNanos) / 1e9;
    }
}
