package io.jenkins.plugins.distributedtest.listener;

import java.util.Objects;

/**
 * What makes a listener serve one run and no other: it takes part in that run only, and answers no ping, since nobody
 * else can count on it.
 *
 * @param runId the run
 * @param listenerId the listener's id, by which whoever started it knows it among the run's listeners; different for each
 */
public record OneRun(String runId, String listenerId) {
    /** Checks that both are there. */
    public OneRun {
        Objects.requireNonNull(runId, "runId");
        Objects.requireNonNull(listenerId, "listenerId");
    }
}
