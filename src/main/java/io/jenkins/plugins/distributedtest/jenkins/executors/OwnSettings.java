package io.jenkins.plugins.distributedtest.jenkins.executors;

import java.io.Serializable;
import java.time.Duration;
import java.util.ArrayList;

/**
 * Which listeners a step has for itself.
 *
 * @param localSlots how many files the listener on the step's own node runs at a time; 0 for none there, negative for the
 *     node's processors over its executors
 * @param minimum how many other listeners must come for the run to go on
 * @param patience how long they may take
 * @param executors which executors it asks for; possibly none
 */
public record OwnSettings(int localSlots, int minimum, Duration patience, ArrayList<SeatRequest> executors)
        implements Serializable {
    /** As many as the node's processors over its executors. */
    public static final int BY_PROCESSORS = -1;
}
