package io.jenkins.plugins.distributedtest.jenkins.step;

import hudson.Util;
import java.util.List;
import org.kohsuke.stapler.DataBoundSetter;

/** The options of the step about files that tests leave on listeners. */
public abstract class CollectOptionsStep extends RunnerOptionsStep {
    private List<String> collect;
    private String collectTo;
    private String maxCollected;

    /** Globs of files to bring back; null for the project's. */
    public List<String> getCollect() {
        return collect;
    }

    /** Sets: globs of files to bring back; null for the project's. */
    @DataBoundSetter
    public void setCollect(List<String> collect) {
        this.collect = lines(collect);
    }

    /** The directory in the workspace that they go to; null for the project's. */
    public String getCollectTo() {
        return collectTo;
    }

    /** Sets: the directory in the workspace that they go to; null for the project's. */
    @DataBoundSetter
    public void setCollectTo(String collectTo) {
        this.collectTo = Util.fixEmptyAndTrim(collectTo);
    }

    /** How much may be brought back, such as 1 GiB; null for the project's. */
    public String getMaxCollected() {
        return maxCollected;
    }

    /** Sets: how much may be brought back, such as 1 GiB; null for the project's. */
    @DataBoundSetter
    public void setMaxCollected(String maxCollected) {
        this.maxCollected = Util.fixEmptyAndTrim(maxCollected);
    }
}
