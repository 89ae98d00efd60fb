package io.jenkins.plugins.distributedtest.cli;

import io.jenkins.plugins.distributedtest.callback.CallbackException;
import io.jenkins.plugins.distributedtest.compare.CompareException;
import io.jenkins.plugins.distributedtest.config.ConfigException;
import io.jenkins.plugins.distributedtest.runner.RunnerException;
import io.jenkins.plugins.distributedtest.session.LocalCallbacks;
import io.jenkins.plugins.distributedtest.suite.SuiteException;
import io.jenkins.plugins.distributedtest.sync.SyncException;
import java.io.IOException;
import java.io.PrintWriter;
import java.nio.file.AccessDeniedException;
import java.nio.file.NoSuchFileException;
import java.util.logging.Level;
import java.util.logging.Logger;

/** Turns what a command throws into a message for people and an exit code. */
final class Failures {
    private static final Logger LOG = Logger.getLogger(Failures.class.getName());

    private Failures() {}

    /**
     * Prints what went wrong.
     *
     * @return the exit code
     */
    static int explain(Exception error, PrintWriter err) {
        LOG.log(Level.FINE, "The command failed", error);
        err.println("distributed-test: " + message(error));
        if (error instanceof SyncException sync && !sync.output().isBlank()) {
            err.println(sync.output().stripTrailing());
        }
        err.flush();
        if (error instanceof CliException cli) {
            return cli.exitCode();
        }
        if (error instanceof InterruptedException) {
            return ExitCode.CANCELLED;
        }
        return error instanceof SyncException ? ExitCode.SYNC_FAILED : ExitCode.ERROR;
    }

    /** What went wrong, for people. */
    static String message(Exception error) {
        if (error instanceof CallbackException callback) {
            return LocalCallbacks.told(callback);
        }
        if (error instanceof CliException
                || error instanceof CompareException
                || error instanceof ConfigException
                || error instanceof SuiteException
                || error instanceof RunnerException
                || error instanceof SyncException) {
            return error.getMessage();
        }
        if (error instanceof NoSuchFileException) {
            return "no such file or directory: " + error.getMessage();
        }
        if (error instanceof AccessDeniedException) {
            return "permission denied: " + error.getMessage();
        }
        if (error instanceof IOException && error.getMessage() != null) {
            return error.getMessage();
        }
        if (error instanceof InterruptedException) {
            return "cancelled";
        }
        return "unexpected error: " + error + " (--verbose shows where)";
    }
}
