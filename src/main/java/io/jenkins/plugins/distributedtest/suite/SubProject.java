package io.jenkins.plugins.distributedtest.suite;

import io.jenkins.plugins.distributedtest.files.Glob;
import java.util.List;
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
 * @param files globs, relative to its directory, of the files that are its own where several projects share a directory;
 *     empty for all
 */
public record SubProject(
        String directory, String runner, RunnerSettings settings, Map<String, String> environment, List<String> files) {
    /** What stands for the workspace, which is elsewhere on each listener, in the JVM's options and in variables. */
    public static final String WORKSPACE = "{workspace}";

    /** What stands for the number of the slot in the JVM's options and in variables, as Surefire has it for its forks. */
    public static final String FORK_NUMBER = "${surefire.forkNumber}";

    /** The JVM's system property that says where in a Maven module its tests run; without it they do in its directory. */
    public static final String WORKING_DIRECTORY = "distributedtest.directory";

    /** The JVM's system property, there once for each, that names a variable which the build's tests do not see. */
    public static final String WITHOUT_VARIABLE = "distributedtest.without";

    /** Who sets more of these has made a mistake, or wants to do harm. */
    public static final int MAX_PROJECTS = 10_000;

    /**
     * Checks the directory, copies map and list.
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
        files = files == null ? List.of() : List.copyOf(files);
    }

    /** A sub-project that has its directory to itself. */
    public SubProject(String directory, String runner, RunnerSettings settings, Map<String, String> environment) {
        this(directory, runner, settings, environment, null);
    }

    /** A sub-project that has nothing but its directory. */
    public static SubProject in(String directory) {
        return new SubProject(directory, null, RunnerSettings.DEFAULT, Map.of());
    }

    /** The same for certain files of its directory only; see {@link #files}. */
    public SubProject of(List<String> globs) {
        return new SubProject(directory, runner, settings, environment, globs);
    }

    /** Whether a file is its own: in its directory or below, and matched by its globs if it has some. */
    public boolean holds(TestFile file) {
        boolean inside = directory.isEmpty() || file.path().startsWith(directory + "/");
        return inside
                && (files.isEmpty()
                        || files.stream().anyMatch(glob -> Glob.known(glob).matches(path(file))));
    }

    private String path(TestFile file) {
        return directory.isEmpty() ? file.path() : file.path().substring(directory.length() + 1);
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
        return directory.isEmpty() ? file : new TestFile(path(file));
    }

    @Override
    public String toString() {
        return directory.isEmpty() ? "." : directory;
    }
}
