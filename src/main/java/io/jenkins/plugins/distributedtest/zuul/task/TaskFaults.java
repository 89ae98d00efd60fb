package io.jenkins.plugins.distributedtest.zuul.task;

import io.jenkins.plugins.distributedtest.files.Reason;
import io.jenkins.plugins.distributedtest.process.ProcessSpec;
import io.jenkins.plugins.distributedtest.zuul.InvalidRequestException;
import io.jenkins.plugins.distributedtest.zuul.ZuulRequest;
import io.jenkins.plugins.distributedtest.zuul.source.SourceException;
import io.jenkins.plugins.distributedtest.zuul.source.UnreachableException;
import java.io.IOException;
import java.util.List;
import java.util.concurrent.CancellationException;
import java.util.concurrent.CompletionException;
import java.util.regex.Pattern;
import org.slf4j.Logger;

/**
 * Tells failures of a change, which are its result, from faults of this host or of what it needs, after which there is
 * no result and Zuul tries again.
 */
final class TaskFaults {
    private static final String OUT_OF_MEMORY = "Cannot allocate memory";

    /** What is wrong with this host and not with the change, in the words of the operating system. */
    private static final Pattern HOST_FAULT =
            Pattern.compile("No space left on device|Disk quota exceeded|Too many open files|" + OUT_OF_MEMORY
                    + "|Read-only file system|Input/output error|Resource temporarily unavailable");

    private static final Pattern NO_MEMORY = Pattern.compile(OUT_OF_MEMORY + "|Resource temporarily unavailable");

    private TaskFaults() {}

    /** What a future failed with, without the wrapping of dependent stages. */
    static Throwable cause(Throwable problem) {
        return problem instanceof CompletionException ? problem.getCause() : problem;
    }

    /** What is thrown where it is known that this host has run out of memory. */
    static IOException noMemory(String how) {
        return new IOException(OUT_OF_MEMORY + ": " + how);
    }

    /** Logs why there is no result; what is expected to fail now and then needs no trace. */
    static void log(Logger log, ZuulRequest request, Throwable cause) {
        if (cause instanceof SourceException || cause instanceof IOException) {
            log.warn("{} came to no result: {}", request.told(), Reason.of(cause));
        } else {
            log.warn("{} came to no result", request.told(), cause);
        }
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
            return Outcome.of(List.of("FAILURE during the job setup", "Exception: " + Reason.of(cause)), 0);
        }
        String message = Reason.of(cause);
        if (cause instanceof VirtualMachineError) {
            return Outcome.hostFault(new HostFault(HostFault.Kind.MEMORY, cause.toString()));
        }
        if (cause instanceof UnreachableException) {
            return Outcome.hostFault(new HostFault(HostFault.Kind.SOURCES, message));
        }
        if (HOST_FAULT.matcher(message).find() || !isWorking && cause instanceof IOException) {
            return Outcome.hostFault(new HostFault(kind(message), message));
        }
        if (isWorking && cause instanceof IOException) {
            return Outcome.of(List.of("FAILURE running the job", "Exception: " + message), 0);
        }
        return Outcome.noResult(message, 0);
    }

    private static HostFault.Kind kind(String message) {
        if (NO_MEMORY.matcher(message).find()) {
            return HostFault.Kind.MEMORY;
        }
        return message.startsWith(ProcessSpec.CANNOT_START) ? HostFault.Kind.PROCESSES : HostFault.Kind.DISK;
    }
}
