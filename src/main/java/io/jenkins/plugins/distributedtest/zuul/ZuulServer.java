package io.jenkins.plugins.distributedtest.zuul;

import io.jenkins.plugins.distributedtest.gearman.GearmanJob;
import io.jenkins.plugins.distributedtest.gearman.GearmanServer;
import io.jenkins.plugins.distributedtest.gearman.GearmanWorker;
import io.jenkins.plugins.distributedtest.gearman.JobHandler;
import io.jenkins.plugins.distributedtest.gearman.WorkerStatus;
import io.jenkins.plugins.distributedtest.loop.EventLoop;
import io.micrometer.core.instrument.MeterRegistry;
import java.util.Collection;
import java.util.Set;

/**
 * One Gearman server that an executor serves, over up to three connections: one takes the jobs; one takes the requests
 * to stop and describe jobs, which must get through while no further job is taken; and one never takes a job. The last
 * one is opened with the first {@linkplain Offer#isNarrow narrow} offer, and keeps registered what is served and not
 * asked for at present: Zuul reports a job as NOT_REGISTERED for good when no connection has its function.
 *
 * <p>Belongs to the executor's event loop, but for what says otherwise.
 */
final class ZuulServer {
    /** Requests to stop or describe end at once; this many at a time is plenty. */
    private static final int CONTROL_CAPACITY = 100;

    /** Takes the requests that run jobs; called on the event loop. */
    interface Builds {
        /** @see JobHandler#assigned */
        void assigned(ZuulServer server, GearmanJob job);

        /** @see JobHandler#lost */
        void lost(GearmanJob job, String reason);
    }

    /**
     * What the connections of all servers have in common.
     *
     * @param manager the executor's name, from which the connections derive theirs
     * @param loop owns their state
     * @param timing how often they are probed
     * @param meters receives their metrics
     */
    record Connecting(String manager, EventLoop loop, GearmanWorker.Timing timing, MeterRegistry meters) {
        GearmanWorker worker(GearmanServer server, String suffix, JobHandler handler) {
            return new GearmanWorker(
                    server,
                    new GearmanWorker.ClientId(manager + suffix, suffix.isEmpty() ? "jobs" : suffix.substring(1)),
                    loop,
                    handler,
                    timing,
                    meters);
        }
    }

    private final GearmanWorker taking;
    private final GearmanWorker controlling;
    private final GearmanWorker registering;
    private boolean isRegistering;
    /** How many jobs of this server are active. */
    private int active;

    ZuulServer(GearmanServer server, Connecting connecting, Builds builds, JobHandler control) {
        taking = connecting.worker(server, "", new JobHandler() {
            @Override
            public void assigned(GearmanJob job) {
                builds.assigned(ZuulServer.this, job);
            }

            @Override
            public void lost(GearmanJob job, String reason) {
                builds.lost(job, reason);
            }
        });
        controlling = connecting.worker(server, "-control", control);
        controlling.setCapacity(CONTROL_CAPACITY);
        registering = connecting.worker(server, "-presence", control);
    }

    /** Opens the connection for requests to stop and describe; called by any thread. */
    void startControlling() {
        controlling.start();
    }

    /** Opens the connection that takes jobs; called by any thread. */
    void startTaking() {
        taking.start();
    }

    /** Sets the functions that stop and describe jobs; called by any thread. */
    void setControlFunctions(Collection<String> functions) {
        controlling.setFunctions(functions);
    }

    /**
     * Sets what is asked for.
     *
     * @param served all functions that are served
     * @param asked those of them that the offer includes
     */
    void offer(Set<String> served, Set<String> asked, Offer offer) {
        if (offer.isNarrow()) {
            registering.setFunctions(served);
            if (!isRegistering) {
                isRegistering = true;
                registering.start();
            }
        }
        taking.setDemand(asked, active + offer.further());
    }

    /** Sets how many more jobs may be taken. */
    void setFurther(int further) {
        taking.setCapacity(active + further);
    }

    /** A job of this server has become active; an offer has to follow. */
    void jobBegins() {
        active++;
    }

    /** A job of this server is active no more; an offer has to follow. */
    void jobEnds() {
        active--;
    }

    /** Takes no more jobs, for good; called by any thread. */
    void drain() {
        taking.drain();
        registering.drain();
    }

    /** What the connection that takes jobs is doing; for any thread. */
    WorkerStatus status() {
        return taking.status();
    }

    /** Stops every job and closes the connections that could bring others; called by any thread. */
    void closeTaking() {
        taking.close();
        registering.close();
    }

    /** Closes the connection for requests to stop and describe; called by any thread. */
    void closeControlling() {
        controlling.close();
    }
}
