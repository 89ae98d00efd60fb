package io.jenkins.plugins.distributedtest.originator;

import io.jenkins.plugins.distributedtest.suite.Attempt;
import io.jenkins.plugins.distributedtest.suite.FileResult;
import io.jenkins.plugins.distributedtest.suite.FileStatus;
import io.jenkins.plugins.distributedtest.suite.WorkerId;
import java.util.List;

/** Tells all that is known of a file that has taken down as many workers as it may. */
final class CrashStory {
    private CrashStory() {}

    /**
     * The last result with the whole story as its message.
     *
     * @param last the result of the last attempt
     * @param worker who ran it
     * @param earlier the attempts before
     */
    static FileResult tell(FileResult last, WorkerId worker, List<Attempt> earlier) {
        StringBuilder story =
                new StringBuilder("Took down " + RunRules.CRASHES + " workers, so it is not tried again.");
        for (Attempt attempt : earlier) {
            FileStatus status = attempt.result().status();
            if (status == FileStatus.CRASHED || status == FileStatus.LOST) {
                add(story, attempt.result(), attempt.worker());
            }
        }
        add(story, last, worker);
        return FileResult.of(last.file(), FileStatus.CRASHED, last.seconds())
                .withCases(last.cases())
                .withMessage(story.toString())
                .withOutput(last.output())
                .withEnding(last.exitCode(), last.signal())
                .by(last.runner());
    }

    private static void add(StringBuilder story, FileResult result, WorkerId worker) {
        story.append("\n- ").append(worker).append(": ").append(ending(result));
        if (!result.message().isEmpty()) {
            story.append(": ").append(result.message());
        }
        if (!result.output().isEmpty()) {
            story.append("\n  last output:\n")
                    .append(tail(result.output()).indent(4).stripTrailing());
        }
    }

    private static String ending(FileResult result) {
        if (result.signal() != null) {
            return "ended by signal " + result.signal();
        }
        return result.exitCode() != null ? "ended with exit code " + result.exitCode() : "lost";
    }

    private static String tail(String output) {
        return output.length() <= 2000 ? output : "…" + output.substring(output.length() - 2000);
    }
}
