package io.jenkins.plugins.distributedtest.gearman;

import java.time.Instant;

/**
 * What a worker is doing, for people.
 *
 * @param server the server
 * @param connectedSince since when there is a connection; null while there is none
 * @param functions how many functions are registered on this connection
 * @param capacity how many jobs it may run at once
 * @param running how many it runs
 * @param taken how many it has taken since it was started
 * @param lost how many of them were lost
 * @param lastError the last thing that went wrong, with its time; empty if nothing has
 */
public record WorkerStatus(
        GearmanServer server,
        Instant connectedSince,
        int functions,
        int capacity,
        int running,
        long taken,
        long lost,
        String lastError) {}
