package io.jenkins.plugins.distributedtest.jenkins.executors;

import hudson.remoting.VirtualChannel;
import io.jenkins.plugins.distributedtest.amqp.BrokerAddress;
import io.jenkins.plugins.distributedtest.jenkins.broker.EmbeddedBrokerService;
import io.jenkins.plugins.distributedtest.jenkins.broker.ResolvedBroker;
import java.net.InetAddress;
import java.net.UnknownHostException;
import java.util.Optional;

/** How agents reach a run's broker: directly, or over their channel when it is at a loopback address. */
final class BrokerReach {
    private BrokerReach() {}

    /** The controller's own broker is reached directly where an administrator has opened it. */
    static BrokerAddress forAgents(BrokerAddress broker) {
        EmbeddedBrokerService embedded = EmbeddedBrokerService.get();
        Optional<ResolvedBroker> own = embedded.forController();
        boolean isOwn = own.isPresent() && own.get().address().equals(broker);
        return isOwn && !embedded.isLoopbackOnly()
                ? embedded.forAgents().map(ResolvedBroker::address).orElse(broker)
                : broker;
    }

    private static boolean isLoopback(String host) {
        try {
            return InetAddress.getByName(host).isLoopbackAddress();
        } catch (UnknownHostException e) {
            return false;
        }
    }

    /**
     * Opens connections to a broker for an agent, if it does not reach the broker by itself.
     *
     * @param channel the agent's
     * @param node the agent's name, for the name of threads
     * @return a proxy on the agent; null if the broker is reached directly
     */
    static Dial dial(VirtualChannel channel, BrokerAddress broker, String node) {
        return isLoopback(broker.host())
                ? channel.export(Dial.class, new BrokerDial(broker.host(), broker.port(), node))
                : null;
    }
}
