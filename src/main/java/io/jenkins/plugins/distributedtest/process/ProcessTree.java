package io.jenkins.plugins.distributedtest.process;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashSet;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.concurrent.locks.LockSupport;
import java.util.function.Supplier;

/**
 * Kills whole process trees: those in a container of {@link ProcessContainers} with it, others by looking for them.
 *
 * <p>A tree is a process's descendants; and on Linux, where children can leave the tree (a double fork, a new
 * session), also every process whose environment at its start held the tree's marker, and every process of a session
 * that the root leads. What is found is killed with SIGKILL and looked for again, since a process may fork in the
 * moment between, until nothing is left or {@link #LIMIT} has passed.
 */
public final class ProcessTree {
    /** After this long a tree that still forks is left alone. */
    public static final Duration LIMIT = Duration.ofSeconds(5);

    private static final Path PROC = Path.of("/proc");
    private static final long PAUSE_NANOS = Duration.ofMillis(5).toNanos();
    /** A process in the middle of an exec has no environment to be found by: so many looks have to find nothing. */
    private static final int EMPTY_LOOKS = 3;

    private ProcessTree() {}

    /**
     * Kills a process and its tree.
     *
     * @param process the root
     * @param marker the value of {@link ProcessSpec#MARKER} in the tree's environment; null if it has none
     */
    public static void kill(Process process, String marker) {
        if (ProcessContainers.kill(process)) {
            return;
        }
        kill(process.toHandle(), marker == null ? Map.of() : Map.of(ProcessSpec.MARKER, marker));
    }

    /**
     * Kills a process and its tree, which is not necessarily a child of this one.
     *
     * @param root the root
     * @param environment variables which all stand in the environment of processes that belong to the tree; empty if
     *     there are none to go by
     */
    public static void kill(ProcessHandle root, Map<String, String> environment) {
        Map<String, String> marker = markerOf(environment);
        boolean runs = runs(root);
        boolean leads =
                runs && stat(root.pid()).map(s -> s.session == root.pid()).orElse(false);
        Question question = (pid, stat, entry) -> holds(entry, environment)
                // The id of a root that is gone may be another's by now: then the marker must agree.
                || stat.session == root.pid() && (leads || holds(entry, marker));
        if (!Files.isDirectory(PROC)) {
            Set<ProcessHandle> known = new LinkedHashSet<>(Set.of(root));
            untilGone(() -> {
                Set.copyOf(known).forEach(each -> each.descendants().forEach(known::add));
                return known;
            });
            return;
        }
        Set<Long> tree = new HashSet<>(runs ? Set.of(root.pid()) : Set.of());
        untilGone(() -> inProc(tree, question));
    }

    /** Kills every process that holds a marker, on Linux; elsewhere nothing can be found that way. */
    public static void killMarked(String marker) {
        killMarked(Map.of(ProcessSpec.MARKER, marker));
    }

    /**
     * Kills what is left of the processes that this program has started with some marks, and everything that came of them.
     * Where {@link ProcessContainers} keep them together nothing has to be looked for.
     *
     * @param marks variables that were set for each of them
     */
    public static void endMarked(Map<String, String> marks) {
        endMarked(marks, StartedSince.EVER);
    }

    /**
     * The same where it is known when the first of them was started at the earliest: older ones are not looked at.
     *
     * @param since before that
     */
    public static void endMarked(Map<String, String> marks, StartedSince since) {
        if (!ProcessContainers.killAll(marks)) {
            untilGone(() -> inProc(new HashSet<>(), (pid, stat, entry) -> holds(entry, marks), since));
        }
    }

    /** Kills every process in whose environment all of some variables stand, on Linux, whoever started it. */
    public static void killMarked(Map<String, String> environment) {
        untilGone(() -> inProc(new HashSet<>(), (pid, stat, entry) -> holds(entry, environment)));
    }

    private static void untilGone(Supplier<Set<ProcessHandle>> search) {
        long end = System.nanoTime() + LIMIT.toNanos();
        int empty = 0;
        while (true) {
            Set<ProcessHandle> alive = new HashSet<>();
            for (ProcessHandle each : search.get()) {
                if (each.pid() != ProcessHandle.current().pid() && runs(each)) {
                    alive.add(each);
                }
            }
            empty = alive.isEmpty() ? empty + 1 : 0;
            if (empty == EMPTY_LOOKS || System.nanoTime() > end) {
                return;
            }
            alive.forEach(ProcessHandle::destroyForcibly);
            LockSupport.parkNanos(PAUSE_NANOS);
        }
    }

