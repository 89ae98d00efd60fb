package io.jenkins.plugins.distributedtest.jenkins.step;

import java.util.concurrent.atomic.AtomicBoolean;
import java.util.function.Consumer;
import org.jenkinsci.plugins.workflow.steps.FlowInterruptedException;

/** Ends a step, once, whatever happens at the same time; an aborted step as aborted. From any thread. */
final class Completion {
    private final Consumer<Object> success;
    private final Consumer<Throwable> failure;
    private final AtomicBoolean done = new AtomicBoolean();
    private volatile Throwable stopCause;

    /**
     * @param success takes the result
     * @param failure takes why there is none
     */
    Completion(Consumer<Object> success, Consumer<Throwable> failure) {
        this.success = success;
        this.failure = failure;
    }

    /** Somebody aborts the step. */
    void stopping(Throwable cause) {
        stopCause = cause;
    }

    /** Whether somebody has aborted it. */
    boolean isStopped() {
        return stopCause != null;
    }

    /** Why it was aborted, for people. */
    String reason() {
        if (stopCause instanceof FlowInterruptedException flow
                && !flow.getCauses().isEmpty()) {
            return flow.getCauses().get(0).getShortDescription();
        }
        return "the step was aborted";
    }

    /** The controller stops: another one will end the step. */
    void forgo() {
        done.set(true);
    }

    /** Whether it has ended. */
    boolean isDone() {
        return done.get();
    }

    /** Ends it well, unless it was aborted. */
    void succeeded(Object result) {
        Throwable cause = stopCause;
        if (cause != null) {
            failed(cause);
        } else if (done.compareAndSet(false, true)) {
            success.accept(result);
        }
    }

    /** Ends it with an error; if it was aborted, with the cause of that. */
    void failed(Throwable why) {
        if (done.compareAndSet(false, true)) {
            Throwable cause = stopCause;
            failure.accept(cause == null ? why : cause);
        }
    }
}
