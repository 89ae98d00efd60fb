package io.jenkins.plugins.distributedtest.runner;

import io.jenkins.plugins.distributedtest.suite.FileResult;
import io.jenkins.plugins.distributedtest.suite.FileStatus;
import java.util.Locale;

/** What people are told of a file, or of the process that ran it, that did not end as it should. */
final class Told {
    private Told() {}

    /** A file took too long. */
    static String timedOut(double seconds) {
        return String.format(Locale.ROOT, "It was stopped after %.1f s, its timeout.", seconds);
    }

    /** A file whose own process has ended: what failed there is the file's. */
    static FileResult withProblem(FileResult result, String problem) {
        if (problem.isEmpty()) {
            return result;
        }
        FileResult failed = result.status() == FileStatus.PASSED ? result.as(FileStatus.FAILED) : result;
        return failed.withMessage((result.message() + "\n\n" + problem).strip());
    }

    /** A runner did not keep to the control protocol. */
    static String broken(String how) {
        return "The runner broke the control protocol, so it was stopped: " + how;
    }

    /** A file printed too much, in bytes. */
    static String printedMoreThan(long bytes) {
        return "It was stopped since it printed more than " + (bytes >> 20) + " MiB.";
    }

    /** A file failed; with a text even where its runner gave none and no case of it is bad. */
    static String failed(String message, boolean badCase) {
        return message.isEmpty() && !badCase ? "The runner reported the file as failed without saying why." : message;
    }

    /**
     * Test code ended its process.
     *
     * @param code the exit code; null if it is not known
     * @param more what its runner says of it; possibly empty
     */
    static String exited(Integer code, String more) {
        String called = "It called exit(" + (code == null ? "" : code) + ") and so ended the runner's process.";
        return more.isEmpty() ? called : called + "\n" + more;
    }

    /** How a process ended that ran no file at the time; empty if it ended well. */
    static String betweenFiles(ChildHandle.Exit exit) {
        return exit.isBad() ? "Between two files their process ended: " + exit.told() + ".\n\n" : "";
    }
}
