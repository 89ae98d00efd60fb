package io.jenkins.plugins.distributedtest.collect;

import io.jenkins.plugins.distributedtest.collect.CollectMessages.Offer;
import io.jenkins.plugins.distributedtest.collect.CollectMessages.Place;
import io.jenkins.plugins.distributedtest.files.Glob;
import io.jenkins.plugins.distributedtest.loop.DaemonThreads;
import io.jenkins.plugins.distributedtest.wire.CollectSpec;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import java.util.concurrent.LinkedBlockingQueue;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * What a listener's share of one run brings back. After each attempt, on the slot's thread, what has come is copied aside;
 * at the end, when all processes have ended, all that is there. A thread of its own brings it to the originator meanwhile,
 * so that no slot waits for that, and no result.
 *
 * <p>What goes wrong keeps no test from running: the first problem is told to the originator with the last offer, and
 * nothing more is copied.
 */
public final class ShareCollection {
    /** For a run that wants nothing. */
    public static final ShareCollection NONE = new ShareCollection(null, null, "", "", Path.of(""));

    private static final Duration LONGEST = Duration.ofMinutes(10);
    private static final int MAX_WAITING = 10_000;
    private static final Logger LOG = LoggerFactory.getLogger(ShareCollection.class);

    private final @Nullable CollectSpec spec;
    private final String listener;
    private final String host;
    private final List<Glob> globs;
    private final Gathering.Spool spool;
    private final @Nullable Bringing bringing;
    private final Map<Path, Gathering> trees = new LinkedHashMap<>();
    private final LinkedBlockingQueue<Offer> offers = new LinkedBlockingQueue<>(MAX_WAITING);
    private @Nullable Thread thread;
    private int number;
    private String problem = "";
    private volatile long deadline;
    private volatile boolean ending;

    /**
     * @param spec what is wanted; null for nothing
     * @param line the line to the originator; null if nothing is wanted
     * @param listener the listener's id
     * @param host its host
     * @param spool a directory of its own
     */
    public ShareCollection(
            @Nullable CollectSpec spec, @Nullable CollectLine line, String listener, String host, Path spool) {
        this.spec = spec != null && line != null && !spec.files().isEmpty() ? spec : null;
        this.listener = listener;
        this.host = host;
        this.spool = new Gathering.Spool(spool, spec == null ? 0 : spec.maxBytes());
        globs = this.spec == null
                ? List.of()
                : this.spec.files().stream().map(Glob::parse).toList();
        bringing = this.spec == null || line == null
                ? null
                : new Bringing(line, UUID.randomUUID().toString(), this.spool);
    }

    /** Remembers what is in a tree before the tests; the trees are numbered in the order of these calls. */
    public synchronized void baseline(Path tree) {
        if (spec != null) {
            Gathering gathering = new Gathering(tree, globs, spool);
            trees.put(tree, gathering);
            try {
                gathering.baseline();
            } catch (IOException | CollectException | RuntimeException e) {
                fail(e);
            }
        }
    }

    /**
     * An attempt has ended. On the slot's thread.
     *
     * @param tree the slot's tree
     * @param file the test file
     * @param lease the attempt's lease
     * @param bad whether it failed: then files count, too, that were there before and have changed
     */
    public void attempted(Path tree, String file, int lease, boolean bad) {
        if (spec != null && !isFailed()) {
            gather(tree, new Place(file, lease, numberOf(tree)), gathering -> gathering.since(bad));
        }
    }

    private synchronized int numberOf(Path tree) {
        return Math.max(1, new ArrayList<>(trees.keySet()).indexOf(tree) + 1);
    }

    /** Looks for files. */
    private interface Look {
        List<CollectedFile> in(Gathering gathering) throws IOException, CollectException;
    }

    private void gather(Path tree, Place place, Look look) {
        try {
            Gathering gathering;
            synchronized (this) {
                gathering = trees.get(tree);
            }
            List<CollectedFile> found = gathering == null ? List.of() : look.in(gathering);
            int from = 0;
            while (from < found.size()) {
                int to = upTo(found, from);
                offer(place, found.subList(from, to), false);
                from = to;
            }
        } catch (IOException | CollectException | RuntimeException e) {
            fail(e);
        }
    }

    private static int upTo(List<CollectedFile> files, int from) {
        int characters = 0;
        int to = from;
        while (to < files.size() && to - from < CollectMessages.MAX_FILES) {
            characters += files.get(to).path().length();
            if (to > from && characters > CollectMessages.MAX_PATHS) {
                break;
            }
            to++;
        }
        return to;
    }

    private synchronized void offer(Place place, List<CollectedFile> files, boolean last) throws CollectException {
        if (!offers.offer(new Offer(listener, host, "", "", ++number, place, files, last, last ? problem : ""))) {
            throw new CollectException(
                    "More than " + MAX_WAITING + " attempts wait for their files to be brought back");
        }
        if (thread == null) {
            thread = DaemonThreads.start("bringing-files-back", this::bring);
        }
    }

    private synchronized boolean isFailed() {
        return !problem.isEmpty();
    }

    private synchronized void fail(Exception e) {
        if (problem.isEmpty()) {
            problem = e instanceof CollectException ? String.valueOf(e.getMessage()) : "Collected files: " + e;
            LOG.warn("Files cannot be brought back: {}", problem);
        }
    }

    private void bring() {
        Bringing to = bringing;
        try {
            boolean last = false;
            while (!last && to != null) {
                Offer offer = offers.take();
                to.bring(offer, now -> ending && now - deadline > 0);
                last = offer.last();
            }
        } catch (CollectException | IOException | RuntimeException e) {
            fail(e);
        } catch (InterruptedException e) {
            LOG.debug("Bringing files back was given up");
        }
    }

    /**
     * All processes have ended: brings back the rest, and waits for that.
     *
     * @param limit how long that may take
     */
    public void finish(Duration limit) throws InterruptedException {
        if (spec == null) {
            return;
        }
        Duration longest = limit.compareTo(LONGEST) < 0 ? limit : LONGEST;
        deadline = System.nanoTime() + longest.toNanos();
        ending = true;
        for (Path tree : List.copyOf(trees.keySet())) {
            if (!isFailed()) {
                gather(tree, Place.end(numberOf(tree)), Gathering::all);
            }
        }
        Thread bringer;
        try {
            offer(Place.end(1), List.of(), true);
        } catch (CollectException e) {
            LOG.warn("Files cannot be brought back: {}", e.getMessage());
        }
        synchronized (this) {
            bringer = thread;
        }
        if (bringer != null) {
            bringer.join(longest.toMillis() + 1000);
        }
    }

    /** Gives up what is not brought back yet, and removes what was copied aside. Harmless when nothing is left. */
    public synchronized void close() {
        if (thread != null) {
            thread.interrupt();
        }
        try {
            if (spec != null) {
                spool.delete();
            }
        } catch (IOException e) {
            LOG.warn("What was brought back stays in the workspace: {}", e.toString());
        }
    }
}
