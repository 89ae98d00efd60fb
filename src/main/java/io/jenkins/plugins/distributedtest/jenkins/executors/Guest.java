package io.jenkins.plugins.distributedtest.jenkins.executors;

/**
 * A listener that a step of the pipeline runs for a run, wherever the pipeline is. The run tells it when to start and when
 * to end; neither waits.
 */
public interface Guest {
    /** Its listener's id; another each time that it is started. */
    String listenerId();

    /** Where it is, for people. */
    String place();

    /** The run is there: the listener is to be started. */
    void serve(RunAccess access);

    /** The run needs it no more: its listener is to end, and the step with it. Harmless when repeated. */
    void release();
}
