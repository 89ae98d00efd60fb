package io.jenkins.plugins.distributedtest.jenkins.zuul;

import io.jenkins.plugins.distributedtest.gearman.GearmanServer;
import io.jenkins.plugins.distributedtest.gearman.GearmanWorker;
import io.jenkins.plugins.distributedtest.gearman.WorkerStatus;
import io.jenkins.plugins.distributedtest.loop.EventLoop;
import io.jenkins.plugins.distributedtest.zuul.ExecutorIdentity;
import io.jenkins.plugins.distributedtest.zuul.ZuulBackend;
import io.jenkins.plugins.distributedtest.zuul.ZuulExecutor;
import io.jenkins.plugins.distributedtest.zuul.ZuulReporter;
import io.jenkins.plugins.distributedtest.zuul.ZuulRequest;
import io.micrometer.core.instrument.MeterRegistry;
import java.time.Duration;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.UUID;
import java.util.concurrent.atomic.AtomicInteger;

/**
 * One Gearman server that is served: its connection, what is registered there, and what is offered.
 *
 * <p>Every offer is worked out on the executor's event loop, on which jobs are taken too. So the job that is taken next
 * meets the offer that was made after the one before it, and two looks at Jenkins never cross.
 */
final class ServedServer implements ZuulBackend {
    private final ActiveBuilds builds;
    private final EventLoop buildLoop;
    private final ZuulExecutor executor;
    private final JenkinsBuilds port;
    private final AtomicInteger active = new AtomicInteger();

    private volatile GearmanServerEntry entry;
    private volatile FunctionTable table = FunctionTable.EMPTY;
    private volatile JenkinsLoad load = JenkinsLoad.UNKNOWN;
    private volatile boolean stopping;
    private volatile int offered;
    /** What was offered last; belongs to the executor's loop. */
    private Set<String> lastNames = Set.of();

    ServedServer(
            GearmanServer server,
            GearmanServerEntry entry,
            String version,
            ActiveBuilds builds,
            EventLoop buildLoop,
            MeterRegistry meters) {
        this.entry = entry;
        this.builds = builds;
        this.buildLoop = buildLoop;
        ExecutorIdentity identity = ExecutorIdentity.ofThisProcess("distributed-test (Jenkins)", version);
        port = new JenkinsBuilds(server.toString(), identity.manager(), () -> this.entry.getChangeUrl());
        executor = new ZuulExecutor(List.of(server), identity, this, GearmanWorker.Timing.DEFAULT, meters);
        executor.offer(List.of(), 0);
        executor.start();
    }

    /** Says what is configured for it now. */
    void configure(GearmanServerEntry now) {
        entry = now;
    }

    GearmanServerEntry entry() {
        return entry;
    }

    /** Serves these jobs from now on; costs a packet for each that came or went. */
    void serve(FunctionTable now) {
        boolean same = now.names().equals(table.names());
        table = now;
        if (!same) {
            executor.setJobs(now.names());
        }
    }

    FunctionTable table() {
        return table;
    }

    /** Takes account of how busy Jenkins is now. */
    void offer(JenkinsLoad now) {
        load = now;
        executor.execute(this::offer);
    }

    /** On the executor's loop. */
    private void offer() {
        Set<String> again = new HashSet<>();
        builds.orphanFunctions(port.server(), again);
        again.retainAll(table.names());
        Offer offer = Offer.of(
                        table,
                        load,
                        builds.reservations().placements(),
                        builds.reservations().jobs(),
                        entry.getCapacity(),
                        active.get())
                .and(again);
        // While nothing can run all stays as it is: no packets for functions that nobody is asked for anyway.
        lastNames = offer.names().isEmpty() ? lastNames : offer.names();
        offered = offer.names().size();
        executor.offer(lastNames, offer.further());
    }

    @Override
    public Execution begin(ZuulRequest request, ZuulReporter reports) {
        FunctionTable.Target target = table.target(request.job(), request.label());
        if (target == null) {
            throw new IllegalStateException("there is no job for '" + request.job() + "' any more");
        }
        active.incrementAndGet();
        ZuulBuild build = builds.adopt(executor, port, target, request, reports, limits(), this::changed);
        if (build == null) {
            build = new ZuulBuild(
                    UUID.randomUUID().toString(), buildLoop, port, target, request, reports, limits(), this::changed);
            builds.add(build);
            build.begin();
        }
        offer();
        return new Stoppable(build);
    }

    private void changed(ZuulBuild build) {
        if (build.state() == ZuulBuild.State.OVER) {
            builds.remove(build);
            active.decrementAndGet();
        }
    }

    private ZuulBuild.Limits limits() {
        return new ZuulBuild.Limits(Duration.ofSeconds(entry.getStartSeconds()), ZuulBuild.Limits.POLITELY);
    }

    /** A build that Zuul may stop, but not Jenkins' own end: what survives that is looked after when Jenkins is back. */
    private final class Stoppable implements Execution {
        private final ZuulBuild build;

        Stoppable(ZuulBuild build) {
            this.build = build;
        }

        @Override
        public void stop(String reason) {
            if (!stopping) {
                build.stop(reason);
            }
        }

        @Override
        public void describe(String html) {
            if (!stopping) {
                build.describe(html);
            }
        }
    }

    WorkerStatus status() {
        return executor.status().get(0);
    }

    /** How many functions are offered at present, of those that are registered. */
    int offered() {
        return offered;
    }

    int active() {
        return active.get();
    }

    String manager() {
        return executor.identity().manager();
    }

    /** Takes no more jobs and closes when the last one has ended. */
    void retire() {
        executor.drain().thenRun(executor::close);
    }

    /** Closes at once, since Jenkins ends. Builds are left alone. */
    void shutDown() {
        stopping = true;
        executor.close();
    }
}
