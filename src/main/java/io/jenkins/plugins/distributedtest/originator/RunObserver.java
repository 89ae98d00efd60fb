package io.jenkins.plugins.distributedtest.originator;

/** Hears what happens in a run, as it happens. */
@FunctionalInterface
public interface RunObserver {
    /**
     * Called on the run's loop thread, in order; must return soon and not throw (what it throws is logged and dropped).
     *
     * @param event what happened
     */
    void event(RunEvent event);
}
