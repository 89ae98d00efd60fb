package io.jenkins.plugins.distributedtest.sync;

import com.rabbitmq.client.Delivery;
import io.jenkins.plugins.distributedtest.files.Sha256;
import io.jenkins.plugins.distributedtest.wire.SyncSpec;
import io.jenkins.plugins.distributedtest.wire.WireException;
import java.io.IOException;
import java.nio.channels.ClosedByInterruptException;
import java.nio.channels.FileLockInterruptionException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * Sync kind {@code content}, the listener's side, for one job.
 *
 * <p>The story: the manifest is content too, and its digest is the tree's. If the store has the manifest and all that
 * it names, nothing is asked. Otherwise a {@link ContentLine} to the originator is opened, first the manifest is asked
 * for, then what the store lacks: in requests of at most {@value ContentMessages#MAX_DIGESTS} contents and
 * {@value #WINDOW_BYTES} bytes, the next one when less than half of that is outstanding. Content that passes by since
 * another listener asked for it is taken too. Every content must match its digest before it enters the store; one that
 * does not is asked for again, a few times. When all is there, the workspace is laid out from the store. Of the
 * tree of an earlier run stays what is the same; only for the rest the store is looked at.
 *
 * <p>After a reconnect, and when nothing has come for a while, what is outstanding is asked for again. Nothing at all
 * for the progress timeout ends the fetch with an error.
 */
final class ContentFetch {
    /** How many bytes are asked for at once, unless a single content is larger. */
    static final int WINDOW_BYTES = 8 << 20;

    private static final Duration ASK_AGAIN = Duration.ofSeconds(5);
    private static final int MAX_DAMAGED = 5;

    private final JobSource job;
    private final ContentStore store;
    private final ContentLine line;
    private final Duration progressTimeout;
    private final long deadline;
    /** What is needed and not in the store, with its size (the manifest's is not known and counts as 0). */
    private final Map<Sha256, Long> missing = new LinkedHashMap<>();

    private final Map<Sha256, Long> outstanding = new LinkedHashMap<>();
    private long missingBytes;
    private long outstandingBytes;
    private long largest = Manifest.MAX_BYTES;
    private ContentStore.Arrival arrival;
    private int damaged;
    private boolean taken;

    /**
     * @param deadline when the fetch is given up, in {@link System#nanoTime}
     */
    ContentFetch(JobSource job, ContentStore store, ContentLine line, Duration progressTimeout, long deadline) {
        this.job = job;
        this.store = store;
        this.line = line;
        this.progressTimeout = progressTimeout;
        this.deadline = deadline;
    }

    /**
     * Fetches and lays out the tree.
     *
     * @return what is laid out
     */
    LaidOutTree fetch(Path workspace) throws SyncException, InterruptedException {
        SyncSpec sync = job.sync();
        Sha256 digest = Sha256.parse(sync.treeDigest());
        if (digest == null || !isOurs(sync.contentQueue()) || !isOurs(sync.contentExchange())) {
            throw new SyncException(
                    SyncException.Kind.REFUSED,
                    "The job definition lacks the tree's digest, content queue or exchange");
        }
        try (ContentStore.Use use = store.use()) {
            Manifest manifest = manifest(digest, use);
            TreeLayout layout = new TreeLayout(workspace, job.before(), manifest, entry -> store.open(entry.sha()));
            for (Manifest.Entry entry : layout.needed()) {
                if (!use.has(entry.sha(), entry.size())) {
                    lack(entry);
                }
            }
            receive();
            layOut(layout);
            return layout.done();
        } catch (ClosedByInterruptException | FileLockInterruptionException e) {
            Thread.interrupted();
            throw new InterruptedException();
        } catch (IOException e) {
            throw new SyncException(SyncException.Kind.FAILED, "The content store failed: " + e.getMessage(), e);
        } finally {
            line.close();
            dropArrival();
        }
    }

    /** A name from the wire that no one else's queue or exchange can have. */
    private static boolean isOurs(String name) {
        return name != null && name.length() < 250 && name.startsWith("distributed-test.run.");
    }

    private Manifest manifest(Sha256 digest, ContentStore.Use use)
            throws IOException, SyncException, InterruptedException {
        if (use.has(digest, -1)) {
            Manifest manifest = readManifest(digest);
            if (manifest != null) {
                return manifest;
            }
            store.remove(digest);
        }
        missing.put(digest, 0L);
        receive();
        Manifest manifest = readManifest(digest);
        if (manifest == null) {
            throw new SyncException(SyncException.Kind.FAILED, "The content store lost the manifest as it came");
        }
        return manifest;
    }

    private Manifest readManifest(Sha256 digest) throws IOException, SyncException {
        Path path = store.path(digest);
        if (Files.size(path) > Manifest.MAX_BYTES) {
            return null;
        }
        byte[] text = Files.readAllBytes(path);
        return Sha256.of(text, 0, text.length).equals(digest) ? Manifest.parse(text) : null;
    }

    private void lack(Manifest.Entry entry) {
        if (missing.put(entry.sha(), entry.size()) == null) {
            missingBytes += entry.size();
            largest = Math.max(largest, entry.size());
        }
    }

    /** Lays out the workspace; what turns out damaged in the store is fetched once more. */
    private void layOut(TreeLayout layout) throws IOException, SyncException, InterruptedException {
        List<Manifest.Entry> bad = layout.layOut();
        if (bad.isEmpty()) {
            return;
        }
        for (Manifest.Entry entry : bad) {
            store.remove(entry.sha());
            lack(entry);
        }
        receive();
        bad = layout.fill(bad);
        if (!bad.isEmpty()) {
            throw new SyncException(
                    SyncException.Kind.FAILED,
                    "The content store does not keep what is written to it ("
                            + bad.get(0).path() + "): check the disk of the listener's work directory");
        }
    }

    /** Asks for what is missing and takes it, until nothing is. */
    private void receive() throws IOException, SyncException, InterruptedException {
        if (missing.isEmpty()) {
            return;
        }
        checkRoom();
        if (!line.open()) {
            ask();
        }
        long lastSign = System.nanoTime();
        long lastAsked = lastSign;
        while (!missing.isEmpty()) {
            ContentLine.Event event = line.next(Duration.ofSeconds(1));
            long now = System.nanoTime();
            if (event instanceof ContentLine.Arrived arrived) {
                lastSign = now;
                lastAsked = now;
                take(arrived.delivery());
                line.done(arrived);
                if (outstandingBytes < WINDOW_BYTES / 2 && outstanding.size() < ContentMessages.MAX_DIGESTS / 2) {
                    ask();
                }
            } else if (event instanceof ContentLine.Connected) {
                lastSign = now;
                lastAsked = now;
                dropArrival();
                askAgain();
            } else if (!line.isConnected()) {
                lastSign = now;
            } else if (now - lastAsked > ASK_AGAIN.toNanos()) {
                lastAsked = now;
                askAgain();
            }
            checkTime(now, lastSign);
        }
    }

    private void checkTime(long now, long lastSign) throws SyncException {
        if (now - deadline > 0) {
            throw new SyncException(
                    SyncException.Kind.TIMED_OUT,
                    "The sources did not arrive in time; " + missing.size() + " contents are missing still");
        }
        if (now - lastSign > progressTimeout.toNanos()) {
            throw new SyncException(
                    SyncException.Kind.TIMED_OUT,
                    "The originator of run " + job.runId() + " has not answered for " + progressTimeout.toSeconds()
                            + " s; is it still running?");
        }
    }

    private void checkRoom() throws IOException, SyncException {
        long free = store.freeBytes();
        if (missingBytes > free) {
            throw new SyncException(
                    SyncException.Kind.FAILED,
                    String.format("The content store needs %,d bytes more, and its disk has %,d", missingBytes, free));
        }
    }

    private void askAgain() throws SyncException, InterruptedException {
        outstanding.clear();
        outstandingBytes = 0;
        ask();
    }

    /** Fills the window. */
    private void ask() throws SyncException, InterruptedException {
        List<String> digests = new ArrayList<>();
        for (Map.Entry<Sha256, Long> one : missing.entrySet()) {
            boolean full = outstandingBytes > 0 && outstandingBytes + one.getValue() > WINDOW_BYTES;
            if (full || outstanding.size() >= ContentMessages.MAX_DIGESTS) {
                break;
            }
            if (outstanding.putIfAbsent(one.getKey(), one.getValue()) == null) {
                outstandingBytes += one.getValue();
                digests.add(one.getKey().toString());
            }
        }
        if (!digests.isEmpty()) {
            line.ask(digests, missingBytes);
        }
    }

    private void take(Delivery delivery) throws IOException, SyncException {
        String type = String.valueOf(delivery.getProperties().getType());
        try {
            if (type.equals(ContentMessages.PROBLEM)) {
                problem(ContentMessages.readProblem(delivery.getBody()));
            } else if (type.equals(ContentMessages.CONTENT)) {
                for (ContentMessages.Piece piece :
                        ContentMessages.readPieces(delivery.getProperties(), delivery.getBody())) {
                    take(piece);
                }
            }
        } catch (WireException e) {
            throw new SyncException(SyncException.Kind.FAILED, "What came as content is none: " + e.getMessage(), e);
        }
    }

    private void problem(ContentMessages.Problem problem) throws SyncException {
        boolean concerns = line.listener().equals(problem.listener());
        for (String digest : problem.digests()) {
            Sha256 sha = Sha256.parse(digest);
            concerns |= sha != null && missing.containsKey(sha);
        }
        if (concerns) {
            throw new SyncException(problem.kind(), problem.message());
        }
    }

    private void take(ContentMessages.Piece piece) throws IOException, SyncException {
        Long size = missing.get(piece.sha());
        if (size == null) {
            return; // another listener's
        }
        if (piece.total() > largest || size > 0 && size != piece.total()) {
            throw new SyncException(
                    SyncException.Kind.FAILED,
                    "Content " + piece.sha() + " comes with " + piece.total() + " bytes, not as announced");
        }
        if (piece.offset() == 0) {
            dropArrival();
            arrival = store.arrive(piece.sha());
        } else if (arrival == null || !arrival.sha().equals(piece.sha()) || arrival.length() != piece.offset()) {
            return; // its beginning was missed: it was asked for, and comes again
        }
        arrival.write(piece.data());
        if (arrival.length() == piece.total()) {
            arrived();
        }
    }

    private void arrived() throws IOException, SyncException {
        Sha256 sha = arrival.sha();
        boolean intact = arrival.commit();
        taken = true;
        dropArrival();
        Long asked = outstanding.remove(sha);
        outstandingBytes -= asked == null ? 0 : asked;
        if (intact) {
            missingBytes -= missing.remove(sha);
        } else if (++damaged >= MAX_DAMAGED) {
            throw new SyncException(
                    SyncException.Kind.FAILED,
                    damaged + " contents came damaged; the last one should have been " + sha);
        }
    }

    /** Whether anything came that was not in the store. */
    boolean hasTaken() {
        return taken;
    }

    private void dropArrival() {
        if (arrival != null) {
            arrival.close();
            arrival = null;
        }
    }
}
