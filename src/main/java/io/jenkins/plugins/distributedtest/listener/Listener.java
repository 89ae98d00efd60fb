package io.jenkins.plugins.distributedtest.listener;

import io.jenkins.plugins.distributedtest.amqp.BrokerAddress;
import io.jenkins.plugins.distributedtest.amqp.BrokerConnection;
import io.jenkins.plugins.distributedtest.amqp.BrokerSession;
import io.jenkins.plugins.distributedtest.amqp.ReliablePublisher;
import io.jenkins.plugins.distributedtest.files.HostName;
import io.jenkins.plugins.distributedtest.files.OwnerOnly;
import io.jenkins.plugins.distributedtest.loop.DaemonThreads;
import io.jenkins.plugins.distributedtest.loop.EventLoop;
import io.jenkins.plugins.distributedtest.sync.FetchedTree;
import io.jenkins.plugins.distributedtest.sync.FetcherSettings;
import io.jenkins.plugins.distributedtest.sync.SourceFetcher;
import io.jenkins.plugins.distributedtest.wire.NativeMessage;
import io.micrometer.core.instrument.MeterRegistry;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Objects;
import java.util.UUID;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ThreadPoolExecutor;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * A daemon that runs test files for any run on its broker and in its cluster, of both dialects at once.
 *
 * <p>Its story: {@link #start} clears away what an earlier listener of this work directory left behind and connects.
 * Connected, it declares its two inboxes ({@link NativeInbox}, {@link GorgonInbox}) and announces itself, upon which
 * originators send it the definitions of their runs. Each run that it joins is a {@link JoinedRun}, which prepares
 * a workspace and has the listener's {@link Slot}s take the run's files; a slot serves all runs in turn. When the
 * connection breaks, slots go on with the file they run, and what they have to tell is sent after the next connect.
 * {@link #close} hands back what is unfinished at once, kills what runs, removes the workspaces and the inboxes.
 *
 * <p>Threads: one event loop owns all state and all channels; each slot has a thread that runs a file; a few threads
 * prepare runs; some more end them. Nothing else of a listener's is shared with other listeners on the host but the
 * content store in its work directory.
 */
public final class Listener implements AutoCloseable {
    /** How long {@link #close} waits for what it has begun, before it leaves by force. */
    public static final Duration CLOSE_LIMIT = Duration.ofSeconds(20);

    private static final Logger LOG = LoggerFactory.getLogger(Listener.class);
    /** For each closing callback when the listener itself is shut down. */
    private static final Duration CLOSING_CALLBACK_LIMIT = Duration.ofSeconds(5);

    private static final Duration DRAIN_LIMIT = Duration.ofSeconds(3);
    /** How often it looks for kept trees that nobody needs any more. */
    private static final Duration EXPIRY = Duration.ofMinutes(10);

    private static final int MAX_PENDING = 100_000;
    private static final int PREPARERS = 4;

    private final ListenerSettings settings;
    private final BrokerAddress address;
    private final String id;
    /** The only run that it takes part in; null for any. */
    private final OneRun only;

    private final String host = HostName.get();
    private final EventLoop loop;
    private final ReliablePublisher publisher;
    private final ThreadPoolExecutor preparers;
    private final ThreadPoolExecutor closers;
    private final OwnContext context;
    private final SourceFetcher fetcher;
    private final SpareWorkspaces workspaces;
    private final RunnerFactory runners;
    private final SlotGroup slots;
    private final Runs runs;
    private final NativeInbox nativeInbox;
    private final GorgonInbox gorgonInbox;
    private final CompletableFuture<List<String>> available = new CompletableFuture<>();
    private BrokerConnection connection;
    private boolean closed;

    /**
     * Makes a listener, not yet started.
     *
     * @param settings its settings
     * @param address the broker
     * @param meters where it registers what it counts
     */
    public Listener(ListenerSettings settings, BrokerAddress address, MeterRegistry meters) {
        this(settings, address, meters, RunnerFactory.REAL, null);
    }

    /**
     * Makes a listener for one run, not yet started.
     *
     * @param only the run that it serves, and as whom
     */
    public Listener(ListenerSettings settings, BrokerAddress address, MeterRegistry meters, OneRun only) {
        this(settings, address, meters, RunnerFactory.REAL, null, only);
    }

    /** With other runners, and other sources if they are not null. */
    Listener(
            ListenerSettings settings,
            BrokerAddress address,
            MeterRegistry meters,
            RunnerFactory runners,
            RunPreparation.Sources sources) {
        this(settings, address, meters, runners, sources, null);
    }

    /** With other runners and sources, for one run if that is not null. */
    Listener(
            ListenerSettings settings,
            BrokerAddress address,
            MeterRegistry meters,
            RunnerFactory runners,
            RunPreparation.Sources sources,
            OneRun only) {
        if (settings.slots() < 1) {
            throw new IllegalArgumentException("A listener needs at least one slot, not " + settings.slots());
        }
        this.settings = settings;
        this.address = Objects.requireNonNull(address, "address");
        this.runners = runners;
        this.only = only;
        id = only == null ? UUID.randomUUID().toString() : only.listenerId();
        String name = "listener-" + id.substring(0, Math.min(8, id.length()));
        loop = new EventLoop(name);
        publisher = new ReliablePublisher(loop, MAX_PENDING);
        preparers = DaemonThreads.pool("prepare", PREPARERS, Runs.MAX);
        closers = DaemonThreads.immediatePool("closing", 4 * Runs.MAX);
        ListenerMetrics metrics = new ListenerMetrics(meters, settings.slots());
        fetcher = new SourceFetcher(loop, id, fetcherSettings(settings));
        context =
                new OwnContext(new OwnContext.Identity(id, host, settings.slots()), loop, publisher, closers, metrics);
        slots = new SlotGroup(settings.slots(), context);
        workspaces = new SpareWorkspaces(only == null ? settings : settings.withKeptTrees(0), id);
        RunPreparation preparation =
                new RunPreparation(settings, id, host, sources == null ? sources() : sources, runners, workspaces);
        runs = new Runs(context, slots, preparation, preparers, this::announce, only);
        nativeInbox = new NativeInbox(context, settings.cluster(), this::onNative);
        gorgonInbox = new GorgonInbox(context, settings.cluster(), runs::onGorgon, runs::onGorgonCancel);
        publisher.onUndeliverable((exchange, key) ->
                context.problem("A message for the exchange " + exchange + " is dropped: there is no such exchange"));
        context.show(slots::busy, this::snapshot);
    }

    /** Where sources come from: a tree that is there, or whatever the run says. */
    private RunPreparation.Sources sources() {
        Path tree = only == null ? null : only.tree();
        return tree == null
                ? fetcher::fetch
                : (job, workspace) -> new FetchedTree(job.sync().treeDigest(), tree, 0, false);
    }

    private static FetcherSettings fetcherSettings(ListenerSettings settings) {
        return new FetcherSettings(
                settings.workDirectory(),
                FetcherSettings.DEFAULT_MAX_STORE_BYTES,
                settings.syncTimeout(),
                FetcherSettings.DEFAULT_PROGRESS_TIMEOUT,
                settings.ssh(),
                settings.gitProtocols());
    }

    /**
     * Where the workspaces of a listener of these settings lie; each is a directory with a {@code tree} in it.
     *
     * @return a real path that only this user can enter
     * @throws IOException if it cannot be made
     */
    public static Path workspaces(ListenerSettings settings) throws IOException {
        return WorkspaceRoot.of(settings.workDirectory());
    }

    /** The listener's id, different for each. */
    public String id() {
        return id;
    }

    /** What it is doing now. Any thread may ask. */
    public ListenerStatus status() {
        return context.status();
    }

    /**
     * Starts it: clears away what is left over from listeners that are gone, then connects in the background, again and
     * again until there is a broker.
     *
     * @throws IOException if the work directory cannot be used; the message names it
     */
    public synchronized void start() throws IOException {
        if (connection != null || closed) {
            throw new IllegalStateException("A listener starts once");
        }
        try {
            OwnerOnly.createDirectory(settings.workDirectory());
        } catch (IOException e) {
            throw new IOException("Cannot use the work directory " + settings.workDirectory() + ": " + e, e);
        }
        Workspace.sweep(settings.workDirectory());
        preparers.execute(this::findRunners);
        preparers.execute(this::cleanUpSources);
        loop.every(EXPIRY, () -> preparers.execute(() -> workspaces.expire(System.nanoTime())));
        connection = BrokerConnection.open(address, "distributed-test listener " + id, loop, new Lifecycle());
    }

    private void cleanUpSources() {
        try {
            fetcher.cleanUp();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt(); // closing: the next start goes on with it
        }
    }

    private void findRunners() {
        try {
            available.complete(runners.available());
        } catch (RuntimeException e) {
            if (preparers.isShutdown()) {
                LOG.debug("The search for runners was interrupted: the listener shuts down", e);
            } else {
                LOG.warn("Cannot find out which runners this host has", e);
            }
            available.complete(List.of());
        }
    }

    private void onNative(NativeMessage message) {
        if (message instanceof NativeMessage.Ping ping) {
            if (only != null) {
                return;
            }
            available.thenAcceptAsync(
                    names -> nativeInbox.answer(ping, settings.slots(), slots.busy(), names), loop::execute);
        } else {
            runs.onNative(message);
        }
    }

    private ListenerStatus snapshot() {
        return new ListenerStatus(
                id,
                host,
                address.toString(),
                context.connectedSince(),
                settings.slots(),
                slots.busy(),
                context.filesRun(),
                runs.all().stream().map(JoinedRun::status).toList(),
                context.lastProblem());
    }

    /**
     * Shuts down: joins no more runs, hands back what is unfinished at once (originators publish it again), kills what
     * runs, runs the closing callbacks, removes workspaces and inboxes. Bounded by {@link #CLOSE_LIMIT} and some
     * seconds for the connection. Harmless when repeated.
     */
    @Override
    public void close() {
        synchronized (this) {
            if (closed) {
                return;
            }
            closed = true;
        }
        CompletableFuture<Void> left = new CompletableFuture<>();
        loop.execute(() -> runs.shutDown(CLOSING_CALLBACK_LIMIT, () -> left.complete(null)));
        waitFor(left, CLOSE_LIMIT, "Some processes or callbacks did not end in time");
        fetcher.close();
        workspaces.close();
        CompletableFuture<Void> said = new CompletableFuture<>();
        loop.execute(() -> {
            if (context.session() == null) {
                said.complete(null);
            } else {
                publisher.whenDrained(() -> said.complete(null));
            }
        });
        waitFor(said, DRAIN_LIMIT, "The broker did not confirm the last messages");
        if (connection != null) {
            connection.close(); // takes the inboxes along, which are bound to it
        }
        loop.execute(() -> slots.all().forEach(Slot::close));
        preparers.shutdownNow();
        closers.shutdownNow();
        loop.close();
        slots.all().forEach(left.isDone() ? Slot::endThread : Slot::abandon);
    }

    private static void waitFor(CompletableFuture<Void> event, Duration limit, String otherwise) {
        try {
            event.get(limit.toMillis(), TimeUnit.MILLISECONDS);
        } catch (TimeoutException | ExecutionException e) {
            LOG.warn(otherwise);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    /** Whoever has a run invites us to it. */
    private void announce() {
        nativeInbox.announce();
        gorgonInbox.announce();
    }

    /** What the connection tells, on the loop. */
    private final class Lifecycle implements BrokerConnection.Lifecycle {
        @Override
        public void connected(BrokerSession opened) throws IOException {
            context.connected(opened);
            publisher.attach(opened);
            fetcher.attach(opened);
            nativeInbox.attach(opened);
            gorgonInbox.attach(opened);
            runs.attach(opened);
            announce();
            context.settled();
            LOG.info("Connected to {} as listener {}", address, id);
        }

        @Override
        public void disconnected(String reason) {
            context.disconnected(reason);
            publisher.detach();
            fetcher.detach();
            runs.detach();
        }

        @Override
        public void failing(String reason, Duration nextTry) {
            context.failing(reason);
        }
    }
}
