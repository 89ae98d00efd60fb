package io.jenkins.plugins.distributedtest.jenkins.job;

import com.fasterxml.jackson.annotation.JsonIgnoreProperties;
import java.util.ArrayList;
import java.util.List;

/**
 * How long a slow file took in the last runs that it ended in.
 *
 * @param title the runs' title; possibly empty
 * @param file the file's path
 * @param times of each run, the oldest first; never empty
 */
@JsonIgnoreProperties(ignoreUnknown = true)
record FileTrack(String title, String file, List<Time> times) {
    private static final int MOST_TIMES = 30;
    /** So many of the last times say how long it takes now, and so many before them how long it took. */
    private static final int FEW = 5;
    /** A change of so much is told. */
    private static final double NOTABLE = 0.1;

    /**
     * How long it took once.
     *
     * @param build the build's number
     * @param seconds how long
     */
    record Time(int build, double seconds) {}

    FileTrack {
        times = List.copyOf(times);
    }

    FileTrack after(int build, double seconds) {
        List<Time> more = new ArrayList<>(times);
        more.add(new Time(build, seconds));
        return new FileTrack(title, file, more.subList(Math.max(0, more.size() - MOST_TIMES), more.size()));
    }

    /** The median of its last few times, in seconds. */
    double typicalSeconds() {
        return median(times.subList(Math.max(0, times.size() - FEW), times.size()));
    }

    /** What it takes now over what it took in the few runs before; 1 where too little is known. */
    double trend() {
        int split = times.size() - FEW;
        if (split < 1) {
            return 1;
        }
        double before = median(times.subList(Math.max(0, split - FEW), split));
        return before <= 0 ? 1 : typicalSeconds() / before;
    }

    /** Whether it has become notably slower. */
    boolean isSlower() {
        return trend() - 1 >= NOTABLE;
    }

    /** The trend for people; empty where nothing has changed, or too little is known. */
    String trendWords() {
        double change = trend() - 1;
        if (Math.abs(change) < NOTABLE) {
            return "";
        }
        return Math.round(Math.abs(change) * 100) + "\u00a0% " + (change > 0 ? "slower" : "faster");
    }

    int lastBuild() {
        return times.get(times.size() - 1).build();
    }

    private static double median(List<Time> some) {
        double[] sorted = some.stream().mapToDouble(Time::seconds).sorted().toArray();
        int middle = sorted.length / 2;
        return sorted.length % 2 == 1 ? sorted[middle] : (sorted[middle - 1] + sorted[middle]) / 2;
    }
}
