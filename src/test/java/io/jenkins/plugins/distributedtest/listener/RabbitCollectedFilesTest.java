package io.jenkins.plugins.distributedtest.listener;

import io.jenkins.plugins.distributedtest.amqp.BrokerAddress;
import io.jenkins.plugins.distributedtest.testing.RealRabbit;

class RabbitCollectedFilesTest extends CollectedFilesContract {
    @Override
    BrokerAddress address() {
        return RealRabbit.shared().freshVirtualHost();
    }

    @Override
    void restartBroker() {
        RealRabbit.shared().kill();
        RealRabbit.shared().start();
    }
}
