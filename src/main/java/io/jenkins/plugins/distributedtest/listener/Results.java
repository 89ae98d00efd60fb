package io.jenkins.plugins.distributedtest.listener;

import io.jenkins.plugins.distributedtest.suite.FileResult;
import io.jenkins.plugins.distributedtest.suite.FileStatus;
import io.jenkins.plugins.distributedtest.suite.TestFile;

/** Results that the listener itself has to make up, there being no runner that could. */
final class Results {
    private Results() {}

    /** A file whose worker ended without a result. */
    static FileResult crashed(TestFile file, String message, String output) {
        return FileResult.of(file, FileStatus.CRASHED, 0).withMessage(message).withOutput(output);
    }

    /** A file that was stopped. */
    static FileResult cancelled(TestFile file) {
        return FileResult.of(file, FileStatus.CANCELLED, 0);
    }
}
