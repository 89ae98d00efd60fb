package io.jenkins.plugins.distributedtest.callback;

import io.jenkins.plugins.distributedtest.process.CommandResult;
import io.jenkins.plugins.distributedtest.process.Commands;
import io.jenkins.plugins.distributedtest.process.ProcessSpec;
import io.jenkins.plugins.distributedtest.wire.CallbackSpec;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.TreeMap;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/**
 * Runs a project's callbacks, each as a process of its own with the project's tree as its directory: first the method
 * of Gorgon's {@code callbacks_class_file}, if the project has such a file and it has the method, then the command, if
 * the project names one. Since nothing is loaded into this process, nothing of one job can reach another, and a
 * callback may print or take what it likes: its output is drained and kept within bounds, its process tree is killed
 * when it runs too long.
 *
 * <p>Who calls which, and when: the originator {@link #BEFORE_ORIGINATE} in the project's directory before the sources
 * travel and {@link #AFTER_JOB_FINISHES} at the very end; a listener {@link #AFTER_SYNC} and
 * {@link #BEFORE_CREATING_WORKERS} once, {@link #BEFORE_START} and {@link #AFTER_COMPLETE} for each worker,
 * {@link #AFTER_CREATING_WORKERS} when all workers have ended. Where a Ruby runner calls the class file's methods
 * itself (inside its workers, where they can load the application), those are left out here: see {@link #commandsOnly}.
 *
 * <p>Immutable; any thread may call it.
 */
public final class Callbacks {
    /** On the originator, in the project's directory, before the sources travel; may return a cluster. */
    public static final String BEFORE_ORIGINATE = "before_originate";
    /** On a listener, when the sources have arrived. */
    public static final String AFTER_SYNC = "after_sync";
    /** On a listener, before any worker is made. */
    public static final String BEFORE_CREATING_WORKERS = "before_creating_workers";
    /** For each worker, before its first file. */
    public static final String BEFORE_START = "before_start";
    /** For each worker, after its last file, also of a run that was cancelled. */
    public static final String AFTER_COMPLETE = "after_complete";
    /** On a listener, when all workers have ended. */
    public static final String AFTER_CREATING_WORKERS = "after_creating_workers";
    /** On the originator, when the run is over, however it ended. */
    public static final String AFTER_JOB_FINISHES = "after_job_finishes";

    /** Their names in the order of their calls. */
    public static final List<String> NAMES = List.of(
            BEFORE_ORIGINATE,
            AFTER_SYNC,
            BEFORE_CREATING_WORKERS,
            BEFORE_START,
            AFTER_COMPLETE,
            AFTER_CREATING_WORKERS,
            AFTER_JOB_FINISHES);

    /**
     * What of a project's callbacks would run on the originator, for people: the names of commands, and the key of a class
     * file, which may define any. Empty if nothing would.
     */
    public static List<String> onOriginator(CallbackSpec spec) {
        List<String> here = new ArrayList<>(List.of(BEFORE_ORIGINATE, AFTER_JOB_FINISHES));
        here.retainAll(spec.commands().keySet());
        if (spec.classFile() != null) {
            here.add("callbacks_class_file");
        }
        return here;
    }

    private final CallbackSpec spec;
    private final Path directory;
    private final Map<String, String> environment;
    private final List<String> ruby;
    private final Duration timeout;

    /**
     * @param spec the project's callbacks
     * @param directory the project's tree
     * @param environment variables for the callbacks' processes, on top of this process's own
     * @param ruby the command that starts Ruby; null for {@code ruby}
     * @param timeout after which a callback is killed and counts as failed
     */
    public Callbacks(
            CallbackSpec spec,
            Path directory,
            Map<String, String> environment,
            @Nullable List<String> ruby,
            Duration timeout) {
        this.spec = Objects.requireNonNull(spec, "spec");
        this.directory = Objects.requireNonNull(directory, "directory");
        this.environment = Map.copyOf(environment);
        this.ruby = ruby == null || ruby.isEmpty() ? List.of("ruby") : List.copyOf(ruby);
        this.timeout = Objects.requireNonNull(timeout, "timeout");
    }

