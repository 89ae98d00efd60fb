package io.jenkins.plugins.distributedtest.jenkins.broker;

import hudson.ExtensionList;
import java.util.List;
import java.util.Optional;

/** The brokers that are configured. The plugin's configuration implements it, as the only extension. */
public interface BrokerDirectory {
    /** The brokers of this Jenkins. */
    static BrokerDirectory configured() {
        return ExtensionList.lookupSingleton(BrokerDirectory.class);
    }

    /** The brokers of the list, in the order in which they were given; never null. */
    List<Broker> getBrokers();

    /**
     * The broker of this name, exactly as it is configured.
     *
     * @param name its name
     * @return empty if there is none in the list
     */
    default Optional<Broker> broker(String name) {
        return getBrokers().stream().filter(each -> each.getName().equals(name)).findFirst();
    }

    /**
     * A broker, with its login.
     *
     * @param name a broker's name; null or empty for the first of the list, or the embedded one if there is no list
     * @return where to connect
     * @throws BrokerException if there is none, or it cannot be used; says the way out
     */
    ResolvedBroker resolve(String name) throws BrokerException;

    /** What the brokers are called that {@link #resolve} knows, the embedded one last. */
    List<String> brokerNames();

    /** How the controller runs a broker itself; null if it does not. */
    EmbeddedBrokerSettings getEmbeddedBroker();

    /** The password of the broker that the controller runs itself; generated when it is asked for first. */
    String embeddedBrokerPassword();
}
