package io.jenkins.plugins.distributedtest.jenkins.step;

import hudson.AbortException;
import hudson.FilePath;
import hudson.model.Run;
import hudson.security.ACL;
import java.io.IOException;
import java.util.UUID;
import java.util.logging.Level;
import java.util.logging.Logger;
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
 * <p>With a <em>block</em> the step also runs that, {@link Branches} says how; what serves the run from there are the
 * {@link ListenerRun}s of other steps. Without a {@code node} around it the run begins when the first of them comes, in its
 * workspace.
 *
 * <p><em>Abort</em>: {@link #stop} cancels the run, whose listeners then stop their workers; what is known by then is
 * recorded. Should that take longer than it may, the step ends without waiting for it.
 */
final class DistributedTestExecution extends StepExecution {
    private static final long serialVersionUID = 1L;
    private static final Logger LOG = Logger.getLogger(DistributedTestExecution.class.getName());

    /** What the step says. */
    private final StepParameters parameters;
    /** Names the files in which the state of this step is kept. */
    private final String stateId = UUID.randomUUID().toString();
    /** The agent's name; set by {@link #start}, or when the first listener of the block comes. */
    private String node;
    /** The workspace, as the agent names it; set with {@link #node}. */
    private String workspace;
    /** Whether the workspace is that of the first listener of the block. */
    private boolean borrowed;
    /** As whom the build runs; null for Jenkins itself. Set by {@link #start}. */
    private String user;
    /** The branches of the block; null if there is none. Set by {@link #start}. */
    private Branches branches;
    /** What is hidden; null in builds that an earlier version of the plugin has begun. */
    private RunMask mask = new RunMask();
    /** The living run; null before it begins, and after a restart until {@link #onResume}. */
    private transient volatile StepRun live;

    private transient volatile Completion completion;

    DistributedTestExecution(StepContext context, StepParameters parameters) {
        super(context);
        this.parameters = parameters;
    }

    @Override
    public boolean start() throws Exception {
        FilePath directory = getContext().get(FilePath.class);
        boolean block = getContext().hasBody();
        if (directory == null && !block) {
            throw new AbortException("There is no workspace: distributedTest belongs into node { … }");
        }
        if (parameters.workers != null && !block) {
            throw new AbortException("workers says how many times a block runs at once, and there is none:"
                    + " distributedTest(workers: " + parameters.workers + ") { node { … distributedTestListener() } }");
        }
        Authentication authentication = Jenkins.getAuthentication2();
        user = authentication.equals(ACL.SYSTEM2) ? null : authentication.getName();
        if (parameters.title != null) {
            // Here and not while the run is prepared: an abort interrupts that, and with it the saving of the node.
            getContext().get(FlowNode.class).addAction(new LabelAction(parameters.title));
        }
        borrowed = directory == null;
        if (directory != null) {
            node = FilePathUtils.getNodeName(directory);
            workspace = directory.getRemote();
        }
        branches = block ? new Branches(getContext(), stateId) : null;
        RunGuests guests = open();
        if (!borrowed) {
            live = run(guests);
        }
        if (block) {
            branches.start(parameters.workers == null ? 1 : parameters.workers);
        }
        if (!borrowed) {
            live.begin();
        }
        return false;
    }

    private RunGuests open() throws IOException, InterruptedException {
        if (mask == null) {
            mask = new RunMask();
        }
        completion = branches == null
                ? new Completion(this::succeeded, this::failed)
                : new Completion(result -> branches.runIsOver(result, null), why -> branches.runIsOver(null, why));
        return RunGuests.open(
                stateId,
                getContext().get(Run.class),
                parameters.title,
                mask,
                branches,
                borrowed ? new FirstListener() : null);
    }

    private StepRun run(RunGuests guests) throws Exception {
        return new StepRun(getContext(), parameters, new RunOrigin(user, node, workspace), saved(), guests, completion);
    }

    private void succeeded(Object result) {
        RunGuests.close(stateId);
        getContext().onSuccess(result);
    }

    private void failed(Throwable why) {
        RunGuests.close(stateId);
        getContext().onFailure(why);
    }

    /** Without a workspace of its own the step's run is in that of the first listener. */
    private final class FirstListener implements RunGuests.Host {
        @Override
        public boolean isIn(String place, String directory) {
            synchronized (DistributedTestExecution.this) {
                if (node == null) {
                    node = place;
                    workspace = directory;
                    getContext().saveState();
                    begin();
                    return true;
                }
                return node.equals(place) && workspace.equals(directory);
            }
        }

        private void begin() {
            try {
                live = run(RunGuests.of(stateId));
                live.begin();
            } catch (Exception e) {
                LOG.log(Level.FINE, "A distributed run cannot begin", e);
                completion.failed(e);
            }
        }

        @Override
        public void none() {
            synchronized (DistributedTestExecution.this) {
                if (node == null) {
                    completion.failed(new AbortException("All branches of the block have ended without a"
                            + " distributedTestListener: there is nothing to run tests on"));
                }
            }
        }
    }

    private SavedRun saved() throws Exception {
        Run<?, ?> build = getContext().get(Run.class);
        return new SavedRun(build.getRootDir().toPath().resolve(JobRecords.DIRECTORY), stateId);
    }

    @Override
    public void onResume() {
        try {
            RunGuests guests = open();
            if (branches != null && branches.isRunOver()) {
                guests.over();
            } else if (node != null) {
                live = run(guests);
                live.resume();
            }
        } catch (Exception e) {
            getContext().onFailure(e);
        }
    }

    @Override
    public void stop(Throwable cause) {
        StepRun running = live;
        if (branches != null) {
            branches.stop(cause);
        }
        if (running != null) {
            running.stop(cause);
        } else if (completion != null) {
            completion.failed(cause);
        } else {
            getContext().onFailure(cause);
        }
    }

    @Override
    public String getStatus() {
        StepRun running = live;
        if (branches != null && branches.isRunOver()) {
            return "waiting for the branches of its block to end";
        }
        return running != null ? running.status() : node == null ? "waiting for its first listener" : "not started";
    }
}
