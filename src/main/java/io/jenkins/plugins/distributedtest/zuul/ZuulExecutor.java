package io.jenkins.plugins.distributedtest.zuul;

import io.jenkins.plugins.distributedtest.gearman.GearmanJob;
import io.jenkins.plugins.distributedtest.gearman.GearmanServer;
import io.jenkins.plugins.distributedtest.gearman.GearmanWorker;
import io.jenkins.plugins.distributedtest.gearman.WorkerStatus;
import io.jenkins.plugins.distributedtest.loop.EventLoop;
import io.micrometer.core.instrument.MeterRegistry;
import java.io.IOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Serves Zuul's job requests from any number of Gearman servers, and tells Zuul about their progress and their end.
 *
 * <p>The story of a request. A job of function {@code build:JOB} arrives over one of the {@link ZuulServer}s. Zuul hears
 * at once, by WORK_DATA, the job's name, number and manager, by which it can stop it from then on, and by WORK_STATUS
 * that it has begun. The {@link ZuulBackend} begins the job and reports about it. When it has begun, the
 * {@link Admission} makes the next offer, and only then is another job asked for. At the end comes WORK_DATA with the
 * result and then WORK_COMPLETE with the same JSON, since Zuul believes the last payload that is not empty, whatever
 * packet it came in. A job that came to no result by a fault of ours ends with the result null, which makes Zuul start
 * it anew. A result is never sent early: if its worker were lost afterwards, Zuul would believe it.
 *
 * <p>Zuul stops a job by a job of function {@code stop:MANAGER} with the name and number it was given. The job that is
 * stopped then ends with the result ABORTED, at the latest after {@link #STOP_GRACE}.
 *
 * <p>A job whose Gearman connection, client or server is gone is stopped as well, and its reports are dropped: Zuul has
 * started it anew, or given it up.
 *
 * <p>All state belongs to one event loop, which this class owns; its public methods may be called from any thread.
 */
public final class ZuulExecutor implements AutoCloseable {
    /** How long a job that is to stop may take before Zuul is told that it is aborted. */
    public static final Duration STOP_GRACE = Duration.ofSeconds(10);

    private static final Logger LOG = LoggerFactory.getLogger(ZuulExecutor.class);

    private final EventLoop loop = new EventLoop("zuul-executor");
    private final ExecutorIdentity identity;
    private final ZuulBackend backend;
    private final Admission admission;
    private final ControlFunctions controlFunctions;
    private final List<ZuulServer> servers = new ArrayList<>();
    private final Jobs jobs = new Jobs();

    // What is below belongs to the loop.
    private final Map<GearmanJob, ZuulJob> active = new LinkedHashMap<>();
    private final List<Runnable> whenIdle = new ArrayList<>();
    /** The functions of all jobs that are served. */
    private Set<String> served = Set.of();

    private Offer offer = Offer.all(0);
    private boolean draining;

    /**
     * Makes an executor, which does nothing before {@link #start}.
     *
     * @param gearmanServers the Gearman servers; each is served on its own
     * @param identity who it is
     * @param backend does what Zuul asks for
     * @param admission decides which jobs are taken
     * @param timing how often connections are probed
     * @param meters receives the metrics
     */
    public ZuulExecutor(
            List<GearmanServer> gearmanServers,
            ExecutorIdentity identity,
            ZuulBackend backend,
            Admission admission,
            GearmanWorker.Timing timing,
            MeterRegistry meters) {
        this.identity = identity;
        this.backend = backend;
        this.admission = admission;
        controlFunctions = new ControlFunctions(identity.manager());
        ZuulServer.Connecting connecting = new ZuulServer.Connecting(identity.manager(), loop, timing, meters);
        ControlRequests control = new ControlRequests(active::values);
        gearmanServers.forEach(server -> servers.add(new ZuulServer(server, connecting, jobs, control)));
        setControlFunctions();
    }

    /** Begins to connect. Call it once. */
    public void start() {
        reconsider();
        // First the connections that stop jobs: a job can be stopped as soon as it is taken.
        servers.forEach(ZuulServer::startControlling);
        servers.forEach(ZuulServer::startTaking);
    }

    /**
     * Sets which jobs are served. All of them stay registered, whatever the {@link Admission} asks for.
     *
     * @param names as Zuul asks for them, {@code JOB} or {@code JOB:LABEL}
     */
    public void setJobs(Collection<String> names) {
        Set<String> functions = new LinkedHashSet<>();
        names.forEach(name -> functions.add(ZuulRequest.BUILD + name));
        loop.execute(() -> {
            served = functions;
            register();
        });
    }

    /**
     * Asks the {@link Admission} for another offer, soon.
     *
     * <p>An offer holds for the very next job that is taken. But a job that runs keeps its function asked for at C
     * gearmand, which would take the job away together with the function: there a further job of that function may still
     * come while others are offered, and has to wait for its turn.
     */
    public void reconsider() {
        loop.execute(() -> offer(admission.offer(active.size())));
    }

    /**
     * Answers to the name of a former executor as well. For a job that C gearmand has handed on to this executor, since
     * Zuul goes on sending its stop to the one that had it first.
     *
     * @param manager the former executor's name
     * @return ends it; to be closed once
     */
    public AutoCloseable answerFor(String manager) {
        controlFunctions.add(manager);
        setControlFunctions();
        return () -> {
            controlFunctions.remove(manager);
            setControlFunctions();
        };
    }

    private void setControlFunctions() {
        synchronized (controlFunctions) { // so that the last call sets the last state
            servers.forEach(server -> server.setControlFunctions(controlFunctions.all()));
        }
    }

    /**
     * Takes no more jobs, for good; those that are active go on.
     *
     * @return completes when none is left
     */
    public CompletableFuture<Void> drain() {
        servers.forEach(ZuulServer::drain);
        CompletableFuture<Void> idle = new CompletableFuture<>();
        loop.execute(() -> {
            draining = true;
            whenIdle.add(() -> idle.complete(null));
            tellIdle();
        });
        return idle;
    }

    /** Who this executor is. */
    public ExecutorIdentity identity() {
        return identity;
    }

    /** What the connections that take jobs are doing, one for each server. */
    public List<WorkerStatus> status() {
        return servers.stream().map(ZuulServer::status).toList();
    }

    /** Stops every job, closes the connections, and ends. */
    @Override
    public void close() {
        servers.forEach(ZuulServer::closeTaking);
        servers.forEach(ZuulServer::closeControlling);
        loop.close();
    }

    // ---- offers, on the loop

    private void offer(Offer next) {
        boolean sameJobs = Objects.equals(next.jobs(), offer.jobs());
        offer = next;
        if (sameJobs) {
            servers.forEach(server -> server.setFurther(next.further()));
        } else {
            register();
        }
    }

    private void register() {
        if (!draining) {
            Set<String> asked = new LinkedHashSet<>(served);
            asked.removeIf(function -> !offer.includes(function.substring(ZuulRequest.BUILD.length())));
            servers.forEach(server -> server.offer(served, asked, offer));
        }
    }

    private void tellIdle() {
        if (active.isEmpty()) {
            whenIdle.forEach(Runnable::run);
            whenIdle.clear();
        }
    }

    /** The jobs between their requests and their ends; on the loop. */
    private final class Jobs implements ZuulServer.Builds, ZuulJob.Owner {
        @Override
        public void assigned(ZuulServer server, GearmanJob gearman) {
            if (!served.contains(gearman.function())) {
                LOG.info("{} came while its function was being given up", gearman);
                gearman.fail();
                return;
            }
            try {
                ZuulRequest request = ZuulRequest.parse(gearman.function(), gearman.unique(), gearman.payload());
                offer(begin(new ZuulJob(gearman, server, request, identity, loop, this)));
            } catch (IOException e) {
                LOG.warn("Refused {}: {}", gearman, e.getMessage());
                gearman.fail();
            }
        }

        /** Begins a job, and returns the offer that holds from then on. */
        private Offer begin(ZuulJob job) {
            active.put(job.gearman(), job);
            job.server().jobBegins();
            offer = offer.less();
            return job.begin(backend) ? admission.offer(active.size()) : offer;
        }

        @Override
        public void lost(GearmanJob gearman, String reason) {
            ZuulJob job = active.get(gearman);
            if (job != null) {
                job.giveUp(reason);
                ending(job);
                ended(job);
            }
        }

        @Override
        public void ending(ZuulJob job) {
            active.remove(job.gearman());
            job.server().jobEnds();
            offer(admission.ended(offer, active.size()));
        }

        @Override
        public void ended(ZuulJob job) {
            tellIdle();
        }
    }
}
