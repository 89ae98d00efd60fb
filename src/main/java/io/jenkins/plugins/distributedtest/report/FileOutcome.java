package io.jenkins.plugins.distributedtest.report;

import io.jenkins.plugins.distributedtest.suite.FileReport;
import io.jenkins.plugins.distributedtest.suite.FileStatus;
import java.util.Locale;

/** What came of a file in all its attempts together. */
public enum FileOutcome {
    /** Its last attempt passed, and no attempt before was bad. */
    PASSED,
    /** It passed on a retry. */
    FLAKY,
    /** It passed without a single test. */
    NO_TESTS,
    /** Its last attempt failed. */
    FAILED,
    /** Its last attempt ran longer than allowed. */
    TIMED_OUT,
    /** Its last attempt took its worker down. */
    CRASHED,
    /** It has no result: never started, still running, or cancelled. */
    UNFINISHED;

    /** The outcome of a file. */
    public static FileOutcome of(FileReport file) {
        if (!file.isFinished()) {
            return UNFINISHED;
        }
        if (file.isPassed()) {
            return file.isFlaky() ? FLAKY : file.hasNoTests() ? NO_TESTS : PASSED;
        }
        FileStatus status = file.last().result().status();
        return status == FileStatus.TIMED_OUT ? TIMED_OUT : status == FileStatus.CRASHED ? CRASHED : FAILED;
    }

    /** The word for people, such as {@code timed out}. */
    public String word() {
        return name().toLowerCase(Locale.ROOT).replace('_', ' ');
    }
}
