package io.jenkins.plugins.distributedtest.zuul.task;

import io.jenkins.plugins.distributedtest.gearman.GearServerStandIn;

/** Blame and its words with a server like Zuul's own. */
class StandaloneBlameOnGearServerTest extends StandaloneBlameContract {
    @Override
    AutoCloseable startServer(int onPort) throws Exception {
        return new GearServerStandIn(onPort);
    }
}