    /** Whether a process runs; one that is dead and only waits to be collected by its parent does not. */
    public static boolean runs(ProcessHandle process) {
        return process.isAlive()
                && stat(process.pid())
                        .map(s -> s.state != 'Z' && s.state != 'X')
                        .orElse(true);
    }

    /**
     * Whether any process runs in whose environment a marker stands. Always false where there is no {@code /proc}.
     */
    public static boolean anyMarked(String marker) {
        Map<String, String> environment = Map.of(ProcessSpec.MARKER, marker);
        return !inProc(new HashSet<>(), (pid, stat, entry) -> holds(entry, environment))
                .isEmpty();
    }

    /** A question about a process, by its id and its directory in {@code /proc}. */
    private interface Question {
        boolean holds(long pid, Stat stat, Path entry);
    }

    /**
     * One look at all processes, or those that have started since.
     *
     * @param tree ids of processes whose descendants are looked for; found ones are added, dead ones taken out
     * @return those that run and are in the tree or for which the question holds
     */
    private static Set<ProcessHandle> inProc(Set<Long> tree, Question question) {
        return inProc(tree, question, StartedSince.EVER);
    }

    private static Set<ProcessHandle> inProc(Set<Long> tree, Question question, StartedSince since) {
        Map<Long, Long> parents = new TreeMap<>();
        Set<Long> found = new LinkedHashSet<>();
        long self = ProcessHandle.current().pid();
        if (!Files.isDirectory(PROC)) {
            return Set.of();
        }
        for (long pid : ids(since)) {
            Stat stat = stat(pid).orElse(null);
            if (stat == null || pid == self) {
                continue;
            }
            parents.put(pid, stat.parent);
            if (question.holds(pid, stat, PROC.resolve(Long.toString(pid)))) {
                found.add(pid);
            }
        }
        if (!parents.isEmpty()) {
            tree.retainAll(parents.keySet());
        }
        tree.addAll(found);
        // Children have higher ids than their parents but where the ids began anew, so this seldom goes round twice.
        for (boolean grew = true; grew; ) {
            grew = false;
            for (Map.Entry<Long, Long> each : parents.entrySet()) {
                grew |= tree.contains(each.getValue()) && tree.add(each.getKey());
            }
        }
        Set<ProcessHandle> handles = new LinkedHashSet<>();
        tree.forEach(pid -> ProcessHandle.of(pid).filter(ProcessTree::runs).ifPresent(handles::add));
        return handles;
    }

    /** The ids of the processes that may have started since. */
    private static List<Long> ids(StartedSince since) {
        String[] names = PROC.toFile().list();
        StartedSince.Ids later =
                since.later(); // once they are listed: what is started from now on, the next look finds
        List<Long> ids = new ArrayList<>();
        for (String name : names == null ? new String[0] : names) {
            if (Character.isDigit(name.charAt(0)) && since.mayBe(Long.parseLong(name), later)) {
                ids.add(Long.parseLong(name));
            }
        }
        return ids;
    }

    private static Map<String, String> markerOf(Map<String, String> environment) {
        String marker = environment.get(ProcessSpec.MARKER);
        return marker == null ? Map.of() : Map.of(ProcessSpec.MARKER, marker);
    }

    /** Another user's processes cannot be read, and are not ours to kill. */
    private static boolean holds(Path entry, Map<String, String> environment) {
        if (environment.isEmpty()) {
            return false;
        }
        String text;
        try {
            text = new String(Files.readAllBytes(entry.resolve("environ")), StandardCharsets.UTF_8);
        } catch (IOException e) {
            return false;
        }
        Map<String, String> missing = new TreeMap<>(environment);
        Arrays.stream(text.split("\0")).forEach(each -> {
            int equals = each.indexOf('=');
            if (equals > 0) {
                missing.remove(each.substring(0, equals), each.substring(equals + 1));
            }
        });
        return missing.isEmpty();
    }

    private record Stat(char state, long parent, long session) {}

    /** Of {@code /proc/PID/stat}, after the program's name in parentheses: state, ppid, pgrp, session. */
    private static Optional<Stat> stat(long pid) {
        try {
            String text =
                    Files.readString(PROC.resolve(Long.toString(pid)).resolve("stat"), StandardCharsets.ISO_8859_1);
            String[] fields = text.substring(text.lastIndexOf(')') + 2).split(" ");
            return Optional.of(new Stat(fields[0].charAt(0), Long.parseLong(fields[1]), Long.parseLong(fields[3])));
        } catch (IOException | RuntimeException e) {
            return Optional.empty();
        }
    }
}
