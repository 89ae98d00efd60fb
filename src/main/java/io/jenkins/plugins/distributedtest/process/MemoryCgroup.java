package io.jenkins.plugins.distributedtest.process;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.OptionalLong;
import java.util.stream.Stream;

/**
 * The cgroup in which Linux counts the memory of this process and of those that it starts: the unit of systemd or the
 * container that it runs in. What other programs of the host do is counted elsewhere.
 *
 * @param directory where its files are
 * @param file the file that says how many of its processes were killed since memory had run out
 * @param sums whether that number has those of the cgroups below in it already, as it has in version 2
 */
record MemoryCgroup(Path directory, String file, boolean sums) {
    private static final int DEPTH = 8;
    private static final String KILLS = "oom_kill ";

    /** This process's; null if there is none, or none that counts. */
    static MemoryCgroup own() {
        MemoryCgroup first = ofVersionOne();
        return first != null ? first : ofVersionTwo();
    }

    private static MemoryCgroup ofVersionOne() {
        try {
            String path = null;
            for (String line : Files.readAllLines(Path.of("/proc/self/cgroup"), StandardCharsets.UTF_8)) {
                String[] fields = line.split(":", 3);
                path = fields.length == 3 && List.of(fields[1].split(",")).contains("memory") ? fields[2] : path;
            }
            // Of the topmost the host's own count is the same, and need not be summed up.
            return path == null || path.equals("/") ? null : counting(mounted(path), "memory.oom_control", false);
        } catch (IOException e) {
            return null;
        }
    }

    private static Path mounted(String path) throws IOException {
        for (String line : Files.readAllLines(Path.of("/proc/self/mountinfo"), StandardCharsets.UTF_8)) {
            // 32 31 0:29 /root /mount options - cgroup source rw,memory
            String[] parts = line.split(" - ", 2);
            String[] fields = parts[0].split(" ");
            String[] type = parts.length == 2 ? parts[1].split(" ") : new String[] {""};
            if (type[0].equals("cgroup")
                    && List.of(type[type.length - 1].split(",")).contains("memory")) {
                String root = fields[3].equals("/") ? "" : fields[3];
                if (path.startsWith(root)) {
                    return Path.of(fields[4] + path.substring(root.length())).normalize();
                }
            }
        }
        throw new IOException("the cgroup " + path + " is not mounted");
    }

    private static MemoryCgroup ofVersionTwo() {
        try {
            Path mount = Cgroups.mount();
            for (Path each = Cgroups.own(); each != null && each.startsWith(mount); each = each.getParent()) {
                MemoryCgroup found = counting(each, "memory.events", true);
                if (found != null) {
                    return found;
                }
            }
        } catch (IOException e) {
            return null;
        }
        return null;
    }

    private static MemoryCgroup counting(Path directory, String file, boolean sums) {
        MemoryCgroup found = new MemoryCgroup(directory, file, sums);
        return found.count(directory).isPresent() ? found : null;
    }

    /** How many of its processes the kernel has killed since memory had run out, by it and the cgroups below it. */
    Map<Path, Long> kills() {
        Map<Path, Long> kills = new HashMap<>();
        count(directory).ifPresent(number -> kills.put(directory, number));
        if (!sums) {
            try (Stream<Path> all = Files.walk(directory, DEPTH)) {
                all.filter(Files::isDirectory)
                        .forEach(each -> count(each).ifPresent(number -> kills.put(each, number)));
            } catch (IOException | UncheckedIOException e) {
                return kills; // one was removed meanwhile: what was found up to there
            }
        }
        return kills;
    }

    private OptionalLong count(Path cgroup) {
        try {
            return Files.readAllLines(cgroup.resolve(file), StandardCharsets.ISO_8859_1).stream()
                    .filter(line -> line.startsWith(KILLS))
                    .mapToLong(line -> Long.parseLong(line.substring(KILLS.length())))
                    .findFirst();
        } catch (IOException | NumberFormatException e) {
            return OptionalLong.empty(); // another system, or it was removed
        }
    }
}
