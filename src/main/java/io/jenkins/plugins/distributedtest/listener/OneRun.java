package io.jenkins.plugins.distributedtest.listener;

import io.jenkins.plugins.distributedtest.wire.RunKey;
import io.jenkins.plugins.distributedtest.wire.WireException;
import java.nio.file.Path;
import java.util.Objects;

/**
 * What makes a listener serve one run and no other: it takes part in that run only, and answers no ping, since nobody
 * else can count on it.
 *
 * @param runId the run
 * @param listenerId the listener's id, by which whoever started it knows it among the run's listeners; different for each
 * @param key opens the run's secret variables; null if it has none
 * @param tree a directory that has the run's sources already, which are then not fetched; null for none. Whoever starts
 *     the listener answers for it
 */
public record OneRun(String runId, String listenerId, RunKey key, Path tree) {
    /** Which fetches the run's sources, and knows no secrets. */
    public OneRun(String runId, String listenerId) {
        this(runId, listenerId, null, null);
    }

    /**
     * For a run whose key is known as text.
     *
     * @param keyText as {@link RunKey#toSecretText} has it; null for none
     * @throws IllegalArgumentException if that is no key; does not quote it
     */
    public static OneRun of(String runId, String listenerId, String keyText, Path tree) {
        try {
            return new OneRun(runId, listenerId, keyText == null ? null : RunKey.parse(keyText), tree);
        } catch (WireException e) {
            throw new IllegalArgumentException(e.getMessage(), e);
        }
    }

    /** Checks that run and listener are there. */
    public OneRun {
        Objects.requireNonNull(runId, "runId");
        Objects.requireNonNull(listenerId, "listenerId");
    }
}
