package io.jenkins.plugins.distributedtest.process;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * The memory that processes started here can have before the kernel kills one, as Linux tells it: the host's, or that of
 * the cgroup (v2) that this process is in, whichever has the smaller part left.
 *
 * @param available how many bytes can be had without taking them from a process
 * @param total how many there are
 */
public record Memory(long available, long total) {
    private static final Path HOST = Path.of("/proc/meminfo");
    private static final Path COUNTS = Path.of("/proc/vmstat");

    /** What is left now; null where nobody tells. */
    public static Memory now() {
        Memory least = host();
        try {
            Path mount = Cgroups.mount();
            for (Path each = Cgroups.own(); each != null && each.startsWith(mount); each = each.getParent()) {
                Memory limited = limited(each);
                if (limited != null && (least == null || limited.part() < least.part())) {
                    least = limited;
                }
            }
        } catch (IOException e) {
            return least; // there are no cgroups of version 2, and so no limits that could be read
        }
        return least;
    }

    private double part() {
        return (double) available / Math.max(1, total);
    }

    private static Memory host() {
        long total = number(HOST, "MemTotal:");
        long available = number(HOST, "MemAvailable:");
        return total < 0 || available < 0 ? null : new Memory(available << 10, total << 10);
    }

    /** What a cgroup has left; null if it has no limit. What is cached of files and not in use counts as available. */
    private static Memory limited(Path cgroup) {
        long limit = number(cgroup.resolve("memory.max"), "");
        long used = number(cgroup.resolve("memory.current"), "");
        if (limit < 0 || used < 0) {
            return null;
        }
        long cached = Math.max(0, number(cgroup.resolve("memory.stat"), "inactive_file"));
        return new Memory(Math.max(0, limit - used + cached), limit);
    }

    /**
     * How many processes the kernel has killed because memory had run out, by where they are counted.
     *
     * @param counted numbers by cgroups, or of the whole host
     */
    public record Kills(Map<Path, Long> counted) {
        /** Copies the numbers. */
        public Kills {
            counted = Map.copyOf(counted);
        }

        /** How many it has killed since an earlier look, but for those of cgroups that were removed in between. */
        public long since(Kills before) {
            return counted.entrySet().stream()
                    .mapToLong(each -> Math.max(0, each.getValue() - before.counted.getOrDefault(each.getKey(), 0L)))
                    .sum();
        }
    }

    /** Looked for when a job asks first: a program may move itself to another cgroup at its start. */
    private static final class Own {
        static final MemoryCgroup CGROUP = MemoryCgroup.own();
    }

    /**
     * What the kernel has killed until now: of this process's own cgroup and those below it, or where no cgroup counts that,
     * of the whole host.
     */
    public static Kills kills() {
        MemoryCgroup own = Own.CGROUP;
        return new Kills(own == null ? Map.of(COUNTS, Math.max(0, number(COUNTS, "oom_kill"))) : own.kills());
    }

    /** The number after a name at the beginning of a line; -1 if there is none. */
    private static long number(Path file, String name) {
        Pattern pattern = Pattern.compile("^" + Pattern.quote(name) + "\\s*(\\d{1,18})(\\s|$)");
        try {
            List<String> lines = Files.readAllLines(file, StandardCharsets.ISO_8859_1);
            for (String line : lines) {
                Matcher matcher = pattern.matcher(line);
                if (matcher.find()) {
                    return Long.parseLong(matcher.group(1));
                }
            }
        } catch (IOException e) {
            return -1; // another system, or a cgroup without that file
        }
        return -1;
    }
}