    /** The same callbacks without the methods of the Ruby class file, for where a Ruby runner calls those. */
    public Callbacks commandsOnly() {
        return new Callbacks(new CallbackSpec(null, spec.commands()), directory, environment, ruby, timeout);
    }

    /** The same callbacks with another limit, if that is shorter. */
    public Callbacks atMost(Duration limit) {
        Duration shorter = limit.compareTo(timeout) < 0 ? limit : timeout;
        return new Callbacks(spec, directory, environment, ruby, shorter);
    }

    /** The same callbacks in another tree of the same project. */
    public Callbacks in(Path tree) {
        return new Callbacks(spec, tree, environment, ruby, timeout);
    }

    /** The same callbacks with more variables. */
    public Callbacks with(Map<String, String> variables) {
        Map<String, String> all = new TreeMap<>(environment);
        all.putAll(variables);
        return new Callbacks(spec, directory, all, ruby, timeout);
    }

    /**
     * Runs a callback, if the project has it, and waits for its end.
     *
     * @param name one of {@link #NAMES}
     * @return the text that the class file's method returned; null if it returned none or there is none. Only
     *     {@link #BEFORE_ORIGINATE} makes use of it.
     * @throws CallbackException if it cannot be started, fails, or runs too long
     * @throws InterruptedException if this thread is interrupted; its process tree is killed
     */
    public @Nullable String run(String name) throws CallbackException, InterruptedException {
        if (!NAMES.contains(name)) {
            throw new IllegalArgumentException("Not a callback: " + name);
        }
        @Nullable String returned = null;
        if (spec.classFile() != null) {
            returned = runMethod(name);
        }
        List<String> command = spec.commands().get(name);
        if (command != null && !command.isEmpty()) {
            runCommand(name, command, Map.of());
        }
        return returned;
    }

    private @Nullable String runMethod(String name) throws CallbackException, InterruptedException {
        Path file = classFile(name);
        try (RubyCallback call = new RubyCallback(ruby, file, name)) {
            runCommand(name, call.command(), call.environment());
            return call.returned();
        } catch (IOException e) {
            throw new CallbackException(name, "The callback " + name + " could not be run: " + e.getMessage(), "");
        }
    }

    /** The class file comes from the wire: it must lie inside the tree, whatever links stand on its way. */
    private Path classFile(String name) throws CallbackException {
        String path = spec.classFile();
        try {
            Path root = directory.toRealPath();
            Path file = root.resolve(path).toRealPath();
            if (!file.startsWith(root) || !Files.isRegularFile(file, LinkOption.NOFOLLOW_LINKS)) {
                throw new CallbackException(
                        name, "callbacks_class_file is not a file inside the project: " + printable(path), "");
            }
            return file;
        } catch (IOException | RuntimeException e) {
            throw new CallbackException(
                    name,
                    "callbacks_class_file does not exist in the project: " + printable(path)
                            + ". Is it left out by the sync's exclude patterns?",
                    "");
        }
    }

    private static String printable(String text) {
        return text.substring(0, Math.min(200, text.length())).replaceAll("\\p{Cntrl}", "?");
    }

    private void runCommand(String name, List<String> command, Map<String, String> extra)
            throws CallbackException, InterruptedException {
        CommandResult result;
        try {
            ProcessSpec process = ProcessSpec.of(command)
                    .directory(directory)
                    .environment(environment)
                    .environment(extra)
                    .marker("callback-" + UUID.randomUUID());
            result = Commands.run(process, timeout);
        } catch (IOException | RuntimeException e) {
            throw new CallbackException(name, "The callback " + name + " could not be run: " + e.getMessage(), "");
        }
        if (result.timedOut()) {
            throw new CallbackException(
                    name,
                    "The callback " + name + " was killed: it ran longer than " + timeout.toSeconds() + " s",
                    result.output());
        }
        if (!result.ok()) {
            throw new CallbackException(name, "The callback " + name + " failed: " + result.ending(), result.output());
        }
    }
}
