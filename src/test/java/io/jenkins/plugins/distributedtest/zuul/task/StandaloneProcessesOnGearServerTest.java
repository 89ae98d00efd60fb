package io.jenkins.plugins.distributedtest.zuul.task;

import io.jenkins.plugins.distributedtest.gearman.GearServerStandIn;

/** The processes of a standalone executor's jobs with a server like Zuul's own. */
class StandaloneProcessesOnGearServerTest extends StandaloneProcessesContract {
    @Override
    AutoCloseable startServer(int onPort) throws Exception {
        return new GearServerStandIn(onPort);
    }
}
