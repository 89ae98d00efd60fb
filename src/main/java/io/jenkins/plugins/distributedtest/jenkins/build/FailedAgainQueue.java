package io.jenkins.plugins.distributedtest.jenkins.build;

import hudson.model.Action;
import hudson.model.CauseAction;
import hudson.model.Item;
import hudson.model.Job;
import hudson.model.ParameterValue;
import hudson.model.ParametersAction;
import hudson.model.Queue;
import hudson.model.Run;
import java.util.ArrayList;
import java.util.List;
import jenkins.model.Jenkins;

/** Asks for a build that runs the failed files of another again, with the parameters of that one. */
final class FailedAgainQueue {
    private FailedAgainQueue() {}

    /** Whether who asks may, and the job can be built. */
    static boolean isAllowed(Run<?, ?> build) {
        Job<?, ?> job = build.getParent();
        return job.hasPermission(Item.BUILD) && job instanceof Queue.Task && job.isBuildable() && !build.isBuilding();
    }

    /**
     * Puts the build into the queue.
     *
     * @return whether it was taken
     */
    static boolean ask(Run<?, ?> build) {
        if (!(build.getParent() instanceof Queue.Task task)
                || !build.getParent().isBuildable()) {
            return false;
        }
        String user = Jenkins.getAuthentication2().getName();
        List<Action> actions = new ArrayList<>();
        actions.add(new CauseAction(new FailedAgainCause(build.getNumber(), user)));
        actions.add(new FailedAgain(build.getNumber()));
        List<ParameterValue> values = new ArrayList<>();
        build.getActions(ParametersAction.class).forEach(action -> action.forEach(values::add));
        if (!values.isEmpty()) {
            actions.add(new ParametersAction(values));
        }
        return !Queue.getInstance().schedule2(task, 0, actions).isRefused();
    }
}
