package io.jenkins.plugins.distributedtest.originator;

import io.jenkins.plugins.distributedtest.suite.FileResult;
import io.jenkins.plugins.distributedtest.suite.TestCase;
import java.util.List;

/** Makes what came over the wire fit for reports: no listener, however wrong, can make a run's numbers nonsense. */
final class Received {
    /** Longer texts lose their middle; listeners of ours send less. In characters. */
    static final int MAX_TEXT = 2 << 20;
    /** More cases of one file are left out. */
    static final int MAX_CASES = 100_000;

    private static final int MAX_NAME = 200;

    private Received() {}

    /**
     * The result with times that can be, and texts of a bounded length.
     *
     * @param longest how long an attempt can have taken, in seconds
     */
    static FileResult checked(FileResult result, double longest) {
        List<TestCase> cases = checked(result.cases(), longest);
        return FileResult.of(result.file(), result.status(), seconds(result.seconds(), longest))
                .withCases(cases)
                .withMessage(cut(result.message(), MAX_TEXT))
                .withOutput(cut(result.output(), MAX_TEXT))
                .withEnding(result.exitCode(), result.signal() == null ? null : cut(result.signal(), MAX_NAME))
                .by(cut(result.runner(), MAX_NAME))
                .withSeed(result.seed());
    }

    /** Cases with times that can be, and no more of them than fit into a message of ours. */
    static List<TestCase> checked(List<TestCase> cases, double longest) {
        return cases.stream()
                .limit(MAX_CASES)
                .map(each -> checked(each, longest))
                .toList();
    }

    private static TestCase checked(TestCase test, double longest) {
        double seconds = seconds(test.seconds(), longest);
        if (seconds == test.seconds() && test.line() >= 0) {
            return test;
        }
        return new TestCase(
                test.name(),
                test.className(),
                seconds,
                test.status(),
                test.failure(),
                test.output(),
                Math.max(0, test.line()));
    }

    private static double seconds(double told, double longest) {
        return Double.isNaN(told) ? 0 : Math.max(0, Math.min(longest, told));
    }

    /** A text of at most about so many characters, its middle left out. */
    static String cut(String text, int length) {
        return text.length() <= length
                ? text
                : text.substring(0, length / 2) + "\n… cut …\n" + text.substring(text.length() - length / 2);
    }
}
