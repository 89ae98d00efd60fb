package io.jenkins.plugins.distributedtest.gearman;

import java.time.Instant;

/**
 * What a worker is doing, for people.
 *
 * @param server the server
 * @param connectedSince since when there is a connection over which the server answers; null while there is none
 * @param functions how many functions are registered over this connection
 * @param jobs how many jobs there are and were
 * @param lastError the last thing that went wrong, with its time; empty if nothing has
 */
public record WorkerStatus(GearmanServer server, Instant connectedSince, int functions, Jobs jobs, String lastError) {
    /**
     * Numbers of jobs.
     *
     * @param capacity how many may run at once
     * @param running how many run
     * @param taken how many were taken since the worker was started
     * @param lost how many of these were lost
     */
    public record Jobs(int capacity, int running, long taken, long lost) {}

    /** Whether there is a connection. */
    public boolean isConnected() {
        return connectedSince != null;
    }
}
