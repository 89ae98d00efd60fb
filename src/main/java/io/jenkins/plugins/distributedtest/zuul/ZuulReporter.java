package io.jenkins.plugins.distributedtest.zuul;

import java.util.List;

/**
 * What a job tells Zuul. Any thread may call; after {@link #finished} or {@link #retry}, or once Zuul has lost the job,
 * calls do nothing.
 */
public interface ZuulReporter {
    /**
     * The job can be looked at.
     *
     * @param url where; not null
     */
    void url(String url);

    /**
     * The job runs somewhere.
     *
     * @param node name of the node
     * @param labels its labels
     */
    void node(String node, List<String> labels);

    /**
     * How far the job is.
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
     * The job came to no result, by a fault of ours: Zuul starts it anew, three times at most.
     *
     * @param reason for the log
     */
    void retry(String reason);
}
