package io.jenkins.plugins.distributedtest.jenkins.step;

import hudson.AbortException;
import hudson.EnvVars;
import hudson.Extension;
import hudson.Util;
import hudson.model.Descriptor;
import hudson.model.Item;
import hudson.model.Run;
import hudson.model.TaskListener;
import hudson.util.FormValidation;
import hudson.util.ListBoxModel;
import io.jenkins.plugins.distributedtest.jenkins.config.DistributedTestConfiguration;
import java.util.List;
import java.util.Set;
import net.sf.json.JSONObject;
import org.jenkinsci.plugins.workflow.graph.FlowNode;
import org.jenkinsci.plugins.workflow.steps.StepContext;
import org.jenkinsci.plugins.workflow.steps.StepDescriptor;
import org.jenkinsci.plugins.workflow.steps.StepExecution;
import org.kohsuke.stapler.AncestorInPath;
import org.kohsuke.stapler.DataBoundConstructor;
import org.kohsuke.stapler.DataBoundSetter;
import org.kohsuke.stapler.QueryParameter;
import org.kohsuke.stapler.StaplerRequest2;
import org.kohsuke.stapler.verb.POST;

/**
 * {@code distributedTest}: shards a test suite over listeners. What the step does not say the project's own
 * {@code distributed-test.json} or {@code gorgon.json} says, then the defaults in Jenkins' configuration, then the
 * engine's.
 *
 * <p>The options are those of the engine under the same names; the classes above this one have those that are needed
 * less often. {@link DistributedTestExecution} tells what happens.
 */
public class DistributedTestStep extends ListenerOptionsStep {
    private List<String> files;
    private List<String> exclude;
    private String runner;
    private String broker;
    private String cluster;
    private String onFailure;
    private String resultsFile;
    private Integer retries;
    private Integer failFast;

    /** Leaves everything to the project's configuration. */
    @DataBoundConstructor
    public DistributedTestStep() {
        // Everything has a setter.
    }

    @Override
    public StepExecution start(StepContext context) throws AbortException {
        try {
            return new DistributedTestExecution(context, StepParameters.of(this));
        } catch (IllegalArgumentException e) {
            throw new AbortException(e.getMessage());
        }
    }

    /** Globs of the test files; null for those that the project configures. */
    public List<String> getFiles() {
        return files;
    }

    /** Sets: globs of the test files; null for those that the project configures. */
    @DataBoundSetter
    public void setFiles(List<String> files) {
        this.files = lines(files);
    }

    /** Globs of files to leave out; null for what the project configures. */
    public List<String> getExclude() {
        return exclude;
    }

    /** Sets: globs of files to leave out; null for what the project configures. */
    @DataBoundSetter
    public void setExclude(List<String> exclude) {
        this.exclude = lines(exclude);
    }

    /** The runner of all files; null to tell it from each file's name. */
    public String getRunner() {
        return runner;
    }

    /** Sets: the runner of all files; null to tell it from each file's name. */
    @DataBoundSetter
    public void setRunner(String runner) {
        this.runner = Util.fixEmptyAndTrim(runner);
    }

    /** The name of a broker in Jenkins' configuration; null for the project's own or the first one. */
    public String getBroker() {
        return broker;
    }

    /** Sets: the name of a broker in Jenkins' configuration; null for the project's own or the first one. */
    @DataBoundSetter
    public void setBroker(String broker) {
        this.broker = Util.fixEmptyAndTrim(broker);
    }

    /** The cluster whose listeners take part; null for the project's or the broker's. */
    public String getCluster() {
        return cluster;
    }

    /** Sets: the cluster whose listeners take part; null for the project's or the broker's. */
    @DataBoundSetter
    public void setCluster(String cluster) {
        this.cluster = Util.fixEmptyAndTrim(cluster);
    }

    /** What failing tests do: a name of {@link OnFailure}; null for the configured default. */
    public String getOnFailure() {
        return onFailure;
    }

    /** Sets: what failing tests do: a name of {@link OnFailure}; null for the configured default. */
    @DataBoundSetter
    public void setOnFailure(String onFailure) {
        this.onFailure = Util.fixEmptyAndTrim(onFailure);
    }

    /** Where to write JUnit XML, in the workspace; null for nowhere. */
    public String getResultsFile() {
        return resultsFile;
    }

    /** Sets: where to write JUnit XML, in the workspace; null for nowhere. */
    @DataBoundSetter
    public void setResultsFile(String resultsFile) {
        this.resultsFile = Util.fixEmptyAndTrim(resultsFile);
    }

