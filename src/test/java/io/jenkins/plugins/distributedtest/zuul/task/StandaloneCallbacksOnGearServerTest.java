package io.jenkins.plugins.distributedtest.zuul.task;

import io.jenkins.plugins.distributedtest.gearman.GearServerStandIn;

/** Stopping a standalone executor with a server like Zuul's own. */
class StandaloneCallbacksOnGearServerTest extends StandaloneCallbacksContract {
    @Override
    AutoCloseable startServer(int onPort) throws Exception {
        return new GearServerStandIn(onPort);
    }
}
