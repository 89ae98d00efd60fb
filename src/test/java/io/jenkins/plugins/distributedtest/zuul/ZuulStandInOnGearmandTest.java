package io.jenkins.plugins.distributedtest.zuul;

import io.jenkins.plugins.distributedtest.gearman.RealGearmand;

/** The rows with C gearmand. */
class ZuulStandInOnGearmandTest extends ZuulStandInContract {
    @Override
    AutoCloseable startServer(int onPort) throws Exception {
        return new RealGearmand(onPort, directory, "--job-retries=1");
    }
}
