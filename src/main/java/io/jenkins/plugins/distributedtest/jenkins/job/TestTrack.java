package io.jenkins.plugins.distributedtest.jenkins.job;

import com.fasterxml.jackson.annotation.JsonIgnoreProperties;
import io.jenkins.plugins.distributedtest.jenkins.job.RunFacts.Shown;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * What a job keeps of one test that has failed: how often, where, and whether it failed and passed on the very same
 * sources.
 *
 * @param test which it is
 * @param runs in how many runs it was seen since it failed first
 * @param failedRuns in how many of them it failed
 * @param passedInRow in how many runs in a row it has passed at once, up to the last one
 * @param flaky in how many runs it was seen to be flaky
 * @param firstFlaky the build in which it was seen to be flaky first; 0 for none
 * @param lastFlaky the build in which it was seen to be flaky last; 0 for none
 * @param lastSeen the last build that ran it
 * @param message what its last failure said
 * @param hosts how often it failed and passed on each host
 * @param open sources on which it failed and has not passed yet, the oldest first
 * @param quarantined whether it was in quarantine in the last run that it was in
 */
@JsonIgnoreProperties(ignoreUnknown = true)
record TestTrack(
        TestName test,
        int runs,
        int failedRuns,
        int passedInRow,
        int flaky,
        int firstFlaky,
        int lastFlaky,
        int lastSeen,
        String message,
        Map<String, HostCount> hosts,
        List<String> open,
        boolean quarantined) {
    /** A test in quarantine that has passed so often in a row is proposed for release. */
    static final int RELEASE_AFTER = 10;

    private static final int MOST_HOSTS = 20;
    private static final int MOST_OPEN = 10;
    /** A host is named as the only one where a test fails from so many failures there, and passes elsewhere. */
    private static final int ENOUGH = 2;

    /** How often a test failed and passed on a host, each attempt counted. */
    record HostCount(int failed, int passed) {}

    TestTrack {
        hosts = hosts == null ? Map.of() : new LinkedHashMap<>(hosts);
        open = open == null ? List.of() : List.copyOf(open);
    }

    static TestTrack of(TestName test) {
        return new TestTrack(test, 0, 0, 0, 0, 0, 0, 0, "", Map.of(), List.of(), false);
    }

    /**
     * The same after another run in which it was seen.
     *
     * @param shown what its attempts came to, oldest first; not empty
     * @param passedBefore whether an earlier run of the very same sources saw it pass
     * @param inQuarantine whether it was in quarantine in this run
     */
    TestTrack after(RunPoint run, List<Shown> shown, boolean passedBefore, boolean inQuarantine) {
        boolean bad = shown.stream().anyMatch(Shown::bad);
        boolean passed = shown.stream().anyMatch(each -> !each.bad());
        boolean failedBefore = !run.sources().isEmpty() && open.contains(run.sources());
        boolean both = bad && (passed || passedBefore) || passed && failedBefore;
        List<String> left = new ArrayList<>(open);
        if (both) {
            left.removeIf(run.sources()::equals);
        } else if (bad && !run.sources().isEmpty()) {
            left.add(run.sources());
        }
        return new TestTrack(
                test,
                runs + 1,
                failedRuns + (bad ? 1 : 0),
                bad ? 0 : passedInRow + 1,
                flaky + (both ? 1 : 0),
                both && firstFlaky == 0 ? run.build() : firstFlaky,
                both ? run.build() : lastFlaky,
                run.build(),
                shown.stream()
                        .filter(Shown::bad)
                        .reduce((one, other) -> other)
                        .map(Shown::message)
                        .orElse(message),
                counted(shown),
                left.subList(Math.max(0, left.size() - MOST_OPEN), left.size()),
                inQuarantine);
    }

    private Map<String, HostCount> counted(List<Shown> shown) {
        Map<String, HostCount> counts = new LinkedHashMap<>(hosts);
        for (Shown each : shown) {
            HostCount before = counts.remove(each.host()); // who was seen last goes to the end
            int failed = before == null ? 0 : before.failed();
            int passed = before == null ? 0 : before.passed();
            counts.put(each.host(), new HostCount(failed + (each.bad() ? 1 : 0), passed + (each.bad() ? 0 : 1)));
        }
        while (counts.size() > MOST_HOSTS) {
            counts.remove(counts.keySet().iterator().next());
        }
        return counts;
    }

    /** Whether it is in quarantine, and has passed often enough to leave it. */
    boolean isProposedForRelease() {
        return quarantined && passedInRow >= RELEASE_AFTER;
    }

    /** The only host on which it fails, while it passes on others; empty if there is none, or too little is known. */
    String loneHost() {
        List<String> failing = hosts.entrySet().stream()
                .filter(each -> each.getValue().failed() > 0)
                .map(Map.Entry::getKey)
                .toList();
        int elsewhere = hosts.entrySet().stream()
                .filter(each -> each.getValue().failed() == 0)
                .mapToInt(each -> each.getValue().passed())
                .sum();
        return failing.size() == 1 && hosts.get(failing.get(0)).failed() >= ENOUGH && elsewhere >= ENOUGH
                ? failing.get(0)
                : "";
    }
}
