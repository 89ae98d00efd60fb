package bench;

import java.util.Locale;

/**
 * What a row must reach.
 *
 * @param ratio ours over the peer's; NaN for none
 * @param most ours, in the row's unit; NaN for none
 */
record Goal(double ratio, double most) {
    /** No goal. */
    static final Goal NONE = new Goal(Double.NaN, Double.NaN);

    /** Ours over the peer's. */
    static Goal ratio(double ratio) {
        return new Goal(ratio, Double.NaN);
    }

    /** Ours alone. */
    static Goal most(double most) {
        return new Goal(Double.NaN, most);
    }

    /** Whether there is none. */
    boolean isNone() {
        return Double.isNaN(ratio) && Double.isNaN(most);
    }

    /**
     * Whether it is reached.
     *
     * @param ours our median
     * @param theirs the peer's; NaN where there is no peer
     */
    boolean holds(double ours, double theirs) {
        return (Double.isNaN(ratio) || ours / theirs <= ratio) && (Double.isNaN(most) || ours <= most);
    }

    /** In words. */
    String text(String unit) {
        String first = Double.isNaN(ratio) ? "" : String.format(Locale.ROOT, "≤ %.2f", ratio);
        String second = Double.isNaN(most) ? "" : String.format(Locale.ROOT, "≤ %.2f %s", most, unit);
        return isNone() ? "–" : first + (first.isEmpty() || second.isEmpty() ? "" : " and ") + second;
    }
}
