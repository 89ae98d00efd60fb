package io.jenkins.plugins.distributedtest.compare;

import io.jenkins.plugins.distributedtest.files.Glob;
import io.jenkins.plugins.distributedtest.files.GlobWalk;
import io.jenkins.plugins.distributedtest.runner.SuiteRunners;
import io.jenkins.plugins.distributedtest.suite.RunnerSettings;
import io.jenkins.plugins.distributedtest.suite.SubProject;
import io.jenkins.plugins.distributedtest.suite.TestFile;
import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;

/**
 * The files that a framework without a search of its own would be given.
 *
 * @param tree the tree
 * @param settings which runner takes which file
 * @param project the project that they are to be of
 */
record OwnFiles(Path tree, RunnerSettings settings, SubProject project) {
    /**
     * What matches, is of a runner, and of no inner project; by its path in the project.
     *
     * @param runner the runner's name
     * @param globs relative to the project
     */
    Set<String> matching(String runner, List<String> globs) throws IOException {
        Set<String> matching = new TreeSet<>();
        Path directory = tree.resolve(project.directory());
        for (Set<String> each :
                GlobWalk.of(directory, globs.stream().map(Glob::parse).toList()).found()) {
            for (String path : each) {
                TestFile file = new TestFile(project.directory().isEmpty() ? path : project.directory() + "/" + path);
                if (settings.projectOf(file).directory().equals(project.directory())
                        && SuiteRunners.isRunBy(runner, settings, file)) {
                    matching.add(path);
                }
            }
        }
        return matching;
    }
}
