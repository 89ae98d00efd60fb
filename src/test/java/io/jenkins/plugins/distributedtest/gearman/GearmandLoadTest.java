package io.jenkins.plugins.distributedtest.gearman;

/** The load with C gearmand. */
class GearmandLoadTest extends GearmanWorkerLoadContract {
    @Override
    AutoCloseable startServer(int onPort) throws Exception {
        return new RealGearmand(onPort, directory, "--job-retries=1");
    }
}
