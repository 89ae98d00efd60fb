package io.jenkins.plugins.distributedtest.listener;

import io.jenkins.plugins.distributedtest.loop.DaemonThreads;
import io.jenkins.plugins.distributedtest.runner.CaseSink;
import io.jenkins.plugins.distributedtest.runner.RunnerException;
import io.jenkins.plugins.distributedtest.runner.WorkerRunner;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Consumer;

/**
 * The runners of a job whose slots have trees of their own: what has loaded an application from one tree is of no use to
 * another, so each slot has runners of its own, preloaders included.
 */
final class RunnersPerSlot implements RunnerFactory.JobRunners {
    private final List<RunnerFactory.JobRunners> slots;

    /** @param slots the runners of each slot, in order */
    RunnersPerSlot(List<RunnerFactory.JobRunners> slots) {
        this.slots = List.copyOf(slots);
    }

    @Override
    public boolean runsRubyCallbacks() {
        return slots.get(0).runsRubyCallbacks();
    }

    @Override
    public void beforeCreatingWorkers() throws RunnerException, InterruptedException {
        for (RunnerFactory.JobRunners each : slots) {
            each.beforeCreatingWorkers();
        }
    }

    @Override
    public WorkerRunner worker(int slot, CaseSink sink) {
        return slots.get(slot - 1).worker(slot, sink);
    }

    @Override
    public void stop(Duration limit) {
        all("stop", each -> each.stop(limit));
    }

    @Override
    public List<String> callbackProblems() {
        return slots.stream().flatMap(each -> each.callbackProblems().stream()).toList();
    }

    @Override
    public void close(Duration limit) {
        all("close", each -> each.close(limit));
    }

    private void all(String what, Consumer<RunnerFactory.JobRunners> work) {
        List<Thread> threads = new ArrayList<>();
        for (RunnerFactory.JobRunners each : slots) {
            threads.add(DaemonThreads.start(what + "-runners-" + (threads.size() + 1), () -> work.accept(each)));
        }
        boolean interrupted = false;
        for (Thread thread : threads) {
            while (thread.isAlive()) {
                try {
                    thread.join();
                } catch (InterruptedException e) {
                    interrupted = true;
                    threads.forEach(Thread::interrupt); // each ends by force then
                }
            }
        }
        if (interrupted) {
            Thread.currentThread().interrupt();
        }
    }
}
