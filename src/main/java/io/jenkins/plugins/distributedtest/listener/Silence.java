package io.jenkins.plugins.distributedtest.listener;

import java.time.Duration;

/**
 * For how long nothing was heard of an originator. A listener that stood still itself (stopped, suspended) could hear
 * nobody; that is not the originator's silence. Times are in nanoseconds of a clock that does not go backwards.
 */
final class Silence {
    private final Duration patience;
    private long heard;
    private long lastLook;

    /**
     * @param patience how long it may last; null for ever
     * @param now the time
     */
    Silence(Duration patience, long now) {
        this.patience = patience;
        heard = now;
        lastLook = now;
    }

    /** It has shown that it is alive. */
    void heard(long now) {
        heard = now;
    }

    /** Whether it has lasted too long; to be asked in regular intervals. */
    boolean isOver(long now) {
        if (patience == null) {
            return false;
        }
        if (now - lastLook > patience.toNanos() / 2) {
            heard = now;
        }
        lastLook = now;
        return now - heard > patience.toNanos();
    }
}
