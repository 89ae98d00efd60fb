package io.jenkins.plugins.distributedtest.compare;

import io.jenkins.plugins.distributedtest.compare.Comparison.Counts;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;

/** A comparison for people: a table of both sides, and each difference by name with what explains it. */
public final class ComparisonText {
    /** Of more differences with one explanation than these the rest is counted. */
    private static final int NAMED = 20;

    private final Comparison comparison;
    private final List<String> lines = new ArrayList<>();

    private ComparisonText(Comparison comparison) {
        this.comparison = comparison;
    }

    /** The lines of it. */
    public static String of(Comparison comparison) {
        ComparisonText text = new ComparisonText(comparison);
        text.table();
        text.differences();
        text.end();
        return String.join("\n", text.lines);
    }

    private void table() {
        lines.add("");
        lines.add(String.format(Locale.ROOT, "%-10s  %-46s  %s", "", "its own command", "our run"));
        for (String runner : comparison.runners()) {
            lines.add(String.format(
                    Locale.ROOT,
                    "%-10s  %-46s  %s",
                    runner,
                    counts(Counts.of(runner, comparison.own())),
                    counts(Counts.of(runner, comparison.ours()))));
        }
        lines.add(String.format(
                Locale.ROOT,
                "%-10s  %-46s  %.2f s on %d %s",
                "wall time",
                String.format(Locale.ROOT, "%.2f s", comparison.ownSeconds()),
                comparison.oursSeconds(),
                comparison.slots(),
                comparison.slots() == 1 ? "slot" : "slots"));
    }

    private static String counts(Counts counts) {
        return cases(counts.cases()) + ": " + counts.passed() + " passed, " + counts.failed() + " failed, "
                + counts.skipped() + " skipped";
    }

    private void differences() {
        Map<String, List<Difference>> byExplanation = new LinkedHashMap<>();
        comparison
                .matching()
                .differences()
                .forEach(each -> byExplanation
                        .computeIfAbsent(heading(each), heading -> new ArrayList<>())
                        .add(each));
        byExplanation.forEach((heading, differences) -> {
            lines.add("");
            lines.add(heading);
            differences.stream().limit(NAMED).forEach(this::difference);
            if (differences.size() > NAMED) {
                lines.add("  and " + (differences.size() - NAMED) + " more (--json has all)");
            }
        });
    }

    private String heading(Difference difference) {
        Explanation explanation = comparison.explanations().get(difference);
        boolean named = explanation.cause() == Explanation.Cause.NOT_FOUND;
        return (named || difference.file() == null ? "" : difference.file() + " ") + explanation.text();
    }

    private void difference(Difference difference) {
        ComparedCase either = difference.either();
        lines.add("  " + either.runner() + "  " + either.title());
        lines.add("      " + difference.what());
        message("its own command", difference.own());
        message("our run", difference.ours());
    }

    private void message(String side, ComparedCase one) {
        if (one != null && one.status().isBad() && !one.message().isBlank()) {
            String first = one.message().strip().lines().findFirst().orElse("");
            lines.add("      " + side + " says: " + (first.length() > 160 ? first.substring(0, 160) + "…" : first));
        }
    }

    private void end() {
        Matching matching = comparison.matching();
        lines.add("");
        if (comparison.verdict() != null) {
            lines.add("The verdicts differ: " + comparison.verdict() + ".");
        }
        String renamed = matching.renamed() == 0 ? "" : ", " + matching.renamed() + " of them under another name";
        int differences = matching.differences().size();
        lines.add(
                comparison.isEqual()
                        ? "EQUAL: " + cases(matching.equal()) + renamed
                        : "DIFFERENT: " + cases(matching.equal())
                                + (matching.equal() == 1 ? " is equal" : " are equal") + renamed + ", " + differences
                                + (differences == 1 ? " differs" : " differ"));
    }

    private static String cases(long count) {
        return count + (count == 1 ? " case" : " cases");
    }
}
