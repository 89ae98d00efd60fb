package io.jenkins.plugins.distributedtest.suite;

/** How a run ended. */
public enum RunEnd {
    /** It has not ended: the report is a live one. */
    RUNNING,
    /** Every file has its result. */
    COMPLETED,
    /** Stopped early because as many files failed as fail-fast allows. */
    FAILED_FAST,
    /** Somebody cancelled it. */
    CANCELLED,
    /** Something other than a test went wrong: no listener, the run's timeout, every listener dropped out. */
    ERROR
}
