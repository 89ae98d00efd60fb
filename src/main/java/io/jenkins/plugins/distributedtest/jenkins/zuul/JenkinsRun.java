package io.jenkins.plugins.distributedtest.jenkins.zuul;

import hudson.model.AbstractBuild;
import hudson.model.Executor;
import hudson.model.Node;
import hudson.model.Result;
import hudson.model.Run;
import hudson.model.labels.LabelAtom;
import java.io.IOException;
import java.util.List;
import jenkins.model.Jenkins;
import org.jenkinsci.plugins.workflow.flow.FlowExecutionOwner;
import org.jenkinsci.plugins.workflow.job.WorkflowRun;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** A build of Jenkins that runs for Zuul. */
final class JenkinsRun implements BuildPort.Running {
    private static final Logger LOG = LoggerFactory.getLogger(JenkinsRun.class);

    private final Run<?, ?> run;

    JenkinsRun(Run<?, ?> run) {
        this.run = run;
    }

    @Override
    public String url() {
        String root = Jenkins.get().getRootUrl();
        return (root == null ? "" : root) + run.getUrl();
    }

    @Override
    public String node() {
        Node node = builtOn();
        if (node == null) {
            return "";
        }
        return node.getNodeName().isEmpty() ? "built-in" : node.getNodeName();
    }

    @Override
    public List<String> labels() {
        Node node = builtOn();
        return node == null
                ? List.of()
                : node.getAssignedLabels().stream()
                        .map(LabelAtom::getName)
                        .sorted()
                        .toList();
    }

    /** A build that has just begun does not know its node yet, but its executor does. */
    private Node builtOn() {
        Executor executor = run instanceof AbstractBuild ? run.getExecutor() : null;
        if (executor != null) {
            return executor.getOwner().getNode();
        }
        return run instanceof AbstractBuild<?, ?> build ? build.getBuiltOn() : null;
    }

    @Override
    public long estimatedMillis() {
        return run.getEstimatedDuration();
    }

    /** Interrupts the build; a pipeline that goes on has its steps terminated, and is killed at last. */
    @Override
    public void stop(int harder, String reason) {
        if (!run.isBuilding()) {
            return;
        }
        AsSystem.run(() -> interrupt(harder, reason));
    }

    private void interrupt(int harder, String reason) {
        Executor executor = run.getExecutor();
        if (run instanceof FlowExecutionOwner.Executable && (harder > 0 || executor == null)) {
            end(run, harder > 1);
        } else if (executor != null) {
            executor.interrupt(Result.ABORTED, new StoppedByZuul(reason));
        }
    }

    @Override
    public void describe(String html) {
        try {
            AsSystem.get(() -> {
                run.setDescription(html);
                return null;
            });
        } catch (IOException e) {
            LOG.warn("Cannot save the description of {}", run, e);
        }
    }

    /**
     * Stops a pipeline that interrupting did not stop.
     *
     * @param run the build
     * @param kill whether not to wait for its steps to end
     */
    private static void end(Object run, boolean kill) {
        if (run instanceof WorkflowRun pipeline) {
            if (kill) {
                pipeline.doKill();
            } else {
                pipeline.doTerm();
            }
        }
    }
}
