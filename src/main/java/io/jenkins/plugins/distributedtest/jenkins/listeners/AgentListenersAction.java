package io.jenkins.plugins.distributedtest.jenkins.listeners;

import hudson.Extension;
import hudson.model.Action;
import hudson.model.Computer;
import hudson.model.TransientComputerActionFactory;
import java.util.Collection;
import java.util.List;
import jenkins.model.Jenkins;
import org.kohsuke.stapler.StaplerProxy;

/** The page of an agent about the listeners that Jenkins runs there: how they are, and what they say. */
public class AgentListenersAction implements Action, StaplerProxy {
    /** Last part of its address. */
    public static final String URL = "distributed-test-listeners";

    private final Computer computer;

    AgentListenersAction(Computer computer) {
        this.computer = computer;
    }

    private boolean isShown() {
        return Jenkins.get().hasAnyPermission(Jenkins.SYSTEM_READ, Jenkins.MANAGE)
                && AgentListeners.get().stateOf(computer.getName()) != null;
    }

    @Override
    public String getIconFileName() {
        return isShown() ? "symbol-distributed-listeners plugin-distributed-test" : null;
    }

    @Override
    public String getDisplayName() {
        return isShown() ? "Test listeners" : null;
    }

    @Override
    public String getUrlName() {
        return URL;
    }

    /** Whoever may see how Jenkins is configured sees the page. */
    @Override
    public Object getTarget() {
        Jenkins.get().checkAnyPermission(Jenkins.SYSTEM_READ, Jenkins.MANAGE);
        // What is shown may be a minute old; whoever looks again sees what is asked for now.
        AgentListeners.get().reconcile(computer.getName());
        return this;
    }

    /** The agent. */
    public Computer getComputer() {
        return computer;
    }

    /** What keeps listeners from running here; null for nothing. */
    public String getProblem() {
        AgentListeners.NodeState state = AgentListeners.get().stateOf(computer.getName());
        return state == null ? null : state.problem();
    }

    /** The listeners here, as they were when last asked. */
    public List<ListenerState> getListeners() {
        AgentListeners.NodeState state = AgentListeners.get().stateOf(computer.getName());
        return state == null ? List.of() : state.states();
    }

    /** Gives each agent the page. */
    @Extension
    public static class Factory extends TransientComputerActionFactory {
        @Override
        public Collection<? extends Action> createFor(Computer target) {
            return List.of(new AgentListenersAction(target));
        }
    }
}
