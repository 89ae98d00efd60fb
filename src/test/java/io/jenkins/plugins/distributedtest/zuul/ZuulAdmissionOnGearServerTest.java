package io.jenkins.plugins.distributedtest.zuul;

import io.jenkins.plugins.distributedtest.gearman.GearServerStandIn;

/** Admission with a server like Zuul's own. */
class ZuulAdmissionOnGearServerTest extends ZuulAdmissionContract {
    @Override
    AutoCloseable startServer(int onPort) throws Exception {
        return new GearServerStandIn(onPort);
    }

    @Override
    boolean narrowsWhatIsBusy() {
        return true;
    }
}
