package io.jenkins.plugins.distributedtest.jenkins.executors;

import hudson.remoting.Channel;
import java.io.IOException;
import jenkins.security.MasterToSlaveCallable;

/** Runs a listener of one run on a node, from its start to its end; the answer comes when it has ended. */
final class ServeRun extends MasterToSlaveCallable<ServeEnd, IOException> {
    private static final long serialVersionUID = 1L;

    private final ServePlan plan;
    private final boolean onController;
    /** A proxy on the agent; null if the broker is reached directly. */
    private final Dial dial;

    /**
     * @param plan the listener
     * @param onController whether the node is the controller's own
     * @param dial opens connections to the broker; null if the node reaches it directly
     */
    ServeRun(ServePlan plan, boolean onController, Dial dial) {
        this.plan = plan;
        this.onController = onController;
        this.dial = dial;
    }

    @Override
    public ServeEnd call() throws IOException {
        return ServedRuns.here().serve(plan, dial, onController ? null : Channel.currentOrFail());
    }
}
