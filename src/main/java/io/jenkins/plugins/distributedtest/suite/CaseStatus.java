package io.jenkins.plugins.distributedtest.suite;

/** What came of one test case. */
public enum CaseStatus {
    /** It ran and held. */
    PASSED,
    /** An assertion did not hold. */
    FAILED,
    /** Something other than an assertion went wrong: an unexpected exception, a fixture, a file that does not load. */
    ERROR,
    /** The framework left it out (skipped, pending, disabled, an assumption that did not hold). */
    SKIPPED;

    /** Whether a case with this status makes its file fail. */
    public boolean isBad() {
        return this == FAILED || this == ERROR;
    }
}
