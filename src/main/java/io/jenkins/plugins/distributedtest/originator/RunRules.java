package io.jenkins.plugins.distributedtest.originator;

import io.jenkins.plugins.distributedtest.suite.FileGroups;
import io.jenkins.plugins.distributedtest.suite.Quarantine;
import java.time.Duration;

/**
 * The numbers that {@link RunState} goes by; times in seconds.
 *
 * @param fileTimeout timeout of each file, enforced by the listener
 * @param fileGrace how much later the originator takes the lease away, whatever the listener says
 * @param runTimeout timeout of the run; infinite for none
 * @param listenerTimeout how long a run goes on without any listener
 * @param refusalGrace how long it goes on when every listener that came has refused (a failed callback, a tree that
 *     differs): as long as another could still be answering the invitation
 * @param silence after how long without a message a listener is lost
 * @param idleRepublish after how long with a listener ready, files queued and none running the queue is filled anew
 * @param connectTimeout how long the first connection to the broker may take
 * @param reconnectTimeout how long a later loss of the connection may last
 * @param failFast end after this many bad files; 0 for never
 * @param retries retries per file
 * @param retryBudget retries per run
 * @param place broker and cluster, for error messages
 * @param quarantine tests whose failure is none of those that end it
 * @param groups files that run one at a time
 */
record RunRules(
        double fileTimeout,
        double fileGrace,
        double runTimeout,
        double listenerTimeout,
        double refusalGrace,
        double silence,
        double idleRepublish,
        double connectTimeout,
        double reconnectTimeout,
        int failFast,
        int retries,
        int retryBudget,
        String place,
        Quarantine quarantine,
        FileGroups groups) {
    /** A file is final when it has taken down this many workers. */
    static final int CRASHES = 2;

    /**
     * The rules of a run.
     *
     * @param settings the run's settings
     * @param place broker and cluster, for error messages
     */
    static RunRules of(RunSettings settings, String place) {
        double silence = seconds(settings.silence());
        double listenerTimeout = seconds(settings.listenerTimeout());
        return new RunRules(
                seconds(settings.fileTimeout()),
                silence + 10,
                settings.runTimeout() == null ? Double.POSITIVE_INFINITY : seconds(settings.runTimeout()),
                listenerTimeout,
                Math.min(5, listenerTimeout),
                silence,
                Math.min(3 * silence, Math.max(1, listenerTimeout / 2)),
                30,
                600,
                settings.failFast(),
                settings.retries(),
                settings.retryBudget(),
                place,
                settings.quarantine(),
                settings.groups());
    }

    /** How long an attempt can have taken at most, in seconds. */
    double longestAttempt() {
        return fileTimeout + fileGrace;
    }

    static double seconds(Duration duration) {
        return duration.toNanos() / 1e9;
    }
}
