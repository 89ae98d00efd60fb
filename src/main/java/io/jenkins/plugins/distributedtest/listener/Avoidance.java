package io.jenkins.plugins.distributedtest.listener;

import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.Map;

/**
 * How long a listener leaves a file to others that it was asked to avoid: at most {@link #LIMIT} after it first saw the
 * file under that lease, looking again after pauses that grow. Lives on the event loop.
 */
final class Avoidance {
    /** After this long the listener runs the file itself. */
    static final Duration LIMIT = Duration.ofSeconds(5);

    private static final Duration FIRST_PAUSE = Duration.ofMillis(50);
    private static final Duration LONGEST_PAUSE = Duration.ofSeconds(1);
    private static final int REMEMBERED = 1000;

    private record Key(String file, int lease) {}

    private static final class Seen {
        private final long since;
        private Duration pause = FIRST_PAUSE;

        private Seen(long since) {
            this.since = since;
        }
    }

    private final Map<Key, Seen> seen = new LinkedHashMap<>() {
        private static final long serialVersionUID = 1L;

        @Override
        protected boolean removeEldestEntry(Map.Entry<Key, Seen> eldest) {
            return size() > REMEMBERED;
        }
    };

    /**
     * How long to leave a file alone before looking again.
     *
     * @param now the time, in nanoseconds of a clock that does not go backwards
     * @return null if the time is over
     */
    Duration pause(String file, int lease, long now) {
        Seen entry = seen.computeIfAbsent(new Key(file, lease), key -> new Seen(now));
        if (now - entry.since >= LIMIT.toNanos()) {
            return null;
        }
        Duration pause = entry.pause;
        Duration twice = pause.multipliedBy(2);
        entry.pause = twice.compareTo(LONGEST_PAUSE) < 0 ? twice : LONGEST_PAUSE;
        return pause;
    }
}
