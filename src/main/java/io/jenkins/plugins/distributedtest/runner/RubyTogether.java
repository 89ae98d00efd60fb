package io.jenkins.plugins.distributedtest.runner;

import io.jenkins.plugins.distributedtest.suite.RunnerSettings;
import io.jenkins.plugins.distributedtest.suite.TestFile;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/**
 * The files that {@code rake test} loads into the one process that it has for all files of a project, before it runs a
 * test. What a file brings may depend on those before it: the framework is not there until one has required it, and a class
 * may be defined only where one has loaded a library. Our workers load file after file, each some of them, so they are told
 * of all ({@code distributed_test_beginning.rb}).
 */
final class RubyTogether {
    /** Those behind are not compared with what {@code rake test} would run of them. */
    private static final int MAX = 10_000;

    private RubyTogether() {}

    /**
     * Those of each project, by their paths.
     *
     * @param settings the suite's, settled
     * @param files the suite, in rake's order
     */
    static List<List<String>> of(RunnerSettings settings, List<TestFile> files) {
        Map<String, List<String>> projects = new TreeMap<>();
        files.stream()
                .filter(each -> RubySuite.isRakes(settings, each))
                .limit(MAX)
                .forEach(each -> projects.computeIfAbsent(
                                settings.projectOf(each).directory(), any -> new ArrayList<>())
                        .add(each.path()));
        return List.copyOf(projects.values());
    }
}
