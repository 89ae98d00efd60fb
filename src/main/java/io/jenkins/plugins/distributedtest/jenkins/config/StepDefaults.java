package io.jenkins.plugins.distributedtest.jenkins.config;

import hudson.Extension;
import hudson.Util;
import hudson.model.AbstractDescribableImpl;
import hudson.model.Descriptor;
import org.kohsuke.stapler.DataBoundConstructor;
import org.kohsuke.stapler.DataBoundSetter;

/**
 * What steps do where neither they nor the project's own configuration file say otherwise. Null (0 for none is told
 * from null) leaves a setting to the engine. Durations are texts such as {@code 10m}.
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
        this.runner = Util.fixEmptyAndTrim(runner);
    }

    /** {@code native} or {@code gorgon}; null for the engine's default. */
    public String getProtocol() {
        return protocol;
    }

    /** Says the protocol; null or empty for the engine's default. */
    @DataBoundSetter
    public void setProtocol(String protocol) {
        this.protocol = Util.fixEmptyAndTrim(protocol);
    }

    /** {@code content}, {@code rsync}, {@code git} or {@code none}; null for the engine's default. */
    public String getSync() {
        return sync;
    }

    /** Says how sources travel; null or empty for the engine's default. */
    @DataBoundSetter
    public void setSync(String sync) {
        this.sync = Util.fixEmptyAndTrim(sync);
    }

    /** After how long a file has timed out; null for the engine's default. */
    public String getFileTimeout() {
        return fileTimeout;
    }

    /** Says after how long a file has timed out, such as {@code 10m}; null or empty for the engine's default. */
    @DataBoundSetter
    public void setFileTimeout(String fileTimeout) {
        this.fileTimeout = Util.fixEmptyAndTrim(fileTimeout);
    }

    /** After how long a run ends with an error; null for never. */
    public String getRunTimeout() {
        return runTimeout;
    }

    /** Says after how long a run ends with an error; null or empty for never. */
    @DataBoundSetter
    public void setRunTimeout(String runTimeout) {
        this.runTimeout = Util.fixEmptyAndTrim(runTimeout);
    }

    /** How long to wait for a first listener; null for the engine's default. */
    public String getListenerTimeout() {
        return listenerTimeout;
    }

    /** Says how long to wait for a first listener; null or empty for the engine's default. */
    @DataBoundSetter
    public void setListenerTimeout(String listenerTimeout) {
        this.listenerTimeout = Util.fixEmptyAndTrim(listenerTimeout);
    }

    /** How often a failed file is tried again; null for the engine's default. */
    public Integer getRetries() {
        return retries;
    }

    /** Says how often a failed file is tried again; null for the engine's default. */
    @DataBoundSetter
    public void setRetries(Integer retries) {
        this.retries = retries;
    }

    /** How many retries a whole run may spend; null for the engine's default. */
    public Integer getRetryBudget() {
        return retryBudget;
    }

    /** Says how many retries a whole run may spend; null for the engine's default. */
    @DataBoundSetter
    public void setRetryBudget(Integer retryBudget) {
        this.retryBudget = retryBudget;
    }

    /** After how many failed files a run ends, 0 for never; null for the engine's default. */
    public Integer getFailFast() {
        return failFast;
    }

    /** Says after how many failed files a run ends, 0 for never; null for the engine's default. */
    @DataBoundSetter
    public void setFailFast(Integer failFast) {
        this.failFast = failFast;
    }

    /** What failing tests do to the build: {@code UNSTABLE}, {@code FAILURE} or {@code IGNORE}; null for the first. */
    public String getOnFailure() {
        return onFailure;
    }

    /** Says what failing tests do to the build; null or empty for {@code UNSTABLE}. */
    @DataBoundSetter
    public void setOnFailure(String onFailure) {
        this.onFailure = Util.fixEmptyAndTrim(onFailure);
    }

    /** How Jenkins knows of them. */
    @Extension
    public static class DescriptorImpl extends Descriptor<StepDefaults> {
        @Override
        public String getDisplayName() {
            return "Defaults of the step";
        }
    }
}
