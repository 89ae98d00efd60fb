package io.jenkins.plugins.distributedtest.zuul.task;

import io.jenkins.plugins.distributedtest.gearman.RealGearmand;

/** Standalone executors on unfit hosts with C gearmand. */
class StandaloneHostOnGearmandTest extends StandaloneHostContract {
    @Override
    AutoCloseable startServer(int onPort) throws Exception {
        return new RealGearmand(onPort, directory, "--job-retries=1");
    }
}
