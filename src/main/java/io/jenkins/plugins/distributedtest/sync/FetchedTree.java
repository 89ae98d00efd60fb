package io.jenkins.plugins.distributedtest.sync;

import java.nio.file.Path;

/**
 * A source tree that a listener has got.
 *
 * @param treeDigest digest of the tree ({@link Manifest#digest()}); for {@code git} the commit
 * @param directory where the tree is: the workspace, or for kind {@code none} the tree that was there already
 * @param seconds how long it took
 * @param owned whether the directory belongs to the job and goes with it; false for kind {@code none}, whose directory
 *     must never be deleted
 * @param laidOut what was laid out, for a later job to go on from; null if none can
 */
public record FetchedTree(String treeDigest, Path directory, double seconds, boolean owned, LaidOutTree laidOut) {
    /** From which no later job can go on. */
    public FetchedTree(String treeDigest, Path directory, double seconds, boolean owned) {
        this(treeDigest, directory, seconds, owned, null);
    }
}
