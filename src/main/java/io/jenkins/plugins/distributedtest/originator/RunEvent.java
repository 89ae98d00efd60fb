package io.jenkins.plugins.distributedtest.originator;

import io.jenkins.plugins.distributedtest.suite.Attempt;
import io.jenkins.plugins.distributedtest.suite.RunReport;
import io.jenkins.plugins.distributedtest.suite.TestFile;
import io.jenkins.plugins.distributedtest.suite.WorkerId;
import io.jenkins.plugins.distributedtest.wire.NativeMessage;

/** Something that happened in a run; {@link #offset()} says when, in seconds from the start of the run. */
public sealed interface RunEvent {
    /** Seconds from the start of the run. */
    double offset();

    /**
     * The files are in the queue and listeners have been invited.
     *
     * @param offset seconds from the start of the run
     * @param files how many files were published
     */
    record Published(double offset, int files) implements RunEvent {}

    /**
     * No listener takes part (yet, or any more).
     *
     * @param offset seconds from the start of the run
     * @param secondsLeft seconds until the run ends with an error
     */
    record WaitingForListeners(double offset, double secondsLeft) implements RunEvent {}

    /**
     * A listener takes part and is syncing.
     *
     * @param offset seconds from the start of the run
     * @param listener its id
     * @param host its host
     * @param version its version; empty if unknown
     * @param slots how many workers it offers; 0 if unknown
     */
    record ListenerPreparing(double offset, String listener, String host, String version, int slots)
            implements RunEvent {}

    /**
     * A listener takes files.
     *
     * @param offset seconds from the start of the run
     * @param listener its id
     * @param host its host
     * @param syncSeconds how long its sync took; 0 if unknown
     */
    record ListenerReady(double offset, String listener, String host, double syncSeconds) implements RunEvent {}

    /**
     * The run has all its results, and a listener is alive but not done with it: what tests do at the end of their
     * process, or a closing callback, takes its time.
     *
     * @param offset seconds from the start of the run
     * @param listener its id
     * @param host its host
     */
    record ListenerEnding(double offset, String listener, String host) implements RunEvent {}

    /**
     * A listener takes no further part.
     *
     * @param offset seconds from the start of the run
     * @param listener its id
     * @param host its host
     * @param reason why, as the listener said it; null if it was lost without a word
     * @param problem what went wrong; empty if nothing did
     * @param output output of the command that failed; empty if there is none
     */
    record ListenerLeft(
            double offset,
            String listener,
            String host,
            NativeMessage.Left.Reason reason,
            String problem,
            String output)
            implements RunEvent {}

    /**
     * A worker has begun a file.
     *
     * @param offset seconds from the start of the run
     * @param file the file
     * @param worker the worker
     * @param lease the lease
     */
    record FileStarted(double offset, TestFile file, WorkerId worker, int lease) implements RunEvent {}

    /**
     * An attempt at a file has ended and counts.
     *
     * @param offset seconds from the start of the run
     * @param attempt the attempt
     * @param isFinal whether it decides; otherwise {@link FileRetried} follows
     */
    record FileFinished(double offset, Attempt attempt, boolean isFinal) implements RunEvent {
        /** The file. */
        public TestFile file() {
            return attempt.result().file();
        }
    }

    /**
     * A file is published again after an attempt that was bad.
     *
     * @param offset seconds from the start of the run
     * @param file the file
     * @param lease its new lease
     * @param reason why, for people
     */
    record FileRetried(double offset, TestFile file, int lease, String reason) implements RunEvent {}

    /**
     * A worker has lost a file that it was running. Unless the file has become final by that, it is published again.
     *
     * @param offset seconds from the start of the run
     * @param file the file
     * @param worker the worker that had it
     * @param lease the lease that has ended
     * @param reason why, for people
     */
    record LeaseLost(double offset, TestFile file, WorkerId worker, int lease, String reason) implements RunEvent {}

    /**
     * A message under a lease that is no longer (or never was) the sender's was refused.
     *
     * @param offset seconds from the start of the run
     * @param file the path as the message has it
     * @param worker the sender
     * @param lease the lease as the message has it
     * @param what {@code start} or {@code finish}
     */
    record StaleRefused(double offset, String file, WorkerId worker, int lease, String what) implements RunEvent {}

    /**
     * A message could not be understood and was dropped.
     *
     * @param offset seconds from the start of the run
     * @param problem what was wrong with it
     */
    record MessageDropped(double offset, String problem) implements RunEvent {}

    /**
     * The broker cannot be reached (any more); it is tried again.
     *
     * @param offset seconds from the start of the run
     * @param reason why, without a password
     */
    record ConnectionLost(double offset, String reason) implements RunEvent {}

    /**
     * The broker is reached again.
     *
     * @param offset seconds from the start of the run
     * @param republished how many files were published again
     */
    record ConnectionRestored(double offset, int republished) implements RunEvent {}

    /**
     * The run has ended and everything of it on the broker is gone. The last event.
     *
     * @param offset seconds from the start of the run
     * @param report the report
     */
    record Ended(double offset, RunReport report) implements RunEvent {}
}
