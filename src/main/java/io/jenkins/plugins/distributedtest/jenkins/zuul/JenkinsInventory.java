package io.jenkins.plugins.distributedtest.jenkins.zuul;

import hudson.model.AbstractProject;
import hudson.model.Job;
import hudson.model.Label;
import hudson.model.Node;
import hudson.model.Queue;
import hudson.model.labels.LabelAtom;
import hudson.slaves.Cloud;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Collectors;
import jenkins.model.Jenkins;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The jobs and nodes of Jenkins at an instant: which jobs can be served, and which nodes a build may run on. What depends
 * on a label only is worked out once for each label, however many jobs have it.
 */
final class JenkinsInventory {
    private static final Logger LOG = LoggerFactory.getLogger(JenkinsInventory.class);

    private final Map<Node, Set<String>> nodes = new LinkedHashMap<>();
    private final Map<String, Label> labels = new HashMap<>();
    private final Map<String, Set<String>> atoms = new HashMap<>();
    private final List<Found> jobs = new ArrayList<>();

    /**
     * A job that can be built.
     *
     * @param job the job
     * @param marked whether it has the property {@link ServeToZuul}
     */
    record Found(JenkinsJob job, boolean marked) {}

    /** Takes the inventory; the caller is SYSTEM. */
    JenkinsInventory() {
        addNode(Jenkins.get());
        Jenkins.get().getNodes().forEach(this::addNode);
        for (Job<?, ?> job : Jenkins.get().getAllItems(Job.class)) {
            try {
                add(job);
            } catch (RuntimeException | LinkageError e) {
                LOG.warn("Cannot tell how to serve the job {}", job, e);
            }
        }
    }

    private void addNode(Node node) {
        nodes.put(
                node, node.getAssignedLabels().stream().map(LabelAtom::getName).collect(Collectors.toSet()));
    }

    private void add(Job<?, ?> job) {
        // What is inside a job is a part of it, as the configurations of a matrix.
        if (job.getParent() instanceof Job || !job.isBuildable() || !(job instanceof Queue.Task task)) {
            return;
        }
        ServeToZuul property = job.getProperty(ServeToZuul.class);
        boolean light = job instanceof Queue.FlyweightTask;
        String label = label(job, task, light, property);
        jobs.add(new Found(
                new JenkinsJob(
                        job.getFullName(),
                        label,
                        hasOwnLabel(job) ? atoms.computeIfAbsent(label, this::servedAtoms) : Set.of(),
                        !task.isConcurrentBuild(),
                        light),
                property != null));
    }

    /** A job that was created when there was no node but the controller is bound to it, though it has no label. */
    private static boolean hasOwnLabel(Job<?, ?> job) {
        return !(job instanceof AbstractProject<?, ?> project) || project.getAssignedLabelString() != null;
    }

    /** A pipeline's own label is that of the controller, whatever its steps run on, so it means nothing. */
    private String label(Job<?, ?> job, Queue.Task task, boolean light, ServeToZuul property) {
        if (property != null && property.getLabel() != null && light) {
            return property.getLabel();
        }
        if (light && !(job instanceof AbstractProject)) {
            return "";
        }
        Label own = task.getAssignedLabel();
        if (own == null) {
            return "";
        }
        labels.putIfAbsent(own.getExpression(), own);
        return own.getExpression();
    }

    private Set<String> servedAtoms(String expression) {
        Label label = labelOf(expression);
        if (label == null) {
            return Set.of();
        }
        Set<String> wanted = label.listAtoms().stream().map(LabelAtom::getName).collect(Collectors.toSet());
        Set<String> found = new TreeSet<>();
        nodes.forEach((node, own) -> {
            if (label.matches(node)) {
                own.stream().filter(wanted::contains).forEach(found::add);
            }
        });
        return found;
    }

    private Label labelOf(String expression) {
        return expression.isEmpty() ? null : labels.computeIfAbsent(expression, Label::get);
    }

    List<Found> jobs() {
        return jobs;
    }

    /** The nodes that a build may run on, online or not, by their names; the controller's name is empty. */
    Set<String> nodesOf(Placement placement) {
        Label label = labelOf(placement.label());
        Set<String> found = new HashSet<>();
        nodes.forEach((node, own) -> {
            boolean fits = label != null
                    ? label.matches(node)
                    : placement.atom() != null || placement.exclusive() || node.getMode() == Node.Mode.NORMAL;
            if (fits && (placement.atom() == null || own.contains(placement.atom()))) {
                found.add(node.getNodeName());
            }
        });
        return found;
    }

    /** Whether a cloud says that it could add a node for such builds. */
    boolean isGrowing(Placement placement) {
        Label label = labelOf(placement.atom() == null ? placement.label() : placement.atom());
        for (Cloud cloud : Jenkins.get().clouds) {
            if (cloud.canProvision(new Cloud.CloudState(label, 0))) {
                return true;
            }
        }
        return false;
    }
}
