package io.jenkins.plugins.distributedtest.jenkins.config;

import hudson.Extension;
import hudson.Util;
import hudson.model.AbstractDescribableImpl;
import hudson.model.Descriptor;
import hudson.util.FormValidation;
import hudson.util.ListBoxModel;
import io.jenkins.plugins.distributedtest.jenkins.form.FormChecks;
import org.kohsuke.stapler.DataBoundConstructor;
import org.kohsuke.stapler.DataBoundSetter;
import org.kohsuke.stapler.QueryParameter;
import org.kohsuke.stapler.verb.POST;

/**
 * What steps do where neither they nor the project's own configuration file say otherwise. Null (0 for none is told
 * from null) leaves a setting to the engine. Durations are texts such as {@code 10m}. A setter throws {@code
 * IllegalArgumentException} that says what is allowed if it is given something else.
 */
public class StepDefaults extends AbstractDescribableImpl<StepDefaults> {
    private String runner;
    private String protocol;
    private String sync;
    private String fileTimeout;
    private String runTimeout;
    private String listenerTimeout;
    private Integer retries;
    private Integer retryBudget;
    private Integer failFast;
    private String onFailure;
    private Integer localSlots;

    /** Leaves everything to the engine. */
    @DataBoundConstructor
    public StepDefaults() {
        // Everything has a setter.
    }

    /** Which runner takes all files; null to tell it from the files. */
    public String getRunner() {
        return runner;
    }

    /** Says the runner; null or empty to tell it from the files. */
    @DataBoundSetter
    public void setRunner(String runner) {
        this.runner = DefaultValues.word("runner", Util.fixEmptyAndTrim(runner), DefaultValues.RUNNERS);
    }

    /** {@code native} or {@code gorgon}; null for the engine's default. */
    public String getProtocol() {
        return protocol;
    }

    /** Says the protocol; null or empty for the engine's default. */
    @DataBoundSetter
    public void setProtocol(String protocol) {
        this.protocol = DefaultValues.word("protocol", Util.fixEmptyAndTrim(protocol), DefaultValues.PROTOCOLS);
    }

    /** {@code content}, {@code rsync}, {@code git} or {@code none}; null for the engine's default. */
    public String getSync() {
        return sync;
    }

    /** Says how sources travel; null or empty for the engine's default. */
    @DataBoundSetter
    public void setSync(String sync) {
        this.sync = DefaultValues.word("sync", Util.fixEmptyAndTrim(sync), DefaultValues.SYNCS);
    }

    /** After how long a file has timed out; null for the engine's default. */
    public String getFileTimeout() {
        return fileTimeout;
    }

    /** Says after how long a file has timed out, such as {@code 10m}; null or empty for the engine's default. */
    @DataBoundSetter
    public void setFileTimeout(String fileTimeout) {
        this.fileTimeout = DefaultValues.duration("fileTimeout", Util.fixEmptyAndTrim(fileTimeout));
    }

    /** After how long a run ends with an error; null for never. */
    public String getRunTimeout() {
        return runTimeout;
    }

    /** Says after how long a run ends with an error; null or empty for never. */
    @DataBoundSetter
    public void setRunTimeout(String runTimeout) {
        this.runTimeout = DefaultValues.duration("runTimeout", Util.fixEmptyAndTrim(runTimeout));
    }

    /** How long to wait for a first listener; null for the engine's default. */
    public String getListenerTimeout() {
        return listenerTimeout;
    }

    /** Says how long to wait for a first listener; null or empty for the engine's default. */
    @DataBoundSetter
    public void setListenerTimeout(String listenerTimeout) {
        this.listenerTimeout = DefaultValues.duration("listenerTimeout", Util.fixEmptyAndTrim(listenerTimeout));
    }

    /** How often a failed file is tried again; null for the engine's default. */
    public Integer getRetries() {
        return retries;
    }

    /** Says how often a failed file is tried again; null for the engine's default. */
    @DataBoundSetter
    public void setRetries(Integer retries) {
        this.retries = DefaultValues.count("retries", retries);
    }

    /** How many retries a whole run may spend; null for the engine's default. */
    public Integer getRetryBudget() {
        return retryBudget;
    }

    /** Says how many retries a whole run may spend; null for the engine's default. */
    @DataBoundSetter
    public void setRetryBudget(Integer retryBudget) {
        this.retryBudget = DefaultValues.count("retryBudget", retryBudget);
    }

