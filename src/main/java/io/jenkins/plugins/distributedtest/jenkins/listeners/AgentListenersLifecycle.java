package io.jenkins.plugins.distributedtest.jenkins.listeners;

import hudson.Extension;
import hudson.model.listeners.ItemListener;
import io.jenkins.plugins.distributedtest.jenkins.broker.EmbeddedBrokerListener;

/**
 * Starts listeners on nodes with Jenkins, ends those on the controller's own node with it, and has all of them follow the
 * controller's own broker.
 */
@Extension
public class AgentListenersLifecycle extends ItemListener implements EmbeddedBrokerListener {
    @Override
    public void brokerMoved() {
        AgentListeners.get().reconcileAll();
    }

    @Override
    public void onLoaded() {
        AgentListeners.get().reconcileAll();
    }

    @Override
    public void onBeforeShutdown() {
        AgentListeners.get().shutDown();
    }
}
