package bench;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Random;
import java.util.TreeMap;

/**
 * A generated suite. Every case has a name with {@code case_FILE_NUMBER} in it, by which outcomes are compared; what each
 * comes to is known beforehand: one case of all fails, one is skipped, the others pass.
 *
 * @param kind what it is made of
 * @param seconds how long each file sleeps; as many as files
 */
record Suite(String kind, List<Double> seconds) {
    private static final int CASES = 2;

    /** Files that do nothing. */
    static Suite trivial(int files) {
        return new Suite(files + " trivial files", fill(files, 0));
    }

    /** Files that all take as long. */
    static Suite even(int files, double seconds) {
        return new Suite(String.format(Locale.ROOT, "%d files of %.2f s", files, seconds), fill(files, seconds));
    }

    /** One long file, last in the order of names, among short ones. */
    static Suite skewed(int files, double seconds, double longest) {
        List<Double> all = new ArrayList<>(fill(files - 1, seconds));
        all.add(longest);
        return new Suite(
                String.format(Locale.ROOT, "%d files of %.2f s, one of %.1f s", files - 1, seconds, longest), all);
    }

    /** Times by a log-normal distribution, the same for the same seed. */
    static Suite logNormal(int files, double sum, long seed) {
        Random random = new Random(seed);
        double[] times = random.ints(files, 0, 1)
                .mapToDouble(i -> Math.exp(random.nextGaussian()))
                .toArray();
        double total = 0;
        for (double time : times) {
            total += time;
        }
        List<Double> all = new ArrayList<>();
        for (double time : times) {
            all.add(Math.round(1000 * time * sum / total) / 1000.0);
        }
        return new Suite(String.format(Locale.ROOT, "%d log-normal files, %.1f s in all", files, sum), all);
    }

    private static List<Double> fill(int files, double seconds) {
        List<Double> all = new ArrayList<>();
        for (int i = 0; i < files; i++) {
            all.add(seconds);
        }
        return all;
    }

    /** What each case comes to: passed, failed or skipped. */
    Map<String, String> expected() {
        Map<String, String> all = new TreeMap<>();
        for (int file = 0; file < seconds.size(); file++) {
            for (int number = 1; number <= CASES; number++) {
                all.put(name(file, number), outcome(file, number));
            }
        }
        return all;
    }

    private String outcome(int file, int number) {
        if (number != CASES) {
            return "passed";
        }
        return file == 1 ? "failed" : file == 2 ? "skipped" : "passed";
    }

    private static String name(int file, int number) {
        return String.format(Locale.ROOT, "case_%05d_%d", file, number);
    }

    /** Writes a file of the suite for each of its times. */
    void write(Path project, Framework framework) throws IOException {
        for (Map.Entry<String, String> each : framework.project().entrySet()) {
            write(project.resolve(each.getKey()), each.getValue());
        }
        for (int file = 0; file < seconds.size(); file++) {
            StringBuilder cases = new StringBuilder();
            for (int number = 1; number <= CASES; number++) {
                String template = framework.template(outcome(file, number));
                cases.append(template.replace("NAME", name(file, number))
                        .replace("SECONDS", number == 1 ? String.valueOf(seconds.get(file)) : "0"));
            }
            String index = String.format(Locale.ROOT, "%05d", file);
            write(
                    project.resolve(framework.file().replace("INDEX", index)),
                    framework.frame().replace("INDEX", index).replace("CASES", cases));
        }
    }

    private static void write(Path file, String text) throws IOException {
        Files.createDirectories(file.getParent());
        Files.write(file, text.getBytes(StandardCharsets.UTF_8));
    }
}
