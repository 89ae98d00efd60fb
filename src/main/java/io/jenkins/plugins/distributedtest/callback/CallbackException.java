package io.jenkins.plugins.distributedtest.callback;

/** A callback of the project's failed: it could not be started, did not end well, or ran too long. */
public final class CallbackException extends Exception {
    private static final long serialVersionUID = 1L;

    private final String callback;
    private final String output;

    /**
     * @param callback the callback's name
     * @param message what went wrong, for people
     * @param output what it printed, cut when long; possibly empty
     */
    public CallbackException(String callback, String message, String output) {
        super(message);
        this.callback = callback;
        this.output = output;
    }

    /** The callback's name. */
    public String callback() {
        return callback;
    }

    /** What it printed, cut when long; never null. */
    public String output() {
        return output;
    }
}
