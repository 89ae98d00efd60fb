package io.jenkins.plugins.distributedtest.amqp;

import io.jenkins.plugins.distributedtest.testing.EmbeddedFixture;
import java.io.IOException;

class EmbeddedBrokerContractTest extends BrokerContract {
    @Override
    BrokerAddress address() throws IOException {
        return EmbeddedFixture.shared().address();
    }

    @Override
    boolean tellsOfDeletedQueues() {
        return false;
    }
}
