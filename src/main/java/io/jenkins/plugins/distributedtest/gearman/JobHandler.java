package io.jenkins.plugins.distributedtest.gearman;

/**
 * Handles the jobs of a {@link GearmanWorker}. Called on the worker's event loop, so it must not block: it passes the
 * work on and returns. Whatever it changes at the worker meanwhile (functions, capacity, the end of a job) takes effect
 * when it has returned; only then is the next job asked for.
 */
public interface JobHandler {
    /**
     * A job was taken. From now on it counts against the capacity, until {@link GearmanJob#complete},
     * {@link GearmanJob#fail}, or {@link #lost}. A handler that throws fails the job.
     */
    void assigned(GearmanJob job);

    /**
     * Nobody waits for a job any more: its connection is gone (the server gives the job to another worker, or drops
     * it), it was cancelled, or its client is gone. Stop what runs for it; whatever is still sent for it is dropped.
     *
     * @param job a job that was assigned and has not ended
     * @param reason for people
     */
    void lost(GearmanJob job, String reason);
}
