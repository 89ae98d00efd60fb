package io.jenkins.plugins.distributedtest.zuul.task;

import io.jenkins.plugins.distributedtest.loop.EventLoop;
import io.jenkins.plugins.distributedtest.zuul.Admission;
import io.jenkins.plugins.distributedtest.zuul.Offer;
import io.jenkins.plugins.distributedtest.zuul.exec.BlockingPool;
import io.micrometer.core.instrument.Gauge;
import io.micrometer.core.instrument.MeterRegistry;
import java.time.Duration;
import java.time.Instant;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Keeps jobs away from a host that is not fit for them, tells so, and looks at it until it is. The space on its disks and
 * its memory are looked at all the time.
 *
 * <p>Belongs to the backend's event loop, but for what says otherwise.
 */
final class HostWatch {
    private static final Logger LOG = LoggerFactory.getLogger(HostWatch.class);
    private static final Duration TICK = Duration.ofSeconds(1);
    private static final Duration ROOM = Duration.ofSeconds(10);
    private static final String METRIC = "distributed_test.gearman.host.";

    private final EventLoop loop;
    private final BlockingPool pool;
    private final HostProbe probe;
    private final MeterRegistry meters;
    private final HostHealth health = new HostHealth();
    private volatile HostState state = HostState.FIT;
    private volatile Runnable changed = () -> {};
    private boolean isLooking;
    private Instant roomDue = Instant.EPOCH;

    /**
     * @param loop owns its state
     * @param pool looks at the host
     * @param probe looks at it
     * @param meters receives its metrics
     */
    HostWatch(EventLoop loop, BlockingPool pool, HostProbe probe, MeterRegistry meters) {
        this.loop = loop;
        this.pool = pool;
        this.probe = probe;
        this.meters = meters;
        Gauge.builder(METRIC + "fit", this, watch -> watch.state.isFit() ? 1 : 0)
                .register(meters);
        loop.execute(this::tick);
        loop.every(TICK, this::tick);
    }

    /** Sets what is told, on the loop, whenever the host has become fit or unfit; called by any thread. */
    void onChange(Runnable listener) {
        changed = listener;
    }

    /** Whether the host is fit; for any thread. */
    HostState state() {
        return state;
    }

    /** Something was wrong with the host; called before the job ends that met it. */
    void failed(HostFault fault) {
        meters.counter(METRIC + "faults", "kind", fault.kind().name().toLowerCase(java.util.Locale.ROOT))
                .increment();
        if (health.failed(fault, Instant.now())) {
            LOG.warn(
                    "No jobs are taken until {}: there is a problem with {} ({})",
                    health.until(),
                    fault.kind().label(),
                    fault.reason());
            show();
        }
    }

    /** A job has got its directories and sources. */
    void begun() {
        health.begun();
    }

    /** A job has come to its end without a fault of the host. */
    void ended() {
        health.ended();
    }

    private void show() {
        HostFault fault = health.fault();
        state = fault == null ? HostState.FIT : new HostState(fault, health.until());
        changed.run();
    }

    private void tick() {
        Instant now = Instant.now();
        boolean room = health.fault() == null && !now.isBefore(roomDue);
        if (isLooking || !(room || health.isDue(now))) {
            return;
        }
        isLooking = true;
        roomDue = now.plus(ROOM);
        pool.submit(() -> room ? probe.room() : probe.all())
                .whenComplete((found, problem) -> loop.execute(() -> {
                    isLooking = false;
                    looked(room, problem == null ? found : new HostFault(HostFault.Kind.MEMORY, problem.toString()));
                }));
    }

    private void looked(boolean onlyRoom, HostFault found) {
        if (onlyRoom) {
            if (found != null) {
                failed(found);
            }
            return;
        }
        health.looked(found, Instant.now());
        if (found == null) {
            LOG.info("This host is fit again: jobs are taken");
        } else {
            LOG.warn("Still no jobs are taken, until {}: {}", health.until(), found.reason());
        }
        show();
    }

    /** Admits what another one admits while the host is fit, and no job while it is not; all stay registered. */
    Admission admitting(Admission fit) {
        return new Admission() {
            @Override
            public Offer offer(int active) {
                return state.isFit() ? fit.offer(active) : Offer.all(0);
            }

            @Override
            public Offer ended(Offer held, int active) {
                return state.isFit() ? fit.ended(held, active) : Offer.all(0);
            }
        };
    }
}
