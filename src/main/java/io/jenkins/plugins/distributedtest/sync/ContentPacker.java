package io.jenkins.plugins.distributedtest.sync;

import io.jenkins.plugins.distributedtest.files.Sha256;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.security.MessageDigest;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Iterator;
import java.util.List;
import java.util.Map;
import java.util.concurrent.locks.LockSupport;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Reads content and packs it into messages, a few at a time, so that only those are in memory. Content that is larger
 * than what fits is continued with the next batch, its file staying open in between. On one thread at a time.
 */
final class ContentPacker {
    /** How many messages a batch has at most. */
    static final int BATCH = 4;

    /** So often content is read again that was not what it should be: something may have been writing it just then. */
    private static final int REREADS = 20;

    private static final int REREADS_OF_ONE = 4;
    private static final long PAUSE_NANOS = Duration.ofMillis(100).toNanos();

    private static final Logger LOG = LoggerFactory.getLogger(ContentPacker.class);

    private final Manifest manifest;
    private final BlobSource source;
    private Open open;
    /** Content that is to be read once more, from its beginning; null if there is none. */
    private Sha256 again;

    private int rereads;
    private int rereadsOfOne;

    /** Content that is being read. */
    private static final class Open {
        private final Sha256 sha;
        private final long total;
        private final String name;
        private final InputStream in;
        private final MessageDigest digest = Sha256.digest();
        private long offset;

        Open(Sha256 sha, long total, String name, InputStream in) {
            this.sha = sha;
            this.total = total;
            this.name = name;
            this.in = in;
        }
    }

    /**
     * What came of packing.
     *
     * @param messages messages to publish, in order
     * @param taken digests that were taken out of the wanted ones, the unfinished one included
     * @param away content that was begun and is to be sent from its beginning when its source is back; null if the
     *     source is there
     */
    record Batch(List<ContentMessages.Packed> messages, List<Sha256> taken, Sha256 away) {}

    ContentPacker(Manifest manifest, BlobSource source) {
        this.manifest = manifest;
        this.source = source;
    }

    /** Whether some content is half sent. */
    boolean isOpen() {
        return open != null || again != null;
    }

    /**
     * Packs a batch.
     *
     * @param wanted what is asked for, in order
     */
    Batch pack(List<Sha256> wanted) {
        List<ContentMessages.Packed> messages = new ArrayList<>();
        List<Sha256> taken = new ArrayList<>();
        ContentMessages.Packer packer = new ContentMessages.Packer();
        Iterator<Sha256> rest = wanted.iterator();
        Sha256 away = null;
        source.expect(wanted.stream()
                .filter(manifest.blobs()::containsKey)
                .map(Sha256::toString)
                .toList());
        while (away == null && messages.size() < BATCH && (isOpen() || rest.hasNext())) {
            Sha256 sha = open != null ? open.sha : again != null ? again : rest.next();
            try {
                if (open == null) {
                    begin(sha, taken);
                }
                read(packer);
            } catch (BlobSource.AwayException e) {
                LOG.debug("Reading {}: it has to wait", sha, e);
                close();
                away = sha;
            } catch (IOException | RuntimeException e) {
                LOG.debug("Reading {}", sha, e);
                close();
                if (!readsAgain(sha)) {
                    messages.add(problem(sha, e));
                }
            }
            if (packer.room() == 0) {
                messages.add(packer.pack());
            }
        }
        if (!packer.isEmpty()) {
            messages.add(packer.pack());
        }
        return new Batch(messages, taken, away);
    }

    private void begin(Sha256 sha, List<Sha256> taken) throws IOException {
        if (again == null) {
            taken.add(sha);
            rereadsOfOne = 0;
        } else {
            again = null;
            LockSupport.parkNanos(PAUSE_NANOS); // for whoever is writing it
        }
        open = open(sha);
    }

    /**
     * Decides whether content is read once more that was not what it should be, or not there: what wrote the file may
     * have been in the middle of it. Not without end, however many files there are.
     */
    private boolean readsAgain(Sha256 sha) {
        if (rereadsOfOne == REREADS_OF_ONE || rereads == REREADS) {
            return false;
        }
        rereadsOfOne++;
        rereads++;
        again = sha;
        return true;
    }

    private Open open(Sha256 sha) throws IOException {
        if (sha.toString().equals(manifest.digest())) {
            byte[] text = manifest.text();
            return new Open(sha, text.length, "the manifest", new ByteArrayInputStream(text));
        }
        Manifest.Entry entry = manifest.blobs().get(sha);
        return new Open(sha, entry.size(), entry.path(), source.open(sha.toString()));
    }

    /**
     * Reads as much as there is room for. The last piece goes out only if the whole is what the manifest says. What was
     * added to a file since then (a log's lines, say) is no part of it.
     */
    private void read(ContentMessages.Packer packer) throws IOException {
        int length = (int) Math.min(packer.room(), open.total - open.offset);
        byte[] data = open.in.readNBytes(length);
        open.digest.update(data);
        boolean last = open.offset + length == open.total;
        boolean intact =
                data.length == length && (!last || Sha256.result(open.digest).equals(open.sha));
        if (!intact) {
            throw new IOException("it has changed");
        }
        packer.add(open.sha, open.total, open.offset, data, 0, length);
        open.offset += length;
        if (last) {
            close();
        }
    }

    private ContentMessages.Packed problem(Sha256 sha, Exception e) {
        Map<Sha256, Manifest.Entry> blobs = manifest.blobs();
        String name = blobs.containsKey(sha) ? blobs.get(sha).path() : "the manifest";
        String message =
                "The originator cannot send " + name + " (" + e.getMessage() + "): it changed after the run had"
                        + " begun. Leave the sources alone while a run is syncing, exclude files that are written meanwhile,"
                        + " and start the run again";
        return ContentMessages.problem(
                new ContentMessages.Problem(SyncException.Kind.FAILED, message, null, List.of(sha.toString())));
    }

    /** Lets go of the content that is half sent. */
    void close() {
        again = null;
        if (open != null) {
            try {
                open.in.close();
            } catch (IOException e) {
                // It was only read: nothing is lost.
                LOG.debug("Closing {}", open.name, e);
            }
            open = null;
        }
    }
}
