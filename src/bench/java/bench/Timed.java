package bench;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * What a run of ours took, by what its JSON report says, in seconds.
 *
 * @param before from the start of its process to the beginning of the run
 * @param toFirstTest from there to the first test
 * @param run from the run's beginning to its last result
 * @param after from there to the end of the process
 */
record Timed(double before, double toFirstTest, double run, double after) {
    private static final String REPORT = "ours.json";

    /**
     * Runs a project's suite once.
     *
     * @param expected what each case has to come to
     */
    static Timed of(Ours ours, Path project, Map<String, String> expected)
            throws IOException, InterruptedException, Side.VoidException {
        Path report = project.resolve(REPORT);
        Trees.delete(report);
        Side side = ours.side(project, "--json", report.toString());
        Instant began = Instant.now();
        double seconds = side.run(project, expected);
        String json = Files.readString(report, StandardCharsets.UTF_8);
        double before = Duration.between(began, Instant.parse(value(json, "started_at")))
                        .toNanos()
                / 1e9;
        double run = Double.parseDouble(value(json, "wall_seconds"));
        double first = Double.parseDouble(value(json, "startup_seconds"));
        return new Timed(before, first, run, seconds - before - run);
    }

    private static String value(String json, String key) throws IOException {
        Matcher matcher =
                Pattern.compile("\"" + key + "\"\\s*:\\s*\"?([^\",}\\s]+)").matcher(json);
        if (!matcher.find()) {
            throw new IOException("The report does not tell " + key);
        }
        return matcher.group(1);
    }
}
