package io.jenkins.plugins.distributedtest.suite;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.jenkins.plugins.distributedtest.files.AtomicFile;
import io.jenkins.plugins.distributedtest.files.Json;
import io.jenkins.plugins.distributedtest.files.PlainFile;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.Collection;
import java.util.Comparator;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.OptionalDouble;
import java.util.function.Predicate;

/**
 * How long each file took before: what a suite is ordered by. Immutable.
 *
 * <p>On disk it is Gorgon's {@code runtime_file}: a JSON object of path → seconds, slowest first.
 *
 * <p>{@linkplain #updated Updating} after a run smooths: the new value is half the measured time and half the recorded
 * one, so a single odd run (a cold cache, a busy host) moves the order only half the way, and a lasting change is
 * nearly taken over after three runs. A file seen for the first time is recorded as measured.
 */
public final class RuntimeHistory {
    /** What is known when nothing is. */
    public static final RuntimeHistory EMPTY = new RuntimeHistory(Map.of());

    /** Weight of the newest measurement; the recorded value has the rest. */
    public static final double WEIGHT_OF_NEWEST = 0.5;

    /** Of a file that a test could have left; ours are far smaller. */
    private static final int MAX_BYTES = 64 << 20;

    private final Map<String, Double> seconds;

    private RuntimeHistory(Map<String, Double> seconds) {
        this.seconds = Map.copyOf(seconds);
    }

    /**
     * A history of these times.
     *
     * @param seconds seconds by path; finite and not negative
     * @throws IllegalArgumentException if a time is not
     */
    public static RuntimeHistory of(Map<String, Double> seconds) {
        seconds.forEach((path, time) -> {
            if (!isTime(time)) {
                throw new IllegalArgumentException("Not a time in seconds: " + time + " of " + path);
            }
        });
        return new RuntimeHistory(seconds);
    }

    /**
     * Reads a runtime file, Gorgon's or ours.
     *
     * @param source the file; one that does not exist gives {@link #EMPTY}
     * @return what it holds
     * @throws SuiteException if it is malformed; the message names the file
     * @throws IOException if it cannot be read
     */
    public static RuntimeHistory read(Path source) throws SuiteException, IOException {
        JsonNode root;
        try {
            root = Json.PLAIN.readTree(PlainFile.bytes(source, MAX_BYTES));
        } catch (NoSuchFileException e) {
            return EMPTY;
        } catch (JsonProcessingException e) {
            throw malformed(source, e.getOriginalMessage(), e);
        }
        if (root == null || !root.isObject()) {
            throw malformed(source, "it is not a JSON object of path to seconds", null);
        }
        Map<String, Double> seconds = new HashMap<>();
        for (Map.Entry<String, JsonNode> entry : root.properties()) {
            JsonNode value = entry.getValue();
            if (!value.isNumber() || !isTime(value.doubleValue())) {
                throw malformed(
                        source, "the time of " + entry.getKey() + " is not a number of seconds: " + value, null);
            }
            seconds.put(withoutDot(entry.getKey()), value.doubleValue());
        }
        return new RuntimeHistory(seconds);
    }

    private static SuiteException malformed(Path source, String fault, Exception cause) {
        return new SuiteException(
                "Cannot read recorded runtimes from " + source + ": " + fault
                        + "; delete the file to start recording anew",
                cause);
    }

    private static boolean isTime(Double time) {
        return time != null && Double.isFinite(time) && time >= 0;
    }

    static String withoutDot(String path) {
        String rest = path;
        while (rest.startsWith("./")) {
            rest = rest.substring(2);
        }
        return rest;
    }

    /** How many files it knows. */
    public int size() {
        return seconds.size();
    }

    /** The recorded seconds of a file, if it was seen before. */
    public OptionalDouble seconds(TestFile file) {
        Double known = seconds.get(file.path());
        return known == null ? OptionalDouble.empty() : OptionalDouble.of(known);
    }

    /**
     * The recorded seconds of those files that were seen before.
     *
     * @param files the files
     * @return seconds by file, in the order given; a file never seen is missing
     */
    public Map<TestFile, Double> expected(Collection<TestFile> files) {
        Map<TestFile, Double> known = new LinkedHashMap<>();
        for (TestFile file : files) {
            seconds(file).ifPresent(time -> known.put(file, time));
        }
        return known;
    }

    /**
     * What the files of a suite are expected to take: {@link RuntimeEstimate}.
     *
     * @param files the suite
     * @param sizes how large its files are
     */
    public RuntimeEstimate estimate(Collection<TestFile> files, FileSizes sizes) {
        return RuntimeEstimate.of(seconds, files, sizes);
    }

    /** Orders a suite of whose files no sizes are known; see {@link #order(List, FileSizes)}. */
    public List<TestFile> order(List<TestFile> files) {
        return order(files, FileSizes.UNKNOWN);
    }

