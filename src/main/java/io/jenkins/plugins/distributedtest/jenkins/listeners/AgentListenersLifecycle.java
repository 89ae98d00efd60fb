package io.jenkins.plugins.distributedtest.jenkins.listeners;

import hudson.Extension;
import hudson.model.listeners.ItemListener;

/** Starts listeners on nodes with Jenkins, and ends those on the controller's own node with it. */
@Extension
public class AgentListenersLifecycle extends ItemListener {
    @Override
    public void onLoaded() {
        AgentListeners.get().reconcileAll();
    }

    @Override
    public void onBeforeShutdown() {
        AgentListeners.get().shutDown();
    }
}
