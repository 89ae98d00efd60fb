package io.jenkins.plugins.distributedtest.sync;

import io.jenkins.plugins.distributedtest.amqp.BrokerAddress;
import io.jenkins.plugins.distributedtest.testing.RealRabbit;

class RabbitContentSyncTest extends ContentSyncContract {
    @Override
    BrokerAddress address() {
        return RealRabbit.shared().freshVirtualHost();
    }

    @Override
    void breakConnections() {
        RealRabbit.shared()
                .evaluate("[rabbit_networking:close_connection(C, \"test\") || C <- rabbit_networking:connections()].");
    }
}
