package io.jenkins.plugins.distributedtest.report;

import static io.jenkins.plugins.distributedtest.report.Problems.seconds;

import io.jenkins.plugins.distributedtest.suite.RuntimeEstimate;
import io.jenkins.plugins.distributedtest.suite.TestFile;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.stream.DoubleStream;

/**
 * What a run of a suite is expected to take on so many slots, from recorded runtimes, without running it: from the start
 * of the first file to the end of the last, on slots that are all there from the beginning. All times in seconds.
 *
 * @param files how many files there are
 * @param recorded how many of them have a recorded time; the others are judged by their size and the files beside them
 * @param testSeconds all files together
 * @param longest the files that take longest, slowest first, at most {@value #NAMED}
 * @param rows a row for each number of slots
 */
public record RunForecast(int files, int recorded, double testSeconds, List<Expected> longest, List<Row> rows) {
    /** As many of the longest files are named. */
    public static final int NAMED = 10;

    /**
     * A file.
     *
     * @param file the file
     * @param seconds how long it is expected to take
     * @param recorded whether that is its recorded time
     */
    public record Expected(TestFile file, double seconds, boolean recorded) {}

    /**
     * A number of slots.
     *
     * @param slots how many
     * @param wallSeconds how long the run is expected to take when free slots take the files in the run's order
     * @param boundSeconds the least that it can take: the longest file, the longest group of files that run one at a time,
     *     or all files divided among the slots
     * @param setBy the files that take longer than their slot's share, slowest first: they set the bound; empty if the
     *     sum of all files does
     * @param group the group that sets the bound; empty if none does
     */
    public record Row(int slots, double wallSeconds, double boundSeconds, List<Expected> setBy, String group) {
        /** Copies the list. */
        public Row {
            setBy = List.copyOf(setBy);
        }

        /** The least that it could take if every file could be split: all files divided among the slots. */
        public double splitSeconds(double testSeconds) {
            return testSeconds / slots;
        }
    }

    /** Copies the lists. */
    public RunForecast {
        longest = List.copyOf(longest);
        rows = List.copyOf(rows);
    }

    /**
     * Forecasts a run.
     *
     * @param ordered the suite in the order in which it is handed out
     * @param estimate how long each file is expected to take
     * @param slots the numbers of slots; each at least 1
     * @param groups the group of each file that has one, by its path
     * @throws IllegalArgumentException if a number of slots is less than 1
     */
    public static RunForecast of(
            List<TestFile> ordered, RuntimeEstimate estimate, List<Integer> slots, Map<String, String> groups) {
        List<Expected> expected = ordered.stream()
                .map(file -> new Expected(file, estimate.seconds(file), estimate.isRecorded(file)))
                .toList();
        Map<String, Double> together = new LinkedHashMap<>();
        expected.stream()
                .filter(file -> groups.containsKey(file.file().path()))
                .forEach(file -> together.merge(groups.get(file.file().path()), file.seconds(), Double::sum));
        double[] inOrder = inOrder(expected, groups, together);
        double sum = Arrays.stream(inOrder).sum();
        String longestGroup = together.keySet().stream()
                .max(Comparator.comparing(together::get))
                .orElse("");
        List<Expected> slowestFirst = expected.stream()
                .sorted(Comparator.comparingDouble(Expected::seconds).reversed())
                .toList();
        List<Row> rows = new ArrayList<>();
        for (int count : slots) {
            if (count < 1) {
                throw new IllegalArgumentException("A run needs at least one slot, not " + count);
            }
            double share = sum / count;
            double longest = slowestFirst.isEmpty() ? 0 : slowestFirst.get(0).seconds();
            double longestTurns = together.getOrDefault(longestGroup, 0.0);
            rows.add(new Row(
                    count,
                    WallTime.simulate(inOrder, new double[count]),
                    Math.max(longestTurns, Math.max(longest, share)),
                    slowestFirst.stream().filter(file -> file.seconds() > share).toList(),
                    longestTurns > Math.max(longest, share) ? longestGroup : ""));
        }
        return new RunForecast(
                ordered.size(),
                (int) expected.stream().filter(Expected::recorded).count(),
                sum,
                slowestFirst.stream().limit(NAMED).toList(),
                rows);
    }

    /** What is handed out, as one item each: groups, which go ahead, and files of no group. */
    private static double[] inOrder(List<Expected> files, Map<String, String> groups, Map<String, Double> together) {
        return DoubleStream.concat(
                        together.values().stream().mapToDouble(Double::doubleValue),
                        files.stream()
                                .filter(file -> !groups.containsKey(file.file().path()))
                                .mapToDouble(Expected::seconds))
                .toArray();
    }

    /** It in lines, for people. */
    public List<String> lines() {
        List<String> lines = new ArrayList<>();
        lines.add(Terminal.count(files, "file") + ", " + seconds(testSeconds) + " of tests; " + recorded
                + " with a recorded time"
                + (recorded == files
                        ? ""
                        : ", " + (files - recorded) + " judged by size and by the files beside them"));
        lines.add("");
        lines.add(String.format(Locale.ROOT, "%5s  %10s  %10s  %s", "slots", "expected", "bound", "set by"));
        for (Row row : rows) {
            lines.add(String.format(
                    Locale.ROOT,
                    "%5d  %10s  %10s  %s",
                    row.slots(),
                    seconds(row.wallSeconds()),
                    seconds(row.boundSeconds()),
                    setBy(row)));
        }
        lines.add("");
        lines.add("Longest files:");
        for (Expected file : longest) {
            lines.add(String.format(Locale.ROOT, "%10s  %s%s", seconds(file.seconds()), file.file(), mark(file)));
        }
        return lines;
    }

    private String setBy(Row row) {
        if (!row.group().isEmpty()) {
            return "group " + row.group() + ", whose files run one at a time";
        }
        if (row.setBy().isEmpty()) {
            return "all files together";
        }
        Expected first = row.setBy().get(0);
        return first.file() + mark(first)
                + (row.setBy().size() > 1 ? " (and " + (row.setBy().size() - 1) + " more above a slot's share)" : "")
                + "; split, " + seconds(row.splitSeconds(testSeconds)) + " at best";
    }

    private static String mark(Expected file) {
        return file.recorded() ? "" : " (not recorded)";
    }
}
