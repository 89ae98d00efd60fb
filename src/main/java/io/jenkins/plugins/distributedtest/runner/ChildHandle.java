package io.jenkins.plugins.distributedtest.runner;

import java.time.Duration;

/** A runner's process, whether a child of this one or forked from a preloader. */
interface ChildHandle {
    /** Whether it runs. */
    boolean runs();

    /** Kills it and everything that came from it. */
    void kill();

    /**
     * Waits for its end.
     *
     * @return how it ended; {@link Exit#UNKNOWN} if that cannot be known or it still runs after the time
     */
    Exit awaitExit(Duration time) throws InterruptedException;

    /**
     * How a process ended.
     *
     * @param code its exit code, 128 + n for a signal; null if unknown
     * @param signal name of the signal that ended it; null if none did
     */
    record Exit(Integer code, String signal) {
        static final Exit UNKNOWN = new Exit(null, null);

        /** Whether it is known to have ended otherwise than well. */
        boolean isBad() {
            return signal != null || code != null && code != 0;
        }

        /** For people: {@code killed by signal KILL}, {@code exit code 3}. */
        String told() {
            if (signal != null) {
                return "killed by signal " + signal;
            }
            return code == null ? "exit code unknown" : "exit code " + code;
        }
    }
}
