package io.jenkins.plugins.distributedtest.zuul.task;

import io.jenkins.plugins.distributedtest.gearman.GearServerStandIn;

/** Running a standalone executor for long with a server like Zuul's own. */
class StandaloneOperationOnGearServerTest extends StandaloneOperationContract {
    @Override
    AutoCloseable startServer(int onPort) throws Exception {
        return new GearServerStandIn(onPort);
    }
}
