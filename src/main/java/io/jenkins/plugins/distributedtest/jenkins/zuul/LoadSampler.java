package io.jenkins.plugins.distributedtest.jenkins.zuul;

import hudson.model.Cause;
import hudson.model.Computer;
import hudson.model.Executor;
import hudson.model.Job;
import hudson.model.Label;
import hudson.model.Node;
import hudson.model.Queue;
import hudson.model.Run;
import hudson.model.queue.SubTask;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.TimeUnit;
import jenkins.model.Jenkins;

/**
 * Samples how busy Jenkins is, as SYSTEM. It reads what Jenkins publishes of its queue and executors
 * and never takes the queue's lock, so Jenkins' own decisions are not affected.
 *
 * <p>What waits in Jenkins' own queue takes precedence over what Zuul has not been asked for yet: it claims an executor.
 * Unless it has been waiting for {@link #HELD_MILLIS} although executors that it could use were free: then something
 * else holds it back, such as a throttle, and the executors are available to others.
 */
final class LoadSampler {
    /** Jenkins looks through its queue every 5 s at the latest. */
    static final long HELD_MILLIS = TimeUnit.SECONDS.toMillis(15);

    private final Map<String, Long> freeSince = new HashMap<>();

    /**
     * One sample.
     *
     * @param load how busy Jenkins is
     * @param owners tokens of Zuul's builds of which a part runs on an executor or waits for one
     * @param pendingFromZuul tokens of Zuul's builds that are in the queue
     */
    record Sample(JenkinsLoad load, Set<String> owners, Set<String> pendingFromZuul) {}

    /**
     * Takes a sample.
     *
     * @param jobs the jobs and nodes
     * @param placements where the builds of the served jobs may run
     */
    Sample sample(JenkinsInventory jobs, Map<Placement, Set<String>> placements, Set<Placement> growing) {
        Map<String, Integer> free = new HashMap<>();
        Set<String> busy = new HashSet<>();
        Set<String> owners = new HashSet<>();
        for (Computer computer : Jenkins.get().getComputers()) {
            Node node = computer.getNode();
            if (node != null && computer.isOnline() && computer.isAcceptingTasks() && node.isAcceptingTasks()) {
                free.put(node.getNodeName(), computer.countIdle());
            }
            computer.getExecutors().forEach(executor -> addRunning(executor, busy, owners));
            computer.getOneOffExecutors().forEach(executor -> addBusy(executor, busy));
        }
        remember(free);
        List<Set<String>> waiting = new ArrayList<>();
        Set<String> pending = new HashSet<>();
        for (Queue.Item item : Queue.getInstance().getItems()) {
            addWaiting(item, jobs, busy, owners, waiting, pending);
        }
        JenkinsLoad load = new JenkinsLoad(
                free, placements, growing, waiting, busy, Jenkins.get().isQuietingDown());
        return new Sample(load, owners, pending);
    }

    private void remember(Map<String, Integer> free) {
        long now = System.currentTimeMillis();
        freeSince.keySet().removeIf(node -> free.getOrDefault(node, 0) == 0);
        free.forEach((node, count) -> {
            if (count > 0) {
                freeSince.putIfAbsent(node, now);
            }
        });
    }

    private static void addBusy(Executor executor, Set<String> busy) {
        Queue.Executable executable = executor.getCurrentExecutable();
        if (executable != null) {
            addJob(executable.getParent(), busy);
        }
    }

    private static void addRunning(Executor executor, Set<String> busy, Set<String> owners) {
        Queue.Executable executable = executor.getCurrentExecutable();
        if (executable == null) {
            return;
        }
        addJob(executable.getParent(), busy);
        addOwner(executable.getParentExecutable(), owners);
        if (executable instanceof Run<?, ?> run) {
            addUpstream(run.getCauses(), owners);
        }
    }

    private void addWaiting(
            Queue.Item item,
            JenkinsInventory jobs,
            Set<String> busy,
            Set<String> owners,
            List<Set<String>> waiting,
            Set<String> pending) {
        addJob(item.task, busy);
        addOwner(item.task.getOwnerExecutable(), owners);
        addUpstream(item.getCauses(), owners);
        ZuulAction own = item.getAction(ZuulAction.class);
        if (own != null) {
            pending.add(own.token());
        } else if (item instanceof Queue.BuildableItem buildable && !(item.task instanceof Queue.FlyweightTask)) {
            Label label = item.getAssignedLabel();
            String expression = label == null ? "" : label.getExpression();
            Set<String> nodes = jobs.nodesOf(new Placement(expression, null, false));
            if (!isHeld(buildable, nodes)) {
                waiting.add(nodes);
            }
        }
    }

    private boolean isHeld(Queue.BuildableItem item, Set<String> nodes) {
        long before = System.currentTimeMillis() - HELD_MILLIS;
        return item.buildableStartMilliseconds < before
                && nodes.stream().anyMatch(node -> freeSince.getOrDefault(node, Long.MAX_VALUE) < before);
    }

    private static void addJob(SubTask task, Set<String> busy) {
        if (task.getOwnerTask() instanceof Job<?, ?> job) {
            busy.add(job.getFullName());
        }
    }

    private static void addOwner(Queue.Executable executable, Set<String> owners) {
        if (executable instanceof Run<?, ?> run) {
            ZuulAction action = run.getAction(ZuulAction.class);
            if (action != null) {
                owners.add(action.token());
            }
        }
    }

    /** The parts of a matrix build have it as their cause. */
    private static void addUpstream(List<Cause> causes, Set<String> owners) {
        for (Cause cause : causes) {
            if (cause instanceof Cause.UpstreamCause upstream
                    && upstream.getUpstreamRun() instanceof Queue.Executable build) {
                addOwner(build, owners);
            }
        }
    }
}
