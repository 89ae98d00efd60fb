package io.jenkins.plugins.distributedtest.runner;

/**
 * A runner cannot be started, or a callback that runs inside it failed: a fault of the host or the set-up, not of a
 * test.
 */
public final class RunnerException extends Exception {
    private static final long serialVersionUID = 1L;

    private final String output;
    private final boolean callback;

    /**
     * @param message what went wrong and the way out
     * @param output output of the process, cut when long; possibly empty
     * @param callback whether it was a callback of the project's that failed
     */
    public RunnerException(String message, String output, boolean callback) {
        super(message);
        this.output = output;
        this.callback = callback;
    }

    /** Output of the process that failed; never null. */
    public String output() {
        return output;
    }

    /** Whether a callback of the project's failed, rather than the runner. */
    public boolean isCallback() {
        return callback;
    }
}
