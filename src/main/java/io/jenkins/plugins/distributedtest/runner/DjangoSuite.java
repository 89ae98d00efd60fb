package io.jenkins.plugins.distributedtest.runner;

import io.jenkins.plugins.distributedtest.suite.RunnerSettings;
import io.jenkins.plugins.distributedtest.suite.SubProject;
import io.jenkins.plugins.distributedtest.suite.SuiteException;
import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;

/** The suite of a Django project's own test command, where nothing else says which files there are. */
public final class DjangoSuite {
    private static final String DJANGO = RunnerKind.DJANGO.label();

    private DjangoSuite() {}

    /**
     * Whether a directory is a Django project whose tests are run by Django's own command: it has a {@code manage.py}, or
     * a script that calls Django's test runner, and nothing of pytest's.
     */
    public static boolean isIn(Path directory) {
        return ProjectMarker.DJANGO.marks(directory) && !PytestSuite.isIn(directory);
    }

    /** Whether settings say by which arguments Django's test command is called, so that there is one whatever lies there. */
    public static boolean isSet(RunnerSettings settings) {
        return !settings.args().getOrDefault(DJANGO, List.of()).isEmpty();
    }

    /** The project that has all the files, with its own virtual environment where it has one and no interpreter is set. */
    public static SubProject project(Path directory, RunnerSettings settings) {
        Map<String, List<String>> own = Interpreters.ownPython(settings, directory);
        return new SubProject("", DJANGO, RunnerSettings.startedBy(own), Map.of());
    }

    /**
     * Asks the project's own command, up to the suite that it builds; no database is made.
     *
     * @param directory the project's
     * @param settings how files are run
     * @param environment variables of the run
     * @throws SuiteException if it cannot be asked; the message tells what it said, and the way out
     * @throws IOException if its answer cannot be read
     */
    public static ToolAnswer find(Path directory, RunnerSettings settings, Map<String, String> environment)
            throws SuiteException, IOException {
        RunnerSettings projects = settings.under(project(directory, settings).settings());
        ToolQuestion question = new ToolQuestion(DJANGO, directory, environment);
        return question.answer(question.told(
                Interpreters.of(projects, directory, directory, environment, RunnerKind.DJANGO.language()),
                "python/distributed_test_django_list.py",
                projects.args().getOrDefault(DJANGO, List.of()),
                "**/tests/test_*.py"));
    }
}
