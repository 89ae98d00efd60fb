package io.jenkins.plugins.distributedtest.runner;

import io.jenkins.plugins.distributedtest.suite.RunnerSettings;
import io.jenkins.plugins.distributedtest.suite.SubProject;
import io.jenkins.plugins.distributedtest.suite.SuiteException;
import io.jenkins.plugins.distributedtest.suite.TestFile;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;

/** The files that {@code pytest} without arguments would collect in a project, where nothing else says which. */
public final class PytestSuite {
    private static final String PYTEST = RunnerKind.PYTEST.label();

    private PytestSuite() {}

    /** Whether a directory is a project of pytest's: it has a configuration of it, or a {@code conftest.py}. */
    public static boolean isIn(Path directory) {
        return ProjectMarker.PYTEST.marks(directory)
                || Stream.of("conftest.py", "test/conftest.py", "tests/conftest.py")
                        .anyMatch(each -> Files.isRegularFile(directory.resolve(each)));
    }

    /**
     * The project that has all the files: as the plain command has them, whatever configurations lie below, and whatever
     * their names are. It has its own virtual environment where it has one and no interpreter is set.
     */
    public static SubProject project(Path directory, RunnerSettings settings) {
        Map<String, List<String>> own = Interpreters.ownPython(settings, directory);
        return new SubProject("", PYTEST, RunnerSettings.startedBy(own), Map.of());
    }

    /**
     * Asks the project's own pytest.
     *
     * @param directory the project's
     * @param settings how files are run
     * @param environment variables of the run
     * @return the files, sorted
     * @throws SuiteException if pytest cannot be asked; the message tells what it said, and the way out
     * @throws IOException if its answer cannot be read
     */
    public static List<TestFile> find(Path directory, RunnerSettings settings, Map<String, String> environment)
            throws SuiteException, IOException {
        RunnerSettings projects = settings.under(project(directory, settings).settings());
        ToolQuestion question = new ToolQuestion(PYTEST, directory, environment);
        return question.answer(question.told(
                        Interpreters.of(projects, directory, directory, environment, RunnerKind.PYTEST.language()),
                        "python/distributed_test_pytest_list.py",
                        projects.args().getOrDefault(PYTEST, List.of()),
                        "tests/**/test_*.py"))
                .files();
    }
}
