package io.jenkins.plugins.distributedtest.sync;

import io.jenkins.plugins.distributedtest.files.PlainFile;
import io.jenkins.plugins.distributedtest.files.Sha256;
import java.io.FileNotFoundException;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Path;
import java.util.List;

/** Where an originator's content comes from: a directory here, or one on another machine. */
public interface BlobSource {
    /**
     * Opens the content with a digest. It is checked against the digest while it is read, so a source need not do that.
     *
     * @param digest SHA-256 of a file of the manifest, in 64 hexadecimal digits
     * @return its bytes; closed by the caller
     * @throws IOException if it is not there (any more) or cannot be read
     */
    InputStream open(String digest) throws IOException;

    /**
     * Says what is likely to be opened next, in this order, so that a source far away can fetch several at once. On the
     * thread that opens.
     *
     * @param digests digests as {@link #open} takes them; not all of them need be opened
     */
    default void expect(List<String> digests) {}

    /** The source cannot be reached for now, but is likely to come back: what is asked for waits. */
    final class AwayException extends IOException {
        private static final long serialVersionUID = 1L;

        /**
         * @param message what is away
         * @param cause why, possibly null
         */
        public AwayException(String message, Throwable cause) {
            super(message, cause);
        }
    }

    /**
     * The files of a directory.
     *
     * @param directory the directory that the manifest was taken of
     * @param manifest the manifest
     */
    static BlobSource of(Path directory, Manifest manifest) {
        return digest -> {
            Manifest.Entry entry = manifest.blobs().get(Sha256.parse(digest));
            if (entry == null) {
                throw new FileNotFoundException("no file has the content " + digest);
            }
            InputStream in = PlainFile.read(directory.resolve(entry.path()));
            if (in == null) {
                throw new FileNotFoundException(entry.path() + " is no regular file any more");
            }
            return in;
        };
    }
}
