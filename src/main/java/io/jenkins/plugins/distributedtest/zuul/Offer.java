package io.jenkins.plugins.distributedtest.zuul;

import java.util.Collection;
import java.util.Set;

/**
 * Which of the served jobs are asked for, and how many more of them may be taken.
 *
 * @param jobs names as Zuul asks for them, {@code JOB} or {@code JOB:LABEL}; null for all that are served
 * @param further how many more may be taken, 0 or more; each job that is taken uses up one, and none comes back by
 *     itself
 */
public record Offer(Set<String> jobs, int further) {
    /**
     * Copies the names.
     *
     * @throws IllegalArgumentException if {@code further} is negative
     */
    public Offer {
        jobs = jobs == null ? null : Set.copyOf(jobs);
        if (further < 0) {
            throw new IllegalArgumentException("An offer is for 0 or more jobs, not for " + further);
        }
    }

    /** All jobs that are served. */
    public static Offer all(int further) {
        return new Offer(null, further);
    }

    /** Some jobs only. */
    public static Offer only(Collection<String> jobs, int further) {
        return new Offer(Set.copyOf(jobs), further);
    }

    /** No job at all. */
    public static Offer nothing() {
        return only(Set.of(), 0);
    }

    /** Whether it is for some jobs only. */
    public boolean isNarrow() {
        return jobs != null;
    }

    /** What is left of it when a job has been taken. */
    public Offer less() {
        return new Offer(jobs, Math.max(0, further - 1));
    }

    /** Whether a job is asked for, if it is served. */
    boolean includes(String job) {
        return jobs == null || jobs.contains(job);
    }
}
