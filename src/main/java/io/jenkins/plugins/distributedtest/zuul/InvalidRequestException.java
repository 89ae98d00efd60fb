package io.jenkins.plugins.distributedtest.zuul;

/**
 * A request asks for something that cannot be done, however often it is asked for: it has an invalid value, or names a
 * deleted branch. The job fails for good, with this message.
 */
public final class InvalidRequestException extends RuntimeException {
    private static final long serialVersionUID = 1L;

    /** @param message what is wrong and, where there is one, the way out */
    public InvalidRequestException(String message) {
        super(message);
    }
}
