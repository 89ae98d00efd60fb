package io.jenkins.plugins.distributedtest.jenkins.build;

import hudson.model.Action;
import hudson.model.Queue;
import hudson.model.Run;
import java.util.List;

/** Marks a build whose distributed runs are to run only what failed in another build of the job. */
public final class FailedAgain implements Queue.QueueAction {
    private final int build;

    FailedAgain(int build) {
        this.build = build;
    }

    /**
     * The number of the build whose failed files are run again.
     *
     * @param build a build
     * @return null if it runs what its steps say
     */
    public static Integer of(Run<?, ?> build) {
        FailedAgain again = build.getAction(FailedAgain.class);
        return again == null ? null : again.build;
    }

    /** Another build than one that waits already, unless that one is to do just the same. */
    @Override
    public boolean shouldSchedule(List<Action> others) {
        return others.stream().noneMatch(other -> other instanceof FailedAgain again && again.build == build);
    }

    @Override
    public String getIconFileName() {
        return null;
    }

    @Override
    public String getDisplayName() {
        return null;
    }

    @Override
    public String getUrlName() {
        return null;
    }
}
