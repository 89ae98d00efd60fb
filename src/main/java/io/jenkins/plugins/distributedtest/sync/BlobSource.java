package io.jenkins.plugins.distributedtest.sync;

import java.io.FileNotFoundException;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;

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
            return Files.newInputStream(
                    directory.resolve(entry.path()), LinkOption.NOFOLLOW_LINKS);
        };
    }
}
