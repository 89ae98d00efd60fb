package io.jenkins.plugins.distributedtest.runner;

import io.jenkins.plugins.distributedtest.suite.RunnerSettings;
import io.jenkins.plugins.distributedtest.suite.SubProject;
import io.jenkins.plugins.distributedtest.suite.TestFile;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * Test files of pytest's that may be imported by one name, since they are called the same and lie in directories that are
 * no packages. One session that collects them all fails for the second of them; here each session collects some of the
 * files, so it is told which others a file may be taken for.
 */
final class PytestHomonyms {
    /** Of more names than these, the rest is left out: the list goes to each process, whose environment has a limit. */
    private static final int MAX_NAMES = 50;

    /** So many files of one name are enough to fail the run. */
    private static final int MAX_FILES = 10;

    /**
     * What makes files meet.
     *
     * @param project one command collects the files of a project
     * @param module the name of the file's module
     */
    private record Name(SubProject project, String module) {}

    private PytestHomonyms() {}

    /**
     * The files, by their paths, those of one name together; each list sorted.
     *
     * @param workspace the tree
     * @param settings the suite's, settled
     * @param files the suite
     */
    static List<List<String>> among(Path workspace, RunnerSettings settings, List<TestFile> files) {
        Map<Name, List<String>> byName = new LinkedHashMap<>();
        for (TestFile each : files) {
            if (each.path().endsWith(".py") && SuiteRunners.isRunBy(RunnerKind.PYTEST.label(), settings, each)) {
                byName.computeIfAbsent(
                                new Name(settings.projectOf(each), module(workspace, each)), name -> new ArrayList<>())
                        .add(each.path());
            }
        }
        return byName.values().stream()
                .filter(each -> each.size() > 1)
                .limit(MAX_NAMES)
                .map(each -> each.stream().sorted().limit(MAX_FILES).toList())
                .toList();
    }

    private static String module(Path workspace, TestFile file) {
        Path path = workspace.resolve(file.path());
        return UnittestPackages.base(workspace, path.getParent())
                .relativize(path)
                .toString();
    }
}
