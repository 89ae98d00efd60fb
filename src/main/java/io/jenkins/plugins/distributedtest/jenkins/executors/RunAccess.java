package io.jenkins.plugins.distributedtest.jenkins.executors;

import io.jenkins.plugins.distributedtest.amqp.BrokerAddress;

/**
 * Where a run is found by its listeners.
 *
 * @param runId the run
 * @param broker its broker, as the controller reaches it
 * @param cluster its cluster; null for none
 * @param secretKey the text of the key that opens its secret variables; null if it has none
 * @param sources what stands for the sources in git, as {@link
 *     io.jenkins.plugins.distributedtest.session.SourceRevision#tree} has it; empty if it is not known
 */
public record RunAccess(String runId, BrokerAddress broker, String cluster, String secretKey, String sources) {
    /** Leaves the key out. */
    @Override
    public String toString() {
        return "run " + runId + " at " + broker;
    }
}
