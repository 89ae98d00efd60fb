package io.jenkins.plugins.distributedtest.jenkins.step;

import io.jenkins.plugins.distributedtest.config.ConfigException;
import io.jenkins.plugins.distributedtest.config.RunConfiguration;
import io.jenkins.plugins.distributedtest.session.SuiteChoice;
import io.jenkins.plugins.distributedtest.suite.SuiteException;
import io.jenkins.plugins.distributedtest.suite.TestFile;
import io.jenkins.plugins.distributedtest.suite.TestSuite;
import java.io.IOException;
import java.io.Serializable;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;

/**
 * Which files a step runs: those of a list, or those that match globs, its own or the project's; and of them perhaps
 * only those that failed the last time. Travels to the machine where the workspace is.
 */
final class StepSuite implements SuiteChoice, Serializable {
    private static final long serialVersionUID = 1L;

    private final String list;
    private final ArrayList<String> failed;

    /**
     * @param list a file in the workspace that lists the files, one a line; null for globs
     * @param failed the files that failed the last time, to run only these; null to run all
     */
    StepSuite(String list, List<String> failed) {
        this.list = list;
        this.failed = failed == null ? null : new ArrayList<>(failed);
    }

    @Override
    public TestSuite find(RunConfiguration run, List<String> configFiles)
            throws ConfigException, SuiteException, IOException {
        TestSuite suite = list == null
                ? SuiteChoice.configured("say files in the step, such as files: ['spec/**/*_spec.rb']")
                        .find(run, configFiles)
                : listed(run.directory(), run.directory().resolve(list));
        if (failed == null) {
            return suite;
        }
        Set<String> wanted = new HashSet<>(failed);
        List<TestFile> files = suite.files().stream()
                .filter(file -> wanted.contains(file.path()))
                .toList();
        return new TestSuite(files, suite.warnings());
    }

    /** In a workspace, where an earlier build may have left anything. */
    private static TestSuite listed(Path project, Path list) throws SuiteException, IOException {
        if (Files.exists(list) && !Files.isRegularFile(list)) {
            throw new SuiteException("The list of test files is no regular file: " + list);
        }
        return TestSuite.readList(project, list);
    }
}
