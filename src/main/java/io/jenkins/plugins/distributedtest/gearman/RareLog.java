package io.jenkins.plugins.distributedtest.gearman;

import java.time.Duration;
import java.time.Instant;
import java.util.LinkedHashMap;
import java.util.Map;
import org.slf4j.Logger;

/**
 * Logs the same line once in {@link #REPEAT}: a server that is away is looked for every second. Not thread-safe.
 */
final class RareLog {
    /** How long a line that was logged is not logged again. */
    static final Duration REPEAT = Duration.ofMinutes(1);
    /** How many lines are remembered. */
    private static final int LINES = 20;

    private final Logger logger;
    private final Map<String, Instant> logged = new LinkedHashMap<>(LINES, 0.75f, true) {
        private static final long serialVersionUID = 1L;

        @Override
        protected boolean removeEldestEntry(Map.Entry<String, Instant> eldest) {
            return size() > LINES;
        }
    };

    RareLog(Logger logger) {
        this.logger = logger;
    }

    void info(String line, Instant now) {
        if (isDue(line, now)) {
            logger.info(line);
        }
    }

    void warn(String line, Instant now) {
        if (isDue(line, now)) {
            logger.warn(line);
        }
    }

    /** Whether a line is to be logged now; it counts as logged then. */
    boolean isDue(String line, Instant now) {
        Instant last = logged.get(line);
        if (last != null && Duration.between(last, now).compareTo(REPEAT) < 0) {
            return false;
        }
        logged.put(line, now);
        return true;
    }
}