    /** How often a failed file is tried again; null for the project's. */
    public Integer getRetries() {
        return retries;
    }

    /** Sets: how often a failed file is tried again; null for the project's. */
    @DataBoundSetter
    public void setRetries(Integer retries) {
        this.retries = retries;
    }

    /** After how many failed files the run ends, 0 for never; null for the project's. */
    public Integer getFailFast() {
        return failFast;
    }

    /** Sets: after how many failed files the run ends, 0 for never; null for the project's. */
    @DataBoundSetter
    public void setFailFast(Integer failFast) {
        this.failFast = failFast;
    }

    /** How Jenkins knows of the step. */
    @Extension
    public static class DescriptorImpl extends StepDescriptor {
        @Override
        public String getFunctionName() {
            return "distributedTest";
        }

        /**
         * Whether a block may follow. Pipeline: Groovy knows steps that always have one and steps that never do; this one
         * may. It asks here twice: where it reads the arguments, whether a block can be among them, and afterwards
         * whether there has to be one. Only the former is answered with yes.
         */
        @Override
        public boolean takesImplicitBlockArgument() {
            return StackWalker.getInstance()
                    .walk(frames -> frames.skip(1).findFirst())
                    .filter(asker -> asker.getMethodName().equals("parseArgs"))
                    .isPresent();
        }

        @Override
        public String getDisplayName() {
            return "Run tests on listeners";
        }

        @Override
        public Set<? extends Class<?>> getRequiredContext() {
            return Set.of(Run.class, TaskListener.class, FlowNode.class, EnvVars.class);
        }

        /** A list as the form has it: one entry a line. */
        public String lines(List<String> list) {
            return list == null ? "" : String.join("\n", list);
        }

        /** From the form, in which lists are texts of lines and what is empty says nothing. */
        @Override
        public org.jenkinsci.plugins.workflow.steps.Step newInstance(StaplerRequest2 request, JSONObject form)
                throws Descriptor.FormException {
            StepForm.clean(form);
            return request.bindJSON(DistributedTestStep.class, form);
        }

        /** The brokers that are configured. */
        @POST
        public ListBoxModel doFillBrokerItems(@AncestorInPath Item item, @QueryParameter String broker) {
            ListBoxModel items = StepForm.choice("(the project's own, or the first that is configured)");
            if (StepForm.mayConfigure(item)) {
                DistributedTestConfiguration.get().brokerNames().forEach(items::add);
            }
            return StepForm.withCurrent(items, broker);
        }

        /** What failing tests can do. */
        @POST
        public ListBoxModel doFillOnFailureItems(@AncestorInPath Item item) {
            return StepForm.choices(item, "(the configured default)", "UNSTABLE", "FAILURE", "IGNORE");
        }

        /** The runners there are. */
        @POST
        public ListBoxModel doFillRunnerItems(@AncestorInPath Item item) {
            return StepForm.choices(item, "(by each file's name)", StepForm.RUNNERS);
        }

        /** The protocols there are. */
        @POST
        public ListBoxModel doFillProtocolItems(@AncestorInPath Item item) {
            return StepForm.choices(item, "(as the project says)", "native", "gorgon");
        }

        /** How runs of Gorgon's protocol can be cancelled. */
        @POST
        public ListBoxModel doFillGorgonCancelItems(@AncestorInPath Item item) {
            return StepForm.choices(item, "(as the project says)", "run", "broadcast");
        }

        /** How sources can travel. */
        @POST
        public ListBoxModel doFillSyncItems(@AncestorInPath Item item) {
            return StepForm.choices(item, "(as the project says)", "content", "rsync", "git", "none");
        }

        /** How rsync can travel. */
        @POST
        public ListBoxModel doFillRsyncTransportItems(@AncestorInPath Item item) {
            return StepForm.choices(item, "(as the project says)", "anonymous", "ssh");
        }

        /** Checks a value of this option. */
        @POST
        public FormValidation doCheckFileTimeout(@AncestorInPath Item item, @QueryParameter String value) {
            return StepForm.check(item, "fileTimeout", "file_timeout", value);
        }

        /** Checks a value of this option. */
        @POST
        public FormValidation doCheckRunTimeout(@AncestorInPath Item item, @QueryParameter String value) {
            return StepForm.check(item, "runTimeout", "run_timeout", value);
        }

        /** Checks a value of this option. */
        @POST
        public FormValidation doCheckListenerTimeout(@AncestorInPath Item item, @QueryParameter String value) {
            return StepForm.check(item, "listenerTimeout", "listener_timeout", value);
        }

