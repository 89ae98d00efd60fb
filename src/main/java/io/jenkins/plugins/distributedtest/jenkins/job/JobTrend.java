package io.jenkins.plugins.distributedtest.jenkins.job;

import com.fasterxml.jackson.annotation.JsonIgnoreProperties;
import io.jenkins.plugins.distributedtest.jenkins.job.RunFacts.Shown;
import io.jenkins.plugins.distributedtest.suite.RunReport;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Collectors;

/**
 * What a job knows of its runs over many builds. Bounded, however many builds there are or were: the last runs, the
 * tests that have failed in them, and the slowest files. Pure: whoever has a run asks for what is known {@linkplain
 * #after after} it.
 *
 * @param runs the last runs, the oldest first
 * @param tests those that failed in one of them, or are watched for another reason
 * @param files the slowest files
 */
@JsonIgnoreProperties(ignoreUnknown = true)
record JobTrend(List<RunPoint> runs, List<TestTrack> tests, List<FileTrack> files) {
    static final JobTrend EMPTY = new JobTrend(List.of(), List.of(), List.of());

    static final int MOST_RUNS = 200;
    static final int MOST_TESTS = 2000;
    static final int MOST_FILES = 200;

    JobTrend {
        runs = List.copyOf(runs);
        tests = List.copyOf(tests);
        files = List.copyOf(files);
    }

    /** Knows which tests passed in earlier runs, as far as their builds are there. */
    @FunctionalInterface
    interface Earlier {
        /**
         * Those of some tests that passed in a run.
         *
         * @param run an earlier run
         * @param tests the tests
         */
        Set<TestName> passed(RunPoint run, Set<TestName> tests);
    }

    /**
     * What is known after another run.
     *
     * @param run the run
     * @param report all of it
     * @param earlier knows what passed in runs of the same sources
     * @param watched tests in quarantine: they are followed although they have not failed
     */
    JobTrend after(RunPoint run, RunReport report, Earlier earlier, Set<TestName> watched) {
        Map<TestName, TestTrack> known = new LinkedHashMap<>();
        tests.forEach(each -> known.put(each.test(), each));
        RunFacts facts = RunFacts.of(run.title(), report, test -> known.containsKey(test) || watched.contains(test));
        Set<TestName> passed = passedBefore(run, facts, earlier);
        facts.seen()
                .forEach((test, shown) -> known.put(
                        test,
                        known.getOrDefault(test, TestTrack.of(test))
                                .after(run, shown, passed.contains(test), watched.contains(test))));
        List<RunPoint> all = new ArrayList<>(runs);
        all.add(run);
        List<RunPoint> last = all.subList(Math.max(0, all.size() - MOST_RUNS), all.size());
        int oldest = last.stream().mapToInt(RunPoint::build).min().orElse(0);
        return new JobTrend(
                last,
                known.values().stream()
                        .filter(each -> each.lastSeen() >= oldest)
                        .sorted(Comparator.comparingInt((TestTrack each) -> watched.contains(each.test()) ? 1 : 0)
                                .thenComparingInt(TestTrack::flaky)
                                .thenComparingInt(TestTrack::lastSeen)
                                .reversed())
                        .limit(MOST_TESTS)
                        .toList(),
                slowest(run, facts, oldest));
    }

    /** Which of the tests that failed had passed on the very same sources. */
    private Set<TestName> passedBefore(RunPoint run, RunFacts facts, Earlier earlier) {
        Set<TestName> failed = facts.seen().entrySet().stream()
                .filter(each -> each.getValue().stream().anyMatch(Shown::bad))
                .map(Map.Entry::getKey)
                .collect(Collectors.toSet());
        Set<TestName> passed = new HashSet<>();
        for (RunPoint before : runs) {
            if (!failed.isEmpty() && before.isOfSame(run)) {
                passed.addAll(earlier.passed(before, failed));
            }
        }
        return passed;
    }

    private List<FileTrack> slowest(RunPoint run, RunFacts facts, int oldest) {
        Map<List<String>, FileTrack> known = new LinkedHashMap<>();
        files.forEach(each -> known.put(List.of(each.title(), each.file()), each));
        facts.seconds()
                .forEach((file, seconds) -> known.merge(
                        List.of(run.title(), file),
                        new FileTrack(run.title(), file, List.of(new FileTrack.Time(run.build(), seconds))),
                        (before, once) -> before.after(run.build(), seconds)));
        return known.values().stream()
                .filter(each -> each.lastBuild() >= oldest)
                .sorted(Comparator.comparingDouble(FileTrack::typicalSeconds).reversed())
                .limit(MOST_FILES)
                .toList();
    }

    /** Tests that were seen to be flaky, those that were it last and most often first. */
    List<TestTrack> flaky() {
        return tests.stream()
                .filter(each -> each.flaky() > 0)
                .sorted(Comparator.comparingInt(TestTrack::flaky)
                        .thenComparingInt(TestTrack::lastFlaky)
                        .reversed())
                .toList();
    }
}
