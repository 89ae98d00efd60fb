package io.jenkins.plugins.distributedtest.suite;

import java.util.Locale;

/** What came of one attempt at a test file. */
public enum FileStatus {
    /** Every case passed or was skipped. */
    PASSED,
    /** A case failed, or the file itself did (it does not load, it called exit). */
    FAILED,
    /** It ran longer than its timeout; its process tree was killed. */
    TIMED_OUT,
    /** The process that ran it ended without reporting an end. */
    CRASHED,
    /** The run was cancelled, or ended early by fail-fast, while the file ran; counts neither as passed nor failed. */
    CANCELLED,
    /**
     * Whoever ran it was lost meanwhile: the listener died, was killed or cut off. That tells nothing of the file, so it
     * counts neither as passed nor failed and is never the last word: the file runs again, or counts as crashed.
     */
    LOST;

    /** In words for people, such as {@code timed out}. */
    public String inWords() {
        return name().toLowerCase(Locale.ROOT).replace('_', ' ');
    }

    /** Whether a file with this status makes the run fail. */
    public boolean isBad() {
        return this == FAILED || this == TIMED_OUT || this == CRASHED;
    }
}
