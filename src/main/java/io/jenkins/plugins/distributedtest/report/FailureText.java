package io.jenkins.plugins.distributedtest.report;

import static io.jenkins.plugins.distributedtest.report.Problems.seconds;

import io.jenkins.plugins.distributedtest.report.Terminal.Tone;
import io.jenkins.plugins.distributedtest.suite.Attempt;
import io.jenkins.plugins.distributedtest.suite.Failure;
import io.jenkins.plugins.distributedtest.suite.FileResult;
import io.jenkins.plugins.distributedtest.suite.FileStatus;
import io.jenkins.plugins.distributedtest.suite.TestCase;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** A bad attempt as text for people. */
final class FailureText {
    /** {@code java.lang.AssertionError: }, {@code RuntimeError: }, {@code AssertionError [ERR_ASSERTION]: }. */
    private static final Pattern ERROR_CLASS = Pattern.compile("[\\w.$:]+(?: \\[\\w+])?:\\s+");

    private static final int TRACE_LINES = 12;
    private static final int OUTPUT_LINES = 30;
    private static final int MESSAGE_LINES = 60;

    private final Terminal terminal;
    private final RerunCommand rerun;

    /**
     * @param terminal width and colors
     * @param rerun the command that runs certain files again
     */
    FailureText(Terminal terminal, RerunCommand rerun) {
        this.terminal = terminal;
        this.rerun = rerun;
    }

    /**
     * A bad attempt as it comes: file, worker and host, each bad case with message and trace, the file's own problem
     * with its output, and the command that runs just this file again.
     *
     * @param attempt the attempt
     * @param retried whether the file is tried again
     * @return the text; empty if the attempt is not bad
     */
    String of(Attempt attempt, boolean retried) {
        FileResult result = attempt.result();
        if (!result.status().isBad()) {
            return "";
        }
        Lines lines = new Lines(terminal);
        String word = result.status().name().replace('_', ' ');
        lines.add(terminal.paint(retried ? Tone.WARN : Tone.BAD, terminal.paint(Tone.STRONG, word))
                + "  " + terminal.paint(Tone.STRONG, result.file().path())
                + (retried ? "  (will be tried again)" : ""));
        lines.add("  on " + attempt.worker() + " (" + runner(result) + seconds(result.seconds()) + ")");
        int number = 0;
        for (TestCase test : result.cases()) {
            if (test.status().isBad()) {
                badCase(lines, ++number, test);
            }
        }
        boolean explained = number > 0 && result.message().isEmpty() && result.status() == FileStatus.FAILED;
        if (!explained) {
            lines.block("  ", Tone.BAD, Problems.of(result), MESSAGE_LINES, false);
            if (!result.output().isBlank()) {
                lines.add(terminal.paint(Tone.DIM, "  output:"));
                lines.block("    ", null, result.output(), OUTPUT_LINES, true);
            }
        }
        if (result.seed() != null) {
            lines.add("  Its tests ran in an order by chance, seed " + result.seed());
        }
        lines.add(terminal.paint(Tone.DIM, "  run it again: ") + rerun.of(result.file(), result.seed()));
        return lines.toString();
    }

    private static String runner(FileResult result) {
        return result.runner().isEmpty() ? "" : result.runner() + ", ";
    }

    private void badCase(Lines lines, int number, TestCase test) {
        String at = test.line() > 0 ? terminal.paint(Tone.DIM, " (line " + test.line() + ")") : "";
        String name = test.className().isEmpty() || test.name().startsWith(test.className())
                ? test.name()
                : test.className() + " " + test.name();
        lines.add("  " + number + ") " + Terminal.harmless(name).replace('\n', ' ') + at);
        Failure failure = test.failure();
        if (failure == null) {
            return;
        }
        lines.block("     ", Tone.BAD, failure.message(), MESSAGE_LINES, false);
        lines.block("       ", Tone.DIM, withoutMessage(failure), TRACE_LINES, false);
    }

    /** The trace. Many frameworks begin it with the message, some after the class of the error: once is enough. */
    private static String withoutMessage(Failure failure) {
        String trace = failure.trace();
        String message = failure.message().strip();
        if (message.isEmpty()) {
            return trace;
        }
        Matcher head = ERROR_CLASS.matcher(trace);
        int at = trace.startsWith(message)
                ? 0
                : head.lookingAt() && trace.startsWith(message, head.end()) ? head.end() : -1;
        if (at < 0) {
            return trace;
        }
        String rest = trace.substring(at + message.length());
        return rest.isEmpty() || rest.startsWith("\n") || rest.startsWith(" (") ? rest : trace;
    }
}
