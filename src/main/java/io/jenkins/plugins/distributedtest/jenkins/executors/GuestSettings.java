package io.jenkins.plugins.distributedtest.jenkins.executors;

import java.io.Serializable;

/**
 * What a step says of the listener that it runs.
 *
 * @param slots how many files it runs at a time; 0 for the node's processors over its executors
 * @param here whether it runs in the current directory as it is, instead of the run's sources
 * @param java the Java that runs it; null to look for one
 */
public record GuestSettings(int slots, boolean here, String java) implements Serializable {}
