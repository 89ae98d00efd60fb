package io.jenkins.plugins.distributedtest.jenkins.step;

import io.jenkins.plugins.distributedtest.sync.BlobSource;
import io.jenkins.plugins.distributedtest.sync.Manifest;
import java.io.ByteArrayInputStream;
import java.io.FileNotFoundException;
import java.io.IOException;
import java.io.InputStream;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * Content that is read from a workspace on another machine, a bounded piece at a time: of large files
 * {@value #PIECE_BYTES} bytes; of small ones, so that each does not cost a round trip, as many as are expected next and
 * fit into {@value #BATCH_BYTES} bytes. Nothing is kept but what was fetched ahead.
 *
 * <p>On one thread at a time, as a {@link BlobSource} is used.
 */
final class RemoteBlobs implements BlobSource {
    /** The most bytes of one file in one answer. */
    static final int PIECE_BYTES = 1 << 20;
    /** The most bytes in one answer. */
    static final int BATCH_BYTES = 4 << 20;
    /** The most files in one answer. */
    static final int BATCH_FILES = 500;

    private final Manifest manifest;
    private final Reader reader;
    private final Deque<String> expected = new ArrayDeque<>();
    private final Map<String, byte[]> ahead = new LinkedHashMap<>();

    /** Reads from the workspace. */
    interface Reader {
        /**
         * Reads pieces of files.
         *
         * @param pieces what to read
         * @return the bytes of each piece, in the same order; null for one that cannot be read; shorter where a file
         *     ends before
         * @throws AwayException if the workspace's machine cannot be reached for now
         */
        List<byte[]> read(List<Piece> pieces) throws IOException;
    }

    /**
     * A piece of a file.
     *
     * @param path the file, relative to the workspace
     * @param offset where it begins
     * @param length how many bytes, at most
     */
    record Piece(String path, long offset, int length) {}

    RemoteBlobs(Manifest manifest, Reader reader) {
        this.manifest = manifest;
        this.reader = reader;
    }

    @Override
    public void expect(List<String> digests) {
        expected.clear();
        expected.addAll(digests);
        ahead.keySet().retainAll(new java.util.HashSet<>(digests));
    }

    @Override
    public InputStream open(String digest) throws IOException {
        String path = manifest.path(digest);
        if (path == null) {
            throw new FileNotFoundException("no file has the content " + digest);
        }
        long size = manifest.bytes(digest);
        if (size > PIECE_BYTES) {
            expected.remove(digest);
            return new Pieces(path, size);
        }
        if (!ahead.containsKey(digest)) {
            fetch(digest);
        }
        byte[] bytes = ahead.remove(digest);
        if (bytes == null) {
            throw new FileNotFoundException(path + " cannot be read");
        }
        return new ByteArrayInputStream(bytes);
    }

    /** Fetches a small file, and those that follow it. */
    private void fetch(String first) throws IOException {
        ahead.clear();
        expected.remove(first);
        List<String> digests = new ArrayList<>(List.of(first));
        long bytes = manifest.bytes(first);
        while (!expected.isEmpty() && digests.size() < BATCH_FILES) {
            long size = manifest.bytes(expected.peek());
            if (size >= 0 && size <= PIECE_BYTES) {
                if (bytes + size > BATCH_BYTES) {
                    break;
                }
                bytes += size;
                digests.add(expected.peek());
            }
            expected.remove();
        }
        List<byte[]> read = reader.read(digests.stream()
                // One byte more than there should be: a file that has grown is noticed.
                .map(each -> new Piece(manifest.path(each), 0, (int) manifest.bytes(each) + 1))
                .toList());
        if (read.size() != digests.size()) {
            throw new IOException("the agent has answered with " + read.size() + " files, not " + digests.size());
        }
        for (int i = 0; i < digests.size(); i++) {
            ahead.put(digests.get(i), checked(read.get(i), manifest.bytes(digests.get(i)) + 1));
        }
    }

    private static byte[] checked(byte[] bytes, long most) throws IOException {
        if (bytes != null && bytes.length > most) {
            throw new IOException("the agent has answered with more than it was asked for");
        }
        return bytes;
    }

    /** A large file. */
    private final class Pieces extends InputStream {
        private final String path;
        private final long size;
        private long offset;
        private byte[] piece = new byte[0];
        private int position;

        Pieces(String path, long size) {
            this.path = path;
            this.size = size;
        }

        private boolean fill() throws IOException {
            if (position < piece.length) {
                return true;
            }
            // Beyond the size one byte is asked for, so that a file that has grown is noticed.
            int length = (int) Math.min(PIECE_BYTES, Math.max(1, size - offset));
            List<byte[]> read = reader.read(List.of(new Piece(path, offset, length)));
            byte[] next = read.size() == 1 ? read.get(0) : null;
            if (next == null) {
                throw new FileNotFoundException(path + " cannot be read");
            }
            piece = checked(next, length);
            position = 0;
            offset += piece.length;
            return piece.length > 0;
        }

        @Override
        public int read() throws IOException {
            return fill() ? piece[position++] & 0xff : -1;
        }

        @Override
        public int read(byte[] to, int from, int length) throws IOException {
            if (length == 0) {
                return 0;
            }
            if (!fill()) {
                return -1;
            }
            int count = Math.min(length, piece.length - position);
            System.arraycopy(piece, position, to, from, count);
            position += count;
            return count;
        }
    }
}
