package io.jenkins.plugins.distributedtest.compare;

import java.util.Collection;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;

/**
 * The two sides beside each other.
 *
 * @param commands the project's own commands and what came of each
 * @param own all their cases
 * @param ours the cases of our run
 * @param oursSeconds how long our run took
 * @param slots on how many slots
 * @param matching which cases are the same
 * @param explanations what explains each difference
 * @param verdict in which way the two sides differ about the whole; null if they agree
 */
public record Comparison(
        List<OwnResult> commands,
        List<ComparedCase> own,
        List<ComparedCase> ours,
        double oursSeconds,
        int slots,
        Matching matching,
        Map<Difference, Explanation> explanations,
        String verdict) {
    /** Copies the collections. */
    public Comparison {
        commands = List.copyOf(commands);
        own = List.copyOf(own);
        ours = List.copyOf(ours);
    }

    /** Whether the two sides say the same. */
    public boolean isEqual() {
        return matching.differences().isEmpty() && verdict == null;
    }

    /** How long the project's own commands took, one after the other. */
    public double ownSeconds() {
        return commands.stream().mapToDouble(OwnResult::seconds).sum();
    }

    /** The runners that there are cases of. */
    public Set<String> runners() {
        Set<String> runners = new LinkedHashSet<>();
        commands.forEach(each -> runners.add(each.command().runner()));
        ours.forEach(each -> runners.add(each.runner()));
        return runners;
    }

    /**
     * Cases by their outcome.
     *
     * @param passed those that passed
     * @param failed those that failed, in whatever way
     * @param skipped those that were left out
     */
    public record Counts(int passed, int failed, int skipped) {
        /** The cases of a runner. */
        static Counts of(String runner, Collection<ComparedCase> cases) {
            return new Counts(
                    count(runner, "passed", cases), count(runner, "failed", cases), count(runner, "skipped", cases));
        }

        private static int count(String runner, String outcome, Collection<ComparedCase> cases) {
            return (int) cases.stream()
                    .filter(each -> each.runner().equals(runner))
                    .filter(each -> each.outcome().equals(outcome))
                    .count();
        }

        /** All of them. */
        public int cases() {
            return passed + failed + skipped;
        }
    }
}
