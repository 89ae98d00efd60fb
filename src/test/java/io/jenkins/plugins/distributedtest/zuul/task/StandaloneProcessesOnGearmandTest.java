package io.jenkins.plugins.distributedtest.zuul.task;

import io.jenkins.plugins.distributedtest.gearman.RealGearmand;

/** The processes of a standalone executor's jobs with C gearmand. */
class StandaloneProcessesOnGearmandTest extends StandaloneProcessesContract {
    @Override
    AutoCloseable startServer(int onPort) throws Exception {
        return new RealGearmand(onPort, directory, "--job-retries=1");
    }
}
