package io.jenkins.plugins.distributedtest.amqp;

import io.jenkins.plugins.distributedtest.testing.EmbeddedFixture;
import java.io.IOException;
import java.io.UncheckedIOException;

class EmbeddedBrokerContractTest extends BrokerContract {
    @Override
    BrokerAddress address() throws IOException {
        return EmbeddedFixture.shared().address();
    }

    @Override
    boolean tellsOfDeletedQueues() {
        return false;
    }

    @Override
    void kill() {
        fixture().stop();
    }

    @Override
    void start() throws IOException {
        fixture().start();
    }

    @Override
    boolean keepsMessages() {
        return false;
    }

    private static EmbeddedFixture fixture() {
        try {
            return EmbeddedFixture.shared();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
