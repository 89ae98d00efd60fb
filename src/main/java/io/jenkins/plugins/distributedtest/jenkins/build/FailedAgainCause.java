package io.jenkins.plugins.distributedtest.jenkins.build;

import hudson.model.Cause;

/** Somebody wants the failed files of a build to run again. */
public final class FailedAgainCause extends Cause {
    private final int build;
    private final String user;

    /**
     * @param build the build's number
     * @param user who wants it
     */
    FailedAgainCause(int build, String user) {
        this.build = build;
        this.user = user;
    }

    @Override
    public String getShortDescription() {
        return "Failed files of #" + build + " again, asked for by " + user;
    }
}
