package io.jenkins.plugins.distributedtest.jenkins.listeners;

import hudson.Extension;
import hudson.Util;
import hudson.model.AbstractDescribableImpl;
import hudson.model.Computer;
import hudson.model.Descriptor;
import hudson.model.Label;
import hudson.model.Node;
import hudson.util.FormValidation;
import hudson.util.ListBoxModel;
import io.jenkins.plugins.distributedtest.jenkins.broker.BrokerDirectory;
import io.jenkins.plugins.distributedtest.jenkins.broker.EmbeddedBrokerService;
import io.jenkins.plugins.distributedtest.jenkins.broker.EmbeddedBrokerSettings;
import java.util.ArrayList;
import java.util.List;
import jenkins.model.Jenkins;
import org.kohsuke.stapler.DataBoundConstructor;
import org.kohsuke.stapler.DataBoundSetter;
import org.kohsuke.stapler.QueryParameter;
import org.kohsuke.stapler.verb.POST;

/** A listener that Jenkins runs on each agent with some label. */
public class AgentListener extends AbstractDescribableImpl<AgentListener> {
    private final String label;
    private int slots;
    private String broker;
    private String cluster;

    /**
     * One on every agent that a label matches.
     *
     * @param label a label or an expression of labels
     */
    @DataBoundConstructor
    public AgentListener(String label) {
        this.label = Util.fixNull(label).strip();
    }

    /** Which agents: a label or an expression of labels; empty for none. */
    public String getLabel() {
        return label;
    }

    /** How many files it runs at a time; 0 for one per processor. */
    public int getSlots() {
        return slots;
    }

    /** Says how many files it runs at a time; 0 for one per processor. */
    @DataBoundSetter
    public void setSlots(int slots) {
        this.slots = slots;
    }

    /** Name of the broker; null for the one that steps use that name none. */
    public String getBroker() {
        return broker;
    }

    /** Says the name of the broker; null or empty for the one that steps use that name none. */
    @DataBoundSetter
    public void setBroker(String broker) {
        this.broker = Util.fixEmptyAndTrim(broker);
    }

    /** The cluster it belongs to; null for the broker's. */
    public String getCluster() {
        return cluster;
    }

    /** Says the cluster; null or empty for the broker's. */
    @DataBoundSetter
    public void setCluster(String cluster) {
        this.cluster = Util.fixEmptyAndTrim(cluster);
    }

    /** Whether a node is meant; a label that cannot be read means none. */
    boolean matches(Node node) {
        try {
            return !label.isEmpty() && Label.parseExpression(label).matches(node);
        } catch (IllegalArgumentException e) {
            return false;
        }
    }

    /** How Jenkins knows of them. */
    @Extension
    public static class DescriptorImpl extends Descriptor<AgentListener> {
        @Override
        public String getDisplayName() {
            return "Listener on agents";
        }

        /** Says which agents are meant, and whether they can reach the broker. */
        @POST
        public FormValidation doCheckLabel(@QueryParameter String value, @QueryParameter String broker) {
            Jenkins.get().checkPermission(Jenkins.MANAGE);
            String label = Util.fixEmptyAndTrim(value);
            if (label == null) {
                return FormValidation.ok(); // nothing is wrong before it is typed; what is saved so is refused
            }
            try {
                Label.parseExpression(label);
            } catch (IllegalArgumentException e) {
                return FormValidation.error("Not a label or an expression of labels: " + e.getMessage());
            }
            List<String> names = new ArrayList<>();
            boolean elsewhere = false;
            for (Computer computer : Jenkins.get().getComputers()) {
                Node node = computer.getNode();
                if (node != null && new AgentListener(label).matches(node)) {
                    names.add(computer.getDisplayName());
                    elsewhere |= !node.getNodeName().isEmpty();
                }
            }
            if (names.isEmpty()) {
                return FormValidation.warning("No agent has this label now");
            }
            String unreachable = elsewhere ? unreachable(broker) : null;
            String meant = "Runs on " + String.join(", ", names);
            return unreachable == null ? FormValidation.ok(meant) : FormValidation.warning(meant + ". " + unreachable);
        }

        /** What keeps agents on other hosts from the broker; null if nothing is known to. */
        private static String unreachable(String broker) {
            BrokerDirectory configuration = BrokerDirectory.configured();
            EmbeddedBrokerSettings embedded = configuration.getEmbeddedBroker();
            String name = Util.fixEmptyAndTrim(broker);
            boolean meant =
                    name == null ? configuration.getBrokers().isEmpty() : name.equals(EmbeddedBrokerService.NAME);
            return meant && embedded != null && embedded.loopbackOnly()
                    ? "The embedded broker listens at " + embedded.getBindAddress()
                            + ", where only processes on the controller's own host reach it: an agent on another host"
                            + " cannot. Say 0.0.0.0 as its bind address"
                    : null;
        }

        /** Checks the number of slots. */
        @POST
        public FormValidation doCheckSlots(@QueryParameter String value) {
            Jenkins.get().checkPermission(Jenkins.MANAGE);
            String slots = Util.fixEmptyAndTrim(value);
            return slots == null || slots.matches("[0-9]{1,4}")
                    ? FormValidation.ok()
                    : FormValidation.error("Not a number of slots: " + slots + "; 0 is one per processor");
        }

        /** The brokers to choose from. */
        @POST
        public ListBoxModel doFillBrokerItems(@QueryParameter String broker) {
            ListBoxModel items = new ListBoxModel();
            if (!Jenkins.get().hasPermission(Jenkins.MANAGE)) {
                items.add(Util.fixNull(broker), Util.fixNull(broker));
                return items;
            }
            items.add("The broker of steps that name none", "");
            List<String> names = new ArrayList<>(BrokerDirectory.configured().brokerNames());
            String current = Util.fixEmptyAndTrim(broker);
            if (current != null && !names.contains(current)) {
                names.add(current);
            }
            names.forEach(name -> items.add(name, name));
            return items;
        }
    }
}
