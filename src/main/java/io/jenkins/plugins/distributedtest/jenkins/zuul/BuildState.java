package io.jenkins.plugins.distributedtest.jenkins.zuul;

/** Where a build that Zuul asked for is. */
enum BuildState {
    /** About to enter the queue. */
    NEW,
    /** In Jenkins' queue. */
    WAITING,
    /** Out of the queue; Jenkins has not reported its build yet. */
    STARTING,
    /** Running. */
    RUNNING,
    /** Ended, or not waited for any more. */
    OVER
}
