package io.jenkins.plugins.distributedtest.listener;

/** What a {@link RunShare} is doing; the names are shown to people. */
enum SharePhase {
    /** The sources are fetched, the opening callbacks run. */
    PREPARING,
    /** Slots take files. */
    READY,
    /** No more files are taken; what was begun comes to its end, by force or by itself. */
    CLOSING,
    /** Nothing is left of it. */
    GONE
}
