package io.jenkins.plugins.distributedtest.listener;

import io.jenkins.plugins.distributedtest.runner.CaseSink;
import io.jenkins.plugins.distributedtest.runner.RunnerEnvironment;
import io.jenkins.plugins.distributedtest.runner.RunnerException;
import io.jenkins.plugins.distributedtest.runner.Runners;
import io.jenkins.plugins.distributedtest.runner.WorkerRunner;
import io.jenkins.plugins.distributedtest.suite.RunnerSettings;
import java.time.Duration;
import java.util.List;

/** Where a listener gets its runners from: {@link #REAL}, except in tests of what the listener makes of them. */
interface RunnerFactory {
    /** Makes the runners of a job, see {@link Runners#open}. */
    JobRunners open(RunnerSettings settings, RunnerEnvironment environment) throws RunnerException;

    /** The runners that this host supports, see {@link Runners#available}. */
    List<String> available();

    /** The runners of one job, see {@link Runners}. */
    interface JobRunners {
        /** See {@link Runners#runsRubyCallbacks}. */
        boolean runsRubyCallbacks();

        /** See {@link Runners#beforeCreatingWorkers}. */
        void beforeCreatingWorkers() throws RunnerException, InterruptedException;

        /** See {@link Runners#worker}. */
        WorkerRunner worker(int slot, CaseSink sink);

        /** See {@link Runners#stop}. */
        void stop(Duration limit);

        /** See {@link Runners#callbackProblems}. */
        List<String> callbackProblems();

        /** See {@link Runners#close(Duration)}. */
        void close(Duration limit);
    }

    /** The runner room's. */
    RunnerFactory REAL = new RunnerFactory() {
        @Override
        public JobRunners open(RunnerSettings settings, RunnerEnvironment environment) throws RunnerException {
            Runners runners = Runners.open(settings, environment);
            return new JobRunners() {
                @Override
                public boolean runsRubyCallbacks() {
                    return runners.runsRubyCallbacks();
                }

                @Override
                public void beforeCreatingWorkers() throws RunnerException, InterruptedException {
                    runners.beforeCreatingWorkers();
                }

                @Override
                public WorkerRunner worker(int slot, CaseSink sink) {
                    return runners.worker(slot, sink);
                }

                @Override
                public void stop(Duration limit) {
                    runners.stop(limit);
                }

                @Override
                public List<String> callbackProblems() {
                    return runners.callbackProblems();
                }

                @Override
                public void close(Duration limit) {
                    runners.close(limit);
                }
            };
        }

        @Override
        public List<String> available() {
            return Runners.available();
        }
    };
}
