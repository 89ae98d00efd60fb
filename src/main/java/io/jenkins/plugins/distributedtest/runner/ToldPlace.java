package io.jenkins.plugins.distributedtest.runner;

import io.jenkins.plugins.distributedtest.suite.SubProject;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/** What a build has told of the place where its tests run, in the options of their JVM. */
final class ToldPlace {
    private final Path workspace;
    private final List<String> options;
    private final int slot;

    /** @param workspace the project's directory */
    ToldPlace(Path workspace, List<String> options, int slot) {
        this.workspace = workspace;
        this.options = options;
        this.slot = slot;
    }

    /** A text with the number of a slot in place of that of a fork. */
    static String numbered(String text, int slot) {
        return text.replace(SubProject.FORK_NUMBER, Integer.toString(slot));
    }

    /**
     * The project's directory, or where in it its build has its tests run; that one is made, as Surefire makes it.
     *
     * @throws RunnerException if it is outside of the project
     */
    Path directory() throws IOException, RunnerException {
        Path directory = workspace;
        for (String each : values(SubProject.WORKING_DIRECTORY)) {
            directory = workspace.resolve(numbered(each, slot)).normalize();
        }
        if (!directory.startsWith(workspace)) {
            throw new RunnerException(
                    "The tests' working directory " + directory + " is outside of " + workspace, "", false);
        }
        return Files.createDirectories(directory);
    }

    /** The variables that the tests do not see though they are there. */
    List<String> without() {
        return values(SubProject.WITHOUT_VARIABLE);
    }

    private List<String> values(String property) {
        String option = "-D" + property + "=";
        List<String> values = new ArrayList<>();
        for (String each : options) {
            if (each.startsWith(option)) {
                values.add(each.substring(option.length()));
            }
        }
        return values;
    }
}
