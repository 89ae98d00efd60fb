package io.jenkins.plugins.distributedtest.jenkins.step;

import hudson.AbortException;
import hudson.FilePath;
import hudson.model.Run;
import hudson.security.ACL;
import java.util.UUID;
import jenkins.model.Jenkins;
import org.jenkinsci.plugins.workflow.FilePathUtils;
import org.jenkinsci.plugins.workflow.actions.LabelAction;
import org.jenkinsci.plugins.workflow.graph.FlowNode;
import org.jenkinsci.plugins.workflow.steps.StepContext;
import org.jenkinsci.plugins.workflow.steps.StepExecution;
import org.springframework.security.core.Authentication;

/**
 * One {@code distributedTest} of a pipeline. The story:
 *
 * <p>{@link #start} only notes where the workspace is, and returns. Everything else happens on other threads, none of
 * which belongs to this step: the project is read on the agent (its configuration, the suite, the files' digests); rsync
 * or git run there; then the originator, a {@link io.jenkins.plugins.distributedtest.originator.DistributedRun}, lives
 * on a loop of the controller that all steps share, and the step holds no thread while it waits. Content that listeners
 * lack is fetched from the agent a piece at a time. {@link StepRun} has that part of the story, and {@link Conclusion}
 * what comes of it.
 *
 * <p>A <em>restart</em>: what is needed to take the run up again is in the build's directory, see {@link SavedRun}, and
 * is written again as the run goes on; so it makes no difference whether the controller was stopped or killed. Listeners
 * go on meanwhile, and their results wait at the broker. {@link #onResume} takes the run up; a run that had not begun
 * is begun again.
 *
 * <p><em>Abort</em>: {@link #stop} cancels the run, whose listeners then stop their workers; what is known by then is
 * recorded. Should that take longer than it may, the step ends without waiting for it.
 */
final class DistributedTestExecution extends StepExecution {
    private static final long serialVersionUID = 1L;

    /** What the step says. */
    private final StepParameters parameters;
    /** Names the files in which the state of this step is kept. */
    private final String stateId = UUID.randomUUID().toString();
    /** The agent's name; set by {@link #start}. */
    private String node;
    /** The workspace, as the agent names it; set by {@link #start}. */
    private String workspace;
    /** As whom the build runs; null for Jenkins itself. Set by {@link #start}. */
    private String user;
    /** The living run; null before {@link #start}, and after a restart until {@link #onResume}. */
    private transient volatile StepRun live;

    DistributedTestExecution(StepContext context, StepParameters parameters) {
        super(context);
        this.parameters = parameters;
    }

    @Override
    public boolean start() throws Exception {
        FilePath directory = getContext().get(FilePath.class);
        if (directory == null) {
            throw new AbortException("There is no workspace: distributedTest belongs into node { … }");
        }
        node = FilePathUtils.getNodeName(directory);
        workspace = directory.getRemote();
        Authentication authentication = Jenkins.getAuthentication2();
        user = authentication.equals(ACL.SYSTEM2) ? null : authentication.getName();
        if (parameters.title != null) {
            // Here and not while the run is prepared: an abort interrupts that, and with it the saving of the node.
            getContext().get(FlowNode.class).addAction(new LabelAction(parameters.title));
        }
        live = new StepRun(getContext(), parameters, user, node, workspace, saved());
        live.begin();
        return false;
    }

    private SavedRun saved() throws Exception {
        Run<?, ?> build = getContext().get(Run.class);
        return new SavedRun(build.getRootDir().toPath().resolve(JobRecords.DIRECTORY), stateId);
    }

    @Override
    public void onResume() {
        try {
            live = new StepRun(getContext(), parameters, user, node, workspace, saved());
            live.resume();
        } catch (Exception e) {
            getContext().onFailure(e);
        }
    }

    @Override
    public void stop(Throwable cause) {
        StepRun running = live;
        if (running == null) {
            getContext().onFailure(cause);
        } else {
            running.stop(cause);
        }
    }

    @Override
    public String getStatus() {
        StepRun running = live;
        return running == null ? "not started" : running.status();
    }
}
