package io.jenkins.plugins.distributedtest.compare;

import java.nio.file.Path;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;

/**
 * A command of the project's own that runs tests, and what it leaves behind.
 *
 * @param runner the runner whose files it runs; {@link ComparedCase#ANY} for a command of the user's
 * @param project the sub-project that it runs in, relative to the tree; empty for the tree itself
 * @param command program and arguments
 * @param directory where it runs
 * @param environment variables besides this process's own
 * @param report what it reports
 */
public record OwnCommand(
        String runner,
        String project,
        List<String> command,
        Path directory,
        Map<String, String> environment,
        Report report) {
    /** Copies the collections. */
    public OwnCommand {
        Objects.requireNonNull(runner, "runner");
        Objects.requireNonNull(project, "project");
        Objects.requireNonNull(report, "report");
        command = List.copyOf(command);
        environment = Map.copyOf(environment);
    }

    /** The same with more variables. */
    OwnCommand with(Map<String, String> variables) {
        Map<String, String> all = new HashMap<>(environment);
        all.putAll(variables);
        return new OwnCommand(runner, project, command, directory, all, report);
    }

    /** The same where it is known what takes what it prints. */
    OwnCommand printingTo(Path output) {
        return new OwnCommand(runner, project, command, directory, environment, report.printedTo(output));
    }

    /** In which form cases are told. */
    public enum Form {
        /** JUnit's XML. */
        JUNIT,
        /** RSpec's JSON. */
        RSPEC,
        /** A JSON object a line, as our own reporters write it. */
        LINES,
        /** The events of {@code go test -json}. */
        GO
    }

    /**
     * What a command reports.
     *
     * @param form in which form
     * @param file the one file that it writes; null if it writes several, or prints it
     * @param globs which files it writes, relative to its directory; empty if it is one
     */
    public record Report(Form form, Path file, List<String> globs) {
        /** One file. */
        static Report in(Form form, Path file) {
            return new Report(form, file, List.of());
        }

        /** What it prints, where that is made for programs. */
        static Report printed(Form form) {
            return new Report(form, null, List.of());
        }

        /** The same, where it is known what takes what is printed. */
        Report printedTo(Path output) {
            return file == null && globs.isEmpty() ? in(form, output) : this;
        }

        /** The files in JUnit's form that match. */
        static Report matching(List<String> globs) {
            return new Report(Form.JUNIT, null, globs);
        }
    }

    /** The command as a line, for people. */
    public String line() {
        return String.join(" ", command);
    }
}
