package io.jenkins.plugins.distributedtest.wire;

/**
 * The names of exchanges and queues in both dialects. A cluster separates listeners and originators that share a
 * broker; no cluster is a cluster of its own.
 */
public final class Names {
    private static final String PREFIX = "distributed-test.";

    private Names() {}

    /**
     * Native: the fanout exchange by which originators reach every listener of a cluster.
     *
     * @param cluster the cluster, or null
     */
    public static String jobs(String cluster) {
        return scoped(PREFIX + "jobs", cluster);
    }

    /**
     * Native: the fanout exchange by which listeners reach every originator of a cluster.
     *
     * @param cluster the cluster, or null
     */
    public static String originators(String cluster) {
        return scoped(PREFIX + "originators", cluster);
    }

    /** Native: the fanout exchange that every listener of a broker hears, whatever its cluster. */
    public static final String ROLL_CALL = PREFIX + "roll-call";

    /** Native: a listener's inbox. */
    public static String inbox(String listener) {
        return PREFIX + "listener." + listener;
    }

    /** Native: the files queue of a run. */
    public static String files(String runId) {
        return PREFIX + "run." + runId + ".files";
    }

    /** Native: the reply queue of a run. */
    public static String replies(String runId) {
        return PREFIX + "run." + runId + ".replies";
    }

    /** Native: where the originator of a run hears announcements. */
    public static String announcements(String runId) {
        return PREFIX + "run." + runId + ".announcements";
    }

    /** Native: the queue of requests for content. */
    public static String contentRequests(String runId) {
        return PREFIX + "run." + runId + ".content";
    }

    /** Native: the direct exchange of content. */
    public static String contentAnswers(String runId) {
        return PREFIX + "run." + runId + ".content-answers";
    }

    /** Native: the queue of what listeners bring back. */
    public static String collected(String runId) {
        return PREFIX + "run." + runId + ".collected";
    }

    /**
     * Native: the queue of what the originator answers to a listener that brings something back.
     *
     * @param runId the run
     * @param token what tells it from every other, chosen by the listener
     */
    public static String collectAnswers(String runId, String token) {
        return PREFIX + "run." + runId + ".collect." + token;
    }

    /**
     * Gorgon's: the fanout exchange of job definitions.
     *
     * @param cluster the cluster, or null
     */
    public static String gorgonJobs(String cluster) {
        return scoped("gorgon.jobs", cluster);
    }

    /**
     * Gorgon's: the fanout exchange of announcements.
     *
     * @param cluster the cluster, or null
     */
    public static String gorgonOriginators(String cluster) {
        return scoped("gorgon.originators", cluster);
    }

    /** Gorgon's: the fanout exchange of cancel messages; never cluster-scoped. */
    public static final String GORGON_WORKER_MANAGERS = "gorgon.worker_managers";

    private static String scoped(String name, String cluster) {
        return cluster == null || cluster.isEmpty() ? name : name + "." + cluster;
    }
}
