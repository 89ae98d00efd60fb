package io.jenkins.plugins.distributedtest.zuul.task;

import io.jenkins.plugins.distributedtest.zuul.InvalidRequestException;
import java.io.IOException;
import java.util.List;
import java.util.concurrent.CancellationException;
import java.util.concurrent.CompletionException;
import java.util.regex.Pattern;

/**
 * Tells failures of a change, which are its result, from faults of this host or of what it needs, after which there is
 * no result and Zuul tries again.
 */
final class TaskFaults {
    /** What is wrong with this host and not with the change, in the words of the operating system. */
    private static final Pattern HOST_FAULT =
            Pattern.compile("No space left on device|Too many open files|Cannot allocate memory|Read-only file system"
                    + "|Resource temporarily unavailable");

    private TaskFaults() {}

    /** What a future failed with, without the wrapping of dependent stages. */
    static Throwable cause(Throwable problem) {
        return problem instanceof CompletionException ? problem.getCause() : problem;
    }

    /**
     * What comes of a task in which something was thrown.
     *
     * @param cause what was thrown
     * @param isWorking whether the task's own work had begun
     */
    static Outcome outcome(Throwable cause, boolean isWorking) {
        if (cause instanceof CancellationException) {
            return Outcome.noResult("stopped", 0);
        }
        if (cause instanceof InvalidRequestException) {
            return Outcome.of(List.of("FAILURE during the job setup", "Exception: " + cause.getMessage()), 0);
        }
        boolean hostFault =
                HOST_FAULT.matcher(String.valueOf(cause.getMessage())).find();
        if (isWorking && cause instanceof IOException && !hostFault) {
            return Outcome.of(List.of("FAILURE running the job", "Exception: " + cause.getMessage()), 0);
        }
        return Outcome.noResult(String.valueOf(cause.getMessage()), 0);
    }
}
