package io.jenkins.plugins.distributedtest.zuul;

import io.jenkins.plugins.distributedtest.gearman.GearServerStandIn;

/** An executor with a server like Zuul's own. */
class ZuulExecutorOnGearServerTest extends ZuulExecutorContract {
    @Override
    AutoCloseable startServer(int onPort) throws Exception {
        return new GearServerStandIn(onPort);
    }
}
