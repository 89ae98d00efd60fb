package io.jenkins.plugins.distributedtest.jenkins.step;

import hudson.Extension;
import hudson.Util;
import hudson.model.AbstractDescribableImpl;
import hudson.model.Descriptor;
import hudson.model.Item;
import hudson.model.Label;
import hudson.util.FormValidation;
import io.jenkins.plugins.distributedtest.jenkins.executors.SeatRequest;
import org.kohsuke.stapler.AncestorInPath;
import org.kohsuke.stapler.DataBoundConstructor;
import org.kohsuke.stapler.DataBoundSetter;
import org.kohsuke.stapler.QueryParameter;
import org.kohsuke.stapler.verb.POST;

/** Executors that a step asks Jenkins for: an entry of its option {@code agents}. */
public class AgentRequest extends AbstractDescribableImpl<AgentRequest> {
    private static final int MOST = 1000;

    private String label;
    private int count = 1;
    private int slots;

    /** One executor of any node. */
    @DataBoundConstructor
    public AgentRequest() {
        // Everything has a setter.
    }

    /** Which nodes: a label or an expression of labels; null for any. */
    public String getLabel() {
        return label;
    }

    /** Says which nodes; null or empty for any. */
    @DataBoundSetter
    public void setLabel(String label) {
        this.label = Util.fixEmptyAndTrim(label);
    }

    /** How many executors at most. */
    public int getCount() {
        return count;
    }

    /** Says how many executors at most. */
    @DataBoundSetter
    public void setCount(int count) {
        this.count = count;
    }

    /** How many files each runs at a time; 0 for its node's processors over its executors. */
    public int getSlots() {
        return slots;
    }

    /** Says how many files each runs at a time; 0 for its node's processors over its executors. */
    @DataBoundSetter
    public void setSlots(int slots) {
        this.slots = slots;
    }

    /**
     * What is asked for.
     *
     * @throws IllegalArgumentException if something of it is wrong; names it
     */
    SeatRequest checked() {
        String wrong = faultOfCount(count) != null ? faultOfCount(count) : faultOfSlots(slots);
        if (wrong == null && label != null) {
            wrong = faultOfLabel(label);
        }
        if (wrong != null) {
            throw new IllegalArgumentException("agents: " + wrong);
        }
        return new SeatRequest(label == null ? "" : label, count, slots);
    }

    private static String faultOfCount(int count) {
        return count >= 1 && count <= MOST ? null : "count is a number from 1 to " + MOST + ", not " + count;
    }

    private static String faultOfSlots(int slots) {
        return slots >= 0 && slots <= MOST ? null : "slots is a number from 0 to " + MOST + ", not " + slots;
    }

    private static String faultOfLabel(String label) {
        try {
            Label.parseExpression(label);
            return null;
        } catch (IllegalArgumentException e) {
            return "not a label or an expression of labels: " + label + " (" + e.getMessage() + ")";
        }
    }

    /** How Jenkins knows of them. */
    @Extension
    public static class DescriptorImpl extends Descriptor<AgentRequest> {
        @Override
        public String getDisplayName() {
            return "Executors";
        }

        /** Checks the label. */
        @POST
        public FormValidation doCheckLabel(@AncestorInPath Item item, @QueryParameter String value) {
            String label = Util.fixEmptyAndTrim(value);
            return label == null || !StepForm.mayConfigure(item)
                    ? FormValidation.ok()
                    : StepForm.answer(faultOfLabel(label));
        }

        /** Checks the number of executors. */
        @POST
        public FormValidation doCheckCount(@AncestorInPath Item item, @QueryParameter String value) {
            return StepForm.checkCount(item, "count", value);
        }

        /** Checks the number of slots. */
        @POST
        public FormValidation doCheckSlots(@AncestorInPath Item item, @QueryParameter String value) {
            return StepForm.checkCount(item, "slots", value);
        }
    }
}
