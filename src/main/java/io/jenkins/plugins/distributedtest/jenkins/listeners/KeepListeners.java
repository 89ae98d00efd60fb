package io.jenkins.plugins.distributedtest.jenkins.listeners;

import hudson.remoting.Channel;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import jenkins.security.MasterToSlaveCallable;

/** Tells a node which listeners are to run there, and brings back how they are. */
final class KeepListeners extends MasterToSlaveCallable<List<ListenerState>, IOException> {
    private static final long serialVersionUID = 1L;

    private final ArrayList<ListenerPlan> wanted;
    private final boolean onController;

    /**
     * @param wanted all listeners that are to run on that node
     * @param onController whether that node is the controller's own
     */
    KeepListeners(List<ListenerPlan> wanted, boolean onController) {
        this.wanted = new ArrayList<>(wanted);
        this.onController = onController;
    }

    @Override
    public List<ListenerState> call() throws IOException {
        return NodeListeners.here().keep(wanted, onController ? null : Channel.currentOrFail());
    }
}
