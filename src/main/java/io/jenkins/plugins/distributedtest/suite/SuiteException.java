package io.jenkins.plugins.distributedtest.suite;

/** The suite cannot be told: a bad glob, a listed file that is not there, a file of ours that cannot be read. */
public class SuiteException extends Exception {
    private static final long serialVersionUID = 1L;

    /**
     * @param message what is wrong, naming the glob or file, and the way out
     */
    public SuiteException(String message) {
        super(message);
    }

    /**
     * @param message what is wrong, naming the glob or file, and the way out
     * @param cause what it comes from
     */
    public SuiteException(String message, Throwable cause) {
        super(message, cause);
    }
}
