package io.jenkins.plugins.distributedtest.runner;

import io.jenkins.plugins.distributedtest.process.BoundedText;
import io.jenkins.plugins.distributedtest.suite.CaseStatus;
import io.jenkins.plugins.distributedtest.suite.Failure;
import io.jenkins.plugins.distributedtest.suite.TestCase;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;

/**
 * Collects the cases of one file within bounds. Whenever there are many they are handed on to a {@link CaseSink}, if that
 * takes them; what it does not take has to fit into the one message that tells of the file's end. So long texts are cut,
 * harder once there are many, and of cases beyond the bound only the number is kept, by status, as one more case that
 * says so. The bound never decides about the file: whether a case was bad is known of all.
 */
final class CaseCollector {
    /** Of more cases than this that nobody takes only the number is kept. */
    static final int MAX_CASES = 100_000;

    /** The same of all cases of a file, whether they are taken or not. */
    static final int MAX_TAKEN = 1_000_000;

    /** What the texts of the cases that nobody takes may come to, in bytes. */
    private static final int MAX_BYTES = 10 << 20;

    /** What the texts of all cases of a file may come to, in bytes. */
    private static final long MAX_TAKEN_BYTES = 256 << 20;

    /** So many bytes are handed on together. */
    static final int PART_BYTES = 1 << 20;

    /** Beyond this, in bytes, only short texts are kept of each case. */
    private static final int TIGHT_BYTES = 4 << 20;

    /** What the keys of a case take in a message, in bytes. */
    private static final int OVERHEAD = 150;

    private static final int MAX_TEXT = 64 << 10;
    private static final int TIGHT_TEXT = 1000;
    private static final int MAX_NAME = 2000;

    /** What bad cases may come to beyond that, in bytes. */
    private static final int MORE_BYTES = 1 << 20;

    private final CaseSink sink;
    private final List<TestCase> cases = new ArrayList<>();
    private final Map<CaseStatus, Integer> leftOut = new EnumMap<>(CaseStatus.class);
    private String className = "";
    private double leftOutSeconds;
    private int bytes;
    private int taken;
    private long takenBytes;
    private boolean bad;

    /** @param sink is offered the cases when there are many */
    CaseCollector(CaseSink sink) {
        this.sink = sink;
    }

    /** Adds a case. */
    void add(TestCase testCase) {
        TestCase cut = cut(testCase, takenBytes + bytes > TIGHT_BYTES ? TIGHT_TEXT : MAX_TEXT);
        int size = size(cut);
        bad |= cut.status().isBad();
        int more = cut.status().isBad() ? MORE_BYTES : 0;
        if (cases.size() >= MAX_CASES
                || bytes + size > MAX_BYTES + more
                || taken + cases.size() >= MAX_TAKEN
                || takenBytes + bytes + size > MAX_TAKEN_BYTES + more) {
            leftOut.merge(cut.status(), 1, Integer::sum);
            leftOutSeconds += cut.seconds();
            className = cut.className();
            return;
        }
        bytes += size;
        cases.add(cut);
        if (bytes >= PART_BYTES && sink.offer(List.copyOf(cases))) {
            taken += cases.size();
            takenBytes += bytes;
            cases.clear();
            bytes = 0;
        }
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

    /** The cases so far that were not taken; those that were left out as one case for each status. */
    List<TestCase> cases() {
        if (leftOut.isEmpty()) {
            return cases;
        }
        List<TestCase> all = new ArrayList<>(cases);
        leftOut.forEach((status, number) -> all.add(summary(status, number)));
        return all;
    }

    private TestCase summary(CaseStatus status, int number) {
        String name = "(" + number + " further tests: " + status.name().toLowerCase(Locale.ROOT)
                + "; the result of one file lists no more)";
        Failure failure = status.isBad() ? new Failure(name, "", "") : null;
        return new TestCase(name, className, leftOutSeconds, status, failure, "", 0);
    }

    /** Whether a case did not pass. */
    boolean isBad() {
        return bad;
    }
}
