package io.jenkins.plugins.distributedtest.runner;

import java.util.function.Consumer;

/** Starts a process that runs files. */
interface WorkerStarter {
    /**
     * Starts one and waits until it is ready.
     *
     * @param started told of it before that
     */
    RunnerProcess start(Consumer<RunnerProcess> started) throws RunnerException, InterruptedException;
}
