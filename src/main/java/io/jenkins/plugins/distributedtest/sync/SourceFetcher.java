package io.jenkins.plugins.distributedtest.sync;

import io.jenkins.plugins.distributedtest.amqp.BrokerSession;
import io.jenkins.plugins.distributedtest.loop.EventLoop;
import io.jenkins.plugins.distributedtest.wire.SyncSpec;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.InvalidPathException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import java.util.concurrent.RejectedExecutionException;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The listener's side of a sync: gets the source tree of a job into its workspace. One per listener, for all its jobs.
 *
 * <p>{@link #fetch} blocks on the caller's thread. Kind {@code content} needs the broker meanwhile: the listener tells
 * of its connection through {@link #attach} and {@link #detach}, on its loop, where the lines of all fetches live.
 */
public final class SourceFetcher implements AutoCloseable {
    /** For how long the tree or mirror of a project is kept that is run no more. */
    public static final Duration KEEP_UNUSED = Duration.ofDays(30);

    private static final Logger LOG = LoggerFactory.getLogger(SourceFetcher.class);
    private static final String SHUT_DOWN = "The listener is being shut down";

    private final EventLoop loop;
    private final String listener;
    private final FetcherSettings settings;
    private final ContentStore store;
    /** On the loop. */
    private final Set<ContentLine> lines = new LinkedHashSet<>();

    private BrokerSession session;
    private boolean closed;

    /**
     * @param loop the listener's loop
     * @param listener the listener's id
     * @param settings where and how
     */
    public SourceFetcher(EventLoop loop, String listener, FetcherSettings settings) {
        this.loop = loop;
        this.listener = listener;
        this.settings = settings;
        this.store = new ContentStore(settings.workDirectory().resolve("content"), settings.maxStoreBytes());
    }

    /**
     * Removes kept trees and mirrors that no job has used for {@link #KEEP_UNUSED}, and brings the content store back
     * under its size; for a listener's start. Blocks while it deletes; what is in use stays. What cannot be removed is
     * logged, no error.
     *
     * @throws InterruptedException when interrupted
     */
    public void cleanUp() throws InterruptedException {
        KeptTrees.cleanUp(settings.workDirectory(), KEEP_UNUSED);
        cleanUpStore();
    }

    /**
     * The broker is connected (again): fetches that are under way ask again. On the event loop.
     *
     * @param newSession the connection, open
     * @throws IOException if the broker refuses
     */
    public void attach(BrokerSession newSession) throws IOException {
        session = newSession;
        for (ContentLine line : List.copyOf(lines)) {
            try {
                line.attach(newSession);
            } catch (IOException | RuntimeException e) {
                if (!newSession.isOpen()) {
                    throw new IOException("The connection to the broker is lost", e);
                }
                line.end("The broker refuses: " + e.getMessage()); // that job's trouble alone
            }
        }
    }

    /** The connection is gone; fetches under way wait for the next. On the event loop. */
    public void detach() {
        session = null;
        lines.forEach(ContentLine::detach);
    }

    /**
     * Gets a tree. Blocks, bounded by {@link FetcherSettings#timeout}; on any thread but the loop. Several may run at
     * once.
     *
     * @param job what is known of the sources
     * @param workspace a directory of the job's own: empty, not there yet, or one that has {@link JobSource#before}, which
     *     only kinds that {@linkplain #keeps keep trees} take; stays as it is for kind {@code none}
     * @return the tree, whose digest is the one that the job asked for
     * @throws SyncException if it does not arrive, or another tree does
     * @throws InterruptedException when interrupted; child processes are gone then
     */
    public FetchedTree fetch(JobSource job, Path workspace) throws SyncException, InterruptedException {
        long began = System.nanoTime();
        long deadline = began + settings.timeout().toNanos();
        LaidOutTree laidOut = switch (job.sync().kind()) {
            case CONTENT -> content(job, workspace, deadline);
            case RSYNC -> new RsyncFetch(job, settings, deadline).fetch(workspace);
            case GIT, NONE -> null;
        };
        String digest = switch (job.sync().kind()) {
            case CONTENT, RSYNC -> laidOut.digest();
            case GIT -> new GitFetch(job, settings, deadline).fetch(workspace);
            case NONE -> none(job.sync());
        };
        boolean owned = job.sync().kind() != SyncSpec.Kind.NONE;
        Path directory = owned ? workspace : Path.of(job.sync().source());
        return new FetchedTree(digest, directory, (System.nanoTime() - began) / 1e9, owned, laidOut);
    }

    /**
     * Clears a workspace after a run whose processes have all ended, for a later job to go on from.
     *
     * @param workspace the workspace
     * @param tree what was laid out there
     * @return what of it is still as it was; null if the workspace can only be deleted
     * @throws InterruptedException when interrupted
     */
    public static LaidOutTree tidy(Path workspace, LaidOutTree tree) throws InterruptedException {
        try {
            return TreeLayout.tidy(workspace, tree);
        } catch (IOException e) {
            LOG.info("No later run goes on from {}: {}", workspace, e.getMessage());
            return null;
        }
    }

    /** Whether trees of a kind can be kept from job to job. */
    public static boolean keeps(SyncSpec.Kind kind) {
        return kind == SyncSpec.Kind.CONTENT || kind == SyncSpec.Kind.RSYNC;
    }

    private LaidOutTree content(JobSource job, Path workspace, long deadline)
            throws SyncException, InterruptedException {
        ContentLine line = new ContentLine(loop, listener, job.sync(), this::open, lines::remove);
        ContentFetch fetch = new ContentFetch(job, store, line, settings.progressTimeout(), deadline);
        LaidOutTree laidOut = fetch.fetch(workspace);
        if (fetch.hasTaken()) {
            cleanUpLater();
        }
        return laidOut;
    }

    private void open(ContentLine line) {
        lines.add(line);
        if (closed) {
            line.end(SHUT_DOWN);
        } else if (session != null) {
            try {
                line.attach(session);
            } catch (IOException | RuntimeException e) {
                throw new IllegalStateException("the broker refuses: " + e.getMessage(), e);
            }
        }
    }

    private void cleanUpLater() {
        try {
            SyncPool.executor().execute(this::cleanUpStore);
        } catch (RejectedExecutionException e) {
            LOG.debug("The next fetch cleans up", e);
        }
    }

    private void cleanUpStore() {
        try {
            store.cleanUp();
        } catch (IOException | RuntimeException e) {
            LOG.warn("The content store in {} cannot be cleaned up: {}", settings.workDirectory(), e.toString());
        }
    }

    private String none(SyncSpec sync) throws SyncException, InterruptedException {
        Path directory;
        try {
            directory = Path.of(sync.source() == null ? "" : sync.source());
        } catch (InvalidPathException e) {
            throw new SyncException(SyncException.Kind.REFUSED, "Not a path: " + Paths.printable(sync.source()), e);
        }
        if (!directory.isAbsolute()) {
            throw new SyncException(
                    SyncException.Kind.REFUSED, "Not an absolute path: " + Paths.printable(sync.source()));
        }
        if (!Files.isDirectory(directory)) {
            throw new SyncException(
                    SyncException.Kind.FAILED,
                    "With sync kind none the tree must be on this host already, but there is no directory " + directory
                            + ": mount it, or choose another kind of sync");
        }
        Path cache = settings.workDirectory().resolve("digests").resolve(RsyncFetch.key(sync.source()));
        Manifest manifest = TreeDigest.scan(directory, ExcludePatterns.of(sync.exclude()), cache);
        if (sync.treeDigest() != null && !manifest.digest().equals(sync.treeDigest())) {
            throw new SyncException(
                    SyncException.Kind.TREE_DIFFERS,
                    "The tree in " + directory + " is not the originator's: it has digest " + manifest.digest()
                            + ", not " + sync.treeDigest() + ". Exclude what tests write, and wait until a shared disk"
                            + " shows the same files everywhere");
        }
        return manifest.digest();
    }

    /** Ends fetches that are under way with an error. Harmless when repeated. */
    @Override
    public void close() {
        try {
            loop.execute(() -> {
                closed = true;
                new ArrayList<>(lines).forEach(line -> line.end(SHUT_DOWN));
            });
        } catch (RejectedExecutionException e) {
            LOG.debug("The loop is closed, and the connection with it", e);
        }
    }
}
