package io.jenkins.plugins.distributedtest.suite;

import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.function.ToDoubleFunction;

/**
 * How long each file of a suite is expected to take: its recorded time, or, for one that has none, what files like it
 * take. Those are the recorded files of the same kind (by the name's extension) in its directory, or, where there are
 * fewer than {@value #ENOUGH}, in the directories above it, one after the other; at last all recorded files of the suite.
 * It counts as their median, more if it is larger than they mostly are and less if it is smaller, at most
 * {@value #MOST} times.
 */
public final class RuntimeEstimate {
    private static final int ENOUGH = 3;
    private static final double MOST = 4;

    private final Map<String, Double> known;
    private final FileSizes sizes;
    private final Map<String, List<TestFile>> groups = new HashMap<>();
    private final Map<String, Double> medianSeconds = new HashMap<>();
    private final Map<String, Double> medianBytes = new HashMap<>();

    private RuntimeEstimate(Map<String, Double> known, Collection<TestFile> suite, FileSizes sizes) {
        this.known = known;
        this.sizes = sizes;
        for (TestFile file : suite) {
            if (known.containsKey(file.path())) {
                for (String group : groups(file)) {
                    groups.computeIfAbsent(group, g -> new ArrayList<>()).add(file);
                }
            }
        }
    }

    /**
     * Estimates a suite.
     *
     * @param known recorded seconds by path
     * @param suite the suite: other recorded files do not count
     * @param sizes how large its files are
     */
    static RuntimeEstimate of(Map<String, Double> known, Collection<TestFile> suite, FileSizes sizes) {
        return new RuntimeEstimate(known, suite, sizes);
    }

    /** Whether the file has a recorded time. */
    public boolean isRecorded(TestFile file) {
        return known.containsKey(file.path());
    }

    /** The seconds that a file of the suite is expected to take; 0 if nothing is known of any. */
    public double seconds(TestFile file) {
        Double recorded = known.get(file.path());
        if (recorded != null) {
            return recorded;
        }
        for (String group : groups(file)) {
            List<TestFile> neighbours = groups.getOrDefault(group, List.of());
            if (neighbours.size() >= ENOUGH || group.isEmpty() && !neighbours.isEmpty()) {
                return medianSeconds(group) * ratio(file, group);
            }
        }
        return 0;
    }

    private double medianSeconds(String group) {
        return medianSeconds.computeIfAbsent(group, g -> median(groups.get(g), file -> known.get(file.path())));
    }

    /** How large a file is among others. */
    private double ratio(TestFile file, String group) {
        long bytes = sizes.bytes(file);
        if (bytes < 0) {
            return 1;
        }
        double usual = medianBytes.computeIfAbsent(group, g -> median(groups.get(g), sizes::bytes));
        return usual <= 0 ? 1 : Math.max(1 / MOST, Math.min(MOST, bytes / usual));
    }

    /** What a file belongs to, the narrowest first; that of all files is the empty one. */
    private static List<String> groups(TestFile file) {
        String path = file.path();
        int slash = path.lastIndexOf('/');
        int dot = path.lastIndexOf('.');
        String kind = dot > slash ? path.substring(dot) : "";
        List<String> all = new ArrayList<>();
        for (; slash > 0; slash = path.lastIndexOf('/', slash - 1)) {
            all.add(path.substring(0, slash + 1) + "*" + kind);
        }
        all.add("*" + kind);
        all.add("");
        return all;
    }

    private static double median(List<TestFile> files, ToDoubleFunction<TestFile> value) {
        double[] sorted = files.stream().mapToDouble(value).sorted().toArray();
        int middle = sorted.length / 2;
        return sorted.length % 2 == 1 ? sorted[middle] : (sorted[middle - 1] + sorted[middle]) / 2;
    }
}
