package io.jenkins.plugins.distributedtest.wire.gorgon;

/**
 * Names of the queues and exchanges that belong to one originator or listener in Gorgon's dialect. All of them are
 * declared not durable, without arguments, queues auto-delete and not exclusive; the reply exchange is direct and
 * auto-delete. Ruby peers declare them again and are closed out when a flag differs.
 */
public final class GorgonNames {
    private GorgonNames() {}

    /** The queue of file paths of a run. */
    public static String fileQueue(String id) {
        return "file_queue_" + id;
    }

    /** The queue of replies of a run, bound to the reply exchange with the empty key. */
    public static String replyQueue(String id) {
        return "reply_queue_" + id;
    }

    /** The exchange of replies of a run: direct, auto-delete. */
    public static String replyExchange(String id) {
        return "reply_exchange_" + id;
    }

    /** Where the originator of a run hears announcements; bound to {@code gorgon.originators}. */
    public static String originatorQueue(String id) {
        return "originator_queue_" + id;
    }

    /** Where a listener hears of jobs; bound to {@code gorgon.jobs}. */
    public static String jobQueue(String id) {
        return "job_queue_" + id;
    }
}
