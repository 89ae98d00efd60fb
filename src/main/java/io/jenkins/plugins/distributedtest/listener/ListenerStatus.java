package io.jenkins.plugins.distributedtest.listener;

import java.time.Instant;
import java.util.List;

/**
 * What a listener is doing, for people.
 *
 * @param id its id
 * @param host its host
 * @param broker the broker's address, without the password
 * @param connectedSince since when it is connected to the broker; null if it is not
 * @param slots how many slots it has
 * @param busy how many of them run a file
 * @param filesRun how many files it has run since its start
 * @param runs the runs that it takes part in, in the order in which they came
 * @param lastProblem the last thing that went wrong; empty if nothing did
 */
public record ListenerStatus(
        String id,
        String host,
        String broker,
        Instant connectedSince,
        int slots,
        int busy,
        long filesRun,
        List<Run> runs,
        String lastProblem) {
    /**
     * One run.
     *
     * @param id its id
     * @param project name of the project; possibly empty
     * @param dialect {@code native} or {@code gorgon}
     * @param state {@code preparing}, {@code ready} or {@code closing}
     * @param filesRun how many of its files this listener has run
     * @param running what runs now
     */
    public record Run(String id, String project, String dialect, String state, long filesRun, List<String> running) {
        /** Copies the list. */
        public Run {
            running = List.copyOf(running);
        }
    }

    /** Copies the list. */
    public ListenerStatus {
        runs = List.copyOf(runs);
    }
}
