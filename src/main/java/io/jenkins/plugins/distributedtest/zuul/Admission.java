package io.jenkins.plugins.distributedtest.zuul;

/**
 * Decides which of the served jobs are asked for, and how many more may be taken. There are two ways to decide: by a
 * number of jobs that may be active at once ({@link CapacityAdmission}), and, in Jenkins, by what its free executors
 * could run.
 *
 * <p>Called on the executor's event loop, on which jobs are taken too, so that an offer holds for the very next job. It
 * must not block.
 */
public interface Admission {
    /**
     * The offer that holds from now on, whatever was offered before. Asked for when the executor starts, when it is told
     * to {@linkplain ZuulExecutor#reconsider reconsider}, and whenever a job has begun.
     *
     * @param active how many jobs are active, a job that has just begun included
     */
    Offer offer(int active);

    /**
     * The offer that holds after the end of a job.
     *
     * @param held the offer that held before, less the jobs that were taken since
     * @param active how many jobs are active, without the one that has ended
     */
    Offer ended(Offer held, int active);
}
