package io.jenkins.plugins.distributedtest.listener;

import io.jenkins.plugins.distributedtest.amqp.BrokerAddress;
import io.jenkins.plugins.distributedtest.testing.RealRabbit;

class RabbitGorgonListenerTest extends GorgonListenerContract {
    @Override
    BrokerAddress address() {
        return RealRabbit.shared().freshVirtualHost();
    }
}
