package io.jenkins.plugins.distributedtest.listener;

import java.nio.file.Path;
import java.time.Duration;

/**
 * What a listener is set to.
 *
 * @param cluster the cluster it belongs to; null for the one without a name
 * @param slots how many files it runs at once, over all runs
 * @param workDirectory where workspaces, the content store and kept trees are; made when missing
 * @param keepWorkspaces whether workspaces stay after their job, for looking into
 * @param callbackTimeout after how long a callback is killed and counts as failed
 * @param syncTimeout after how long a sync is given up
 */
public record ListenerSettings(
        String cluster,
        int slots,
        Path workDirectory,
        boolean keepWorkspaces,
        Duration callbackTimeout,
        Duration syncTimeout) {}
