package io.jenkins.plugins.distributedtest.originator;

import io.jenkins.plugins.distributedtest.suite.RunReport;
import io.jenkins.plugins.distributedtest.sync.SyncException;

/** A run has not begun because its sources could not be offered to listeners. */
public final class SyncFailedException extends Exception {
    private static final long serialVersionUID = 1L;

    private final transient RunReport report;
    private final String output;

    SyncFailedException(SyncException cause, RunReport report) {
        super(cause.getMessage(), cause);
        this.report = report;
        this.output = cause.output();
    }

    /** The report of the run: ended in an error, every file without a result. */
    public RunReport report() {
        return report;
    }

    /** Output of the command that failed; empty if there is none. */
    public String output() {
        return output;
    }
}
