package io.jenkins.plugins.distributedtest.zuul;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.jenkins.plugins.distributedtest.gearman.GearmanJob;
import io.jenkins.plugins.distributedtest.gearman.GearmanServer;
import io.jenkins.plugins.distributedtest.gearman.GearmanWorker;
import io.jenkins.plugins.distributedtest.gearman.JobHandler;
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
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Serves Zuul's job requests from any number of Gearman servers, and tells Zuul how they go.
 *
 * <p>The story of a request. A job of function {@code build:JOB} arrives. Zuul hears at once, by WORK_DATA, the job's
 * name, number and manager, by which it can stop it from then on, and by WORK_STATUS that it has begun. The
 * {@link ZuulBackend} begins the job and reports when it likes. At the end comes WORK_DATA with the result and then
 * WORK_COMPLETE with the same JSON, since Zuul believes the last payload that is not empty, whatever packet it came in.
 * A job that came to no result by a fault of ours ends with the result null, which makes Zuul start it anew. A result
 * is never sent early: with its worker lost afterwards, Zuul would believe it.
 *
 * <p>Zuul stops a job by a job of function {@code stop:MANAGER} with the name and number it was given. Such requests
 * have to get through while every executor is busy, so they come over a connection of their own, whose jobs end at
 * once. The job that is stopped then ends with the result ABORTED, at the latest after {@link #STOP_GRACE}.
 *
 * <p>A job whose Gearman connection, client or server is gone is stopped as well, and its reports go nowhere: Zuul has
 * started it anew, or given it up.
 *
 * <p>All state belongs to one event loop, which this class owns; its public methods may be called from any thread.
 */
public final class ZuulExecutor implements AutoCloseable {
    /** How long a job that is to stop may take before Zuul is told that it is aborted. */
    public static final Duration STOP_GRACE = Duration.ofSeconds(10);

    private static final Logger LOG = LoggerFactory.getLogger(ZuulExecutor.class);
    private static final ObjectMapper JSON = new ObjectMapper();
    /** Requests to stop or describe end at once; this many at a time is plenty. */
    private static final int CONTROL_CAPACITY = 100;

    private final EventLoop loop = new EventLoop("zuul-executor");
    private final ExecutorIdentity identity;
    private final ZuulBackend runner;
    private final List<GearmanWorker> builders = new ArrayList<>();
    private final List<GearmanWorker> controllers = new ArrayList<>();
    private final List<GearmanWorker> presences = new ArrayList<>();
    private final List<String> formerManagers = new ArrayList<>(); // guarded by itself

    // What is below belongs to the loop.
    private final Map<GearmanJob, Active> active = new LinkedHashMap<>();
    private final List<Runnable> whenIdle = new ArrayList<>();
    private Set<String> served = Set.of();
    /** What of {@link #served} is asked for at present; null for all of it. */
    private Set<String> offered;

    private int capacity;
    /** How many further jobs may be taken; below 0 while the capacity decides. */
    private int room = -1;

    private boolean draining;
    private boolean present;

    /**
     * Makes an executor, which does nothing before {@link #start}.
     *
     * @param servers the Gearman servers; each is served on its own
     * @param identity who it is
     * @param runner runs the jobs
     * @param timing how often connections are probed
     * @param meters takes the metrics
     */
    public ZuulExecutor(
            List<GearmanServer> servers,
            ExecutorIdentity identity,
            ZuulBackend runner,
            GearmanWorker.Timing timing,
            MeterRegistry meters) {
        this.identity = identity;
        this.runner = runner;
        for (GearmanServer server : servers) {
            builders.add(new GearmanWorker(server, identity.manager(), loop, new Builds(), timing, meters));
            GearmanWorker controller =
                    new GearmanWorker(server, identity.manager() + "-control", loop, new Control(), timing, meters);
            controller.setFunctions(controlFunctions());
            controller.setCapacity(CONTROL_CAPACITY);
            controllers.add(controller);
            presences.add(
                    new GearmanWorker(server, identity.manager() + "-presence", loop, new Control(), timing, meters));
        }
    }

    /** Begins to connect. Call it once. */
    public void start() {
        // The control connections first: a job can be stopped as soon as it is taken.
        controllers.forEach(GearmanWorker::start);
        builders.forEach(GearmanWorker::start);
    }

    /**
     * Sets which jobs are served.
     *
     * @param jobs names as Zuul asks for them, {@code JOB} or {@code JOB:LABEL}
     */
    public void setJobs(Collection<String> jobs) {
        Set<String> functions = functions(jobs);
        loop.execute(() -> {
            served = functions;
            register();
        });
    }

    /**
     * Narrows what is taken at present. All that is {@linkplain #setJobs served} stays registered, over a further
     * connection that never takes a job: Zuul reports a job as NOT_REGISTERED for good when no connection has its
     * function. From the first call on this decides, and no longer the capacity.
     *
     * <p>Called on the event loop, as {@link ZuulBackend#begin} is, it holds for the very next job that is taken. But a job
     * that runs keeps its function asked for at C gearmand, which would take it away with the function: there a further
     * job of that function may still come while others are offered, and is to wait for its turn.
     *
     * @param jobs of those that are served the ones that could run now
     * @param further how many more jobs may be taken; each one that is taken uses up one, and none comes back by itself
     */
    public void offer(Collection<String> jobs, int further) {
        Set<String> functions = functions(jobs);
        Runnable task = () -> {
            room = 0;
            shareCapacity();
            offered = functions;
            register();
            room = Math.max(0, further);
            shareCapacity();
        };
        if (loop.inLoop()) {
            task.run();
        } else {
            loop.execute(task);
        }
    }

    /**
     * Answers to the name of an executor that is no more as well. For a job that C gearmand has handed on to this
     * executor, since Zuul goes on sending its stop to the one that had it first.
     *
     * @param manager its name
     * @return ends it; to be closed once
     */
    public AutoCloseable answerFor(String manager) {
        synchronized (formerManagers) {
            formerManagers.add(manager);
            controllers.forEach(controller -> controller.setFunctions(controlFunctions()));
        }
        return () -> {
            synchronized (formerManagers) {
                formerManagers.remove(manager);
                controllers.forEach(controller -> controller.setFunctions(controlFunctions()));
            }
        };
    }

    private List<String> controlFunctions() {
        List<String> functions = new ArrayList<>();
        functions.add("stop:" + identity.manager());
        functions.add("set_description:" + identity.manager());
        synchronized (formerManagers) {
            for (String former : new LinkedHashSet<>(formerManagers)) {
                functions.add("stop:" + former);
                functions.add("set_description:" + former);
            }
        }
        return functions;
    }

    /** Runs a task on the event loop that jobs begin on, so that it meets none in the middle of that. */
    public void execute(Runnable task) {
        loop.execute(task);
    }

    private static Set<String> functions(Collection<String> jobs) {
        Set<String> functions = new LinkedHashSet<>();
        jobs.forEach(job -> functions.add(ZuulRequest.BUILD + job));
        return functions;
    }

    private void register() {
        if (draining) {
            return;
        }
        if (offered != null) {
            presences.forEach(worker -> worker.setFunctions(served));
            if (!present) {
                present = true;
                presences.forEach(GearmanWorker::start);
            }
        }
        Set<String> asked = new LinkedHashSet<>(served);
        if (offered != null) {
            asked.retainAll(offered);
        }
        builders.forEach(worker -> worker.setFunctions(asked));
    }

    /**
     * Sets how many jobs may be active at once, over all servers. With several servers one more for each further server
     * may be taken, when all of them have one at the same instant.
     */
    public void setCapacity(int jobs) {
        loop.execute(() -> {
            capacity = jobs;
            shareCapacity();
        });
    }

    /**
     * Takes no more jobs, for good; those that are active go on.
     *
     * @return completes when none is left
     */
    public CompletableFuture<Void> drain() {
        builders.forEach(GearmanWorker::drain);
        presences.forEach(GearmanWorker::drain);
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
        return builders.stream().map(GearmanWorker::status).toList();
    }

    /** Stops every job, closes the connections, and ends. */
    @Override
    public void close() {
        builders.forEach(GearmanWorker::close);
        presences.forEach(GearmanWorker::close);
        controllers.forEach(GearmanWorker::close);
        loop.close();
    }

    private void shareCapacity() {
        int free = room >= 0 ? room : Math.max(0, capacity - active.size());
        for (GearmanWorker worker : builders) {
            int own = (int) active.keySet().stream()
                    .filter(job -> job.server().equals(worker.server()))
                    .count();
            worker.setCapacity(own + free);
        }
    }

    private void tellIdle() {
        if (active.isEmpty()) {
            whenIdle.forEach(Runnable::run);
            whenIdle.clear();
        }
    }

    private void forget(GearmanJob job) {
        active.remove(job);
        shareCapacity();
    }

    /** A job between its request and its end. */
    private final class Active implements ZuulReporter {
        private final GearmanJob gearman;
        private final ZuulRequest request;
        /** Comes back in a request to stop; Zuul takes neither null nor 0. */
        private final String number;

        private final Map<String, Object> data = new LinkedHashMap<>();
        private ZuulBackend.Execution job;
        private boolean over;
        private boolean stopping;

        Active(GearmanJob gearman, ZuulRequest request) {
            this.gearman = gearman;
            this.request = request;
            number = request.unique().isEmpty() ? gearman.handle() : request.unique();
            data.put("name", request.job());
            data.put("number", number);
            data.put("manager", identity.manager());
            data.put("url", "");
            data.put("worker_name", identity.manager());
            data.put("worker_hostname", identity.host());
            data.put("worker_ips", identity.addresses());
            data.put("worker_fqdn", identity.host());
            data.put("worker_program", identity.program());
            data.put("worker_version", identity.version());
            data.put("worker_extra", Map.of());
        }

        void begin() {
            sendData();
            gearman.status(0, 100);
            try {
                job = runner.begin(request, this);
            } catch (RuntimeException | Error e) {
                LOG.error("The job {} could not begin", gearman, e);
                retry("it could not begin: " + e.getMessage());
            }
        }

        void stop(String reason) {
            if (over || job == null) {
                return;
            }
            LOG.info("Stopping {}: {}", gearman, reason);
            job.stop(reason);
            if (!stopping) {
                stopping = true;
                loop.schedule(STOP_GRACE, () -> end("ABORTED"));
            }
        }

        /** Stops a job of which nobody wants to hear any more. */
        void giveUp(String reason) {
            over = true;
            if (job != null) {
                LOG.info("Stopping {}: {}", gearman, reason);
                job.stop(reason);
            }
        }

        private void sendData() {
            gearman.data(json(data));
        }

        private void end(String result) {
            if (over) {
                return;
            }
            over = true;
            data.put("result", stopping ? "ABORTED" : result);
            byte[] last = json(data);
            // The capacity first, since the end makes the worker ask for the next job.
            forget(gearman);
            gearman.data(last);
            gearman.complete(last);
            tellIdle();
        }

        private void whileActive(Runnable report) {
            Runnable checked = () -> {
                if (!over) {
                    report.run();
                }
            };
            if (loop.inLoop()) {
                checked.run();
            } else {
                loop.execute(checked);
            }
        }

        @Override
        public void url(String url) {
            whileActive(() -> {
                data.put("url", url);
                sendData();
            });
        }

        @Override
        public void node(String node, List<String> labels) {
            whileActive(() -> {
                data.put("node_name", node);
                data.put("node_labels", List.copyOf(labels));
                sendData();
            });
        }

        @Override
        public void progress(long numerator, long denominator) {
            whileActive(() -> gearman.status(numerator, denominator));
        }

        @Override
        public void finished(String result) {
            whileActive(() -> end(result));
        }

        @Override
        public void retry(String reason) {
            LOG.warn("{} came to no result: {}", gearman, reason);
            whileActive(() -> end(null));
        }
    }

    /** Takes the requests that run jobs. */
    private final class Builds implements JobHandler {
        @Override
        public void assigned(GearmanJob job) {
            if (!served.contains(job.function())) {
                LOG.info("{} came while its function was being given up", job);
                job.fail();
                return;
            }
            try {
                ZuulRequest request = ZuulRequest.parse(job.function(), job.unique(), job.payload());
                Active begun = new Active(job, request);
                active.put(job, begun);
                room = room > 0 ? room - 1 : room;
                // Whoever begins it may narrow the offer, so nothing is asked for before that.
                begun.begin();
                shareCapacity();
            } catch (IOException e) {
                LOG.warn("Refused {}: {}", job, e.getMessage());
                job.fail();
            }
        }

        @Override
        public void lost(GearmanJob job, String reason) {
            Active found = active.get(job);
            if (found != null) {
                found.giveUp(reason);
                forget(job);
                tellIdle();
            }
        }
    }

    /** Takes the requests to stop and to describe a job, and ends each at once. */
    private final class Control implements JobHandler {
        @Override
        public void assigned(GearmanJob job) {
            try {
                JsonNode request = JSON.readTree(job.payload());
                Active found = find(request);
                if (found == null) {
                    LOG.info("{} names no job that is active here", job);
                    job.fail();
                    return;
                }
                if (job.function().startsWith("stop:")) {
                    found.stop("Zuul asked for it");
                } else if (found.job != null) {
                    found.job.describe(request.path("html_description").asText(""));
                }
                job.complete(new byte[0]);
            } catch (IOException e) {
                LOG.warn("Refused {}: {}", job, e.getMessage());
                job.fail();
            }
        }

        /** By name and number, as they were sent; Zuul may send a number as a number or as text. */
        private Active find(JsonNode request) {
            String name = request.path("name").asText("");
            String number = request.path("number").asText("");
            return active.values().stream()
                    .filter(one -> one.request.job().equals(name) && one.number.equals(number))
                    .findFirst()
                    .orElse(null);
        }

        @Override
        public void lost(GearmanJob job, String reason) {
            // It ended at once.
        }
    }

    private static byte[] json(Map<String, Object> data) {
        try {
            return JSON.writeValueAsBytes(data);
        } catch (JsonProcessingException e) {
            throw new IllegalStateException(e);
        }
    }
}
