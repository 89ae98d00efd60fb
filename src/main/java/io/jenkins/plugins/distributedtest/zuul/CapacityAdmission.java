package io.jenkins.plugins.distributedtest.zuul;

import java.util.function.IntSupplier;

/**
 * Admits any served job while fewer than a number of jobs are active, over all servers. With several servers one more
 * for each further server may be taken, when all of them have a job at the same instant.
 *
 * @param capacity how many jobs may be active at once; asked at each offer, since a reload may change it
 */
public record CapacityAdmission(IntSupplier capacity) implements Admission {
    /**
     * A capacity that stays.
     *
     * @throws IllegalArgumentException if it is negative
     */
    public CapacityAdmission(int capacity) {
        this(() -> capacity);
        if (capacity < 0) {
            throw new IllegalArgumentException("A capacity is 0 or more, not " + capacity);
        }
    }

    @Override
    public Offer offer(int active) {
        return Offer.all(Math.max(0, capacity.getAsInt() - active));
    }

    @Override
    public Offer ended(Offer held, int active) {
        return offer(active);
    }
}
