package io.jenkins.plugins.distributedtest.loop;

import java.time.Duration;
import java.util.concurrent.ThreadLocalRandom;
import java.util.function.DoubleSupplier;

/**
 * The pauses between attempts to connect: 200 ms, then from 1 s doubling to 30 s, each up to a fifth shorter or longer
 * so that a hundred listeners do not come back in the same instant. {@linkplain #brisk Brisk} ones do not grow beyond
 * 1 s. Not thread-safe.
 */
public final class Backoff {
    /** The first pause after a connection that worked. */
    static final Duration FIRST = Duration.ofMillis(200);

    static final Duration SECOND = Duration.ofSeconds(1);
    static final Duration LONGEST = Duration.ofSeconds(30);
    /** A connection that stood this long was a good one: its loss is a new story. */
    static final Duration GOOD = Duration.ofSeconds(2);

    /** By how much brisk pauses are shorter or longer: drawn once, so that a process' connections come back together. */
    private static final double OF_THIS_PROCESS = factor();

    private final Duration max;
    private final DoubleSupplier stretch;
    private Duration next = FIRST;

    /** Pauses that grow to {@link #LONGEST}. */
    public Backoff() {
        this(LONGEST, Backoff::factor);
    }

    private Backoff(Duration max, DoubleSupplier stretch) {
        this.max = max;
        this.stretch = stretch;
    }

    /**
     * Pauses of 200 ms, then 1 s, however long it takes, for a server that has to be found again soon and to which an
     * attempt costs little. They are up to a fifth shorter or longer, all of one process by the same factor.
     */
    public static Backoff brisk() {
        return new Backoff(SECOND, () -> OF_THIS_PROCESS);
    }

    /** A connection was made, and lasted. */
    public void lasted(Duration time) {
        if (time.compareTo(GOOD) >= 0) {
            next = FIRST;
        }
    }

    /** The next pause; the one after it is longer. */
    public Duration next() {
        Duration pause = next;
        Duration doubled = pause.equals(FIRST) ? SECOND : pause.multipliedBy(2);
        next = doubled.compareTo(max) > 0 ? max : doubled;
        return jitter(pause);
    }

    /** The longest pause, for a broker that has said no; the one after it is as long. */
    public Duration longest() {
        next = max;
        return jitter(max);
    }

    private Duration jitter(Duration pause) {
        return Duration.ofMillis((long) (pause.toMillis() * stretch.getAsDouble()));
    }

    private static double factor() {
        return ThreadLocalRandom.current().nextDouble(0.8, 1.2);
    }
}
