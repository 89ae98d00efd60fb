package io.jenkins.plugins.distributedtest.zuul.publish;

/** Logs could not be published. */
public final class PublishException extends RuntimeException {
    private static final long serialVersionUID = 1L;

    /** @param message what went wrong, without credentials */
    public PublishException(String message) {
        super(message);
    }
}
