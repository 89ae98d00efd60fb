package io.jenkins.plugins.distributedtest.zuul.task;

import io.jenkins.plugins.distributedtest.gearman.GearServerStandIn;

/** Standalone executors on unfit hosts with a server like Zuul's own. */
class StandaloneHostOnGearServerTest extends StandaloneHostContract {
    @Override
    AutoCloseable startServer(int onPort) throws Exception {
        return new GearServerStandIn(onPort);
    }
}
