package io.jenkins.plugins.distributedtest.process;

import java.io.File;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;

/**
 * How a child process is to be started: always from a list of arguments, never through a shell. Immutable; each
 * method returns a changed copy.
 */
public final class ProcessSpec {
    /** How messages begin that say why a process could not be started. */
    public static final String CANNOT_START = "Cannot start ";
    /** Environment variable that marks all processes of one tree; see {@link ProcessTree}. */
    public static final String MARKER = "DISTRIBUTED_TEST_MARKER";
    /**
     * What variables begin with that may hold the broker's password. No child process gets them unless they are given
     * to it: a test that prints its environment would put them into every report.
     */
    private static final List<String> SECRETS = List.of("DISTRIBUTED_TEST_BROKER", "DISTRIBUTED_TEST_CONNECTION");

    private final List<String> command;
    private final Path directory;
    private final Map<String, String> environment;
    private final Set<String> removed;
    private final boolean clean;
    private final byte[] stdin;
    private final Path outputFile;

    private ProcessSpec(Draft draft) {
        command = draft.command;
        directory = draft.directory;
        environment = draft.environment;
        removed = draft.removed;
        clean = draft.clean;
        stdin = draft.stdin;
        outputFile = draft.outputFile;
    }

    /** The fields while a copy is being changed. */
    private static final class Draft {
        private List<String> command;
        private Path directory;
        private Map<String, String> environment = Map.of();
        private Set<String> removed = Set.of();
        private boolean clean;
        private byte[] stdin;
        private Path outputFile;

        private Draft() {}

        private Draft(ProcessSpec spec) {
            command = spec.command;
            directory = spec.directory;
            environment = spec.environment;
            removed = spec.removed;
            clean = spec.clean;
            stdin = spec.stdin;
            outputFile = spec.outputFile;
        }
    }

    /**
     * A process with the directory and environment (but for the broker's password) of this one, an empty standard input
     * and captured output.
     *
     * @param command program and arguments
     * @throws IllegalArgumentException if the command is empty or an argument holds a NUL character
     */
    public static ProcessSpec of(List<String> command) {
        if (command.isEmpty() || command.get(0).isEmpty()) {
            throw new IllegalArgumentException("An empty command");
        }
        for (String argument : command) {
            if (argument.indexOf('\0') >= 0) {
                throw new IllegalArgumentException("A command with a NUL character: " + command.get(0));
            }
        }
        Draft draft = new Draft();
        draft.command = List.copyOf(command);
        return new ProcessSpec(draft);
    }

    /** Starts it in a directory. */
    public ProcessSpec directory(Path path) {
        Draft draft = new Draft(this);
        draft.directory = path;
        return new ProcessSpec(draft);
    }

    /** Adds variables to its environment; later calls win. */
    public ProcessSpec environment(Map<String, String> variables) {
        Draft draft = new Draft(this);
        Map<String, String> all = new TreeMap<>(environment);
        all.putAll(variables);
        draft.environment = all;
        return new ProcessSpec(draft);
    }

    /** Leaves out a variable of this process's own environment. */
    public ProcessSpec without(String variable) {
        Draft draft = new Draft(this);
        Set<String> all = new TreeSet<>(removed);
        all.add(variable);
        draft.removed = all;
        return new ProcessSpec(draft);
    }

    /** Inherits nothing from this process's environment. */
    public ProcessSpec cleanEnvironment() {
        Draft draft = new Draft(this);
        draft.clean = true;
        return new ProcessSpec(draft);
    }

    /** Gives it bytes on standard input, which is empty otherwise; null for none. */
    public ProcessSpec stdin(byte[] bytes) {
        Draft draft = new Draft(this);
        draft.stdin = bytes == null ? null : bytes.clone();
        return new ProcessSpec(draft);
    }

    /** Marks its tree, so that {@link ProcessTree} finds every process of it. */
    public ProcessSpec marker(String value) {
        return environment(Map.of(MARKER, value));
    }

    /** Appends standard output and error to a file instead of capturing them; null captures. */
    public ProcessSpec outputFile(Path file) {
        Draft draft = new Draft(this);
        draft.outputFile = file;
        return new ProcessSpec(draft);
    }

    /** Program and arguments. */
    public List<String> command() {
        return command;
    }

    /** The file that output goes to; null if it is captured. */
    public Path outputFile() {
        return outputFile;
    }

    /** The value of the marker; null if it has none. */
    public String marker() {
        return environment.get(MARKER);
    }

    byte[] stdin() {
        return stdin;
    }

    /**
     * Starts the process. With {@link #outputFile} both outputs go there; otherwise they are pipes that the caller
     * must drain. Standard input is empty unless {@link #stdin} was given, in which case it is a pipe.
     *
     * @throws IOException if it cannot be started; the message names program and directory, not the arguments, which
     *     may hold what should not be logged
     */
    public Process start() throws IOException {
        ProcessBuilder builder = new ProcessBuilder(new ArrayList<>(command));
        if (directory != null) {
            builder.directory(directory.toFile());
        }
        if (clean) {
            builder.environment().clear();
        }
        removed.forEach(builder.environment()::remove);
        builder.environment().keySet().removeIf(name -> SECRETS.stream().anyMatch(name::startsWith));
        Map<String, String> own = new TreeMap<>(environment);
        own.putAll(ProcessOwner.variables());
        builder.environment().putAll(own);
        if (stdin == null) {
            builder.redirectInput(ProcessBuilder.Redirect.from(new File("/dev/null")));
        }
        builder.redirectErrorStream(outputFile != null);
        if (outputFile != null) {
            builder.redirectOutput(ProcessBuilder.Redirect.appendTo(outputFile.toFile()));
        }
        try {
            return ProcessContainers.start(builder, own);
        } catch (IOException e) {
            String reason = directory != null && !directory.toFile().isDirectory()
                    ? "no such directory"
                    : String.valueOf(
                            e.getCause() == null ? e.getMessage() : e.getCause().getMessage());
            throw new IOException(
                    CANNOT_START + command.get(0) + (directory == null ? "" : " in " + directory) + ": " + reason, e);
        }
    }
}
