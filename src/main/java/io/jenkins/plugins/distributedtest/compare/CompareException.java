package io.jenkins.plugins.distributedtest.compare;

/** A comparison that cannot be made; the message tells why and the way out. */
public final class CompareException extends Exception {
    private static final long serialVersionUID = 1L;

    /** With a message for people. */
    public CompareException(String message) {
        super(message);
    }
}