    /** After how many failed files a run ends, 0 for never; null for the engine's default. */
    public Integer getFailFast() {
        return failFast;
    }

    /** Says after how many failed files a run ends, 0 for never; null for the engine's default. */
    @DataBoundSetter
    public void setFailFast(Integer failFast) {
        this.failFast = DefaultValues.count("failFast", failFast);
    }

    /** What failing tests do to the build: {@code UNSTABLE}, {@code FAILURE} or {@code IGNORE}; null for the first. */
    public String getOnFailure() {
        return onFailure;
    }

    /** Says what failing tests do to the build; null or empty for {@code UNSTABLE}. */
    @DataBoundSetter
    public void setOnFailure(String onFailure) {
        this.onFailure = DefaultValues.word(
                "onFailure", DefaultValues.upper(Util.fixEmptyAndTrim(onFailure)), DefaultValues.ON_FAILURE);
    }

    /** How many files run at a time on a step's own node, 0 for none; null for its processors over its executors. */
    public Integer getLocalSlots() {
        return localSlots;
    }

    /** Says how many files run at a time on a step's own node; null for its processors over its executors. */
    @DataBoundSetter
    public void setLocalSlots(Integer localSlots) {
        this.localSlots = DefaultValues.count("localSlots", localSlots);
    }

    /** How Jenkins knows of them, and its form's fields. */
    @Extension
    public static class DescriptorImpl extends Descriptor<StepDefaults> {
        @Override
        public String getDisplayName() {
            return "Defaults of the step";
        }

        /** The runners, for those who may configure. */
        @POST
        public ListBoxModel doFillRunnerItems(@QueryParameter String runner) {
            return FormChecks.items("told from the files", DefaultValues.RUNNERS, runner);
        }

        /** The protocols, for those who may configure. */
        @POST
        public ListBoxModel doFillProtocolItems(@QueryParameter String protocol) {
            return FormChecks.items("native", DefaultValues.PROTOCOLS, protocol);
        }

        /** The ways in which sources travel, for those who may configure. */
        @POST
        public ListBoxModel doFillSyncItems(@QueryParameter String sync) {
            return FormChecks.items("content (with protocol gorgon: rsync)", DefaultValues.SYNCS, sync);
        }

        /** What failing tests can do to a build, for those who may configure. */
        @POST
        public ListBoxModel doFillOnFailureItems(@QueryParameter String onFailure) {
            return FormChecks.items("UNSTABLE", DefaultValues.ON_FAILURE, onFailure);
        }

        /** Whether it is a duration. */
        @POST
        public FormValidation doCheckFileTimeout(@QueryParameter String value) {
            return FormChecks.check(() -> DefaultValues.duration("The timeout", Util.fixEmptyAndTrim(value)));
        }

        /** Whether it is a duration. */
        @POST
        public FormValidation doCheckRunTimeout(@QueryParameter String value) {
            return FormChecks.check(() -> DefaultValues.duration("The timeout", Util.fixEmptyAndTrim(value)));
        }

        /** Whether it is a duration. */
        @POST
        public FormValidation doCheckListenerTimeout(@QueryParameter String value) {
            return FormChecks.check(() -> DefaultValues.duration("The timeout", Util.fixEmptyAndTrim(value)));
        }

        /** Whether it is a number from 0 up. */
        @POST
        public FormValidation doCheckRetries(@QueryParameter String value) {
            return FormChecks.check(() -> DefaultValues.typedCount("Retries", Util.fixEmptyAndTrim(value)));
        }

        /** Whether it is a number from 0 up. */
        @POST
        public FormValidation doCheckRetryBudget(@QueryParameter String value) {
            return FormChecks.check(() -> DefaultValues.typedCount("The budget", Util.fixEmptyAndTrim(value)));
        }

        /** Whether it is a number from 0 up. */
        @POST
        public FormValidation doCheckLocalSlots(@QueryParameter String value) {
            return FormChecks.check(() -> DefaultValues.typedCount("The number", Util.fixEmptyAndTrim(value)));
        }

        /** Whether it is a number from 0 up. */
        @POST
        public FormValidation doCheckFailFast(@QueryParameter String value) {
            return FormChecks.check(() -> DefaultValues.typedCount("The number", Util.fixEmptyAndTrim(value)));
        }
    }
}
