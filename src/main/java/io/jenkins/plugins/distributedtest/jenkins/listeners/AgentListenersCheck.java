package io.jenkins.plugins.distributedtest.jenkins.listeners;

import hudson.Extension;
import hudson.model.PeriodicWork;
import java.util.concurrent.TimeUnit;

/** Once a minute asks nodes how their listeners are, and takes up what nobody tells of: changed credentials. */
@Extension
public class AgentListenersCheck extends PeriodicWork {
    @Override
    public long getRecurrencePeriod() {
        return TimeUnit.MINUTES.toMillis(1);
    }

    @Override
    protected void doRun() {
        AgentListeners.get().reconcileAll();
    }
}
