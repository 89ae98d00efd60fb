package io.jenkins.plugins.distributedtest.jenkins.step;

import org.kohsuke.stapler.DataBoundSetter;

/** The options of the step that say which listeners it has for itself. */
public abstract class ListenerOptionsStep extends RunOptionsStep {
    private Integer localSlots;
    private Integer minimum;

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
}
