package io.jenkins.plugins.distributedtest.listener;

import io.jenkins.plugins.distributedtest.wire.NativeMessage;

/** A job could not be prepared; this listener takes no part in its run. */
final class PreparationException extends Exception {
    private static final long serialVersionUID = 1L;

    private final NativeMessage.Left.Reason reason;
    private final String callback;
    private final String output;

    /**
     * @param reason why
     * @param callback the callback that failed, if one did; null otherwise
     * @param problem what went wrong, for people
     * @param output output of the command that failed; possibly empty
     * @param cause the exception behind it, possibly null
     */
    PreparationException(
            NativeMessage.Left.Reason reason, String callback, String problem, String output, Throwable cause) {
        super(problem, cause);
        this.reason = reason;
        this.callback = callback;
        this.output = output;
    }

    NativeMessage.Left.Reason reason() {
        return reason;
    }

    String callback() {
        return callback;
    }

    String output() {
        return output;
    }
}
