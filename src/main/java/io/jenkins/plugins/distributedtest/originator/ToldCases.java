package io.jenkins.plugins.distributedtest.originator;

import io.jenkins.plugins.distributedtest.suite.TestCase;
import java.util.ArrayList;
import java.util.List;

/**
 * The cases of a running file that its worker has told of before the end. They come in order, but a part may come twice,
 * and one may be missing that a broker has lost.
 */
final class ToldCases {
    /** As many are taken of one file; a listener of ours tells no more. */
    static final int MAX = 1_000_000;

    private final List<TestCase> cases = new ArrayList<>();

    /**
     * Takes a part.
     *
     * @param from how many were told before it, as its worker says
     */
    void add(int from, List<TestCase> part) {
        int known = cases.size() - from;
        if (from < 0 || known < 0 || known >= part.size() || cases.size() >= MAX) {
            return; // what is before it is missing, or it was here already
        }
        part.subList(known, part.size()).forEach(each -> cases.add(sharing(each)));
    }

    /** Cases of one class have its name once in memory. */
    private TestCase sharing(TestCase one) {
        String last = cases.isEmpty() ? "" : cases.get(cases.size() - 1).className();
        return !last.equals(one.className())
                ? one
                : new TestCase(one.name(), last, one.seconds(), one.status(), one.failure(), one.output(), one.line());
    }

    /** Whether as many are here as the worker has told of. */
    boolean areAll(int told) {
        return cases.size() == told;
    }

    /** The cases, and more that follow. */
    List<TestCase> and(List<TestCase> more) {
        List<TestCase> all = new ArrayList<>(cases);
        all.addAll(more);
        return all;
    }

    /** None any more: whoever told them has lost the file, or it has its result. */
    void forget() {
        cases.clear();
    }
}
