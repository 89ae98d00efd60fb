package io.jenkins.plugins.distributedtest.jenkins.executors;

import jenkins.security.MasterToSlaveCallable;

/** Asks a listener that {@link ServeRun} has started, or is about to, to end; does not wait for it. */
final class StopServing extends MasterToSlaveCallable<Void, RuntimeException> {
    private static final long serialVersionUID = 1L;

    private final String listenerId;

    /** @param listenerId which one */
    StopServing(String listenerId) {
        this.listenerId = listenerId;
    }

    @Override
    public Void call() {
        ServedRuns.here().stop(listenerId);
        return null;
    }
}
