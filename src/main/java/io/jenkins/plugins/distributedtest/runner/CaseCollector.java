package io.jenkins.plugins.distributedtest.runner;

import io.jenkins.plugins.distributedtest.process.BoundedText;
import io.jenkins.plugins.distributedtest.suite.Failure;
import io.jenkins.plugins.distributedtest.suite.TestCase;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;

/**
 * Collects the cases of one file within bounds, since the result has to fit into one message: long texts are cut,
 * harder once there are many, and a file with more cases than fit is at fault, said so, never cut short silently.
 */
final class CaseCollector {
    /** More cases than this in one file are refused. */
    static final int MAX_CASES = 100_000;

    /** What the texts of all cases may come to, in bytes. */
    private static final int MAX_BYTES = 10 << 20;

    /** Beyond this, in bytes, only short texts are kept of each case. */
    private static final int TIGHT_BYTES = 4 << 20;

    /** What the keys of a case take in a message, in bytes. */
    private static final int OVERHEAD = 150;

    private static final int MAX_TEXT = 64 << 10;
    private static final int TIGHT_TEXT = 1000;
    private static final int MAX_NAME = 2000;

    private final List<TestCase> cases = new ArrayList<>();
    private int bytes;
    private boolean bad;

    /**
     * Adds a case.
     *
     * @return what is wrong when it does not fit; null when it was added
     */
    String add(TestCase testCase) {
        TestCase cut = cut(testCase, bytes > TIGHT_BYTES ? TIGHT_TEXT : MAX_TEXT);
        int size = size(cut);
        if (cases.size() >= MAX_CASES || bytes + size > MAX_BYTES) {
            return "The file reports more cases than one result can hold (" + cases.size() + " cases of " + bytes
                    + " bytes so far); split it.";
        }
        bytes += size;
        bad |= cut.status().isBad();
        cases.add(cut);
        return null;
    }

    private static TestCase cut(TestCase c, int limit) {
        Failure f = c.failure();
        Failure failure = f == null
                ? null
                : new Failure(
                        BoundedText.cut(f.message(), limit),
                        BoundedText.cut(f.type(), MAX_NAME),
                        BoundedText.cut(f.trace(), limit));
        return new TestCase(
                BoundedText.cut(c.name(), MAX_NAME),
                BoundedText.cut(c.className(), MAX_NAME),
                c.seconds(),
                c.status(),
                failure,
                BoundedText.cut(c.output(), limit),
                c.line());
    }

    private static int size(TestCase c) {
        int texts = length(c.name()) + length(c.className()) + length(c.output());
        Failure f = c.failure();
        return OVERHEAD + texts + (f == null ? 0 : length(f.message()) + length(f.type()) + length(f.trace()));
    }

    /** Control characters take six bytes in JSON. */
    private static int length(String text) {
        int controls = (int) text.chars().filter(c -> c < ' ').count();
        return text.getBytes(StandardCharsets.UTF_8).length + 5 * controls;
    }

    /** The cases so far. */
    List<TestCase> cases() {
        return cases;
    }

    /** Whether a case did not pass. */
    boolean isBad() {
        return bad;
    }
}
