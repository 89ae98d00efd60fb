package io.jenkins.plugins.distributedtest.jenkins.broker;

import hudson.ExtensionList;
import hudson.ExtensionPoint;

/** Is told when the controller's own broker may be elsewhere than before, or the configuration says otherwise. */
public interface EmbeddedBrokerListener extends ExtensionPoint {
    /** The broker was started, stopped or moved; returns at once. */
    void brokerMoved();

    /** Tells all of them. */
    static void fire() {
        ExtensionList.lookup(EmbeddedBrokerListener.class).forEach(EmbeddedBrokerListener::brokerMoved);
    }
}
