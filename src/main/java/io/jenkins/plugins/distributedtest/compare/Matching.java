package io.jenkins.plugins.distributedtest.compare;

import java.util.ArrayList;
import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Function;
import java.util.stream.Collectors;

/**
 * Which cases of the two sides are the same. Cases with one name are a multiset: as many as one side has more are missing
 * on the other; with equal outcomes they are paired first.
 *
 * @param equal how many cases are the same with the same outcome
 * @param renamed how many of those have different names on the two sides
 * @param differences the others
 */
public record Matching(int equal, int renamed, List<Difference> differences) {
    /** Copies the list. */
    public Matching {
        differences = List.copyOf(differences);
    }

    /**
     * Matches the cases of two sides, those of each runner by its names.
     *
     * @param own the cases of the project's own command
     * @param ours the cases of our run
     */
    public static Matching of(Collection<ComparedCase> own, Collection<ComparedCase> ours) {
        Map<String, List<ComparedCase>> ownByRunner = by(ComparedCase::runner, own);
        Map<String, List<ComparedCase>> oursByRunner = by(ComparedCase::runner, ours);
        oursByRunner.keySet().forEach(runner -> ownByRunner.putIfAbsent(runner, List.of()));
        int equal = 0;
        int renamed = 0;
        List<Difference> differences = new ArrayList<>();
        for (Map.Entry<String, List<ComparedCase>> runner : ownByRunner.entrySet()) {
            Matching part = new Pairing(runner.getValue(), oursByRunner.getOrDefault(runner.getKey(), List.of()))
                    .pair(CaseKeys.of(runner.getKey()));
            equal += part.equal;
            renamed += part.renamed;
            differences.addAll(part.differences);
        }
        return new Matching(equal, renamed, differences);
    }

    private static Map<String, List<ComparedCase>> by(
            Function<ComparedCase, String> key, Collection<ComparedCase> cases) {
        return cases.stream().collect(Collectors.groupingBy(key, LinkedHashMap::new, Collectors.toList()));
    }

    /** The cases of one runner, as far as they have no partner yet. */
    private static final class Pairing {
        private List<ComparedCase> own;
        private List<ComparedCase> ours;
        private int equal;
        private int renamed;
        private final List<Difference> differences = new ArrayList<>();

        Pairing(List<ComparedCase> own, List<ComparedCase> ours) {
            this.own = own;
            this.ours = ours;
        }

        Matching pair(List<CaseKeys.Way> ways) {
            ways.forEach(this::pair);
            own.forEach(each -> differences.add(new Difference(each, null)));
            ours.forEach(each -> differences.add(new Difference(null, each)));
            return new Matching(equal, renamed, differences);
        }

        private void pair(CaseKeys.Way way) {
            Map<String, List<ComparedCase>> left = by(way.of(), own);
            Map<String, List<ComparedCase>> right = by(way.of(), ours);
            own = new ArrayList<>();
            ours = new ArrayList<>();
            left.forEach((key, cases) -> pair(way, cases, right.getOrDefault(key, List.of())));
            right.forEach((key, cases) -> {
                if (!left.containsKey(key)) {
                    ours.addAll(cases);
                }
            });
        }

        private void pair(CaseKeys.Way way, List<ComparedCase> left, List<ComparedCase> right) {
            List<ComparedCase> others = new ArrayList<>();
            Map<String, List<ComparedCase>> byOutcome = by(ComparedCase::outcome, right);
            for (ComparedCase each : left) {
                List<ComparedCase> same = byOutcome.getOrDefault(each.outcome(), List.of());
                if (same.isEmpty()) {
                    others.add(each);
                } else {
                    same.remove(same.size() - 1);
                    equal++;
                    renamed += way.renamed() ? 1 : 0;
                }
            }
            List<ComparedCase> rest =
                    byOutcome.values().stream().flatMap(List::stream).toList();
            int pairs = Math.min(others.size(), rest.size());
            for (int i = 0; i < pairs; i++) {
                differences.add(new Difference(others.get(i), rest.get(i)));
            }
            own.addAll(others.subList(pairs, others.size()));
            ours.addAll(rest.subList(pairs, rest.size()));
        }
    }
}
