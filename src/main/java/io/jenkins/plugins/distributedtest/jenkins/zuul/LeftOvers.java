package io.jenkins.plugins.distributedtest.jenkins.zuul;

import hudson.model.Queue;
import io.jenkins.plugins.distributedtest.loop.EventLoop;
import java.time.Duration;
import java.time.Instant;
import java.util.Collection;
import java.util.Set;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.TimeUnit;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Ends what Zuul has given up because Jenkins restarted: builds that were in the queue, and pipelines that went on and
 * that no Gearman server asks for again in time. Belongs to the registry's event loop.
 */
final class LeftOvers {
    /** For how long a pipeline is kept once there is a connection over which its job would have come. */
    private static final int CONNECTED_SECONDS = 10;
    /** For how long a pipeline is kept without a connection. */
    private static final int UNCONNECTED_SECONDS = 60;
    /** How often a pipeline is stopped, each time less politely. */
    private static final int STOPS = 3;

    private static final Logger LOG = LoggerFactory.getLogger(LeftOvers.class);

    private final EventLoop loop;
    private final ActiveBuilds active;

    LeftOvers(EventLoop loop, ActiveBuilds active) {
        this.loop = loop;
        this.active = active;
    }

    /**
     * Takes builds out of the queue for which nobody waits any more; the caller is SYSTEM.
     *
     * @param tokens of the builds in the queue that come from Zuul
     */
    void cancelQueued(Set<String> tokens) {
        for (String token : tokens) {
            if (active.find(token) == null) {
                for (Queue.Item item : Queue.getInstance().getItems()) {
                    ZuulAction action = item.getAction(ZuulAction.class);
                    if (action != null && action.token().equals(token) && active.find(token) == null) {
                        LOG.info("{} waits from before the restart; Zuul has begun another", item.task);
                        Queue.getInstance().cancel(item);
                    }
                }
            }
        }
    }

    /** Stops the pipelines that were not asked for in time. */
    void stopOrphans(Collection<ServedServer> servers) {
        for (ActiveBuilds.Orphan orphan : active.expire(orphan -> hadItsTime(orphan, servers))) {
            LOG.info(
                    "Stopping {} of {}: Zuul has begun another", orphan.origin().unique(), orphan.job());
            stop(orphan.build(), 0);
        }
    }

    private void stop(BuildPort.Running build, int tries) {
        build.stop(tries, "Jenkins restarted, and Zuul has begun another build");
        if (tries + 1 < STOPS) {
            try {
                loop.schedule(BuildOrder.Limits.POLITELY, () -> stop(build, tries + 1));
            } catch (RejectedExecutionException e) {
                LOG.debug("Jenkins ends", e);
            }
        }
    }

    private static boolean hadItsTime(ActiveBuilds.Orphan orphan, Collection<ServedServer> servers) {
        long seconds = TimeUnit.NANOSECONDS.toSeconds(System.nanoTime() - orphan.sinceNanos());
        if (seconds >= UNCONNECTED_SECONDS) {
            return true;
        }
        return seconds >= CONNECTED_SECONDS
                && servers.stream()
                        .map(ServedServer::status)
                        .anyMatch(status -> status.server()
                                        .toString()
                                        .equals(orphan.origin().server())
                                && status.isConnected()
                                && Duration.between(status.connectedSince(), Instant.now())
                                                .toSeconds()
                                        >= CONNECTED_SECONDS);
    }
}
