package io.jenkins.plugins.distributedtest.runner;

import io.jenkins.plugins.distributedtest.suite.RunnerSettings;
import io.jenkins.plugins.distributedtest.suite.TestFile;
import java.util.Collection;
import java.util.List;

/** The runners of one job on one listener. */
public final class Runners implements AutoCloseable {
    private final RunnerSettings settings;
    private final RunnerEnvironment environment;

    private Runners(RunnerSettings settings, RunnerEnvironment environment) {
        this.settings = settings;
        this.environment = environment;
    }

    /**
     * Makes the runners of a job; processes start when their first file comes.
     *
     * @throws RunnerException if the control server cannot be opened or the log directory not be made
     */
    public static Runners open(RunnerSettings settings, RunnerEnvironment environment) throws RunnerException {
        return new Runners(settings, environment);
    }

    /**
     * The runners whose interpreter and framework this host has, such as {@code [command, junit, node]}. The first
     * call probes for them, at most some seconds long; later calls answer at once.
     */
    public static List<String> available() {
        throw new UnsupportedOperationException();
    }

    /**
     * Whether a Ruby runner calls {@code before_creating_workers}, {@code before_start}, {@code after_complete} and
     * {@code after_creating_workers} of the job's {@code callbacks_class_file} itself, at their place inside the
     * preloader and its workers, when it starts.
     */
    public boolean runsRubyCallbacks() {
        return environment.rubyCallbacksFile() != null;
    }

    /**
     * Starts the preloaders of runners ahead of their first file.
     *
     * @param runners names of runners; null for none ahead of time (each starts when its first file comes)
     * @throws RunnerException if one cannot be started, or a callback inside it fails
     * @throws InterruptedException if this thread is interrupted
     */
    public void prepare(Collection<String> runners) throws RunnerException, InterruptedException {
        throw new UnsupportedOperationException();
    }

    /**
     * The runner of a slot, made at the first call and the same afterwards.
     *
     * @param slot 1 to the number of slots
     */
    public WorkerRunner worker(int slot) {
        throw new UnsupportedOperationException();
    }

    /** Kills the process trees of all workers and preloaders at once and for good. */
    public void cancel() {}

    /** Ends all workers, then the preloaders, in good order and within a bounded time; what is left is killed. */
    @Override
    public void close() {}

    /**
     * The name of the runner that takes a file.
     *
     * @throws RunnerException if none does; the message names the file and how to choose a runner
     */
    public static String runnerFor(RunnerSettings settings, TestFile file) throws RunnerException {
        return RunnerChoice.of(settings, file).label();
    }
}
