package io.jenkins.plugins.distributedtest.gearman;

/** The load with a server like Zuul's own. */
class GearServerLoadTest extends GearmanWorkerLoadContract {
    @Override
    AutoCloseable startServer(int onPort) throws Exception {
        return new GearServerStandIn(onPort);
    }
}
