package io.jenkins.plugins.distributedtest.listener;

import io.jenkins.plugins.distributedtest.sync.LaidOutTree;
import io.jenkins.plugins.distributedtest.sync.SourceFetcher;
import io.jenkins.plugins.distributedtest.wire.SyncSpec;
import java.io.IOException;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.Iterator;
import java.util.List;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Workspaces whose run is over and whose tree the next run of the project goes on from, so that only what differs has to
 * be laid out. At most a few, each for a limited time; those that were not used for longest go first. They are this
 * process's alone and go with it. Any thread may call.
 */
final class SpareWorkspaces implements AutoCloseable {
    /** For how long a tree is kept that no run has taken. */
    static final Duration LONGEST = Duration.ofHours(4);

    private static final Logger LOG = LoggerFactory.getLogger(SpareWorkspaces.class);

    private final ListenerSettings settings;
    private final String listener;
    /** The one that was used last comes last. Guarded by this object's monitor, as is {@code closed}. */
    private final Deque<Spare> spares = new ArrayDeque<>();

    private boolean closed;

    private record Spare(String project, Workspace workspace, LaidOutTree tree, long since) {}

    /**
     * A workspace for a run.
     *
     * @param workspace the workspace
     * @param before what is laid out in it; null if it is empty
     */
    record Opened(Workspace workspace, LaidOutTree before) {}

    /**
     * @param settings the listener's settings
     * @param listener its id
     */
    SpareWorkspaces(ListenerSettings settings, String listener) {
        this.settings = settings;
        this.listener = listener;
    }

    /**
     * Opens a workspace for a run: a spare one of its project, else a new one.
     *
     * @param project the run's project
     * @param runId the run
     * @param kind how its sources come; a spare one is for those kinds only that go on from a tree
     * @throws IOException if none can be made
     */
    Opened open(String project, String runId, SyncSpec.Kind kind) throws IOException {
        Spare spare = SourceFetcher.keeps(kind) ? take(project) : null;
        if (spare != null) {
            try {
                spare.workspace().reuse(settings.workDirectory(), project, listener, runId);
                return new Opened(spare.workspace(), spare.tree());
            } catch (IOException e) {
                LOG.warn("A kept tree is of no use: {}", e.toString());
                spare.workspace().close();
            }
        }
        Workspace made =
                Workspace.create(settings.workDirectory(), project, listener, runId, settings.keepWorkspaces());
        return new Opened(made, null);
    }

    private synchronized Spare take(String project) {
        for (Iterator<Spare> each = spares.descendingIterator(); each.hasNext(); ) {
            Spare spare = each.next();
            if (spare.project().equals(project)) {
                each.remove();
                return spare;
            }
        }
        return null;
    }

    /**
     * Takes a workspace back after its run: kills what still runs, then keeps or deletes it. Blocks while it deletes.
     *
     * @param project the run's project
     * @param workspace the workspace
     * @param tree what was laid out in it; null if it cannot be kept
     */
    void release(String project, Workspace workspace, LaidOutTree tree) {
        Spare spare = tree == null || settings.keptTrees() == 0 || settings.keepWorkspaces() || isClosed()
                ? null
                : retire(project, workspace, tree);
        if (spare == null) {
            workspace.close();
            return;
        }
        List<Spare> surplus = new ArrayList<>();
        synchronized (this) {
            spares.addLast(spare);
            while (closed && !spares.isEmpty() || spares.size() > settings.keptTrees()) {
                surplus.add(spares.removeFirst());
            }
        }
        surplus.forEach(each -> each.workspace().close());
    }

    private Spare retire(String project, Workspace workspace, LaidOutTree tree) {
        try {
            workspace.retire();
            LaidOutTree rest = SourceFetcher.tidy(workspace.tree(), tree);
            return rest == null ? null : new Spare(project, workspace, rest, System.nanoTime());
        } catch (IOException e) {
            LOG.warn("The workspace {} is not kept: {}", workspace.directory(), e.toString());
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
        return null;
    }

    /** How many there are. */
    synchronized int count() {
        return spares.size();
    }

    private synchronized boolean isClosed() {
        return closed;
    }

    /**
     * Deletes those that were kept long enough.
     *
     * @param now the time, in {@link System#nanoTime}
     */
    void expire(long now) {
        List<Spare> old = new ArrayList<>();
        synchronized (this) {
            while (!spares.isEmpty() && now - spares.peekFirst().since() > LONGEST.toNanos()) {
                old.add(spares.removeFirst());
            }
        }
        old.forEach(each -> each.workspace().close());
    }

    /** Deletes all; what is released from now on is deleted too. */
    @Override
    public void close() {
        List<Spare> all;
        synchronized (this) {
            closed = true;
            all = List.copyOf(spares);
            spares.clear();
        }
        all.forEach(each -> each.workspace().close());
    }
}
