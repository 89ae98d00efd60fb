package io.jenkins.plugins.distributedtest.zuul.task;

import io.jenkins.plugins.distributedtest.gearman.RealGearmand;

/** Blame and its words with C gearmand. */
class StandaloneBlameOnGearmandTest extends StandaloneBlameContract {
    @Override
    AutoCloseable startServer(int onPort) throws Exception {
        return new RealGearmand(onPort, directory, "--job-retries=1");
    }
}
