package io.jenkins.plugins.distributedtest.gearman;

import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * The jobs that a worker runs, and whether it may ask the server for another. At most one question is open at a time,
 * and none is asked while as many jobs run as the capacity allows.
 *
 * <p>A pure state machine; its owner sends the packets and provides the thread.
 */
final class RunningJobs {
    private final Map<String, GearmanJob> byHandle = new HashMap<>();
    private int capacity;
    private boolean draining;
    private boolean asking;
    private long taken;
    private long lost;

    /**
     * Sets how many jobs may run at once.
     *
     * @throws IllegalArgumentException if it is negative
     */
    void setCapacity(int jobs) {
        capacity = checkCapacity(jobs);
    }

    /** @throws IllegalArgumentException if a capacity is negative */
    static int checkCapacity(int jobs) {
        if (jobs < 0) {
            throw new IllegalArgumentException("A capacity is 0 or more, not " + jobs);
        }
        return jobs;
    }

    /** No further job is taken, for good. */
    void drain() {
        draining = true;
    }

    boolean isDraining() {
        return draining;
    }

    /** A question that was asked over an earlier connection is not answered any more. */
    void reset() {
        asking = false;
    }

    /**
     * Asks for a job if there is room for one and no question is open.
     *
     * @return whether GRAB_JOB_UNIQ is to be sent; the question is open then
     */
    boolean ask() {
        boolean asks = !asking && !draining && byHandle.size() < capacity;
        asking |= asks;
        return asks;
    }

    /** The answer: there is no job. */
    void noJob() {
        asking = false;
    }

    /**
     * The answer: a job, which runs from now on.
     *
     * @return the job that had the same handle before; it is lost
     */
    Optional<GearmanJob> assigned(GearmanJob job) {
        asking = false;
        taken++;
        GearmanJob before = byHandle.put(job.handle(), job);
        if (before != null) {
            before.end();
            lost++;
        }
        return Optional.ofNullable(before);
    }

    /** A job has ended by itself. */
    void end(GearmanJob job) {
        byHandle.remove(job.handle(), job);
        job.end();
    }

    /** Nobody waits for a job any more. */
    void lose(GearmanJob job) {
        end(job);
        lost++;
    }

    /** The job with a handle. */
    Optional<GearmanJob> withHandle(String handle) {
        return Optional.ofNullable(byHandle.get(handle));
    }

    /** A job that the client calls by this name. */
    Optional<GearmanJob> withUnique(String unique) {
        return byHandle.values().stream()
                .filter(job -> job.unique().equals(unique))
                .findFirst();
    }

    /** Whether a job of a function runs. */
    boolean isBusy(String function) {
        return byHandle.values().stream().anyMatch(job -> job.function().equals(function));
    }

    /** All jobs that run; a copy. */
    Collection<GearmanJob> all() {
        return List.copyOf(byHandle.values());
    }

    /** How many jobs there are and were. */
    WorkerStatus.Jobs counts() {
        return new WorkerStatus.Jobs(capacity, byHandle.size(), taken, lost);
    }
}
