package io.jenkins.plugins.distributedtest.zuul;

import io.jenkins.plugins.distributedtest.gearman.RealGearmand;

/** An executor with C gearmand. */
class ZuulExecutorOnGearmandTest extends ZuulExecutorContract {
    @Override
    AutoCloseable startServer(int onPort) throws Exception {
        return new RealGearmand(onPort, directory, "--job-retries=1");
    }
}
