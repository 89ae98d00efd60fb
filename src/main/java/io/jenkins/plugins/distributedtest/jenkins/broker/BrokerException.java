package io.jenkins.plugins.distributedtest.jenkins.broker;

/** A broker that cannot be used as it is configured. The message names what is at fault and the way out. */
public class BrokerException extends Exception {
    private static final long serialVersionUID = 1L;

    /** With a message for the person who is to mend it; it must not hold a password. */
    public BrokerException(String message) {
        super(message);
    }
}
