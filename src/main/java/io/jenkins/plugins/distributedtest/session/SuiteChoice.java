package io.jenkins.plugins.distributedtest.session;

import io.jenkins.plugins.distributedtest.config.ConfigException;
import io.jenkins.plugins.distributedtest.config.RunConfiguration;
import io.jenkins.plugins.distributedtest.runner.UnittestPackages;
import io.jenkins.plugins.distributedtest.suite.SuiteException;
import io.jenkins.plugins.distributedtest.suite.TestFile;
import io.jenkins.plugins.distributedtest.suite.TestSuite;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;

/** Which files a run is to run: what is configured, or what somebody has said in place of it. */
@FunctionalInterface
public interface SuiteChoice {
    /**
     * Finds the files, where the project is.
     *
     * @param run what is configured
     * @param configFiles names of the configuration files that were read; empty if there is none
     * @return the suite; without files only if there is nothing left to do (none of the files had failed before)
     * @throws NoFilesException if nothing says which files
     * @throws ConfigException if what is said contradicts itself
     * @throws SuiteException if what is said names no file, or one that cannot be run
     * @throws IOException if the file system fails
     */
    TestSuite find(RunConfiguration run, List<String> configFiles) throws ConfigException, SuiteException, IOException;

    /**
     * The configured suite.
     *
     * @param otherwise how the files can be said in another way, for the message when none are configured, such as
     *     {@code say --files GLOB}
     */
    static SuiteChoice configured(String otherwise) {
        return globs(List.of(), List.of(), otherwise);
    }

    /**
     * What globs match.
     *
     * @param include globs in place of the configured ones; empty for those
     * @param exclude globs of what is left out besides what is configured
     * @param otherwise as for {@link #configured}
     */
    static SuiteChoice globs(List<String> include, List<String> exclude, String otherwise) {
        return (run, configFiles) -> {
            List<String> included = include.isEmpty() ? run.files() : include;
            if (included.isEmpty()) {
                throw new NoFilesException(
                        configFiles.isEmpty()
                                ? "There is no distributed-test.json or gorgon.json in " + run.directory()
                                        + " that names the test files: `distributed-test init` writes one; or "
                                        + otherwise
                                : "No test files are configured: set \"files\" in " + String.join(" or ", configFiles)
                                        + ", or " + otherwise);
            }
            List<String> excluded = new ArrayList<>(run.exclude());
            excluded.addAll(exclude);
            TestSuite suite = TestSuite.find(run.directory(), included, excluded);
            return include.isEmpty() ? withPackages(suite, run, excluded) : suite;
        };
    }

    /** With what Python packages of the suite bring beside their test files. */
    private static TestSuite withPackages(TestSuite suite, RunConfiguration run, List<String> excluded)
            throws SuiteException, IOException {
        List<TestFile> packages = TestSuite.without(
                UnittestPackages.of(run.directory(), run.settings().runners(), suite.files()), excluded);
        List<TestFile> all = new ArrayList<>(suite.files());
        all.addAll(packages);
        return packages.isEmpty() ? suite : new TestSuite(all, suite.warnings());
    }
}
