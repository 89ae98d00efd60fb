package io.jenkins.plugins.distributedtest.originator;

import io.jenkins.plugins.distributedtest.suite.TestFile;
import java.util.List;
import java.util.Map;
import java.util.Objects;

/**
 * What is asked of a new run: which files, and how they are to be run.
 *
 * @param settings how
 * @param ordered the suite in the order of publishing, slowest first; a run refuses one that is empty or has a file
 *     twice
 * @param expected recorded runtimes in seconds; a file that was never seen is missing
 */
public record RunRequest(RunSettings settings, List<TestFile> ordered, Map<TestFile, Double> expected) {
    /** Copies the collections. */
    public RunRequest {
        Objects.requireNonNull(settings, "settings");
        ordered = List.copyOf(ordered);
        expected = Map.copyOf(expected);
    }

    /** A request for files of which no runtimes are recorded. */
    public static RunRequest of(RunSettings settings, List<TestFile> ordered) {
        return new RunRequest(settings, ordered, Map.of());
    }
}
