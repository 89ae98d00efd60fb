package io.jenkins.plugins.distributedtest.zuul;

import io.jenkins.plugins.distributedtest.gearman.RealGearmand;

/** Admission with C gearmand. */
class ZuulAdmissionOnGearmandTest extends ZuulAdmissionContract {
    @Override
    AutoCloseable startServer(int onPort) throws Exception {
        return new RealGearmand(onPort, directory, "--job-retries=1");
    }

    @Override
    boolean narrowsWhatIsBusy() {
        return false;
    }
}
