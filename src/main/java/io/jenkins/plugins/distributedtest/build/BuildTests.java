package io.jenkins.plugins.distributedtest.build;

import io.jenkins.plugins.distributedtest.suite.SubProject;
import io.jenkins.plugins.distributedtest.suite.TestFile;
import java.util.List;

/**
 * What a build tests.
 *
 * @param projects its modules, each with the class path and options of its tests
 * @param files the source files with test classes, by module, without duplicates
 * @param warnings for people, a line each: what cannot be carried over
 */
public record BuildTests(List<SubProject> projects, List<TestFile> files, List<String> warnings) {
    /** Copies the lists. */
    public BuildTests {
        projects = List.copyOf(projects);
        files = List.copyOf(files);
        warnings = List.copyOf(warnings);
    }
}
