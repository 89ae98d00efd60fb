package io.jenkins.plugins.distributedtest.runner;

import io.jenkins.plugins.distributedtest.suite.FileResult;
import io.jenkins.plugins.distributedtest.suite.TestFile;
import java.time.Duration;
import java.util.List;

/** Runs files of one runner for one slot; as {@link WorkerRunner} but for the choice of the runner. */
interface FileRunner {
    /** Starts the process that stays, if there is to be one, ahead of the first file. Harmless when repeated. */
    default void start() throws RunnerException, InterruptedException {}

    /** Ends a process that has run files, in good order, so that the next file gets a new one. */
    default void renew() throws InterruptedException {}

    /** See {@link WorkerRunner#awaitTurn}. */
    default void awaitTurn() throws RunnerException, InterruptedException {}

    /** See {@link WorkerRunner#run}. */
    FileResult run(TestFile file, Duration timeout) throws RunnerException, InterruptedException;

    /** See {@link WorkerRunner#cancel}. */
    void cancel();

    /** See {@link WorkerRunner#stop}. */
    default void stop(Duration limit) {
        cancel();
    }

    /** See {@link WorkerRunner#callbackProblems}. */
    default List<String> callbackProblems() {
        return List.of();
    }

    /**
     * See {@link WorkerRunner#close}.
     *
     * @return what failed in test code that runs after the last file; empty if nothing did
     */
    String close() throws InterruptedException;
}
