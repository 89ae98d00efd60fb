package io.jenkins.plugins.distributedtest.jenkins.step;

import hudson.model.Action;
import java.lang.reflect.Method;
import java.util.logging.Level;
import java.util.logging.Logger;
import org.jenkinsci.plugins.workflow.actions.LabelAction;
import org.jenkinsci.plugins.workflow.actions.ThreadNameAction;
import org.jenkinsci.plugins.workflow.steps.BodyInvoker;

/** Names a branch of a step's block in the log and in the views of stages, as {@code parallel} names its own. */
final class BranchAction extends LabelAction implements ThreadNameAction {
    private static final Logger LOG = Logger.getLogger(BranchAction.class.getName());

    private final String branch;

    private BranchAction(String branch) {
        super(null);
        this.branch = branch;
    }

    @Override
    public String getDisplayName() {
        return "Branch: " + branch;
    }

    @Override
    public String getThreadName() {
        return branch;
    }

    /**
     * Gives a branch its name. Only the invoker of Pipeline: Groovy, on which this plugin does not depend, takes the name
     * of a branch: it is asked by its method's name.
     */
    static BodyInvoker name(BodyInvoker invoker, String branch) {
        try {
            Method method = invoker.getClass().getMethod("withStartAction", Action.class);
            method.invoke(invoker, new BranchAction(branch));
            return invoker;
        } catch (ReflectiveOperationException e) {
            LOG.log(Level.FINE, "A branch has a plain label only", e);
            return invoker.withDisplayName("Branch: " + branch);
        }
    }
}
