package io.jenkins.plugins.distributedtest.jenkins.step;

import hudson.AbortException;
import io.jenkins.plugins.distributedtest.jenkins.broker.BrokerException;
import io.jenkins.plugins.distributedtest.jenkins.broker.EmbeddedBrokerService;
import io.jenkins.plugins.distributedtest.jenkins.broker.ResolvedBroker;
import io.jenkins.plugins.distributedtest.jenkins.config.DistributedTestConfiguration;
import java.time.Duration;

/** The broker of a step, by its name. Where none is configured at all the controller runs one from then on. */
final class StepBroker {
    private static final Duration START = Duration.ofMinutes(1);

    private StepBroker() {}

    /**
     * The broker. May wait until the controller's own one is up.
     *
     * @param name its name; null for the first, or the controller's own
     * @throws AbortException if there is none, or it cannot be used; says the way out
     */
    static ResolvedBroker resolve(String name) throws AbortException, InterruptedException {
        DistributedTestConfiguration configuration = DistributedTestConfiguration.get();
        boolean own = name == null || name.equals(EmbeddedBrokerService.NAME);
        try {
            if (own && configuration.getBrokers().isEmpty() && configuration.getEmbeddedBroker() == null) {
                EmbeddedBrokerService.get().demand(START);
            }
            return configuration.resolve(name);
        } catch (BrokerException e) {
            throw new AbortException(e.getMessage());
        }
    }
}
