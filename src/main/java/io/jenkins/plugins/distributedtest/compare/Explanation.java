package io.jenkins.plugins.distributedtest.compare;

/**
 * What explains a difference.
 *
 * @param cause the kind of cause
 * @param with the file, directory or command that it has to do with; empty if there is none
 * @param text in words
 */
public record Explanation(Cause cause, String with, String text) {
    /** Kinds of causes. */
    public enum Cause {
        /** It depends on what another file left in the process. */
        SHARES_STATE,
        /** It does not bear what another file does at the same time. */
        SAME_TIME,
        /** It depends on the directory that it runs in. */
        WORKING_DIRECTORY,
        /** Its file is not in the suite. */
        NOT_FOUND,
        /** The project's own command does not run its file. */
        NOT_RUN,
        /** It is not the same each time. */
        UNSTEADY,
        /** None of these. */
        UNKNOWN
    }
}
