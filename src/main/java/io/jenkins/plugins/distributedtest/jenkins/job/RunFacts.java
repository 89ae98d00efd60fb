package io.jenkins.plugins.distributedtest.jenkins.job;

import io.jenkins.plugins.distributedtest.suite.Attempt;
import io.jenkins.plugins.distributedtest.suite.CaseStatus;
import io.jenkins.plugins.distributedtest.suite.FileReport;
import io.jenkins.plugins.distributedtest.suite.FileResult;
import io.jenkins.plugins.distributedtest.suite.FileStatus;
import io.jenkins.plugins.distributedtest.suite.RunReport;
import io.jenkins.plugins.distributedtest.suite.TestCase;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.Predicate;

/**
 * What a run showed of the tests that a job keeps account of: those that failed in it, and those that somebody wants to
 * hear of. Attempts that were lost or cancelled, and tests that were skipped, show nothing.
 *
 * @param seen of each test what its attempts came to, oldest first
 * @param seconds how long each file took in its last attempt
 */
record RunFacts(Map<TestName, List<Shown>> seen, Map<String, Double> seconds) {
    private static final int MOST_CHARACTERS = 300;

    /**
     * What one attempt showed of a test.
     *
     * @param bad whether it failed
     * @param host where
     * @param message why, cut; empty if it passed
     */
    record Shown(boolean bad, String host, String message) {}

    /**
     * Looks at a run.
     *
     * @param wanted of which tests to tell although they did not fail
     */
    static RunFacts of(String title, RunReport report, Predicate<TestName> wanted) {
        Set<TestName> failed = new HashSet<>();
        look(title, report, (test, shown) -> {
            if (shown.bad()) {
                failed.add(test);
            }
        });
        Map<TestName, List<Shown>> seen = new LinkedHashMap<>();
        look(title, report, (test, shown) -> {
            if (failed.contains(test) || wanted.test(test)) {
                seen.computeIfAbsent(test, each -> new ArrayList<>()).add(shown);
            }
        });
        Map<String, Double> seconds = new LinkedHashMap<>();
        report.files().stream()
                .filter(FileReport::isFinished)
                .forEach(file ->
                        seconds.put(file.file().path(), file.last().result().seconds()));
        return new RunFacts(seen, seconds);
    }

    private interface Looking {
        void at(TestName test, Shown shown);
    }

    private static void look(String title, RunReport report, Looking looking) {
        for (FileReport file : report.files()) {
            for (Attempt attempt : file.attempts()) {
                FileStatus status = attempt.result().status();
                if (status != FileStatus.LOST && status != FileStatus.CANCELLED) {
                    look(title, attempt, looking);
                }
            }
        }
    }

    private static void look(String title, Attempt attempt, Looking looking) {
        FileResult result = attempt.result();
        String path = result.file().path();
        String host = attempt.worker().host();
        Map<TestName, Shown> cases = new LinkedHashMap<>();
        for (TestCase test : result.cases()) {
            if (test.status() != CaseStatus.SKIPPED) {
                // Several of one name are one test, which fails when one of them does.
                cases.merge(TestName.of(title, path, test), shown(test, host), (one, other) -> one.bad() ? one : other);
            }
        }
        cases.forEach(looking::at);
        boolean explained =
                result.status() == FileStatus.FAILED && cases.values().stream().anyMatch(Shown::bad);
        if (!explained) {
            boolean bad = result.status().isBad();
            looking.at(TestName.whole(title, path), new Shown(bad, host, bad ? cut(why(result)) : ""));
        }
    }

    private static String why(FileResult result) {
        return result.message().isEmpty() ? result.status().inWords() : result.message();
    }

    private static Shown shown(TestCase test, String host) {
        boolean bad = test.status().isBad();
        String message = test.failure() == null ? "" : test.failure().message();
        return new Shown(bad, host, bad ? cut(message) : "");
    }

    private static String cut(String text) {
        return text.length() <= MOST_CHARACTERS ? text : text.substring(0, MOST_CHARACTERS) + "\u2026";
    }
}
