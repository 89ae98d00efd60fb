package io.jenkins.plugins.distributedtest.suite;

import java.util.Map;
import java.util.Objects;

/**
 * A part of the tree that is a project of its own: a module, a package, an engine, a service. Its files run as its own
 * project's command would run them: in its directory, by their paths below it, with its settings.
 *
 * @param directory its directory, relative to the workspace, with {@code /} between its parts; empty for the workspace
 * @param runner the name of the runner that takes all its files; null if rules and names decide as elsewhere
 * @param settings what it has other than the suite: maps are laid over the suite's, lists take the place of the
 *     suite's unless they are empty
 * @param environment variables of its test processes, on top of the run's
 */
public record SubProject(String directory, String runner, RunnerSettings settings, Map<String, String> environment) {
    /** Who sets more of these has made a mistake, or wants to do harm. */
    public static final int MAX_PROJECTS = 10_000;

    /**
     * Checks the directory, copies the map.
     *
     * @throws IllegalArgumentException if the directory is absolute or reaches outside the workspace
     */
    public SubProject {
        Objects.requireNonNull(directory, "directory");
        if (!directory.isEmpty()) {
            directory = new TestFile(directory).path();
        }
        settings = settings == null ? RunnerSettings.DEFAULT : settings;
        environment = environment == null ? Map.of() : Map.copyOf(environment);
    }

    /** A sub-project that has nothing but its directory. */
    public static SubProject in(String directory) {
        return new SubProject(directory, null, RunnerSettings.DEFAULT, Map.of());
    }

    /** Whether a file lies in its directory or below. */
    public boolean holds(TestFile file) {
        return directory.isEmpty() || file.path().startsWith(directory + "/");
    }

    /**
     * A file by its path below this project.
     *
     * @throws IllegalArgumentException if it does not lie there
     */
    public TestFile below(TestFile file) {
        if (!holds(file)) {
            throw new IllegalArgumentException(file + " is not in " + directory);
        }
        return directory.isEmpty() ? file : new TestFile(file.path().substring(directory.length() + 1));
    }

    @Override
    public String toString() {
        return directory.isEmpty() ? "." : directory;
    }
}
