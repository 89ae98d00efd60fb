package io.jenkins.plugins.distributedtest.loop;

import java.time.Duration;
import java.util.concurrent.ThreadLocalRandom;

/**
 * The pauses between attempts to connect: 200 ms, then from 1 s doubling to 30 s, each up to a fifth shorter or longer
 * so that a hundred listeners do not come back in the same instant. Not thread-safe.
 */
public final class Backoff {
    /** The first pause after a connection that worked. */
    static final Duration FIRST = Duration.ofMillis(200);

    static final Duration SECOND = Duration.ofSeconds(1);
    static final Duration LONGEST = Duration.ofSeconds(30);
    /** A connection that stood this long was a good one: its loss is a new story. */
    static final Duration GOOD = Duration.ofSeconds(2);

    private Duration next = FIRST;

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
        next = doubled.compareTo(LONGEST) > 0 ? LONGEST : doubled;
        return jitter(pause);
    }

    /** The longest pause, for a broker that has said no; the one after it is as long. */
    public Duration longest() {
        next = LONGEST;
        return jitter(LONGEST);
    }

    private static Duration jitter(Duration pause) {
        return Duration.ofMillis(
                (long) (pause.toMillis() * ThreadLocalRandom.current().nextDouble(0.8, 1.2)));
    }
}
