package io.jenkins.plugins.distributedtest.listener;

import io.jenkins.plugins.distributedtest.amqp.BrokerAddress;
import io.jenkins.plugins.distributedtest.testing.EmbeddedFixture;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;

class EmbeddedCollectedFilesTest extends CollectedFilesContract {
    private static EmbeddedFixture broker;

    @BeforeAll
    static void start() throws Exception {
        broker = new EmbeddedFixture();
    }

    @AfterAll
    static void stop() {
        broker.close();
    }

    @Override
    BrokerAddress address() {
        return broker.address();
    }

    @Override
    void restartBroker() throws Exception {
        broker.stop();
        broker.start();
    }
}
