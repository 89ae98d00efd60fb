package io.jenkins.plugins.distributedtest.jenkins.listeners;

import hudson.model.Computer;
import io.jenkins.plugins.distributedtest.jenkins.broker.BrokerDirectory;
import io.jenkins.plugins.distributedtest.jenkins.broker.EmbeddedBrokerService;
import io.jenkins.plugins.distributedtest.jenkins.broker.EmbeddedBrokerSettings;
import io.jenkins.plugins.distributedtest.jenkins.process.CliJar;
import io.jenkins.plugins.distributedtest.jenkins.process.ProcessStatus;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import jenkins.model.Jenkins;

/** What the page about listeners shows of those that Jenkins runs itself, and of how to start others. */
public final class AgentListenerView {
    AgentListenerView() {}

    /**
     * A listener on an agent.
     *
     * @param agent the agent's name, as people know it
     * @param url of the page about it, relative to Jenkins
     * @param state how it is
     * @param well whether that is as it should be
     * @param lastLine what it said last
     */
    public record Row(String agent, String url, String state, boolean well, String lastLine) {
        // Jelly reads getters.

        /** The agent's name. */
        public String getAgent() {
            return agent;
        }

        /** The page about it. */
        public String getUrl() {
            return url;
        }

        /** How it is. */
        public String getState() {
            return state;
        }

        /** Whether that is as it should be. */
        public boolean isWell() {
            return well;
        }

        /** What it said last. */
        public String getLastLine() {
            return lastLine;
        }
    }

    /** The listeners on agents as they were when last asked, at most a minute ago. */
    public List<Row> getRows() {
        List<Row> rows = new ArrayList<>();
        for (Map.Entry<String, AgentListeners.NodeState> each :
                AgentListeners.get().states().entrySet()) {
            Computer computer = Jenkins.get().getComputer(each.getKey());
            if (computer != null) {
                rows.addAll(rows(computer, each.getValue()));
            }
        }
        return rows;
    }

    static List<Row> rows(Computer computer, AgentListeners.NodeState node) {
        List<Row> rows = new ArrayList<>();
        String name = computer.getDisplayName();
        String url = computer.getUrl() + AgentListenersAction.URL + "/";
        if (node.problem() != null) {
            rows.add(new Row(name, url, node.problem(), false, ""));
        }
        for (ListenerState each : node.states()) {
            boolean well = each.process().pid() != 0 || each.process().phase() == ProcessStatus.Phase.STARTING;
            rows.add(new Row(name, url, each.getWords(), well, each.lastLine()));
        }
        return rows;
    }

    /** Whether the configuration has listeners run on agents. */
    public boolean isAsked() {
        return !AgentListenerPlans.configured().getAgentListeners().isEmpty();
    }

    /** Whether the controller runs a broker. */
    public boolean isBroker() {
        return EmbeddedBrokerService.get().isEnabled();
    }

    /** How that is. */
    public String getBrokerState() {
        return EmbeddedBrokerService.get().state();
    }

    /** Whether something is wrong with it: that it is starting is not. */
    public boolean isBrokerAlarming() {
        return EmbeddedBrokerService.get().isAlarming();
    }

    /** Whether no other host can reach that broker. */
    public boolean isBrokerLoopback() {
        EmbeddedBrokerSettings settings = BrokerDirectory.configured().getEmbeddedBroker();
        return settings != null && settings.loopbackOnly();
    }

    /** Whether who looks may have the broker's password. */
    public boolean isPasswordAllowed() {
        return Jenkins.get().hasPermission(Jenkins.ADMINISTER);
    }

    /** Where the program can be downloaded: a whole URL, as far as Jenkins knows its own. */
    public String getProgramUrl() {
        String root = Jenkins.get().getRootUrl();
        return (root == null ? "/" : root) + CliJarAction.URL + "/" + CliJar.NAME;
    }

    /** What to type into a POSIX shell on a machine that shall run a listener. */
    public String getCommand() {
        return ListenerCommands.of(getProgramUrl()).posix();
    }

    /** The same for Windows' PowerShell. */
    public String getPowerShellCommand() {
        return ListenerCommands.of(getProgramUrl()).powerShell();
    }

    /** The same for Windows' command prompt. */
    public String getCmdCommand() {
        return ListenerCommands.of(getProgramUrl()).cmd();
    }
}
