package io.jenkins.plugins.distributedtest.jenkins.executors;

import java.io.Serializable;

/**
 * Executors that a step asks for.
 *
 * @param label which nodes: a label or an expression of labels; empty for any
 * @param count how many at most
 * @param slots how many files each runs at a time; 0 for its node's processors over its executors
 */
public record SeatRequest(String label, int count, int slots) implements Serializable {
    /** What they are, for people. */
    String words() {
        return label.isEmpty() ? "of any node" : "with label " + label;
    }

    /** How many slots each has, as far as that is known before it comes. */
    int knownSlots() {
        return Math.max(1, slots);
    }
}
