package io.jenkins.plugins.distributedtest.jenkins.step;

import hudson.AbortException;
import hudson.EnvVars;
import hudson.Extension;
import hudson.FilePath;
import hudson.Launcher;
import hudson.Util;
import hudson.model.Item;
import hudson.model.Run;
import hudson.model.TaskListener;
import hudson.util.FormValidation;
import hudson.util.ListBoxModel;
import io.jenkins.plugins.distributedtest.jenkins.executors.GuestSettings;
import java.util.Set;
import org.jenkinsci.plugins.workflow.graph.FlowNode;
import org.jenkinsci.plugins.workflow.steps.Step;
import org.jenkinsci.plugins.workflow.steps.StepContext;
import org.jenkinsci.plugins.workflow.steps.StepDescriptor;
import org.jenkinsci.plugins.workflow.steps.StepExecution;
import org.kohsuke.stapler.AncestorInPath;
import org.kohsuke.stapler.DataBoundConstructor;
import org.kohsuke.stapler.DataBoundSetter;
import org.kohsuke.stapler.QueryParameter;
import org.kohsuke.stapler.verb.POST;

/**
 * {@code distributedTestListener}: a listener for one run of the same build, where the pipeline is: in the current
 * directory and with everything that applies to {@code sh} there, such as containers, variables and secrets.
 */
public class DistributedTestListenerStep extends Step {
    private static final int MOST = 1000;

    private String run;
    private int slots;
    private String sync;
    private String java;

    /** For the run whose block it is in. */
    @DataBoundConstructor
    public DistributedTestListenerStep() {
        // Everything has a setter.
    }

    @Override
    public StepExecution start(StepContext context) throws AbortException {
        String wrong = faultOfSlots(slots) != null ? faultOfSlots(slots) : faultOfSync(sync);
        if (wrong != null) {
            throw new AbortException("distributedTestListener: " + wrong);
        }
        return new ListenerExecution(context, new GuestSettings(slots, sync != null, java), run);
    }

    private static String faultOfSlots(int slots) {
        return slots >= 0 && slots <= MOST ? null : "slots is a number from 0 to " + MOST + ", not " + slots;
    }

    private static String faultOfSync(String sync) {
        return sync == null || sync.equals("none")
                ? null
                : "sync is none, for the current directory as it is, or left out, for the run's sources; not " + sync;
    }

    /** The title of the run that it serves; null for the one whose block it is in. */
    public String getRun() {
        return run;
    }

    /** Sets: the title of the run that it serves; null for the one whose block it is in. */
    @DataBoundSetter
    public void setRun(String run) {
        this.run = Util.fixEmptyAndTrim(run);
    }

    /** How many files run at a time; 0 for the node's processors over its executors. */
    public int getSlots() {
        return slots;
    }

    /** Sets: how many files run at a time; 0 for the node's processors over its executors. */
    @DataBoundSetter
    public void setSlots(int slots) {
        this.slots = slots;
    }

    /** {@code none} if the current directory has the sources; null to fetch the run's. */
    public String getSync() {
        return sync;
    }

    /** Sets: {@code none} if the current directory has the sources; null to fetch the run's. */
    @DataBoundSetter
    public void setSync(String sync) {
        this.sync = Util.fixEmptyAndTrim(sync);
    }

    /** The Java that runs the listener; null to look for one. */
    public String getJava() {
        return java;
    }

    /** Sets: the Java that runs the listener; null to look for one. */
    @DataBoundSetter
    public void setJava(String java) {
        this.java = Util.fixEmptyAndTrim(java);
    }

    /** How Jenkins knows of the step. */
    @Extension
    public static class DescriptorImpl extends StepDescriptor {
        @Override
        public String getFunctionName() {
            return "distributedTestListener";
        }

        @Override
        public String getDisplayName() {
            return "Run a listener for a distributed test of this build here";
        }

        @Override
        public Set<? extends Class<?>> getRequiredContext() {
            return Set.of(Run.class, FilePath.class, Launcher.class, TaskListener.class, FlowNode.class, EnvVars.class);
        }

        /** How sources can get here. */
        @POST
        public ListBoxModel doFillSyncItems(@AncestorInPath Item item) {
            return StepForm.choices(item, "(the run's sources are fetched)", "none");
        }

        /** Checks a number of slots. */
        @POST
        public FormValidation doCheckSlots(@AncestorInPath Item item, @QueryParameter String value) {
            return StepForm.checkCount(item, "slots", value);
        }
    }
}
