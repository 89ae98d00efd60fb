package io.jenkins.plugins.distributedtest.jenkins.listeners;

import hudson.ExtensionList;
import java.util.List;

/** The listeners that Jenkins is to run on agents. The plugin's configuration implements it, as the only extension. */
public interface AgentListenerPlans {
    /** Those of this Jenkins. */
    static AgentListenerPlans configured() {
        return ExtensionList.lookupSingleton(AgentListenerPlans.class);
    }

    /** The listeners, in the order of the configuration; never null. */
    List<AgentListener> getAgentListeners();
}
