package io.jenkins.plugins.distributedtest.zuul.task;

import io.jenkins.plugins.distributedtest.gearman.RealGearmand;

/** A standalone executor with C gearmand. */
class StandaloneOnGearmandTest extends StandaloneContract {
    @Override
    AutoCloseable startServer(int onPort) throws Exception {
        return new RealGearmand(onPort, directory, "--job-retries=1");
    }
}
