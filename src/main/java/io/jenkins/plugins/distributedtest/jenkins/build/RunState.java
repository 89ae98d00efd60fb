package io.jenkins.plugins.distributedtest.jenkins.build;

import java.util.Locale;

/** Where a build's run is to be found. */
public enum RunState {
    /** It goes on in this controller. */
    LIVE,
    /** It has ended; its report is in the build's directory. */
    FINISHED,
    /** The build goes on, but the run is not there: it is getting ready, or the controller has just started. */
    WAITING,
    /** The build has ended and left no report of the run. */
    LOST;

    /** The word in JSON. */
    public String word() {
        return name().toLowerCase(Locale.ROOT);
    }
}
