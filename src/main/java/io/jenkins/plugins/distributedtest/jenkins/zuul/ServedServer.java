package io.jenkins.plugins.distributedtest.jenkins.zuul;

import io.jenkins.plugins.distributedtest.gearman.GearmanServer;
import io.jenkins.plugins.distributedtest.gearman.GearmanWorker;
import io.jenkins.plugins.distributedtest.gearman.WorkerStatus;
import io.jenkins.plugins.distributedtest.loop.EventLoop;
import io.jenkins.plugins.distributedtest.zuul.ExecutorIdentity;
import io.jenkins.plugins.distributedtest.zuul.ManagerName;
import io.jenkins.plugins.distributedtest.zuul.ZuulBackend;
import io.jenkins.plugins.distributedtest.zuul.ZuulExecutor;
import io.jenkins.plugins.distributedtest.zuul.ZuulReporter;
import io.jenkins.plugins.distributedtest.zuul.ZuulRequest;
import io.micrometer.core.instrument.MeterRegistry;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.atomic.AtomicInteger;

/**
 * One Gearman server that is served with Jenkins builds: its connection, what is registered there, and what is asked
 * for ({@link PlacementAdmission}).
 *
 * <p>Every offer is worked out on the executor's event loop, on which jobs are taken too. So the job that is taken next
 * meets the offer that was made after the one before it, and two looks at Jenkins never cross.
 */
final class ServedServer implements ZuulBackend {
    private final ActiveBuilds builds;
    private final EventLoop buildLoop;
    private final JenkinsBuilds port;
    private final PlacementAdmission admission;
    private final ZuulExecutor executor;
    private final ManagerName manager;
    private final AtomicInteger active = new AtomicInteger();
    private volatile GearmanServerEntry entry;
    private volatile boolean stopping;

    /**
     * Connects.
     *
     * @param managers the directory of the manager's names at this server, so that the next start has the same
     */
    ServedServer(
            GearmanServer server,
            GearmanServerEntry entry,
            String version,
            Path managers,
            ActiveBuilds builds,
            EventLoop buildLoop,
            MeterRegistry meters) {
        this.entry = entry;
        this.builds = builds;
        this.buildLoop = buildLoop;
        ExecutorIdentity here = ExecutorIdentity.here("distributed-test (Jenkins)", version);
        manager = ManagerName.take(managers, here.host());
        ExecutorIdentity identity = here.managedBy(manager.text());
        port = new JenkinsBuilds(server.toString(), identity.manager(), () -> this.entry.getChangeUrl());
        admission = new PlacementAdmission(builds, port.server(), () -> this.entry.getCapacity(), active::get);
        executor = new ZuulExecutor(List.of(server), identity, this, admission, GearmanWorker.Timing.DEFAULT, meters);
        executor.start();
    }

    /** Sets what is configured for it now. */
    void configure(GearmanServerEntry now) {
        entry = now;
    }

    GearmanServerEntry entry() {
        return entry;
    }

    /** Serves these jobs from now on; costs a packet for each that was added or removed. */
    void serve(FunctionTable now) {
        boolean same = now.names().equals(table().names());
        admission.setTable(now);
        if (!same) {
            executor.setJobs(now.names());
        }
    }

    FunctionTable table() {
        return admission.table();
    }

    /** Makes another offer, with how busy Jenkins is now. */
    void offer(JenkinsLoad now) {
        admission.setLoad(now);
        executor.reconsider();
    }

    @Override
    public Execution begin(ZuulRequest request, ZuulReporter reporter) {
        FunctionTable.Target target = table().target(request.job(), request.label());
        if (target == null) {
            throw new IllegalStateException("there is no job for '" + request.job() + "' any more");
        }
        active.incrementAndGet();
        BuildOrder order = BuildOrder.of(target, request, reporter, limits());
        ZuulBuild build = builds.adopt(executor, port, order, this::changed);
        if (build == null) {
            build = new ZuulBuild(order, buildLoop, port, this::changed);
            builds.add(build);
            build.begin();
        }
        return new Stoppable(build);
    }

    private void changed(ZuulBuild build) {
        if (build.state() == BuildState.OVER) {
            builds.remove(build);
            active.decrementAndGet();
        }
    }

    private BuildOrder.Limits limits() {
        return new BuildOrder.Limits(Duration.ofSeconds(entry.getStartSeconds()), BuildOrder.Limits.POLITELY);
    }

    /** A build that Zuul may stop, but not the end of Jenkins: what survives that is dealt with when Jenkins is back. */
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

    /** How many functions are asked for at present, of those that are registered. */
    int offered() {
        return admission.offered();
    }

    int active() {
        return active.get();
    }

    /** Takes no more jobs and closes when the last one has ended. */
    void retire() {
        executor.drain().thenRun(this::close);
    }

    /** Closes at once, since Jenkins ends. Builds are left alone. */
    void shutDown() {
        stopping = true;
        close();
    }

    private void close() {
        executor.close();
        manager.close();
    }
}
