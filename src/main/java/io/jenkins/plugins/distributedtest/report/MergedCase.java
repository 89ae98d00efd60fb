package io.jenkins.plugins.distributedtest.report;

import io.jenkins.plugins.distributedtest.suite.Attempt;
import io.jenkins.plugins.distributedtest.suite.CaseStatus;
import io.jenkins.plugins.distributedtest.suite.Failure;
import io.jenkins.plugins.distributedtest.suite.FileReport;
import io.jenkins.plugins.distributedtest.suite.FileResult;
import io.jenkins.plugins.distributedtest.suite.FileStatus;
import io.jenkins.plugins.distributedtest.suite.TestCase;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * One test case over all attempts at its file.
 *
 * @param decisive the case as it counts: from the last attempt in which it ended
 * @param bad the case as it was in each attempt in which it was bad, oldest first
 * @param passedInTheEnd whether it counts as not bad
 */
record MergedCase(TestCase decisive, List<TestCase> bad, boolean passedInTheEnd) {
    /** A case has no name of its own among its file's attempts, so it is told apart by these; nth among equals. */
    private record Key(String className, String name, int nth) {}

    boolean isFlaky() {
        return passedInTheEnd && !bad.isEmpty();
    }

    /**
     * Merges the attempts at a file. Cases are matched by class and name, equals among them by their order. What is
     * wrong with a file as a whole becomes a case of its own, named after the file, and so does a file without cases.
     *
     * @param file the file
     * @return its cases, in the order in which they first ended; at least one
     */
    static List<MergedCase> of(FileReport file) {
        Map<Key, List<TestCase>> histories = new LinkedHashMap<>();
        Map<Key, Integer> lastSeen = new HashMap<>();
        for (int i = 0; i < file.attempts().size(); i++) {
            Map<Key, Integer> equals = new HashMap<>();
            for (TestCase test : cases(file.attempts().get(i).result())) {
                int nth = equals.merge(new Key(test.className(), test.name(), 0), 1, Integer::sum);
                Key key = new Key(test.className(), test.name(), nth);
                histories.computeIfAbsent(key, k -> new ArrayList<>()).add(test);
                lastSeen.put(key, i);
            }
        }
        List<MergedCase> merged = new ArrayList<>();
        int last = file.attempts().size() - 1;
        histories.forEach((key, history) -> merged.add(of(history, file.isPassed() && lastSeen.get(key) < last)));
        if (!file.isFinished()) {
            merged.add(unfinished(file));
        } else if (merged.isEmpty()) {
            merged.add(whole(file.last()));
        }
        return merged;
    }

    /** A case that was bad, and of which the attempt that passed in the end knows nothing, did not decide the file. */
    private static MergedCase of(List<TestCase> history, boolean overruled) {
        TestCase decisive = history.get(history.size() - 1);
        List<TestCase> bad = history.stream().filter(c -> c.status().isBad()).toList();
        return new MergedCase(decisive, bad, overruled || !decisive.status().isBad());
    }

    private static List<TestCase> cases(FileResult result) {
        boolean explained = result.status() == FileStatus.FAILED
                && result.cases().stream().anyMatch(c -> c.status().isBad() && explains(c, result.message()));
        if (!result.status().isBad() || explained) {
            return result.cases();
        }
        List<TestCase> all = new ArrayList<>(result.cases());
        all.add(problem(result));
        return all;
    }

    /** Whether a bad case says what is wrong with its file, as that of a command does which is the file's only case. */
    private static boolean explains(TestCase bad, String message) {
        return message.isEmpty()
                || bad.failure() != null && bad.failure().message().equals(message);
    }

    /** The case that stands for what is wrong with the file as a whole. */
    private static TestCase problem(FileResult result) {
        double inCases = result.cases().stream().mapToDouble(TestCase::seconds).sum();
        return new TestCase(
                result.file().path(),
                result.file().path(),
                Math.max(0, result.seconds() - inCases),
                CaseStatus.ERROR,
                new Failure(Problems.of(result), result.status().name(), ""),
                result.output(),
                0);
    }

    private static MergedCase whole(Attempt attempt) {
        FileResult result = attempt.result();
        TestCase test = new TestCase(
                result.file().path(), result.file().path(), result.seconds(), CaseStatus.PASSED, null, "", 0);
        return new MergedCase(test, List.of(), true);
    }

    private static MergedCase unfinished(FileReport file) {
        boolean lost = !file.attempts().isEmpty() && file.last().result().status() == FileStatus.LOST;
        String why = file.attempts().isEmpty()
                ? "It was not run"
                : lost ? "It was lost with its listener" : "It was cancelled while it ran";
        String path = file.file().path();
        TestCase test = new TestCase(path, path, 0, CaseStatus.SKIPPED, new Failure(why, "", ""), "", 0);
        return new MergedCase(test, List.of(), true);
    }
}
