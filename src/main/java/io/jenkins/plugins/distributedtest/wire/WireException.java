package io.jenkins.plugins.distributedtest.wire;

import java.io.IOException;

/** A message that does not keep to the protocol. Its receiver logs it and goes on: it must never end a daemon. */
public final class WireException extends IOException {
    private static final long serialVersionUID = 1L;

    /** @param message what is wrong, without the whole message, which may be large */
    public WireException(String message) {
        super(message);
    }

    /**
     * @param message what is wrong
     * @param cause what the codec said
     */
    public WireException(String message, Throwable cause) {
        super(message, cause);
    }
}
