package io.jenkins.plugins.distributedtest.process;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicLong;
import java.util.stream.Stream;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Keeps the processes of jobs and workers together, so that none is left when they end, also none that has cleared its
 * environment and left its session. How depends on the host, and is chosen once, at the program's start:
 *
 * <ul>
 *   <li>{@link Kind#CGROUP}: each process is started in a cgroup of its own below one that this program may use;
 *   <li>{@link Kind#SUBREAPER}: each is started by a small program that orphans come to as its children;
 *   <li>{@link Kind#MARKS}: a variable in the environment, by which {@link ProcessTree} looks for them.
 * </ul>
 *
 * <p>Every process that is started with a mark ({@link #PREFIX}) is kept so. Safe for use by several threads.
 */
public final class ProcessContainers {
    /** What the names of the variables begin with that mark processes. */
    static final String PREFIX = "DISTRIBUTED_TEST_";

    private static final Logger LOG = LoggerFactory.getLogger(ProcessContainers.class);
    private static final Map<Process, Kept> KEPT = new ConcurrentHashMap<>();
    /** After so many starts what has ended in order is forgotten, unless whoever has started it came first. */
    private static final int SWEEP = 64;

    private static final AtomicLong STARTED = new AtomicLong();
    private static volatile ProcessContainer.Source source;

    private ProcessContainers() {}

    /** How processes are kept together. */
    public enum Kind {
        /** By a cgroup each. */
        CGROUP,
        /** By a child subreaper each. */
        SUBREAPER,
        /** By a variable in their environment. */
        MARKS;

        /** As it stands in configurations. */
        public String word() {
            return name().toLowerCase(Locale.ROOT);
        }

        /**
         * Reads a word of a configuration.
         *
         * @return null for {@code auto}, which is the best that the host has
         * @throws IllegalArgumentException if it is no such word; says which there are
         */
        public static Kind parse(String word) {
            if (word.equals("auto")) {
                return null;
            }
            return Stream.of(values())
                    .filter(each -> each.word().equals(word))
                    .findFirst()
                    .orElseThrow(() -> new IllegalArgumentException(
                            "must be auto, cgroup, subreaper or marks, not \"" + word + "\""));
        }
    }

    private record Kept(ProcessContainer container, Map<String, String> marks) {}

    /**
     * Chooses how the processes are kept together that are started from now on.
     *
     * @param wanted how; null for the best that the host has
     * @param directory an existing directory that a small file for each process is made in
     * @return what was chosen, for people: a part of a sentence after "processes are kept together by"
     * @throws IOException if the host does not have what is wanted; says why
     */
    public static String use(Kind wanted, Path directory) throws IOException {
        List<String> reasons = new ArrayList<>();
        for (Kind each : wanted == null ? List.of(Kind.values()) : List.of(wanted)) {
            try {
                source = switch (each) {
                    case CGROUP -> Cgroups.find();
                    case SUBREAPER -> Subreapers.find(directory);
                    case MARKS -> null;
                };
                LOG.info("Processes are kept together by {}{}", description(), reasons.isEmpty() ? "" : " " + reasons);
                return description();
            } catch (IOException e) {
                reasons.add(each.word() + ": " + e.getMessage());
            }
        }
        throw new IOException(String.join("; ", reasons));
    }

    private static String description() {
        ProcessContainer.Source used = source;
        if (used != null) {
            return used.description();
        }
        return Files.isReadable(Path.of("/proc/self/environ"))
                ? "a variable in their environment"
                : "their parents alone, which only Linux can do better";
    }

    /** The file for a {@link Watchdog} to write 1 to; null if there is none. */
    static String killFile() {
        ProcessContainer.Source used = source;
        return used == null ? null : used.killFile();
    }

    /**
     * Starts a process, in a container if it is marked and there are any.
     *
     * @param builder how
     * @param variables those that were set for it
     */
    static Process start(ProcessBuilder builder, Map<String, String> variables) throws IOException {
        ProcessContainer.Source used = source;
        Map<String, String> marks = new TreeMap<>(variables);
        marks.keySet().removeIf(name -> !name.startsWith(PREFIX));
        if (used == null || marks.isEmpty()) {
            return builder.start();
        }
        String name = builder.command().get(0);
        List<String> command = new ArrayList<>(builder.command());
        command.set(0, found(name, builder));
        ProcessContainer container = used.make();
        Process process = container.start(builder.command(command), name);
        KEPT.put(process, new Kept(container, Map.copyOf(marks)));
        if (STARTED.incrementAndGet() % SWEEP == 0) {
            KEPT.entrySet()
                    .removeIf(each -> !each.getKey().isAlive()
                            && each.getValue().container.isEmpty());
        }
        return process;
    }

    /** The path of a program, found as {@link ProcessBuilder} finds it: along this process's own {@code PATH}. */
    private static String found(String program, ProcessBuilder builder) throws IOException {
        if (program.contains("/")) {
            Path path = builder.directory() == null
                    ? Path.of(program)
                    : builder.directory().toPath().resolve(program);
            check(path);
            return program;
        }
        String search = System.getenv("PATH");
        for (String each : (search == null ? "/usr/bin:/bin" : search).split(":")) {
            Path path = Path.of(each.isEmpty() ? "." : each, program).toAbsolutePath();
            if (Files.isExecutable(path) && Files.isRegularFile(path)) {
                return path.toString();
            }
        }
        throw new IOException("No such file or directory");
    }

    private static void check(Path path) throws IOException {
        if (!Files.exists(path)) {
            throw new IOException("No such file or directory");
        }
        if (!Files.isExecutable(path) || Files.isDirectory(path)) {
            throw new IOException("Permission denied");
        }
    }

    /**
     * Kills a process and everything that came of it.
     *
     * @return whether nothing is left for sure; false if it is in no container
     */
    static boolean kill(Process process) {
        Kept kept = KEPT.get(process);
        boolean gone = kept != null && kept.container.kill();
        if (kept != null) {
            KEPT.remove(process);
        }
        return gone;
    }

    /**
     * Kills everything that came of the processes that were started with some marks.
     *
     * @return whether nothing is left for sure
     */
    static boolean killAll(Map<String, String> marks) {
        boolean gone = source != null;
        for (Map.Entry<Process, Kept> each : List.copyOf(KEPT.entrySet())) {
            if (each.getValue().marks.entrySet().containsAll(marks.entrySet())) {
                gone &= each.getValue().container.kill();
                KEPT.remove(each.getKey());
            }
        }
        return gone;
    }
}
