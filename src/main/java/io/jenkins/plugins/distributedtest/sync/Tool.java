package io.jenkins.plugins.distributedtest.sync;

import io.jenkins.plugins.distributedtest.process.CommandResult;
import io.jenkins.plugins.distributedtest.process.Commands;
import io.jenkins.plugins.distributedtest.process.ProcessSpec;
import java.io.IOException;
import java.time.Duration;
import java.util.List;

/** Runs rsync and git, and turns what goes wrong into errors for people. */
final class Tool {
    private Tool() {}

    /**
     * Runs a command that must not fail.
     *
     * @param spec the command
     * @param timeout after which it is killed
     * @param failure what to say when it fails; the ending and the last line of its output are added
     * @return its standard output
     */
    static String run(ProcessSpec spec, Duration timeout, String failure) throws SyncException, InterruptedException {
        CommandResult result = attempt(spec, timeout);
        if (!result.ok()) {
            throw failed(failure, result);
        }
        return result.stdout();
    }

    /** Runs a command that may fail. */
    static CommandResult attempt(ProcessSpec spec, Duration timeout) throws SyncException, InterruptedException {
        try {
            return Commands.run(spec, timeout);
        } catch (IOException e) {
            throw new SyncException(
                    SyncException.Kind.FAILED,
                    e.getMessage() + ". Is " + spec.command().get(0) + " installed?",
                    e);
        }
    }

    /** An error for a command that failed. */
    static SyncException failed(String failure, CommandResult result) {
        return new SyncException(
                result.timedOut() ? SyncException.Kind.TIMED_OUT : SyncException.Kind.FAILED,
                failure + " (" + result.ending() + "): " + essence(result.output()),
                result.output(),
                List.of(),
                null);
    }

    /**
     * The line of an output that says most: the first that is an error, else the last. What ssh said before rsync
     * noticed that the connection was closed is the cause of that.
     */
    private static String essence(String output) {
        List<String> all = output.lines()
                .map(String::strip)
                .filter(line -> !line.isEmpty())
                .toList();
        int closed = 0;
        while (closed < all.size() && !all.get(closed).startsWith("rsync: connection unexpectedly closed")) {
            closed++;
        }
        List<String> lines = closed == 0 ? all : all.subList(0, closed);
        return lines.stream()
                .filter(line -> line.startsWith("fatal:")
                        || line.startsWith("error:")
                        || line.startsWith("@ERROR")
                        || line.startsWith("rsync: "))
                .findFirst()
                .or(() -> lines.stream().reduce((first, second) -> second))
                .map(line -> line.length() > 500 ? line.substring(0, 500) + "…" : line)
                .orElse("no output");
    }

    /** What is left until a deadline in {@link System#nanoTime}; at least a millisecond. */
    static Duration until(long deadline) {
        return Duration.ofNanos(Math.max(1_000_000, deadline - System.nanoTime()));
    }
}
