package io.jenkins.plugins.distributedtest.listener;

import io.jenkins.plugins.distributedtest.sync.SshOptions;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Objects;

/**
 * What a listener is set to.
 *
 * @param cluster the cluster it belongs to; null for the one without a name
 * @param slots how many files it runs at once, over all runs
 * @param workDirectory where workspaces, the content store and kept trees are; made when missing
 * @param keepWorkspaces whether workspaces stay after their job, for looking into
 * @param callbackTimeout after how long a callback is killed and counts as failed
 * @param syncTimeout after how long a sync is given up
 * @param ssh for sync kind rsync through ssh how to get through
 * @param gitProtocols for sync kind git the protocols that a URL may use; null for those that reach another host
 * @param treePerSlot whether each slot has a tree of its own, whatever a run says
 * @param keptTrees how many trees of runs that are over are kept for the next run of their project; 0 for none
 */
public record ListenerSettings(
        String cluster,
        int slots,
        Path workDirectory,
        boolean keepWorkspaces,
        Duration callbackTimeout,
        Duration syncTimeout,
        SshOptions ssh,
        List<String> gitProtocols,
        boolean treePerSlot,
        int keptTrees) {
    /** How many trees are kept if nothing else is said. */
    public static final int DEFAULT_KEPT_TREES = 2;

    /** With one tree for all slots. */
    public ListenerSettings(
            String cluster,
            int slots,
            Path workDirectory,
            boolean keepWorkspaces,
            Duration callbackTimeout,
            Duration syncTimeout,
            SshOptions ssh,
            List<String> gitProtocols) {
        this(
                cluster,
                slots,
                workDirectory,
                keepWorkspaces,
                callbackTimeout,
                syncTimeout,
                ssh,
                gitProtocols,
                false,
                DEFAULT_KEPT_TREES);
    }

    /** Checks what must be there, copies the list. */
    public ListenerSettings {
        Objects.requireNonNull(ssh, "ssh");
        gitProtocols = gitProtocols == null ? null : List.copyOf(gitProtocols);
        if (keptTrees < 0) {
            throw new IllegalArgumentException("A listener cannot keep " + keptTrees + " trees");
        }
    }

    /** The same with so many slots. */
    public ListenerSettings withSlots(int count) {
        return with(cluster, count, keptTrees);
    }

    /** The same that keeps so many trees. */
    public ListenerSettings withKeptTrees(int count) {
        return with(cluster, slots, count);
    }

    /** The same in another cluster; null for the one without a name. */
    public ListenerSettings in(String other) {
        return with(other, slots, keptTrees);
    }

    private ListenerSettings with(String newCluster, int newSlots, int newKeptTrees) {
        return new ListenerSettings(
                newCluster,
                newSlots,
                workDirectory,
                keepWorkspaces,
                callbackTimeout,
                syncTimeout,
                ssh,
                gitProtocols,
                treePerSlot,
                newKeptTrees);
    }
}
