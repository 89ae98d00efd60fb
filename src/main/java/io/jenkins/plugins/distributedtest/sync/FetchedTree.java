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
 */
public record FetchedTree(String treeDigest, Path directory, double seconds, boolean owned) {}
