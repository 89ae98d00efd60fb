package io.jenkins.plugins.distributedtest.listener;

import java.nio.file.Path;
import java.util.Objects;

/**
 * What makes a listener serve one run and no other: it takes part in that run only, and answers no ping, since nobody
 * else can count on it.
 *
 * @param runId the run
 * @param listenerId the listener's id, by which whoever started it knows it among the run's listeners; different for each
 * @param tree a directory that has the run's sources already, which are then not fetched; null for none. Whoever starts
 *     the listener answers for it
 */
public record OneRun(String runId, String listenerId, Path tree) {
    /** Which fetches the run's sources. */
    public OneRun(String runId, String listenerId) {
        this(runId, listenerId, null);
    }

    /** Checks that both are there. */
    public OneRun {
        Objects.requireNonNull(runId, "runId");
        Objects.requireNonNull(listenerId, "listenerId");
    }
}
