package io.jenkins.plugins.distributedtest.runner;

import io.jenkins.plugins.distributedtest.suite.RunnerSettings;
import io.jenkins.plugins.distributedtest.suite.TestFile;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/**
 * The files that {@code rake test} loads first into the one process that it has for all files of a project. The framework is
 * not there until one of them has required it, and a file that needs it before that does not load. Our workers have the
 * framework from the beginning, so they are told of these files ({@code distributed_test_beginning.rb}).
 */
final class RubyBeginnings {
    /** Nearly always the very first brings the framework, or fails. */
    private static final int MAX = 20;

    private RubyBeginnings() {}

    /**
     * Those of each project, by their paths.
     *
     * @param settings the suite's, settled
     * @param files the suite, in rake's order
     */
    static List<List<String>> of(RunnerSettings settings, List<TestFile> files) {
        Map<String, List<String>> projects = new TreeMap<>();
        files.stream().filter(each -> RubySuite.isRakes(settings, each)).forEach(each -> {
            List<String> first =
                    projects.computeIfAbsent(settings.projectOf(each).directory(), any -> new ArrayList<>());
            if (first.size() < MAX) {
                first.add(each.path());
            }
        });
        return List.copyOf(projects.values());
    }
}
