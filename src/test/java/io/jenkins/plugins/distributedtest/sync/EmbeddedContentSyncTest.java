package io.jenkins.plugins.distributedtest.sync;

import io.jenkins.plugins.distributedtest.amqp.BrokerAddress;
import io.jenkins.plugins.distributedtest.testing.EmbeddedFixture;
import java.io.IOException;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;

class EmbeddedContentSyncTest extends ContentSyncContract {
    private static EmbeddedFixture broker;

    @BeforeAll
    static void start() throws IOException {
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
    void breakConnections() throws IOException {
        broker.stop();
        broker.start();
    }
}
