package io.jenkins.plugins.distributedtest.jenkins.zuul;

import hudson.slaves.OfflineCause;

/** Why a node is offline: Zuul said {@code OFFLINE_NODE_WHEN_COMPLETE} of a build that ran there. */
public class OfflineForZuul extends OfflineCause {
    private final String build;

    OfflineForZuul(String build) {
        this.build = build;
    }

    /** For people. */
    @Override
    public String toString() {
        return "Taken offline for Zuul after " + build + " (OFFLINE_NODE_WHEN_COMPLETE)";
    }
}
