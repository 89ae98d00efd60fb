package io.jenkins.plugins.distributedtest.jenkins.process;

import java.io.Serializable;

/**
 * How a supervised process is.
 *
 * @param phase what it does
 * @param pid its process id; 0 while it does not run
 * @param starts how often it has been started
 * @param since when the phase began, in milliseconds since the epoch
 * @param ending how the last process ended that was not asked to; null if none has
 * @param pauseMillis in {@link Phase#WAITING}, how long it waits before the next start
 */
public record ProcessStatus(Phase phase, long pid, int starts, long since, String ending, long pauseMillis)
        implements Serializable {
    static final ProcessStatus NEW = new ProcessStatus(Phase.STARTING, 0, 0, 0, null, 0);

    /** What a supervised process does. */
    public enum Phase {
        /** It has not been started yet. */
        STARTING,
        /** It runs. */
        RUNNING,
        /** It has ended and will be started again. */
        WAITING,
        /** It has been asked to end, and will not be started again. */
        STOPPED
    }

    ProcessStatus started(long newPid) {
        return new ProcessStatus(Phase.RUNNING, newPid, starts + 1, System.currentTimeMillis(), ending, 0);
    }

    ProcessStatus ended(String how, long pause) {
        return new ProcessStatus(Phase.WAITING, 0, starts, System.currentTimeMillis(), how, pause);
    }

    ProcessStatus stopped() {
        return new ProcessStatus(Phase.STOPPED, 0, starts, System.currentTimeMillis(), ending, 0);
    }

    /** In words for people, such as {@code running (process 4711), restarted once, after exit code 137}. */
    public String inWords() {
        return inWords("");
    }

    /**
     * The same with more about how it is now.
     *
     * @param more begins with a space or a comma; empty for nothing
     */
    public String inWords(String more) {
        String now = switch (phase) {
            case STARTING -> "starting";
            case RUNNING -> "running (process " + pid + ")";
            case WAITING ->
                "ended" + (ending == null ? "" : " (" + ending + ")") + ", starts again within "
                        + (pauseMillis / 1000 + 1) + " s";
            case STOPPED -> "stopped";
        };
        return now + more + restarts();
    }

    private String restarts() {
        int restarts = starts - 1;
        if (restarts < 1) {
            return "";
        }
        String last = ending == null || phase == Phase.WAITING ? "" : ending;
        String often = restarts == 1 ? ", restarted once" : ", restarted " + restarts + " times";
        return often + (last.isEmpty() ? "" : restarts == 1 ? ", after " + last : ", the last time after " + last);
    }
}
