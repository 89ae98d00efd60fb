package io.jenkins.plugins.distributedtest.zuul;

import java.util.List;

/**
 * Tells Zuul about one job. Any thread may call; after {@link #finished} or {@link #retry}, or once Zuul no longer waits
 * for the job, calls do nothing.
 */
public interface ZuulReporter {
    /**
     * The job has a page that people can open.
     *
     * @param url its address; not null
     */
    void url(String url);

    /**
     * The job runs on a node.
     *
     * @param node name of the node
     * @param labels its labels
     */
    void node(String node, List<String> labels);

    /**
     * The job has made progress.
     *
     * @param numerator how much is done
     * @param denominator of how much
     */
    void progress(long numerator, long denominator);

    /**
     * The job has its result, which is final.
     *
     * @param result {@code SUCCESS}, or any other text, which Zuul reports word for word as the failure
     */
    void finished(String result);

    /**
     * The job came to no result, by a fault that is not the change's: Zuul starts it anew, three times at most.
     *
     * @param reason for the log
     */
    void retry(String reason);
}
