package io.jenkins.plugins.distributedtest.listener;

import io.jenkins.plugins.distributedtest.suite.FileResult;
import io.jenkins.plugins.distributedtest.suite.FileStatus;
import io.jenkins.plugins.distributedtest.suite.TestFile;
import java.util.List;

/** Results that the listener itself has to make up, there being no runner that could. */
final class Results {
    private Results() {}

    /** A file whose worker ended without a result. */
    static FileResult crashed(TestFile file, String message, String output) {
        return new FileResult(file, FileStatus.CRASHED, 0, List.of(), message, output, null, null, "");
    }

    /** A file that was stopped. */
    static FileResult cancelled(TestFile file) {
        return new FileResult(file, FileStatus.CANCELLED, 0, List.of(), "", "", null, null, "");
    }
}
