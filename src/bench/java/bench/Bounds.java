package bench;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Locale;

/**
 * How near a run comes to the bound, {@code max(longest file, sum / slots)} of the times that the generator gave to its
 * files: from the run's beginning to its last result. With the listener warm, the rest is starting workers, loading
 * files, the ways between result and next file, and slots that have nothing left to do.
 */
final class Bounds {
    private static final String NOT_INSTALLED = "not measured: RSpec is not installed";

    private Bounds() {}

    /** RSpec suites of sleeping files. */
    static List<Row> rows(Options options, Ours ours, Path work) throws IOException, InterruptedException {
        List<Row> rows = new ArrayList<>();
        int files = Math.max(3, options.files() / 5);
        Suite skewed = Suite.skewed(files, 0.1, 0.075 * files);
        rows.add(row(options, ours, work.resolve("even"), Suite.even(files, 0.25), false, Goal.ratio(1.10)));
        rows.add(row(options, ours, work.resolve("skewed"), skewed, false, Goal.NONE));
        rows.add(row(options, ours, work.resolve("recorded"), skewed, true, Goal.ratio(1.03)));
        if (!options.quick()) {
            Suite many = Suite.logNormal(5 * options.files() / 2, 0.3 * options.files(), Bench.SEED);
            rows.add(row(options, ours, work.resolve("many"), many, true, Goal.ratio(1.03)));
        }
        return rows;
    }

    private static Row row(Options options, Ours ours, Path project, Suite suite, boolean recorded, Goal goal)
            throws IOException, InterruptedException {
        String name = "rspec: " + suite.kind() + (recorded ? ", recorded" : "");
        double bound = bound(suite.seconds(), options.slots());
        String peer = String.format(Locale.ROOT, "the bound of %d slots", options.slots());
        if (!Commands.succeeds(List.of("rspec", "--version"))) {
            return Row.without(name, peer, goal, NOT_INSTALLED);
        }
        suite.write(project, Framework.RSPEC);
        List<Double> times = new ArrayList<>();
        try {
            Timed.of(ours, project, suite.expected()); // warm, and the records of the recorded ones
            for (int round = 0; round < options.rounds(); round++) {
                if (!recorded) {
                    Files.deleteIfExists(project.resolve(Bench.RECORDS));
                }
                times.add(Timed.of(ours, project, suite.expected()).run());
            }
        } catch (Side.VoidException e) {
            return Row.without(name, peer, goal, "void: " + e.getMessage());
        }
        return Row.of(name, peer, goal, times, List.of(bound));
    }

    private static double bound(List<Double> seconds, int slots) {
        double sum = seconds.stream().mapToDouble(Double::doubleValue).sum();
        return Math.max(Collections.max(seconds), sum / slots);
    }
}
