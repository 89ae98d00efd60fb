package io.jenkins.plugins.distributedtest.suite;

import java.util.Objects;

/**
 * One listener's share of a run.
 *
 * @param listener the listener's id
 * @param host its host
 * @param version its version, as it tells it
 * @param slots how many workers it offered
 * @param joinedOffset seconds from the start of the run until it was ready to run files (synced, callbacks run); NaN
 *     if it never was
 * @param leftOffset seconds from the start of the run until it left or was lost; NaN if it stayed to the end
 * @param syncSeconds how long the sources took to get there; 0 if unknown
 * @param problem why it did not take part or left early (a failed callback, a tree that differs, silence); empty if
 *     nothing went wrong
 * @param trouble what its part means for the run beyond the files' results
 */
public record ListenerReport(
        String listener,
        String host,
        String version,
        int slots,
        double joinedOffset,
        double leftOffset,
        double syncSeconds,
        String problem,
        Trouble trouble) {
    /** What one listener's part can mean for a run. */
    public enum Trouble {
        /** Nothing beyond what the files' results say. */
        NONE,
        /** It took no part because the sources did not arrive, or not as the originator has them. */
        NO_SOURCES,
        /** It took no part because what the project loads before its tests does not load there. */
        PROJECT,
        /** Test code failed there that runs after the last file: the run is not green. */
        CLOSING
    }

    /** Replaces null by what says nothing. */
    public ListenerReport {
        Objects.requireNonNull(listener, "listener");
        Objects.requireNonNull(host, "host");
        version = Objects.requireNonNullElse(version, "");
        problem = Objects.requireNonNullElse(problem, "");
        trouble = Objects.requireNonNullElse(trouble, Trouble.NONE);
    }

    /** A listener that got the sources, or did not come as far as that. */
    public ListenerReport(
            String listener,
            String host,
            String version,
            int slots,
            double joinedOffset,
            double leftOffset,
            double syncSeconds,
            String problem) {
        this(listener, host, version, slots, joinedOffset, leftOffset, syncSeconds, problem, Trouble.NONE);
    }
}
