package io.jenkins.plugins.distributedtest.zuul.task;

import java.time.Instant;

/**
 * Whether a host takes jobs, for people.
 *
 * @param fault what keeps it from that; null if nothing does
 * @param until when it is looked at again; null if it takes jobs
 */
public record HostState(HostFault fault, Instant until) {
    /** It takes jobs. */
    static final HostState FIT = new HostState(null, null);

    /** Whether it takes jobs. */
    public boolean isFit() {
        return fault == null;
    }
}
