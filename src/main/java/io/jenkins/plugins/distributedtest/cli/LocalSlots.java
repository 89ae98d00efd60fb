package io.jenkins.plugins.distributedtest.cli;

import io.jenkins.plugins.distributedtest.amqp.BrokerAddress;
import io.jenkins.plugins.distributedtest.amqp.BrokerConnection;
import io.jenkins.plugins.distributedtest.broker.EmbeddedBroker;
import io.jenkins.plugins.distributedtest.config.ConfigException;
import io.jenkins.plugins.distributedtest.config.Configuration;
import io.jenkins.plugins.distributedtest.config.ListenerConfiguration;
import io.jenkins.plugins.distributedtest.listener.Listener;
import io.jenkins.plugins.distributedtest.listener.ListenerSettings;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import java.io.IOException;
import java.time.Duration;
import java.util.function.Consumer;

/**
 * Slots of this machine for one run, beside those of whatever listeners answer: a listener in this process, and a broker
 * of its own where none is configured or the configured one is away. Nothing of it is left when it is closed.
 */
final class LocalSlots implements AutoCloseable {
    /** How long {@link #close} takes at most. */
    static final Duration CLOSE_LIMIT = Listener.CLOSE_LIMIT.plus(EmbeddedBroker.CLOSE_TIMEOUT);

    private final ListenerSettings settings;
    private final EmbeddedBroker ownBroker;
    private final BrokerAddress broker;
    private Listener listener;

    private LocalSlots(ListenerSettings settings, EmbeddedBroker ownBroker, BrokerAddress broker) {
        this.settings = settings;
        this.ownBroker = ownBroker;
        this.broker = broker;
    }

    /**
     * Finds out which broker to use, and starts one where that is none.
     *
     * @param configuration what is configured; {@code worker_slots} says how many slots there are to be
     * @param asked whether somebody asked for slots of this machine; otherwise there are some only where
     *     {@code fallback} says so and the broker is away
     * @param say tells people what is done
     * @return null where nothing of this is wanted
     * @throws ConfigException if the configuration has faults
     * @throws IOException if the configured broker refuses us, or no broker can be started here
     */
    static LocalSlots of(Configuration configuration, boolean asked, Consumer<String> say)
            throws ConfigException, IOException {
        boolean configured = configuration.isSet("connection.host") || configuration.isSet("connection.port");
        if (!asked && !(configured && configuration.text("fallback").equals("local"))) {
            return null;
        }
        ListenerSettings settings = ListenerConfiguration.from(configuration).settings();
        BrokerAddress broker = configuration.broker();
        if (configured) {
            String away = BrokerConnection.whyAway(broker);
            if (away == null) {
                return asked ? new LocalSlots(settings, null, broker) : null;
            }
            say.accept(
                    "Warning: " + away + ". The suite runs on this machine only, on " + slots(settings.slots()) + ".");
        }
        EmbeddedBroker own = EmbeddedBroker.start(EmbeddedBroker.Options.DEFAULT);
        return new LocalSlots(settings, own, own.address());
    }

    private static String slots(int count) {
        return count == 1 ? "1 slot" : count + " slots";
    }

    /** The broker that the run is to use. */
    BrokerAddress broker() {
        return broker;
    }

    /**
     * Starts the listener.
     *
     * @param cluster the run's cluster; null for none
     * @throws IOException if its work directory cannot be used
     */
    void open(String cluster) throws IOException {
        listener = new Listener(settings.in(cluster), broker, new SimpleMeterRegistry());
        listener.start();
    }

    /** Ends listener and broker, within a bounded time. */
    @Override
    public void close() {
        try {
            if (listener != null) {
                listener.close();
            }
        } finally {
            if (ownBroker != null) {
                ownBroker.close();
            }
        }
    }
}
