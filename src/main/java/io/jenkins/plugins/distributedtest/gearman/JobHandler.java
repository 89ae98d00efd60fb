package io.jenkins.plugins.distributedtest.gearman;

/**
 * Takes the jobs of a {@link GearmanWorker}. Called on the worker's event loop, so it must not block: it hands the work
 * to somebody else and returns.
 */
public interface JobHandler {
    /**
     * A job was taken. From now on it counts against the capacity, until {@link GearmanJob#complete},
     * {@link GearmanJob#fail}, or {@link #lost}.
     */
    void assigned(GearmanJob job);

    /**
     * Nobody waits for a job any more: the connection it came over is gone (the server gives the job to somebody else,
     * or its client up), or it was cancelled, or its client left. Stop what runs for it; whatever is still sent for it
     * is dropped.
     *
     * @param job a job that was assigned and is not ended
     * @param reason for people
     */
    void lost(GearmanJob job, String reason);
}
