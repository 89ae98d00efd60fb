package io.jenkins.plugins.distributedtest.jenkins.zuul;

import hudson.model.AbstractBuild;
import hudson.model.Computer;
import hudson.model.ItemGroup;
import hudson.model.Job;
import hudson.model.Node;
import hudson.model.Run;
import java.util.LinkedHashSet;
import java.util.Set;
import jenkins.model.Jenkins;
import org.jenkinsci.plugins.workflow.actions.WorkspaceAction;
import org.jenkinsci.plugins.workflow.flow.FlowExecution;
import org.jenkinsci.plugins.workflow.flow.FlowExecutionOwner;
import org.jenkinsci.plugins.workflow.graph.FlowGraphWalker;
import org.jenkinsci.plugins.workflow.graph.FlowNode;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Takes nodes offline after a build, as {@code OFFLINE_NODE_WHEN_COMPLETE} asks: the node of a freestyle build, those
 * of the parts of a matrix build, every node that a pipeline had a workspace on.
 */
final class OfflineNodes {
    private static final Logger LOG = LoggerFactory.getLogger(OfflineNodes.class);

    private OfflineNodes() {}

    /** Takes them offline when the build has ended, whatever its result; on the thread that ends it, so that no other build
     * starts there first. */
    static void after(Run<?, ?> run) {
        AsSystem.run(() -> nodes(run).forEach(name -> offline(name, run)));
    }

    private static void offline(String name, Run<?, ?> run) {
        Computer computer = Jenkins.get().getComputer(name);
        Node node = computer == null ? null : computer.getNode();
        if (node == null) {
            LOG.warn("The node '{}' of {} is gone, so it is not taken offline", name, run);
        } else if (node.getTemporaryOfflineCause() == null) {
            LOG.info("Taking the node '{}' offline after {}", name, run);
            computer.setTemporaryOfflineCause(new OfflineForZuul(run.getFullDisplayName()));
        }
    }

    private static Set<String> nodes(Run<?, ?> run) {
        Set<String> nodes = new LinkedHashSet<>();
        if (run instanceof FlowExecutionOwner.Executable pipeline) {
            addPipeline(pipeline, nodes);
        } else if (run.getParent() instanceof ItemGroup<?> matrix) {
            matrix.getItems().stream()
                    .filter(Job.class::isInstance)
                    .map(part -> ((Job<?, ?>) part).getBuildByNumber(run.getNumber()))
                    .forEach(part -> addBuiltOn(part, nodes));
        } else {
            addBuiltOn(run, nodes);
        }
        return nodes;
    }

    private static void addBuiltOn(Run<?, ?> run, Set<String> nodes) {
        if (run instanceof AbstractBuild<?, ?> build) {
            Node node = build.getBuiltOn();
            if (node != null) {
                nodes.add(node.getNodeName());
            }
        }
    }

    private static void addPipeline(FlowExecutionOwner.Executable pipeline, Set<String> nodes) {
        FlowExecutionOwner owner = pipeline.asFlowExecutionOwner();
        FlowExecution execution = owner == null ? null : owner.getOrNull();
        if (execution == null) {
            LOG.warn("Cannot tell on which nodes {} ran, so none is taken offline", pipeline);
            return;
        }
        for (FlowNode step : new FlowGraphWalker(execution)) {
            WorkspaceAction workspace = step.getAction(WorkspaceAction.class);
            if (workspace != null) {
                nodes.add(workspace.getNode());
            }
        }
    }
}
