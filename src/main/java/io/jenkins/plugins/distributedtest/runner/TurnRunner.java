package io.jenkins.plugins.distributedtest.runner;

import io.jenkins.plugins.distributedtest.suite.FileResult;
import io.jenkins.plugins.distributedtest.suite.TestFile;
import java.time.Duration;
import java.util.List;

/** Runs files that start servers of their own, each when it is its turn on this host. */
final class TurnRunner implements FileRunner {
    private final PersistentRunner runner;
    private ServerTurn turn; // the slot's thread's; null while no file has it
    private volatile boolean cancelled;

    TurnRunner(PersistentRunner runner) {
        this.runner = runner;
    }

    @Override
    public void start() throws RunnerException, InterruptedException {
        runner.start();
    }

    @Override
    public void awaitTurn() throws RunnerException, InterruptedException {
        if (turn == null) {
            runner.start();
            turn = ServerTurn.take(runner.servers(), () -> cancelled);
        }
    }

    @Override
    public FileResult run(TestFile file, Duration timeout) throws RunnerException, InterruptedException {
        awaitTurn();
        try {
            return runner.run(file, timeout);
        } finally {
            turn.close();
            turn = null;
        }
    }

    @Override
    public void renew() throws InterruptedException {
        runner.renew();
    }

    @Override
    public void cancel() {
        cancelled = true;
        runner.cancel();
    }

    @Override
    public void stop(Duration limit) {
        cancelled = true;
        runner.stop(limit);
    }

    @Override
    public List<String> callbackProblems() {
        return runner.callbackProblems();
    }

    @Override
    public String close() throws InterruptedException {
        return runner.close();
    }
}
