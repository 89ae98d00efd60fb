package io.jenkins.plugins.distributedtest.amqp;

import io.jenkins.plugins.distributedtest.testing.RealRabbit;

class RabbitContractTest extends BrokerContract {
    @Override
    BrokerAddress address() {
        return RealRabbit.shared().freshVirtualHost();
    }

    @Override
    boolean tellsOfDeletedQueues() {
        return true;
    }

    @Override
    void kill() {
        RealRabbit.shared().kill();
    }

    @Override
    void start() {
        RealRabbit.shared().start();
    }

    @Override
    boolean keepsMessages() {
        return true;
    }
}
