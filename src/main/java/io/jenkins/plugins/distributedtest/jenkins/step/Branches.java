package io.jenkins.plugins.distributedtest.jenkins.step;

import hudson.model.Result;
import hudson.model.TaskListener;
import io.jenkins.plugins.distributedtest.jenkins.executors.PipelineBranches;
import java.io.IOException;
import java.io.Serializable;
import java.util.ArrayList;
import java.util.List;
import java.util.logging.Level;
import java.util.logging.Logger;
import jenkins.model.CauseOfInterruption;
import org.jenkinsci.plugins.workflow.steps.BodyExecution;
import org.jenkinsci.plugins.workflow.steps.BodyExecutionCallback;
import org.jenkinsci.plugins.workflow.steps.FlowInterruptedException;
import org.jenkinsci.plugins.workflow.steps.StepContext;

/**
 * The branches of a step's block. The step ends when its run and all of them have ended. A branch that fails fails the
 * step, as with {@code parallel}, except where its listener was serving and was lost or stopped by somebody: then its
 * files have gone to others. When the run is over before a branch has come to its listener, the branch is stopped.
 *
 * <p>Saved with the pipeline. From any thread.
 */
final class Branches implements PipelineBranches, Serializable {
    private static final long serialVersionUID = 1L;
    private static final Logger LOG = Logger.getLogger(Branches.class.getName());

    private final StepContext context;
    private final String stateId;
    private final ArrayList<Branch> all = new ArrayList<>();
    private Throwable failure;
    private Throwable interruption;
    private boolean runIsOver;
    private Object result;
    private Throwable runFailure;
    private boolean done;

    private static final class Branch implements Serializable {
        private static final long serialVersionUID = 1L;

        private final String name;
        private BodyExecution body;
        private boolean ended;
        /** Whether it has come to its listener. */
        private boolean came;
        /** Why it is no fault of the step when it fails; null if it is. */
        private String excuse;

        Branch(String name) {
            this.name = name;
        }
    }

    /** Why a branch is stopped. */
    private static final class NotNeeded extends CauseOfInterruption {
        private static final long serialVersionUID = 1L;

        @Override
        public String getShortDescription() {
            return "The distributed run is over: this branch is not needed any more";
        }
    }

    private static final class End extends BodyExecutionCallback {
        private static final long serialVersionUID = 1L;

        private final Branches branches;
        private final int number;

        End(Branches branches, int number) {
            this.branches = branches;
            this.number = number;
        }

        @Override
        public void onSuccess(StepContext inside, Object value) {
            branches.ended(number, null);
        }

        @Override
        public void onFailure(StepContext inside, Throwable why) {
            branches.ended(number, why);
        }
    }

    /**
     * @param context the step's
     * @param stateId names the step
     */
    Branches(StepContext context, String stateId) {
        this.context = context;
        this.stateId = stateId;
    }

    /** Begins them; while the step starts. */
    void start(int count) {
        for (int i = 0; i < count; i++) {
            Branch branch = new Branch("worker " + (i + 1));
            all.add(branch);
            branch.body = BranchAction.name(context.newBodyInvoker(), branch.name)
                    .withContext(new RunReference(stateId, i))
                    .withCallback(new End(this, i))
                    .start();
        }
    }

    /** A branch has come to its listener. */
    synchronized void came(int number) {
        all.get(number).came = true;
    }

    /** A branch's listener served and was lost, or somebody has stopped it. */
    synchronized void excuse(int number, String why) {
        all.get(number).excuse = why;
    }

    private void ended(int number, Throwable why) {
        String line = null;
        synchronized (this) {
            Branch branch = all.get(number);
            branch.ended = true;
            if (why instanceof FlowInterruptedException) {
                interruption = why;
            }
            if (why != null && branch.excuse != null) {
                line = "Branch " + branch.name + " has ended early: " + branch.excuse + ".";
            } else if (why != null) {
                line = "Branch " + branch.name + " has failed: " + why;
                failure = failure == null ? why : failure;
            }
        }
        if (line != null) {
            say(line);
        }
        if (areOver() && !isRunOver()) {
            RunGuests.none(stateId);
        }
        endIfAllHave();
    }

    private void say(String line) {
        try {
            context.get(TaskListener.class).getLogger().println(line);
        } catch (IOException | InterruptedException e) {
            LOG.log(Level.FINE, line, e);
        }
    }

    /**
     * The run is over.
     *
     * @param value the step's result
     * @param why why it has none; null if it has
     */
    void runIsOver(Object value, Throwable why) {
        List<BodyExecution> notNeeded = new ArrayList<>();
        synchronized (this) {
            if (runIsOver) {
                return;
            }
            runIsOver = true;
            result = value;
            runFailure = why;
            for (Branch branch : all) {
                if (!branch.ended && (why != null || !branch.came)) {
                    branch.excuse = "the distributed run is over";
                    notNeeded.add(branch.body);
                }
            }
        }
        RunGuests guests = RunGuests.of(stateId);
        if (guests != null) {
            guests.over();
        }
        Throwable cause = why instanceof FlowInterruptedException
                ? why
                : new FlowInterruptedException(Result.NOT_BUILT, false, new NotNeeded());
        notNeeded.forEach(body -> body.cancel(cause));
        context.saveState();
        endIfAllHave();
    }

    /** Somebody aborts the step: all branches are stopped. */
    void stop(Throwable cause) {
        List<BodyExecution> going;
        synchronized (this) {
            going = all.stream()
                    .filter(branch -> !branch.ended)
                    .map(branch -> branch.body)
                    .toList();
        }
        going.forEach(body -> body.cancel(cause));
    }

    private void endIfAllHave() {
        Throwable why;
        synchronized (this) {
            if (!runIsOver || done || !areOver()) {
                return;
            }
            done = true;
            why = failure != null ? failure : runFailure != null && interruption != null ? interruption : runFailure;
        }
        RunGuests.close(stateId);
        if (why == null) {
            context.onSuccess(result);
        } else {
            context.onFailure(why);
        }
    }

    /** Whether the run is over. */
    synchronized boolean isRunOver() {
        return runIsOver;
    }

    @Override
    public synchronized boolean areComing() {
        return all.stream().anyMatch(branch -> !branch.ended && !branch.came);
    }

    @Override
    public synchronized boolean areOver() {
        return all.stream().allMatch(branch -> branch.ended);
    }
}
