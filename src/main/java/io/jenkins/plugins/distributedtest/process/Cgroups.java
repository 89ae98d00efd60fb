package io.jenkins.plugins.distributedtest.process;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.locks.LockSupport;
import java.util.regex.Pattern;

/**
 * A cgroup for each process (Linux 5.14 and later, cgroup v2), below the one that this process is in, if this user may
 * make some there: in a systemd unit with {@code Delegate=yes}, in any unit of systemd's user manager, or in the scope
 * that the user manager gives this process when it asks for one ({@link SystemdScope}).
 */
final class Cgroups implements ProcessContainer.Source {
    private static final String NAME = "distributed-test-";
    private static final Pattern PID = Pattern.compile("[0-9]{1,10}");
    private static final long LOOK_NANOS = Duration.ofMillis(1).toNanos();
    private static final Duration TRIAL = Duration.ofSeconds(10);
    /** Moves itself, then becomes the program, with the PWD that it was to have: the shell would set another. */
    private static final String SCRIPT = """
            echo $$ > "$1" || exit 125
            if [ "$2" = set ]; then PWD=$3; export PWD; else unset PWD; fi
            shift 3
            exec "$@"
            """;

    private static final AtomicLong NUMBER = new AtomicLong();

    private final Path base;

    private Cgroups(Path base) {
        this.base = base;
    }

    /**
     * Tries it.
     *
     * @throws IOException if it does not work here; says why
     */
    static Cgroups find() throws IOException {
        Path own = own();
        if (!Files.isWritable(own)) {
            SystemdScope.enter(own);
            own = own();
        }
        sweep(own);
        Cgroups found = new Cgroups(own.resolve(NAME + ProcessHandle.current().pid()));
        try {
            if (!Files.isDirectory(found.base)) {
                Files.createDirectory(found.base);
                Runtime.getRuntime().addShutdownHook(new Thread(() -> remove(found.base), "cgroup-removal"));
            }
            found.tryIt();
        } catch (IOException e) {
            remove(found.base);
            throw new IOException("cannot be used in " + own + ": " + e.getMessage(), e);
        }
        return found;
    }

    private void tryIt() throws IOException {
        if (!Files.exists(base.resolve("cgroup.kill"))) {
            throw new IOException("there is no cgroup.kill");
        }
        ProcessContainer container = make();
        Process process = container.start(new ProcessBuilder("/bin/sh", "-c", "exit 7"), "sh");
        try {
            if (!process.waitFor(TRIAL.toSeconds(), TimeUnit.SECONDS) || process.exitValue() != 7) {
                throw new IOException("a trial failed");
            }
            if (!container.kill()) {
                throw new IOException("a cgroup did not become empty");
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IOException("interrupted", e);
        }
    }

    /** The directory of this process's own cgroup. */
    static Path own() throws IOException {
        String path = path();
        String[] mount = mount(path);
        String below = path.substring(mount[0].equals("/") ? 0 : mount[0].length());
        return Path.of(mount[1] + (below.equals("/") ? "" : below));
    }

    /** Where cgroups are mounted. */
    static Path mount() throws IOException {
        return Path.of(mount(path())[1]);
    }

    private static String path() throws IOException {
        return Files.readAllLines(Path.of("/proc/self/cgroup")).stream()
                .filter(line -> line.startsWith("0::"))
                .map(line -> line.substring(3))
                .findFirst()
                .orElseThrow(() -> new IOException("there is no cgroup v2"));
    }

    /** What of the hierarchy is mounted that a cgroup is in, and where. */
    private static String[] mount(String path) throws IOException {
        for (String line : Files.readAllLines(Path.of("/proc/self/mountinfo"), StandardCharsets.UTF_8)) {
            // 36 35 98:0 /root /mount options - type source …
            String[] parts = line.split(" - ", 2);
            String[] fields = parts[0].split(" ");
            if (parts.length == 2 && parts[1].startsWith("cgroup2 ") && path.startsWith(fields[3])) {
                return new String[] {fields[3], fields[4]};
            }
        }
        throw new IOException("cgroup v2 is not mounted");
    }

    /** Removes what a predecessor that was killed has left; its watchdog has ended what ran there. */
    private static void sweep(Path own) throws IOException {
        try (DirectoryStream<Path> left = Files.newDirectoryStream(own, NAME + "[0-9]*")) {
            for (Path each : left) {
                String pid = each.getFileName().toString().substring(NAME.length());
                if (PID.matcher(pid).matches()
                        && ProcessHandle.of(Long.parseLong(pid)).isEmpty()) {
                    remove(each);
                } // else its process lives, or it is another's, such as a scope of systemd's
            }
        }
    }

    @Override
    public String description() {
        return "cgroups (" + base + ")";
    }

    @Override
    public String killFile() {
        return base.resolve("cgroup.kill").toString();
    }

    @Override
    public ProcessContainer make() throws IOException {
        return new Container(Files.createDirectory(base.resolve(Long.toString(NUMBER.incrementAndGet()))));
    }

    /** Removes a cgroup and those below it, as far as nothing runs in them; returns whether it is gone. */
    private static boolean remove(Path cgroup) {
        try (DirectoryStream<Path> all = Files.newDirectoryStream(cgroup)) {
            for (Path each : all) {
                if (Files.isDirectory(each)) {
                    remove(each);
                }
            }
            Files.delete(cgroup);
            return true;
        } catch (IOException e) {
            return !Files.exists(cgroup); // else something runs in it: a successor looks again
        }
    }

    /** One process's. */
    private record Container(Path cgroup) implements ProcessContainer {
        @Override
        public Process start(ProcessBuilder builder, String name) throws IOException {
            String pwd = builder.environment().get("PWD");
            List<String> command = new ArrayList<>(List.of(
                    "/bin/sh",
                    "-c",
                    SCRIPT,
                    "distributed-test",
                    cgroup.resolve("cgroup.procs").toString(),
                    pwd == null ? "unset" : "set",
                    pwd == null ? "" : pwd));
            command.addAll(builder.command());
            try {
                return builder.command(command).start();
            } catch (IOException e) {
                remove(cgroup);
                throw e;
            }
        }

        @Override
        public boolean isEmpty() {
            return !populated() && remove(cgroup);
        }

        private boolean populated() {
            try {
                return Files.readString(cgroup.resolve("cgroup.events")).contains("populated 1");
            } catch (IOException e) {
                return false; // it was removed
            }
        }

        @Override
        public boolean kill() {
            long end = System.nanoTime() + ProcessTree.LIMIT.toNanos();
            // The process may be on its way into it: only one that is removed has nothing in it for sure.
            while (populated() || !remove(cgroup)) {
                try {
                    Files.writeString(cgroup.resolve("cgroup.kill"), "1");
                } catch (IOException e) {
                    return !Files.exists(cgroup);
                }
                if (System.nanoTime() > end) {
                    return false;
                }
                LockSupport.parkNanos(LOOK_NANOS);
            }
            return true;
        }
    }
}
