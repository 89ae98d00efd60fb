package io.jenkins.plugins.distributedtest.jenkins.listeners;

import hudson.FilePath;
import hudson.model.Node;
import io.jenkins.plugins.distributedtest.amqp.BrokerAddress;
import io.jenkins.plugins.distributedtest.jenkins.broker.BrokerDirectory;
import io.jenkins.plugins.distributedtest.jenkins.broker.BrokerException;
import io.jenkins.plugins.distributedtest.jenkins.broker.CertificateCopy;
import io.jenkins.plugins.distributedtest.jenkins.broker.EmbeddedBrokerService;
import io.jenkins.plugins.distributedtest.jenkins.broker.ResolvedBroker;
import io.jenkins.plugins.distributedtest.jenkins.process.CliJar;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/**
 * Which listeners the configuration wants on a node, before it is known where they lie there.
 *
 * @param brokers what each is to serve, by its id
 * @param entries the configuration of each, by its id
 * @param problem what keeps others from running; null for nothing
 */
record NodePlans(Map<String, ResolvedBroker> brokers, Map<String, AgentListener> entries, String problem) {
    static final NodePlans NONE = new NodePlans(Map.of(), Map.of(), null);

    /** What a node is to have as the configuration is now. */
    static NodePlans of(Node node) {
        BrokerDirectory configuration = BrokerDirectory.configured();
        Map<String, ResolvedBroker> brokers = new TreeMap<>();
        Map<String, AgentListener> entries = new TreeMap<>();
        List<String> problems = new ArrayList<>();
        int number = 0;
        for (AgentListener entry : AgentListenerPlans.configured().getAgentListeners()) {
            number++;
            if (!entry.matches(node)) {
                continue;
            }
            try {
                String id = "listener-" + number;
                brokers.put(id, broker(configuration, entry, node.getNodeName().isEmpty()));
                entries.put(id, entry);
            } catch (BrokerException e) {
                problems.add(e.getMessage());
            }
        }
        return new NodePlans(brokers, entries, problems.isEmpty() ? null : String.join("; ", problems));
    }

    private static ResolvedBroker broker(BrokerDirectory configuration, AgentListener entry, boolean here)
            throws BrokerException {
        ResolvedBroker broker = configuration.resolve(entry.getBroker());
        boolean own = broker.displayName().equals(EmbeddedBrokerService.NAME)
                && configuration.broker(EmbeddedBrokerService.NAME).isEmpty();
        return own && !here ? EmbeddedBrokerService.get().forAgents().orElse(broker) : broker;
    }

    boolean isEmpty() {
        return brokers.isEmpty() && problem == null;
    }

    /**
     * The plans for a directory of the node; puts there what the listeners need.
     *
     * @param directory of the node
     */
    List<ListenerPlan> at(FilePath directory) throws IOException, InterruptedException {
        String program = CliJar.copyTo(directory).getRemote();
        List<ListenerPlan> plans = new ArrayList<>();
        for (Map.Entry<String, ResolvedBroker> each : brokers.entrySet()) {
            String id = each.getKey();
            AgentListener entry = entries.get(id);
            ResolvedBroker broker = each.getValue();
            BrokerAddress address = CertificateCopy.at(broker.address(), directory.child(id + "-ca.pem"));
            String cluster = entry.getCluster() != null ? entry.getCluster() : broker.cluster();
            plans.add(new ListenerPlan(
                    id, program, directory.getRemote(), entry.getSlots(), cluster, address.toSecretUri()));
        }
        return plans;
    }
}
