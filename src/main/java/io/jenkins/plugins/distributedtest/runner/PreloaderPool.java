package io.jenkins.plugins.distributedtest.runner;

import java.time.Duration;
import java.util.List;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.Consumer;

/** The preloader of one framework: started when it is first needed, and anew when it has died. */
final class PreloaderPool {
    private final RunnerLauncher launcher;
    private final RunnerKind kind;
    private final ReentrantLock starting = new ReentrantLock();
    private volatile Preloader current;
    private volatile boolean cancelled;

    PreloaderPool(RunnerLauncher launcher, RunnerKind kind) {
        this.launcher = launcher;
        this.kind = kind;
    }

    /**
     * A worker of a slot, forked from a living preloader. One that dies in just that moment is replaced once: whatever
     * killed it (often a lack of memory) need not hold for the next.
     *
     * @param started is told of the worker before it is ready
     */
    RunnerProcess fork(int slot, Consumer<RunnerProcess> started) throws RunnerException, InterruptedException {
        Preloader preloader = get();
        try {
            return preloader.fork(slot, started);
        } catch (RunnerException e) {
            if (cancelled || preloader.isAlive()) {
                throw e;
            }
        }
        return get().fork(slot, started);
    }

    /** A living preloader; waits while another slot starts it. */
    Preloader get() throws RunnerException, InterruptedException {
        starting.lockInterruptibly();
        try {
            Preloader preloader = current;
            if (preloader != null && preloader.isAlive()) {
                return preloader;
            }
            if (cancelled) {
                throw new RunnerException("The job was ended", "", false);
            }
            if (preloader != null) {
                preloader.forgetDead();
            }
            return Preloader.start(launcher, kind, started -> {
                current = started;
                if (cancelled) {
                    started.kill();
                }
            });
        } finally {
            starting.unlock();
        }
    }

    void cancel() {
        cancelled = true;
        Preloader preloader = current;
        if (preloader != null) {
            preloader.kill();
        }
    }

    /** No more workers come of it; one that calls something at its end waits for {@link #close}, others are killed. */
    void stop() {
        cancelled = true;
        Preloader preloader = current;
        if (preloader != null && !preloader.callsBack()) {
            preloader.kill();
        }
    }

    /** What went wrong with the callback at its end; complete once closed. */
    List<String> callbackProblems() {
        Preloader preloader = current;
        return preloader == null ? List.of() : preloader.callbackProblems();
    }

    /** @param limit how long that may take, if shorter than otherwise */
    void close(Duration limit) {
        cancelled = true;
        Preloader preloader = current;
        if (preloader == null) {
            return;
        }
        try {
            if (preloader.isAlive()) {
                preloader.quit(limit);
            } else {
                preloader.kill();
            }
        } catch (InterruptedException e) {
            preloader.kill();
            Thread.currentThread().interrupt();
        }
    }
}
