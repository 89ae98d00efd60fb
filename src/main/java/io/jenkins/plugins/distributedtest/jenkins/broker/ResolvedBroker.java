package io.jenkins.plugins.distributedtest.jenkins.broker;

import io.jenkins.plugins.distributedtest.amqp.BrokerAddress;
import java.util.Objects;

/**
 * A broker as the engine needs it, its login looked up. It lives on the controller only, and its text form leaves the
 * password out.
 *
 * @param address where it is and how to log in
 * @param cluster the cluster whose listeners are asked unless a step says another; null for the one without a name
 * @param displayName what people call it
 */
public record ResolvedBroker(BrokerAddress address, String cluster, String displayName) {
    /** Checks that there are an address and a name. */
    public ResolvedBroker {
        Objects.requireNonNull(address, "address");
        Objects.requireNonNull(displayName, "displayName");
    }
}
