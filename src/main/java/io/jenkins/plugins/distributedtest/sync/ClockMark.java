package io.jenkins.plugins.distributedtest.sync;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.concurrent.TimeUnit;

/**
 * A moment, by the clock that files get their times from and by one that nobody can set. Two of them show whether the
 * clock was set back in between: then a file that was changed may bear the times that it had before.
 *
 * @param wall the clock's time in ms since 1970
 * @param steady ms since the machine's start, or since any moment that is the same for one {@code boot}
 * @param boot which start of the machine {@code steady} counts from; empty if not known
 */
record ClockMark(long wall, long steady, String boot) {
    /** Reading both clocks takes a moment. */
    private static final long TOLERANCE_MILLIS = 100;

    private static final String BOOT = bootId();

    /** Now. */
    static ClockMark now() {
        return new ClockMark(System.currentTimeMillis(), TimeUnit.NANOSECONDS.toMillis(System.nanoTime()), BOOT);
    }

    private static String bootId() {
        try {
            return Files.readString(Path.of("/proc/sys/kernel/random/boot_id")).strip();
        } catch (IOException e) {
            return ""; // not Linux: only the clock itself is compared
        }
    }

    /** Whether the clock has not been set back between this moment and a later one, as far as can be known. */
    boolean isSoundUntil(ClockMark later) {
        if (boot.isEmpty() || !boot.equals(later.boot)) {
            return later.wall >= wall;
        }
        return later.wall - wall >= later.steady - steady - TOLERANCE_MILLIS;
    }
}
