package bench;

import java.util.Arrays;
import java.util.List;
import java.util.Locale;

/**
 * A row of the table.
 *
 * @param suite what was run
 * @param peer against what
 * @param goal what the ratio must reach; NaN for none
 * @param ours seconds of our rounds
 * @param theirs seconds of the peer's
 * @param fault why it is void or was not measured; null if it was measured
 */
record Row(String suite, String peer, double goal, List<Double> ours, List<Double> theirs, String fault) {
    /** The head of the table. */
    static final String HEAD = "| suite | peer | ours (s) | peer's (s) | ours ÷ peer | goal | verdict |\n"
            + "|---|---|---|---|---|---|---|";

    /** A row without figures. */
    static Row without(String suite, String peer, double goal, String fault) {
        return new Row(suite, peer, goal, List.of(), List.of(), fault);
    }

    /** Median of ours over median of the peer's. */
    double ratio() {
        return median(ours) / median(theirs);
    }

    private static double median(List<Double> values) {
        double[] sorted =
                values.stream().mapToDouble(Double::doubleValue).sorted().toArray();
        int middle = sorted.length / 2;
        return sorted.length % 2 == 1 ? sorted[middle] : (sorted[middle - 1] + sorted[middle]) / 2;
    }

    private static String figures(List<Double> values) {
        if (values.isEmpty()) {
            return "–";
        }
        double[] sorted =
                values.stream().mapToDouble(Double::doubleValue).sorted().toArray();
        return String.format(Locale.ROOT, "%.2f (%.2f–%.2f)", median(values), sorted[0], sorted[sorted.length - 1]);
    }

    /** What is to be said of it. */
    String verdict() {
        if (fault != null) {
            return fault;
        }
        return Double.isNaN(goal) ? "no goal" : ratio() <= goal ? "holds" : "does not hold";
    }

    /** The row in Markdown. */
    String line() {
        List<String> cells = Arrays.asList(
                suite,
                peer,
                figures(ours),
                figures(theirs),
                fault != null ? "–" : String.format(Locale.ROOT, "%.2f", ratio()),
                Double.isNaN(goal) ? "–" : String.format(Locale.ROOT, "≤ %.2f", goal),
                verdict());
        return "| "
                + String.join(
                        " | ",
                        cells.stream().map(cell -> cell.replace("|", "/")).toList()) + " |";
    }
}