    /**
     * Orders a suite slowest first. Files never seen are judged by their size and by the files beside them
     * ({@link RuntimeEstimate}), and go before known ones of the same time; what is still equal stays in the order given.
     * With nothing known, nothing moves.
     *
     * @param files the suite
     * @param sizes how large its files are
     * @return the same files, ordered
     */
    public List<TestFile> order(List<TestFile> files, FileSizes sizes) {
        RuntimeEstimate estimate = estimate(files, sizes);
        Map<TestFile, Double> expected = new HashMap<>();
        files.forEach(file -> expected.put(file, estimate.seconds(file)));
        return files.stream()
                .sorted(Comparator.comparingDouble((TestFile file) -> -expected.get(file))
                        .thenComparing(estimate::isRecorded))
                .toList();
    }

    /**
     * Takes in the times of a run.
     *
     * <p>Of each file the last attempt counts that says how long the file takes: one that passed, or failed in its
     * cases. Any other attempt (it timed out, crashed, was lost or cancelled, does not load, called exit) only says that
     * the file takes at least as long as the longest of them. That can raise the recorded time, never lower it, and is
     * recorded of a new file only if it is more than what it would be taken to last without.
     *
     * @param report the run
     * @param exists whether a recorded file that was no part of this run still exists; if not it is forgotten
     * @return the history after the run
     */
    public RuntimeHistory updated(RunReport report, Predicate<TestFile> exists) {
        Map<String, Double> next = new HashMap<>();
        report.files().forEach(file -> {
            Double after = after(file);
            if (after != null) {
                next.put(file.file().path(), after);
            }
        });
        seconds.forEach((path, time) -> {
            if (!next.containsKey(path) && stillExists(path, exists)) {
                next.put(path, time);
            }
        });
        next.putAll(newBounds(report, next));
        return new RuntimeHistory(next);
    }

    /** Of files that have no recorded time, the least that they take, where that says more than their neighbours do. */
    private static Map<String, Double> newBounds(RunReport report, Map<String, Double> recorded) {
        RuntimeEstimate estimate = RuntimeEstimate.of(
                recorded, report.files().stream().map(FileReport::file).toList(), FileSizes.UNKNOWN);
        Map<String, Double> bounds = new HashMap<>();
        for (FileReport file : report.files()) {
            double atLeast = atLeast(file);
            if (!recorded.containsKey(file.file().path()) && atLeast > estimate.seconds(file.file())) {
                bounds.put(file.file().path(), atLeast);
            }
        }
        return bounds;
    }

    /**
     * Takes in the times of a run of a project in a directory; see {@link #updated(RunReport, Predicate)}.
     *
     * @param report the run
     * @param project the project's directory
     * @return the history after the run
     */
    public RuntimeHistory updated(RunReport report, Path project) {
        return updated(report, file -> Files.exists(project.resolve(file.path())));
    }

    private Double after(FileReport file) {
        Double known = seconds.get(file.file().path());
        for (int i = file.attempts().size() - 1; i >= 0; i--) {
            FileResult result = file.attempts().get(i).result();
            if (isTime(result.seconds()) && tellsTime(result)) {
                return smoothed(known, result.seconds());
            }
        }
        return known == null ? null : Double.valueOf(Math.max(known, atLeast(file)));
    }

    /** How long the file takes at least, by the longest of its attempts; 0 if nothing is known. */
    private static double atLeast(FileReport file) {
        return file.attempts().stream()
                .map(Attempt::result)
                .filter(result -> isTime(result.seconds()))
                .mapToDouble(FileResult::seconds)
                .max()
                .orElse(0);
    }

    private static boolean tellsTime(FileResult result) {
        return result.status() == FileStatus.PASSED
                || result.status() == FileStatus.FAILED
                        && result.message().isEmpty()
                        && !result.cases().isEmpty();
    }

    private static double smoothed(Double known, double measured) {
        return known == null ? measured : WEIGHT_OF_NEWEST * measured + (1 - WEIGHT_OF_NEWEST) * known;
    }

    private static boolean stillExists(String path, Predicate<TestFile> exists) {
        try {
            return exists.test(new TestFile(path));
        } catch (IllegalArgumentException e) {
            return false; // no path that a suite of ours could hold
        }
    }

    /**
     * Writes the runtime file, atomically: slowest first, equals by path, to the microsecond.
     *
     * @param target where to
     * @throws IOException if it cannot be written
     */
    public void write(Path target) throws IOException {
        ObjectNode root = Json.PLAIN.createObjectNode();
        seconds.entrySet().stream()
                .sorted(Map.Entry.<String, Double>comparingByValue(Comparator.reverseOrder())
                        .thenComparing(Map.Entry.comparingByKey()))
                .forEach(entry -> root.put(entry.getKey(), Math.round(entry.getValue() * 1e6) / 1e6));
        byte[] bytes = Json.PLAIN.writerWithDefaultPrettyPrinter().writeValueAsBytes(root);
        AtomicFile.write(target, out -> {
            out.write(bytes);
            out.write('\n');
        });
    }

    @Override
    public boolean equals(Object other) {
        return other instanceof RuntimeHistory that && seconds.equals(that.seconds);
    }

    @Override
    public int hashCode() {
        return Objects.hash(seconds);
    }

    @Override
    public String toString() {
        return "RuntimeHistory of " + seconds.size() + " files";
    }
}
