package io.jenkins.plugins.distributedtest.wire;

import java.util.List;
import java.util.Objects;

/**
 * How a listener gets the source tree of a run. Travels in the job definition.
 *
 * @param kind which of the four kinds
 * @param exclude patterns, in rsync's sense, of what is left out of the tree and its digest
 * @param treeDigest the digest of the originator's tree, which a listener's must equal; for {@code git} the commit;
 *     null only in Gorgon's dialect, which has none
 * @param source for {@code rsync} the source as rsync takes it ({@code rsync://host:port/module/path} or
 *     {@code host:path}), for {@code git} the URL to clone, for {@code none} the absolute path of the tree; for
 *     {@code content} null
 * @param ref for {@code git} the ref to fetch; null otherwise
 * @param transport for {@code rsync} {@code ssh} or {@code anonymous}; null otherwise
 * @param contentQueue for {@code content} the queue that takes requests; null otherwise
 * @param contentExchange for {@code content} the direct exchange that answers come through; null otherwise
 */
public record SyncSpec(
        Kind kind,
        List<String> exclude,
        String treeDigest,
        String source,
        String ref,
        String transport,
        String contentQueue,
        String contentExchange) {
    /** The kinds of sync. */
    public enum Kind {
        /** Content-addressed, through the broker. */
        CONTENT,
        /** rsync from a file server. */
        RSYNC,
        /** git clone or fetch. */
        GIT,
        /** The tree is there already. */
        NONE
    }

    /** Copies the excludes. */
    public SyncSpec {
        Objects.requireNonNull(kind, "kind");
        exclude = exclude == null ? List.of() : List.copyOf(exclude);
    }
}
