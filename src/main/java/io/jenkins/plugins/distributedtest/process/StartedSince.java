package io.jenkins.plugins.distributedtest.process;

import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.concurrent.TimeUnit;

/**
 * A moment, and which processes may have started since, by their ids alone: Linux gives them out in order and begins anew at
 * the end. Who looks for what came of a job so need not look at every process of the host, most of which are older than it.
 * Where ids are not given so (another system, a container that is told of other ids), every process may have started since.
 */
public final class StartedSince {
    private static final Path LOAD = Path.of("/proc/loadavg");
    private static final Path COUNTS = Path.of("/proc/stat");
    private static final Path LIMIT = Path.of("/proc/sys/kernel/pid_max");
    private static final String FORKS = "processes ";
    /** Below are ids that are given out once only; and so much is never missed in counting. */
    private static final int MARGIN = 2000;

    private static final long TRIAL_SECONDS = 10;

    /** Where everything may have started since. */
    public static final StartedSince EVER = new StartedSince(null);

    private final Ids ids;

    /**
     * What is told of ids.
     *
     * @param last the one that was given last
     * @param given how many were given since the host has started, at least
     * @param used how many are in use
     * @param most the highest there is
     */
    record Ids(long last, long given, long used, long most) {
        /** What is told now; null if nobody tells. */
        static Ids now() {
            try {
                // 0.20 0.18 0.12 1/80 11206
                String[] load = Files.readString(LOAD, StandardCharsets.ISO_8859_1)
                        .strip()
                        .split("[ /]");
                String forks = Files.readString(COUNTS, StandardCharsets.ISO_8859_1)
                        .lines()
                        .filter(line -> line.startsWith(FORKS))
                        .findFirst()
                        .orElse(FORKS + "-1");
                return new Ids(
                        Long.parseLong(load[5]),
                        Long.parseLong(forks.substring(FORKS.length()).strip()),
                        Long.parseLong(load[4]),
                        highest());
            } catch (IOException | NumberFormatException | ArrayIndexOutOfBoundsException e) {
                return null;
            }
        }

        /** In one piece: a file of this kind ends after the first. */
        private static long highest() throws IOException {
            try (InputStream in = Files.newInputStream(LIMIT)) {
                byte[] number = new byte[32];
                int length = Math.max(0, in.read(number));
                return Long.parseLong(new String(number, 0, length, StandardCharsets.ISO_8859_1).strip());
            }
        }

        /**
         * Whether an id may have been given between this moment and another.
         *
         * @param id one that was in use before the other moment
         */
        boolean mayBeGiven(long id, Ids later) {
            long between = later.given - given;
            if (given < 0 || between < 0 || between + later.used + MARGIN > most) {
                return true; // they may have been given all around
            }
            return later.last >= last ? id > last && id <= later.last : id > last || id <= later.last;
        }
    }

    /** Found out once: whether a process that is started gets an id as expected. */
    private static final class Trial {
        static final boolean HOLDS = holds();

        private static boolean holds() {
            try {
                Ids before = Ids.now();
                Process process = new ProcessBuilder("/bin/sh", "-c", ":").start();
                process.waitFor(TRIAL_SECONDS, TimeUnit.SECONDS);
                Ids after = Ids.now();
                return before != null && after != null && before.mayBeGiven(process.pid(), after);
            } catch (IOException e) {
                return false;
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
                return false;
            }
        }
    }

    private StartedSince(Ids ids) {
        this.ids = ids;
    }

    /** This moment. */
    public static StartedSince now() {
        return Trial.HOLDS ? new StartedSince(Ids.now()) : EVER;
    }

    /** What is told now of the ids that are in use; to be asked after they were listed. */
    Ids later() {
        return ids == null ? null : Ids.now();
    }

    /**
     * Whether a process may have started since.
     *
     * @param id its id, listed before
     * @param later what {@link #later} has told after that
     */
    boolean mayBe(long id, Ids later) {
        return ids == null || later == null || ids.mayBeGiven(id, later);
    }
}
