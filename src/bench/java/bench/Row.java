package bench;

import java.util.Arrays;
import java.util.List;
import java.util.Locale;

/**
 * A row of the table.
 *
 * @param suite what was run
 * @param peer against what
 * @param unit of the figures
 * @param goal what must be reached
 * @param ours figures of our rounds
 * @param theirs the peer's; empty where there is no peer
 * @param fault why it is void or was not measured; null if it was measured
 */
record Row(String suite, String peer, String unit, Goal goal, List<Double> ours, List<Double> theirs, String fault) {
    /** Seconds. */
    static final String SECONDS = "s";

    /** What stands for a peer where there is none. */
    static final String ALONE = "–";

    /** The head of the table. */
    static final String HEAD =
            "| suite | peer | ours | peer's | ours ÷ peer | goal | verdict |\n" + "|---|---|---|---|---|---|---|";

    /** A row without figures. */
    static Row without(String suite, String peer, Goal goal, String fault) {
        return new Row(suite, peer, SECONDS, goal, List.of(), List.of(), fault);
    }

    /** A row of seconds of both. */
    static Row of(String suite, String peer, Goal goal, List<Double> ours, List<Double> theirs) {
        return new Row(suite, peer, SECONDS, goal, ours, theirs, null);
    }

    /** A row without a peer. */
    static Row alone(String suite, String unit, Goal goal, List<Double> ours) {
        return new Row(suite, ALONE, unit, goal, ours, List.of(), null);
    }

    private static double median(List<Double> values) {
        if (values.isEmpty()) {
            return Double.NaN;
        }
        double[] sorted =
                values.stream().mapToDouble(Double::doubleValue).sorted().toArray();
        int middle = sorted.length / 2;
        return sorted.length % 2 == 1 ? sorted[middle] : (sorted[middle - 1] + sorted[middle]) / 2;
    }

    private String figures(List<Double> values) {
        if (values.isEmpty()) {
            return "–";
        }
        double[] sorted =
                values.stream().mapToDouble(Double::doubleValue).sorted().toArray();
        return String.format(
                Locale.ROOT, "%.2f %s (%.2f–%.2f)", median(values), unit, sorted[0], sorted[sorted.length - 1]);
    }

    /** What is to be said of it. */
    String verdict() {
        if (fault != null) {
            return fault;
        }
        return goal.isNone() ? "no goal" : goal.holds(median(ours), median(theirs)) ? "holds" : "does not hold";
    }

    /** The row in Markdown. */
    String line() {
        List<String> cells = Arrays.asList(
                suite,
                peer,
                figures(ours),
                figures(theirs),
                theirs.isEmpty() ? "–" : String.format(Locale.ROOT, "%.2f", median(ours) / median(theirs)),
                goal.text(unit),
                verdict());
        return "| "
                + String.join(
                        " | ",
                        cells.stream().map(cell -> cell.replace("|", "/")).toList()) + " |";
    }
}
