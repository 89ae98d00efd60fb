package io.jenkins.plugins.distributedtest.collect;

/** Files cannot be brought back; the message names what stands in the way, and the way out. */
public final class CollectException extends Exception {
    private static final long serialVersionUID = 1L;

    /** @param message what is wrong, for people */
    public CollectException(String message) {
        super(message);
    }

    /**
     * @param message what is wrong, for people
     * @param cause why
     */
    public CollectException(String message, Throwable cause) {
        super(message, cause);
    }

    /** What a failure is told as. */
    static String told(Exception e) {
        return e.getMessage() == null || e instanceof RuntimeException ? e.toString() : e.getMessage();
    }
}
