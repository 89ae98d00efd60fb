package io.jenkins.plugins.distributedtest.compare;

import io.jenkins.plugins.distributedtest.compare.Explanation.Cause;
import io.jenkins.plugins.distributedtest.suite.TestFile;
import java.util.ArrayList;
import java.util.List;

/**
 * Finds out which other file makes a case differ that alone is as in its own command: one that ran before it in its process,
 * or one that ran beside it on another slot.
 */
final class OtherFiles {
    /** Of more files that ran at the same time none is found out. */
    private static final int MAX_BESIDE = 8;

    private final TestFile file;
    private final List<TestFile> before;
    private final List<TestFile> beside;
    private final Experiments experiments;

    /** Runs files, in this order. */
    interface Experiments {
        /** Whether the case differs from that of its own command where the files run one after the other. */
        boolean differs(List<TestFile> files) throws Exception;

        /**
         * Whether some of the files do not bear each other at the same time: the case differs, or one of another file that
         * has not differed before, since it is by chance which of two comes too late.
         */
        boolean clash(List<TestFile> files) throws Exception;
    }

    /**
     * @param file the case's file
     * @param before the files that ran before it in its process
     * @param beside the files that ran on other slots while it did
     * @param experiments runs it with others
     */
    OtherFiles(TestFile file, List<TestFile> before, List<TestFile> beside, Experiments experiments) {
        this.file = file;
        this.before = before;
        this.beside = beside;
        this.experiments = experiments;
    }

    Explanation explain() throws Exception {
        if (!before.isEmpty()) {
            TestFile last = before.get(before.size() - 1);
            if (spoil(List.of(last))) {
                return sharesWith(last);
            }
            if (before.size() > 1 && spoil(before)) {
                return sharesWith(oneBefore());
            }
        }
        if (!beside.isEmpty() && experiments.clash(endingWith(beside))) {
            return clashesWith(beside.size() == 1 ? beside.get(0) : oneBeside());
        }
        return new Explanation(
                Cause.UNSTEADY,
                "",
                "is not the same each time: alone" + (before.isEmpty() ? "" : " and after the files that ran before it")
                        + " it is as in its own command");
    }

    private boolean spoil(List<TestFile> others) throws Exception {
        return experiments.differs(endingWith(others));
    }

    /** Halves what ran before as long as a half is enough. */
    private TestFile oneBefore() throws Exception {
        List<TestFile> rest = before;
        while (rest.size() > 1) {
            List<TestFile> later = rest.subList(rest.size() / 2, rest.size());
            rest = spoil(later) ? later : rest.subList(0, rest.size() / 2);
        }
        return spoil(rest) ? rest.get(0) : null;
    }

    private static Explanation sharesWith(TestFile other) {
        return other == null
                ? new Explanation(Cause.SHARES_STATE, "", "shares state with several files that ran before it")
                : new Explanation(
                        Cause.SHARES_STATE,
                        other.path(),
                        "shares state with " + other + ": after it in one process it is as in our run, alone as in"
                                + " its own command (\"isolation\": \"file\" keeps them apart)");
    }

    private TestFile oneBeside() throws Exception {
        for (TestFile each : beside.subList(0, Math.min(beside.size(), MAX_BESIDE))) {
            if (experiments.clash(endingWith(List.of(each)))) {
                return each;
            }
        }
        return null;
    }

    private static Explanation clashesWith(TestFile other) {
        return new Explanation(
                Cause.SAME_TIME,
                other == null ? "" : other.path(),
                "does not bear " + (other == null ? "files" : other) + " at the same time: beside "
                        + (other == null ? "these" : "it")
                        + " on another slot one of them fails, alone it is as in its own command (\"groups\" let such files"
                        + " run one at a time)");
    }

    private List<TestFile> endingWith(List<TestFile> others) {
        List<TestFile> all = new ArrayList<>(others);
        all.add(file);
        return all;
    }
}
