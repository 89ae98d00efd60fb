package io.jenkins.plugins.distributedtest.jenkins.listeners;

import hudson.Extension;
import hudson.ExtensionList;
import hudson.FilePath;
import hudson.model.Computer;
import hudson.model.Node;
import hudson.model.TaskListener;
import hudson.remoting.VirtualChannel;
import hudson.slaves.ComputerListener;
import hudson.slaves.OfflineCause;
import io.jenkins.plugins.distributedtest.loop.DaemonThreads;
import java.io.IOException;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.ThreadPoolExecutor;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.logging.Level;
import java.util.logging.Logger;
import jenkins.model.Jenkins;

/**
 * Has the listeners run on agents that the configuration asks for.
 *
 * <p>Whenever something changes (an agent comes online, the configuration is saved, the embedded broker has moved) each
 * node concerned is told the whole list of listeners that are to run there; the node itself starts, restarts and stops
 * them ({@link NodeListeners}). A node is told by one of a few threads, so agents that are slow to answer cost no more
 * than those; and once a minute each is asked how its listeners are.
 */
@Extension
public class AgentListeners extends ComputerListener {
    private static final Logger LOGGER = Logger.getLogger(AgentListeners.class.getName());
    private static final int THREADS = 4;
    private static final int CALL_SECONDS = 120;
    /** How old what is shown of a node may be while somebody looks, in milliseconds. */
    private static final int MOVING_MILLIS = 2_000;

    private static final int SETTLED_MILLIS = 15_000;
    /** So many nodes are asked at most because somebody looks. */
    private static final int MOST_ASKED = 40;

    private static final String DIRECTORY = "distributed-test";

    private final ThreadPoolExecutor workers = new ThreadPoolExecutor(
            THREADS,
            THREADS,
            10,
            TimeUnit.SECONDS,
            new LinkedBlockingQueue<>(),
            DaemonThreads.named("distributed-test-listeners"),
            // What comes while Jenkins ends is no longer of interest.
            new ThreadPoolExecutor.DiscardPolicy());
    /** Nodes that are to be told; each is at most once in the queue, which so has a bound. */
    private final Set<String> waiting = ConcurrentHashMap.newKeySet();
    /** One node is told by one thread at a time. */
    private final Map<String, Object> locks = new ConcurrentHashMap<>();

    private final Map<String, NodeState> nodes = new ConcurrentHashMap<>();

    /**
     * What a node was told, and what it said.
     *
     * @param channel over which
     * @param plans the listeners that are to run there
     * @param states how they are
     * @param problem what keeps some of them from running; null for nothing
     * @param at when that was, in milliseconds since the epoch
     */
    record NodeState(
            VirtualChannel channel, List<ListenerPlan> plans, List<ListenerState> states, String problem, long at) {
        boolean isMoving() {
            return states.stream().anyMatch(ListenerState::isMoving);
        }

        boolean isOld(long now) {
            return now - at > (isMoving() ? MOVING_MILLIS : SETTLED_MILLIS);
        }
    }

    /** Nothing is known yet. */
    public AgentListeners() {
        workers.allowCoreThreadTimeOut(true);
    }

    /** The one of this Jenkins. */
    public static AgentListeners get() {
        return ExtensionList.lookupSingleton(AgentListeners.class);
    }

    @Override
    public void onOnline(Computer computer, TaskListener log) {
        reconcile(computer.getName());
    }

    @Override
    public void onOffline(Computer computer, OfflineCause cause) {
        reconcile(computer.getName());
    }

    @Override
    public void onTemporarilyOnline(Computer computer) {
        reconcile(computer.getName());
    }

    @Override
    public void onTemporarilyOffline(Computer computer, OfflineCause cause) {
        reconcile(computer.getName());
    }

    @Override
    public void onConfigurationChange() {
        reconcileAll();
    }

    /** Makes the listeners on all nodes as the configuration says; returns at once. */
    public void reconcileAll() {
        for (Computer each : Jenkins.get().getComputers()) {
            reconcile(each.getName());
        }
        // Nodes that are gone.
        nodes.keySet().forEach(this::reconcile);
    }

    /** Makes the listeners on one node as the configuration says, and asks how they are; returns at once. */
    void reconcile(String name) {
        if (waiting.add(name)) {
            workers.execute(() -> {
                waiting.remove(name);
                synchronized (locks.computeIfAbsent(name, any -> new Object())) {
                    reconcileNow(name);
                }
            });
        }
    }

    private void reconcileNow(String name) {
        Computer computer = Jenkins.get().getComputer(name);
        Node node = computer == null ? null : computer.getNode();
        VirtualChannel channel = computer == null ? null : computer.getChannel();
        if (node == null || channel == null) {
            nodes.remove(name);
            return;
        }
        NodePlans plans = computer.isOffline() ? NodePlans.NONE : NodePlans.of(node);
        NodeState before = nodes.get(name);
        boolean had =
                before != null && before.channel() == channel && !before.plans().isEmpty();
        if (plans.isEmpty() && !had) {
            nodes.remove(name);
            return;
        }
        try {
            nodes.put(name, tell(node, channel, plans));
        } catch (IOException | ExecutionException | TimeoutException e) {
            LOGGER.log(Level.WARNING, e, () -> "Cannot have listeners run on " + computer.getDisplayName());
            nodes.put(name, new NodeState(channel, List.of(), List.of(), words(e), System.currentTimeMillis()));
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    private static String words(Exception e) {
        Throwable cause = e instanceof ExecutionException && e.getCause() != null ? e.getCause() : e;
        return cause.getMessage() == null ? cause.toString() : cause.getMessage();
    }

    private static NodeState tell(Node node, VirtualChannel channel, NodePlans plans)
            throws IOException, InterruptedException, ExecutionException, TimeoutException {
        FilePath root = node.getRootPath();
        if (root == null) {
            throw new IOException("The agent has just gone offline");
        }
        List<ListenerPlan> wanted = List.of();
        if (!plans.brokers().isEmpty()) {
            wanted = plans.at(root.child(DIRECTORY));
        }
        List<ListenerState> states = channel.callAsync(
                        new KeepListeners(wanted, node.getNodeName().isEmpty()))
                .get(CALL_SECONDS, TimeUnit.SECONDS);
        return new NodeState(channel, wanted, states, plans.problem(), System.currentTimeMillis());
    }

    /** How the listeners on a node were when it was last asked; null if none are to run there. */
    NodeState stateOf(String name) {
        return nodes.get(name);
    }

    /** How the listeners on all nodes were when they were last asked, by name of the node. */
    Map<String, NodeState> states() {
        return new TreeMap<>(nodes);
    }

    /**
     * Somebody looks at how the listeners are: has those nodes asked that were not asked just now, first of all those whose
     * listeners are about to connect. Returns at once.
     */
    void lookedAt() {
        long now = System.currentTimeMillis();
        nodes.entrySet().stream()
                .filter(each -> each.getValue().isOld(now))
                .sorted(Comparator.comparing(each -> !each.getValue().isMoving()))
                .limit(MOST_ASKED)
                .forEach(each -> reconcile(each.getKey()));
    }

    /** The agent whose listener has this id at its broker; null if it is none of those that Jenkins runs. */
    Computer agentOf(String listener) {
        for (Map.Entry<String, NodeState> each : nodes.entrySet()) {
            if (each.getValue().states().stream().anyMatch(one -> one.listener().equals(listener))) {
                return Jenkins.get().getComputer(each.getKey());
            }
        }
        return null;
    }

    void shutDown() {
        workers.shutdown();
        NodeListeners.here().closeAll();
    }
}
