package io.jenkins.plugins.distributedtest.zuul.task;

import java.time.Duration;
import java.time.Instant;

/**
 * Whether a host is fit for jobs. After a fault it is not, for a while; then it is to be looked at, and is fit again if
 * nothing is found. The while is twice as long each time, until a job has got through what the fault keeps jobs from: a
 * host that cannot run jobs would otherwise fail one after the other, faster than any healthy one runs them.
 *
 * <p>Pure: time is an argument. Not thread-safe.
 */
final class HostHealth {
    /** The first while. */
    static final Duration FIRST = Duration.ofSeconds(5);
    /** The longest. */
    static final Duration LONGEST = Duration.ofMinutes(10);

    private HostFault fault;
    private Instant until;
    private int faults;
    private HostFault.Kind last;

    /** What keeps it from being fit; null if it is. */
    HostFault fault() {
        return fault;
    }

    /** When it is to be looked at; null if it is fit. */
    Instant until() {
        return until;
    }

    /**
     * Something was wrong. What happens while it is unfit already, to jobs that had begun before, adds nothing.
     *
     * @return whether it was fit until now
     */
    boolean failed(HostFault what, Instant now) {
        if (fault != null) {
            return false;
        }
        close(what, now);
        return true;
    }

    private void close(HostFault what, Instant now) {
        fault = what;
        last = what.kind();
        Duration pause = FIRST.multipliedBy(1L << Math.min(faults, 20));
        until = now.plus(pause.compareTo(LONGEST) < 0 ? pause : LONGEST);
        faults++;
    }

    /** Whether it is time to look at it. */
    boolean isDue(Instant now) {
        return fault != null && !now.isBefore(until);
    }

    /**
     * It was looked at.
     *
     * @param found what is wrong; null if nothing is
     */
    void looked(HostFault found, Instant now) {
        if (found == null) {
            fault = null;
            until = null;
        } else {
            close(found, now);
        }
    }

    /** A job's work begins: unless memory had run out, which it does later, the next while is the first again. */
    void begun() {
        if (last != HostFault.Kind.MEMORY) {
            ended();
        }
    }

    /** A job has come to its end, and nothing was wrong with the host: the next while is the first again. */
    void ended() {
        faults = fault == null ? 0 : faults;
    }
}
