package io.jenkins.plugins.distributedtest.jenkins.step;

import io.jenkins.plugins.distributedtest.config.ConfigException;
import io.jenkins.plugins.distributedtest.config.RunConfiguration;
import io.jenkins.plugins.distributedtest.suite.SuiteException;
import io.jenkins.plugins.distributedtest.suite.TestFile;
import io.jenkins.plugins.distributedtest.suite.TestSuite;
import java.io.IOException;
import java.io.Serializable;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;

/**
 * Which files a step runs: those of a list, or those that match globs, its own or the project's; and of them perhaps
 * only those that failed the last time. Travels to the machine where the workspace is.
 */
final class SuiteChoice implements Serializable {
    private static final long serialVersionUID = 1L;

    private final String list;
    private final ArrayList<String> failed;

    /**
     * @param list a file in the workspace that lists the files, one a line; null for globs
     * @param failed the files that failed the last time, to run only these; null to run all
     */
    SuiteChoice(String list, List<String> failed) {
        this.list = list;
        this.failed = failed == null ? null : new ArrayList<>(failed);
    }

    /**
     * Finds the files.
     *
     * @param run what is configured, the step's own words included
     * @param configured the names of the configuration files that were read
     * @return the files; none only if all were to be left out because none of them had failed
     */
    Found find(RunConfiguration run, List<String> configured) throws ConfigException, SuiteException, IOException {
        TestSuite suite = list == null ? byGlobs(run, configured) : TestSuite.readList(run.directory(), path(run));
        List<String> warnings = new ArrayList<>(suite.warnings());
        List<TestFile> files = suite.files();
        if (failed != null) {
            Set<String> wanted = new HashSet<>(failed);
            files = files.stream().filter(file -> wanted.contains(file.path())).toList();
        }
        return new Found(files, warnings);
    }

    private Path path(RunConfiguration run) {
        return run.directory().resolve(list);
    }

    private static TestSuite byGlobs(RunConfiguration run, List<String> configured)
            throws ConfigException, SuiteException, IOException {
        if (run.files().isEmpty()) {
            throw new ConfigException(
                    configured.isEmpty()
                            ? "There is no distributed-test.json or gorgon.json in " + run.directory()
                                    + " that names the test files: say files in the step, such as"
                                    + " files: ['spec/**/*_spec.rb']"
                            : "No test files are configured: set \"files\" in " + String.join(" or ", configured)
                                    + ", or say files in the step");
        }
        return TestSuite.find(run.directory(), run.files(), run.exclude());
    }

    /**
     * What was found.
     *
     * @param files the files in their order
     * @param warnings for people, a line each
     */
    record Found(List<TestFile> files, List<String> warnings) {}
}
