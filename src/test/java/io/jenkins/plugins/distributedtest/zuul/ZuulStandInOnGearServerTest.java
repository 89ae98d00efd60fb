package io.jenkins.plugins.distributedtest.zuul;

import io.jenkins.plugins.distributedtest.gearman.GearServerStandIn;

/** The rows with Zuul's own server. */
class ZuulStandInOnGearServerTest extends ZuulStandInContract {
    @Override
    AutoCloseable startServer(int onPort) throws Exception {
        return new GearServerStandIn(onPort);
    }
}
