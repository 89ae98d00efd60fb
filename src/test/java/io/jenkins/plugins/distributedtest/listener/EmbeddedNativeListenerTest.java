package io.jenkins.plugins.distributedtest.listener;

import io.jenkins.plugins.distributedtest.amqp.BrokerAddress;
import io.jenkins.plugins.distributedtest.broker.EmbeddedBroker;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;

class EmbeddedNativeListenerTest extends NativeListenerContract {
    private static EmbeddedBroker broker;

    @BeforeAll
    static void start() throws Exception {
        broker = EmbeddedBroker.start(EmbeddedBroker.Options.DEFAULT);
    }

    @AfterAll
    static void stop() {
        broker.close();
    }

    @Override
    BrokerAddress address() {
        return broker.address();
    }
}
