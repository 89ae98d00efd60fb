package bench;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.Random;

/**
 * What a large tree of sources adds to a run until its first test, beside {@code rsync -a} of the same tree: of a tree
 * that the listener has never seen, of the same one again, and of one in which ten files have changed. What the same run
 * takes without the tree is taken off.
 */
final class SourceTrees {
    private static final int CHANGED = 10;
    private static final int SIZE = 4096;
    private static final int PER_DIRECTORY = 100;
    private static final List<String> TIMES = List.of("first", "again", CHANGED + " changed");

    private final Options options;
    private final Ours ours;
    private final Suite suite = Suite.trivial(3);
    private final Random random = new Random(Bench.SEED);

    private SourceTrees(Options options, Ours ours) {
        this.options = options;
        this.ours = ours;
    }

    /** Of fifty times as many files as the trivial suites have, and of five times as many again. */
    static List<Row> rows(Options options, Ours ours, Path work) throws IOException, InterruptedException {
        SourceTrees trees = new SourceTrees(options, ours);
        List<Row> rows = new ArrayList<>(trees.rows(
                work.resolve("small"), 50 * options.files(), List.of(Goal.NONE, new Goal(1.5, 0.15), Goal.ratio(1.5))));
        if (!options.quick()) {
            rows.addAll(trees.rows(
                    work.resolve("large"), 250 * options.files(), List.of(Goal.ratio(1.2), Goal.most(0.5), Goal.NONE)));
        }
        return rows;
    }

    private List<Row> rows(Path work, int files, List<Goal> goals) throws IOException, InterruptedException {
        List<List<Double>> our = List.of(new ArrayList<>(), new ArrayList<>(), new ArrayList<>());
        List<List<Double>> their = List.of(new ArrayList<>(), new ArrayList<>(), new ArrayList<>());
        String fault = null;
        try {
            for (int round = 0; round < options.rounds(); round++) {
                round(Files.createDirectories(work.resolve("round-" + round)), files, our, their);
            }
        } catch (Side.VoidException e) {
            fault = "void: " + e.getMessage();
        }
        List<Row> rows = new ArrayList<>();
        for (int time = 0; time < TIMES.size(); time++) {
            String name = String.format(Locale.ROOT, "tree of %,d files: %s", files, TIMES.get(time));
            rows.add(
                    fault != null
                            ? Row.without(name, "rsync -a", goals.get(time), fault)
                            : Row.of(name, "rsync -a", goals.get(time), our.get(time), their.get(time)));
        }
        return rows;
    }

    private void round(Path work, int files, List<List<Double>> our, List<List<Double>> their)
            throws IOException, InterruptedException, Side.VoidException {
        Path small = work.resolve("without");
        suite.write(small, Framework.RSPEC);
        toFirstTest(small);
        double without = toFirstTest(small);
        Path large = work.resolve("with");
        suite.write(large, Framework.RSPEC);
        for (int file = 0; file < files; file++) {
            write(large, file);
        }
        for (int time = 0; time < TIMES.size(); time++) {
            if (time == 2) {
                for (int file = 0; file < CHANGED; file++) {
                    write(large, file * PER_DIRECTORY);
                }
            }
            our.get(time).add(Math.max(0, toFirstTest(large) - without));
            their.get(time).add(rsync(large, work.resolve("copy")));
        }
        Trees.delete(work);
    }

    private double toFirstTest(Path project) throws IOException, InterruptedException, Side.VoidException {
        Timed timed = Timed.of(ours, project, suite.expected());
        return timed.before() + timed.toFirstTest();
    }

    private void write(Path project, int file) throws IOException {
        byte[] content = new byte[SIZE];
        random.nextBytes(content);
        Path directory = project.resolve("data/" + file / PER_DIRECTORY);
        Files.createDirectories(directory);
        Files.write(directory.resolve(file + ".bin"), content);
    }

    private static double rsync(Path from, Path to) throws InterruptedException, Side.VoidException {
        List<String> command = Arrays.asList("rsync", "-a", from + "/", to.toString());
        long began = System.nanoTime();
        if (!Commands.succeeds(command)) {
            throw new Side.VoidException(String.join(" ", command) + " failed");
        }
        return (System.nanoTime() - began) / 1e9;
    }
}
