package io.jenkins.plugins.distributedtest.jenkins.step;

import java.util.ArrayList;
import java.util.List;
import org.kohsuke.stapler.DataBoundSetter;

/** The options of the step that say which listeners it has for itself. */
public abstract class ListenerOptionsStep extends RunOptionsStep {
    private Integer localSlots;
    private Integer minimum;
    private List<AgentRequest> agents;
    private Integer workers;

    /** How many files run at a time on the step's own node, 0 for none; null for the configured default. */
    public Integer getLocalSlots() {
        return localSlots;
    }

    /** Sets: how many files run at a time on the step's own node, 0 for none; null for the configured default. */
    @DataBoundSetter
    public void setLocalSlots(Integer localSlots) {
        this.localSlots = localSlots;
    }

    /** How many listeners besides the step's own must come within the listener timeout; null for none. */
    public Integer getMinimum() {
        return minimum;
    }

    /** Sets: how many listeners besides the step's own must come within the listener timeout; null for none. */
    @DataBoundSetter
    public void setMinimum(Integer minimum) {
        this.minimum = minimum;
    }

    /** How many times the step's block runs at once; null for once, or if there is no block. */
    public Integer getWorkers() {
        return workers;
    }

    /** Sets: how many times the step's block runs at once; null for once, or if there is no block. */
    @DataBoundSetter
    public void setWorkers(Integer workers) {
        this.workers = workers;
    }

    /** Executors that are asked for, each for a listener of this run; null for none. */
    public List<AgentRequest> getAgents() {
        return agents;
    }

    /** Sets: executors that are asked for, each for a listener of this run; null or empty for none. */
    @DataBoundSetter
    public void setAgents(List<AgentRequest> agents) {
        this.agents = agents == null || agents.isEmpty() ? null : new ArrayList<>(agents);
    }
}
