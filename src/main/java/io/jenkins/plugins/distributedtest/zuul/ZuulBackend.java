package io.jenkins.plugins.distributedtest.zuul;

/** Does what Zuul asks for: as Jenkins builds, or as standalone tasks. */
public interface ZuulBackend {
    /**
     * Begins a job. Called on the executor's event loop; must not block: whatever takes time happens elsewhere, and a
     * job that has to wait is begun when it waits.
     *
     * @param request what is asked for
     * @param reporter tells Zuul about the job; any thread may use it
     * @return the execution that has begun
     * @throws RuntimeException if the job cannot begin; Zuul is told to try again
     */
    Execution begin(ZuulRequest request, ZuulReporter reporter);

    /** A job that has begun and may still wait, start, or run. Its methods must not block. */
    interface Execution {
        /**
         * Ends the job and its whole process tree, soon. Its end is then to be reported as
         * {@link ZuulReporter#finished(String)} with {@code ABORTED}. May be called more than once.
         *
         * @param reason for people: Zuul's stop, or why nobody waits for the job any more
         */
        void stop(String reason);

        /**
         * Sets the description that people see at the job.
         *
         * @param html as Zuul sent it, from outside: it is to be sanitized before it is shown
         */
        void describe(String html);
    }
}
