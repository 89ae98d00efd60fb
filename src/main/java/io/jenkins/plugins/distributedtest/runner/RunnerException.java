package io.jenkins.plugins.distributedtest.runner;

/**
 * A runner cannot be started, a callback that runs inside it failed, or what the project loads before its tests does not
 * load: a fault of the host or the set-up, not of a test.
 */
public final class RunnerException extends Exception {
    private static final long serialVersionUID = 1L;

    private final String output;
    private final boolean callback;
    private final boolean project;

    /**
     * @param message what went wrong and the way out
     * @param output output of the process, cut when long; possibly empty
     * @param callback whether it was a callback of the project's that failed
     */
    public RunnerException(String message, String output, boolean callback) {
        this(message, output, callback, false);
    }

    private RunnerException(String message, String output, boolean callback, boolean project) {
        super(message);
        this.output = output;
        this.callback = callback;
        this.project = project;
    }

    /** Code of the project's that is loaded before any test fails, as it fails the framework's own command. */
    static RunnerException ofProject(String message, String output) {
        return new RunnerException(message, output, false, true);
    }

    /** Output of the process that failed; never null. */
    public String output() {
        return output;
    }

    /** Whether code of the project's that is loaded before any test fails, rather than the runner. */
    public boolean isProject() {
        return project;
    }

    /** Whether a callback of the project's failed, rather than the runner. */
    public boolean isCallback() {
        return callback;
    }
}
