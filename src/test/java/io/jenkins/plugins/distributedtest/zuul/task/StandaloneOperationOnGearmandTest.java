package io.jenkins.plugins.distributedtest.zuul.task;

import io.jenkins.plugins.distributedtest.gearman.RealGearmand;

/** Running a standalone executor for long with C gearmand. */
class StandaloneOperationOnGearmandTest extends StandaloneOperationContract {
    @Override
    AutoCloseable startServer(int onPort) throws Exception {
        return new RealGearmand(onPort, directory, "--job-retries=1");
    }
}
