package io.jenkins.plugins.distributedtest.collect;

import java.io.IOException;
import java.util.List;

/**
 * Where files that were brought back go: a directory here, or one on another machine. Content comes first, each once, then
 * files are made of it. On one thread at a time; each call may block for as long as a few megabytes take. It keeps nothing
 * between calls, so that it can be taken up after a restart. Each may throw a {@link
 * io.jenkins.plugins.distributedtest.sync.BlobSource.AwayException}: then what is brought has to wait.
 */
public interface CollectSink {
    /** For runs that bring nothing back. */
    CollectSink NONE = new CollectSink() {
        @Override
        public void begin() {}

        @Override
        public List<String> lacking(List<String> digests) {
            return digests;
        }

        @Override
        public boolean write(String digest, long offset, long total, byte[] data) throws IOException {
            throw new IOException("There is no place for collected files");
        }

        @Override
        public void place(String directory, List<CollectedFile> files) throws IOException {
            throw new IOException("There is no place for collected files");
        }

        @Override
        public void end() {}
    };

    /**
     * Removes what an earlier run has left.
     *
     * @throws IOException if the place cannot be used; the message says why, and the way out
     */
    void begin() throws IOException;

    /**
     * Which contents are not there yet.
     *
     * @param digests SHA-256 each, in hexadecimal digits
     * @return those of them that are to be sent
     */
    List<String> lacking(List<String> digests) throws IOException;

    /**
     * Takes a piece of a content.
     *
     * @param digest the content's
     * @param offset where the piece begins; what is there already from there on is replaced
     * @param total the length of the whole, in bytes
     * @param data the piece
     * @return false if this was the last piece, and the whole is not what its digest says: it is dropped then
     */
    boolean write(String digest, long offset, long total, byte[] data) throws IOException;

    /**
     * Makes files of contents that are there.
     *
     * @param directory where, relative to the place; made when missing
     * @param files the files, relative to that directory
     */
    void place(String directory, List<CollectedFile> files) throws IOException;

    /** Removes what only the run itself needed. */
    void end() throws IOException;
}