        /** Checks a value of this option. */
        @POST
        public FormValidation doCheckOriginatorTimeout(@AncestorInPath Item item, @QueryParameter String value) {
            return StepForm.check(item, "originatorTimeout", "originator_timeout", value);
        }

        /** Checks a value of this option. */
        @POST
        public FormValidation doCheckHeartbeat(@AncestorInPath Item item, @QueryParameter String value) {
            return StepForm.check(item, "heartbeat", "heartbeat", value);
        }

        /** Checks a value of this option. */
        @POST
        public FormValidation doCheckSilence(@AncestorInPath Item item, @QueryParameter String value) {
            return StepForm.check(item, "silence", "silence", value);
        }

        /** Checks a value of this option. */
        @POST
        public FormValidation doCheckMaxContent(@AncestorInPath Item item, @QueryParameter String value) {
            return StepForm.check(item, "maxContent", "job.sync.max_content", value);
        }

        /** Checks a value of this option. */
        @POST
        public FormValidation doCheckMaxCollected(@AncestorInPath Item item, @QueryParameter String value) {
            return StepForm.check(item, "maxCollected", "max_collected", value);
        }

        /** Checks a number of slots. */
        @POST
        public FormValidation doCheckLocalSlots(@AncestorInPath Item item, @QueryParameter String value) {
            return StepForm.checkCount(item, "localSlots", value);
        }

        /** Checks a number of branches. */
        @POST
        public FormValidation doCheckWorkers(@AncestorInPath Item item, @QueryParameter String value) {
            return StepForm.checkCount(item, "workers", value);
        }

        /** Checks a number of listeners. */
        @POST
        public FormValidation doCheckMinimum(@AncestorInPath Item item, @QueryParameter String value) {
            return StepForm.checkCount(item, "minimum", value);
        }

        /** Checks a value of this option. */
        @POST
        public FormValidation doCheckFailFast(@AncestorInPath Item item, @QueryParameter String value) {
            return StepForm.check(item, "failFast", "fail_fast", value);
        }

        /** Checks a value of this option. */
        @POST
        public FormValidation doCheckRetries(@AncestorInPath Item item, @QueryParameter String value) {
            return StepForm.check(item, "retries", "retries", value);
        }

        /** Checks a value of this option. */
        @POST
        public FormValidation doCheckRetryBudget(@AncestorInPath Item item, @QueryParameter String value) {
            return StepForm.check(item, "retryBudget", "retry_budget", value);
        }

        /** Checks a value of this option. */
        @POST
        public FormValidation doCheckFileServerPort(@AncestorInPath Item item, @QueryParameter String value) {
            return StepForm.check(item, "fileServerPort", "file_server.port", value);
        }

        /** Checks the entries of this option. */
        @POST
        public FormValidation doCheckEnvironment(@AncestorInPath Item item, @QueryParameter String value) {
            return StepForm.checkEntries(item, "environment", value);
        }

        /** Checks the names of this option. */
        @POST
        public FormValidation doCheckSecretEnvironment(@AncestorInPath Item item, @QueryParameter String value) {
            return StepForm.checkSecretNames(item, value);
        }

        /** Checks the entries of this option. */
        @POST
        public FormValidation doCheckCallbacks(@AncestorInPath Item item, @QueryParameter String value) {
            return StepForm.checkEntries(item, "callbacks", value);
        }

        /** Checks the entries of this option. */
        @POST
        public FormValidation doCheckRunners(@AncestorInPath Item item, @QueryParameter String value) {
            return StepForm.checkEntries(item, "runners", value);
        }

        /** Checks the entries of this option. */
        @POST
        public FormValidation doCheckInterpreters(@AncestorInPath Item item, @QueryParameter String value) {
            return StepForm.checkEntries(item, "interpreters", value);
        }

        /** Checks the entries of this option. */
        @POST
        public FormValidation doCheckArgs(@AncestorInPath Item item, @QueryParameter String value) {
            return StepForm.checkEntries(item, "args", value);
        }

        /** Checks the entries of this option. */
        @POST
        public FormValidation doCheckPreload(@AncestorInPath Item item, @QueryParameter String value) {
            return StepForm.checkEntries(item, "preload", value);
        }

        /** Checks the name of a record. */
        @POST
        public FormValidation doCheckHistory(@AncestorInPath Item item, @QueryParameter String value) {
            return StepForm.checkHistory(item, value);
        }
    }
}
