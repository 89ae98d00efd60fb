package io.jenkins.plugins.distributedtest.runner;

import java.nio.file.Path;
import java.time.Duration;
import java.util.Map;
import java.util.Objects;

/**
 * Where and for whom the runners of one job work.
 *
 * @param workspace the directory that holds the project's tree and is the working directory of every runner process
 * @param logDirectory where the output files of runner processes are written; made when missing, outside the workspace
 * @param runId the run that the job belongs to
 * @param listenerId the listener's id
 * @param host the host's name, for people
 * @param slots how many workers the listener offers; slots are numbered from 1
 * @param environment variables for test processes, on top of the listener's own
 * @param rubyCallbacksFile Gorgon's {@code callbacks_class_file}, relative to the workspace; null if there is none
 * @param callbackTimeout after how long a callback inside a runner process counts as failed
 */
public record RunnerEnvironment(
        Path workspace,
        Path logDirectory,
        String runId,
        String listenerId,
        String host,
        int slots,
        Map<String, String> environment,
        String rubyCallbacksFile,
        Duration callbackTimeout) {
    /** Copies the environment and checks that the rest is there. */
    public RunnerEnvironment {
        Objects.requireNonNull(workspace, "workspace");
        Objects.requireNonNull(logDirectory, "logDirectory");
        Objects.requireNonNull(runId, "runId");
        Objects.requireNonNull(listenerId, "listenerId");
        Objects.requireNonNull(host, "host");
        Objects.requireNonNull(callbackTimeout, "callbackTimeout");
        environment = environment == null ? Map.of() : Map.copyOf(environment);
        if (slots < 1) {
            throw new IllegalArgumentException("Not a number of slots: " + slots);
        }
    }

    /** The same job in another directory. */
    RunnerEnvironment with(Path directory, Path logs, Map<String, String> variables, String callbacksFile) {
        return new RunnerEnvironment(
                directory, logs, runId, listenerId, host, slots, variables, callbacksFile, callbackTimeout);
    }
}
