package bench;

import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.function.ToDoubleFunction;

/** What a command takes before and after its tests, on a listener that is warm and has the tree. */
final class Start {
    private Start() {}

    /** Of {@code --version}, and of a run of some trivial files. */
    static List<Row> rows(Options options, Ours ours, Path work) throws IOException, InterruptedException {
        List<Double> versions = new ArrayList<>();
        for (int round = 0; round <= options.rounds(); round++) {
            long began = System.nanoTime();
            Commands.firstLine(List.of(options.program(), "--version"));
            versions.add((System.nanoTime() - began) / 1e9);
        }
        List<Row> rows = new ArrayList<>();
        // The first one does not count: it may make the archive of classes.
        rows.add(Row.alone("--version", Row.SECONDS, Goal.most(0.2), versions.subList(1, versions.size())));
        Suite suite = Suite.trivial(3);
        suite.write(work, Framework.RSPEC);
        List<Timed> runs = new ArrayList<>();
        try {
            for (int round = 0; round <= options.rounds(); round++) {
                runs.add(Timed.of(ours, work, suite.expected()));
            }
        } catch (Side.VoidException e) {
            rows.add(Row.without("run", Row.ALONE, Goal.NONE, "void: " + e.getMessage()));
            return rows;
        }
        runs.remove(0);
        rows.add(row("run: from the command to publishing", Goal.most(0.45), runs, Timed::before));
        rows.add(row("run: from publishing to the first test", Goal.most(0.15), runs, Timed::toFirstTest));
        rows.add(row("run: from the last result to the end", Goal.most(0.05), runs, Timed::after));
        return rows;
    }

    private static Row row(String name, Goal goal, List<Timed> runs, ToDoubleFunction<Timed> part) {
        return Row.alone(
                name, Row.SECONDS, goal, runs.stream().map(part::applyAsDouble).toList());
    }
}
