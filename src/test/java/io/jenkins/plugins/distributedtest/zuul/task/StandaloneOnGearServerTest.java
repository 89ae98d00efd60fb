package io.jenkins.plugins.distributedtest.zuul.task;

import io.jenkins.plugins.distributedtest.gearman.GearServerStandIn;

/** A standalone executor with a server like Zuul's own. */
class StandaloneOnGearServerTest extends StandaloneContract {
    @Override
    AutoCloseable startServer(int onPort) throws Exception {
        return new GearServerStandIn(onPort);
    }
}
