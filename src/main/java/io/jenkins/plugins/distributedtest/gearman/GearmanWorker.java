package io.jenkins.plugins.distributedtest.gearman;

import io.jenkins.plugins.distributedtest.gearman.Packet.ProtocolException;
import io.jenkins.plugins.distributedtest.loop.Backoff;
import io.jenkins.plugins.distributedtest.loop.EventLoop;
import io.jenkins.plugins.distributedtest.tls.TlsProblems;
import io.micrometer.core.instrument.Counter;
import io.micrometer.core.instrument.Gauge;
import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.Tags;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.ThreadPoolExecutor;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import org.gearman.common.GearmanPacketType;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * A Gearman worker: one connection to one server, over which any number of jobs run at once.
 *
 * <p>The story of a connection. It is made, and the functions are registered: CAN_DO for each. While fewer jobs run
 * than the capacity allows, the worker asks for one with GRAB_JOB_UNIQ, one question at a time. JOB_ASSIGN_UNIQ brings
 * a job, which goes to the {@link JobHandler}, and the next question follows at once if there is still room. NO_JOB is
 * answered with PRE_SLEEP; the server then wakes the worker with NOOP when a job comes. Reports about jobs travel
 * whenever they are made, in any order between jobs. A worker without room asks nothing and does not sleep, so nothing
 * wakes it; the end of a job, or a larger capacity, makes it ask again.
 *
 * <p>Functions are registered by difference: a change costs a CAN_DO or CANT_DO for what changed. A server does not
 * wake a sleeping worker for a job that was queued before its CAN_DO, so the worker asks after each addition. CANT_DO
 * goes out only for what this connection has registered, since Zuul's server closes the connection otherwise. C gearmand
 * takes the running jobs of a function away with it, so there CANT_DO waits for the end of the function's last job; it
 * is for the handler to refuse what is assigned meanwhile.
 *
 * <p>Every job belongs to a generation, that of its connection. When the connection is lost, its jobs are
 * {@linkplain JobHandler#lost lost}, and reports about them are dropped: a restarted server numbers its handles from 1
 * again, and the report would meet somebody else's job. The worker connects again, for ever, with growing pauses.
 *
 * <p>Every {@linkplain Timing#probe few seconds} the worker asks for the state of each job it runs, and of a job that
 * does not exist. The answers show that the server is alive (Zuul's server does not answer ECHO_REQ), and that jobs are
 * still wanted: no server tells a worker that its client has gone. Zuul's forgets the job; C gearmand keeps it, but
 * tells by GET_STATUS_UNIQUE that nobody waits for it. That question is put only to a server that has answered an
 * ECHO_REQ, which Zuul's does not. What cannot be seen is C gearmand's {@code cancel job} of a job that runs already,
 * so a handler should send the data by which its client can stop it at once.
 *
 * <p>All state belongs to the event loop; every public method may be called from any thread.
 */
public final class GearmanWorker implements AutoCloseable {
    private static final Logger LOG = LoggerFactory.getLogger(GearmanWorker.class);

    /**
     * How long things take.
     *
     * @param probe how often the server is asked for the state of the running jobs
     * @param silence after how long without a packet a connection counts as lost
     */
    public record Timing(Duration probe, Duration silence) {
        /** Probes every 3 s, gives a silent server 30 s. */
        public static final Timing DEFAULT = new Timing(Duration.ofSeconds(3), Duration.ofSeconds(30));
    }

    /** How long {@link #close} may take. */
    private static final int CLOSE_SECONDS = 5;

    private final GearmanServer server;
    private final String clientId;
    private final EventLoop loop;
    private final JobHandler handler;
    private final Timing timing;
    private final ThreadPoolExecutor connector;
    private final Backoff backoff = new Backoff();
    private final Counter takenCounter;
    private final Counter lostCounter;

    // What is below belongs to the loop.
    private final Map<String, GearmanJob> running = new HashMap<>();
    private Set<String> wanted = new LinkedHashSet<>();
    private Set<String> registered = new LinkedHashSet<>();
    private int capacity;
    private boolean draining;
    private boolean closed;
    private GearmanConnection connection;
    private Instant connectedSince;
    private long generation;
    private boolean grabbing;
    private boolean tellsClients;
    private long taken;
    private long lost;
    private String lastError = "";
    private EventLoop.Scheduled probes;
    private volatile WorkerStatus status;

    /**
     * Makes a worker, which does nothing before {@link #start}.
     *
     * @param server the server
     * @param clientId the name it gives itself, shown by the server's {@code workers} command
     * @param loop owns its state; several workers may share one
     * @param handler takes its jobs
     * @param timing how long things take
     * @param meters takes its metrics
     */
    public GearmanWorker(
            GearmanServer server,
            String clientId,
            EventLoop loop,
            JobHandler handler,
            Timing timing,
            MeterRegistry meters) {
        this.server = server;
        this.clientId = clientId;
        this.loop = loop;
        this.handler = handler;
        this.timing = timing;
        connector = new ThreadPoolExecutor(0, 1, 10, TimeUnit.SECONDS, new LinkedBlockingQueue<>(2), task -> {
            Thread thread = new Thread(task, "gearman-" + server + "-connector");
            thread.setDaemon(true);
            return thread;
        });
        connector.allowCoreThreadTimeOut(true);
        Tags tags = Tags.of("server", server.toString(), "client", clientId);
        takenCounter = meters.counter("distributed_test.gearman.jobs.taken", tags);
        lostCounter = meters.counter("distributed_test.gearman.jobs.lost", tags);
        Gauge.builder(
                        "distributed_test.gearman.jobs.running",
                        this,
                        worker -> worker.status().running())
                .tags(tags)
                .register(meters);
        Gauge.builder(
                        "distributed_test.gearman.connected",
                        this,
                        w -> w.status().connectedSince() == null ? 0 : 1)
                .tags(tags)
                .register(meters);
        updateStatus();
    }

    /** Begins to connect. Call it once. */
    public void start() {
        onLoop(() -> {
            probes = loop.every(timing.probe(), this::probe);
            connect();
        });
    }

    /**
     * Sets which functions are served. Cheap: only what changed goes to the server.
     *
     * @param functions all of them, in the order in which they are to be registered
     */
    public void setFunctions(Collection<String> functions) {
        Set<String> copy = new LinkedHashSet<>(functions);
        copy.forEach(GearmanWorker::checkFunction);
        onLoop(() -> {
            wanted = copy;
            register();
        });
    }

    private static void checkFunction(String function) {
        if (function.isEmpty() || function.indexOf('\0') >= 0) {
            throw new IllegalArgumentException("Not the name of a Gearman function: '" + function + "'");
        }
    }

    /**
     * Sets how many jobs may run at once. Fewer than are running stops none of them; no further one is taken until
     * there is room again.
     *
     * @param jobs 0 or more
     */
    public void setCapacity(int jobs) {
        if (jobs < 0) {
            throw new IllegalArgumentException("A capacity is 0 or more, not " + jobs);
        }
        onLoop(() -> {
            capacity = jobs;
            grab();
        });
    }

    /** Takes no more jobs, for good. Those that run go on. */
    public void drain() {
        onLoop(() -> {
            draining = true;
            wanted = Set.of();
            register();
        });
    }

    /** What the worker is doing; never blocks, and is at most an instant old. */
    public WorkerStatus status() {
        return status;
    }

    /** The server it works for. */
    public GearmanServer server() {
        return server;
    }

    /**
     * Closes the connection for good, after what was said before. Jobs that still run are {@linkplain JobHandler#lost
     * lost}, before this returns to a caller on the event loop, soon after to another. A caller off the loop waits until
     * the last packets are written, {@value #CLOSE_SECONDS} s at most.
     */
    @Override
    public void close() {
        if (loop.inLoop()) {
            closeOnLoop();
            return;
        }
        try {
            loop.submit(this::closeOnLoop).thenCompose(ended -> ended).get(CLOSE_SECONDS, TimeUnit.SECONDS);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        } catch (ExecutionException | TimeoutException | RejectedExecutionException e) {
            LOG.debug("The connection to {} did not end in order", server, e);
        }
    }

    private CompletableFuture<Void> closeOnLoop() {
        if (closed) {
            return CompletableFuture.completedFuture(null);
        }
        closed = true;
        if (probes != null) {
            probes.cancel();
        }
        connector.shutdownNow();
        if (connection == null) {
            return CompletableFuture.completedFuture(null);
        }
        GearmanConnection last = connection;
        disconnected(last.generation(), "closed");
        return last.finish();
    }

    // ---- connecting

    private void connect() {
        if (closed) {
            return;
        }
        long next = ++generation;
        connector.execute(() -> {
            try {
                GearmanConnection made = GearmanConnection.open(
                        server,
                        next,
                        packet -> loop.execute(() -> received(next, packet)),
                        reason -> later(() -> disconnected(next, reason)));
                later(() -> connected(made));
            } catch (IOException | RuntimeException e) {
                later(() -> retry("Cannot connect to " + server + ": " + TlsProblems.inWords(e)));
            }
        });
    }

    private void connected(GearmanConnection made) {
        if (closed) {
            made.hangUp("closed");
            return;
        }
        connection = made;
        connectedSince = Instant.now();
        registered = new LinkedHashSet<>();
        grabbing = false;
        tellsClients = false;
        LOG.info("Connected to the Gearman server {}", server);
        made.start();
        made.send(Packet.request(GearmanPacketType.SET_CLIENT_ID, clientId));
        made.send(Packet.request(GearmanPacketType.ECHO_REQ, "distributed-test"));
        register();
    }

    private void disconnected(long lostGeneration, String reason) {
        if (connection == null || connection.generation() != lostGeneration) {
            return;
        }
        backoff.lasted(Duration.between(connectedSince, Instant.now()));
        connection = null;
        connectedSince = null;
        registered = new LinkedHashSet<>();
        String what = "Lost the connection to the Gearman server " + server + ": " + reason;
        for (GearmanJob job : List.copyOf(running.values())) {
            lose(job, what);
        }
        if (!closed) {
            retry(what);
        }
        updateStatus();
    }

    private void retry(String problem) {
        if (closed) {
            return;
        }
        error(problem);
        loop.schedule(backoff.next(), this::connect);
    }

    // ---- registering and grabbing

    private void register() {
        if (connection == null) {
            return;
        }
        List<Packet> changes = new ArrayList<>();
        Set<String> next = new LinkedHashSet<>(wanted);
        for (String function : registered) {
            if (!wanted.contains(function) && takesJobsAway() && isBusy(function)) {
                next.add(function);
            } else if (!wanted.contains(function)) {
                changes.add(Packet.request(GearmanPacketType.CANT_DO, function));
            }
        }
        for (String function : wanted) {
            if (!registered.contains(function)) {
                changes.add(Packet.request(GearmanPacketType.CAN_DO, function));
            }
        }
        registered = next;
        connection.sendAll(changes);
        grab();
    }

    /** C gearmand takes the running jobs of a function away with the function; Zuul's server does not. */
    private boolean takesJobsAway() {
        return tellsClients;
    }

    private boolean isBusy(String function) {
        return running.values().stream().anyMatch(job -> job.function().equals(function));
    }

    /** A job has ended: a function that nobody wants any more may have waited for that. */
    private void released(GearmanJob job) {
        if (wanted.contains(job.function())) {
            grab();
        } else {
            register();
        }
    }

    private void grab() {
        updateStatus();
        if (connection == null || grabbing || draining || registered.isEmpty() || running.size() >= capacity) {
            return;
        }
        grabbing = true;
        connection.send(Packet.request(GearmanPacketType.GRAB_JOB_UNIQ));
    }

    // ---- what the server sends

    private void received(long from, Packet packet) {
        if (connection == null || connection.generation() != from) {
            return;
        }
        try {
            handle(packet);
        } catch (ProtocolException e) {
            error("The Gearman server " + server + " broke the protocol: " + e.getMessage());
            connection.hangUp(e.getMessage());
        }
    }

    private void handle(Packet packet) throws ProtocolException {
        if (packet.is(GearmanPacketType.NOOP)) {
            grab();
        } else if (packet.is(GearmanPacketType.NO_JOB)) {
            grabbing = false;
            connection.send(Packet.request(GearmanPacketType.PRE_SLEEP));
        } else if (packet.is(GearmanPacketType.JOB_ASSIGN_UNIQ)) {
            List<byte[]> arguments = packet.arguments(4);
            assigned(text(arguments.get(0)), text(arguments.get(1)), text(arguments.get(2)), arguments.get(3));
        } else if (packet.is(GearmanPacketType.STATUS_RES)) {
            List<String> state = packet.texts(5);
            if (state.get(1).equals("0")) {
                unwanted(running.get(state.get(0)), "the Gearman server does not know the job any more");
            }
        } else if (packet.type() == Packet.STATUS_RES_UNIQUE) {
            clientsTold(packet.texts(6));
        } else if (packet.is(GearmanPacketType.ECHO_RES)) {
            tellsClients = true;
        } else if (packet.is(GearmanPacketType.ERROR)) {
            // It tells of one request that went wrong, such as a report about a job that was cancelled meanwhile.
            error("The Gearman server " + server + " says: "
                    + String.join(" ", packet.texts(1)).replace('\0', ' '));
        } else {
            LOG.debug("{} sent a {}, which is nothing to a worker", server, packet);
        }
    }

    private void assigned(String handle, String function, String unique, byte[] payload) {
        grabbing = false;
        GearmanJob job = new GearmanJob(this, connection.generation(), handle, function, unique, payload);
        GearmanJob before = running.put(handle, job);
        if (before != null) {
            lose(before, "the Gearman server gave its handle to another job");
            running.put(handle, job);
        }
        taken++;
        takenCounter.increment();
        if (draining) {
            // It was asked for before. Zuul starts it anew, elsewhere.
            job.fail();
            return;
        }
        try {
            handler.assigned(job);
        } catch (RuntimeException | Error e) {
            LOG.error("Taking the job {} failed", job, e);
            job.fail();
        }
        grab();
    }

    private void clientsTold(List<String> state) {
        boolean known = !state.get(1).equals("0");
        if (known && state.get(5).equals("0")) {
            running.values().stream()
                    .filter(job -> job.unique().equals(state.get(0)))
                    .findFirst()
                    .ifPresent(job -> unwanted(job, "no client waits for the job any more"));
        }
    }

    private void unwanted(GearmanJob job, String reason) {
        if (job != null) {
            lose(job, reason);
            released(job);
        }
    }

    private void lose(GearmanJob job, String reason) {
        running.remove(job.handle(), job);
        job.end();
        lost++;
        lostCounter.increment();
        LOG.info("Lost the job {}: {}", job, reason);
        try {
            handler.lost(job, reason);
        } catch (RuntimeException | Error e) {
            LOG.error("Giving up the job {} failed", job, e);
        }
    }

    // ---- what goes out

    /** Sends a report about a job, if somebody waits for it. */
    void report(GearmanJob job, Packet packet, boolean last) {
        onLoop(() -> {
            if (!job.isLive() || connection == null || connection.generation() != job.generation()) {
                LOG.debug("Dropped a {} about {}", packet, job);
                return;
            }
            connection.send(packet);
            if (last) {
                job.end();
                running.remove(job.handle(), job);
                released(job);
            }
        });
    }

    private void probe() {
        if (connection == null) {
            return;
        }
        if (connection.silentMillis() > timing.silence().toMillis()) {
            connection.hangUp("it has sent nothing for " + timing.silence().toSeconds() + " s");
            return;
        }
        connection.send(Packet.request(GearmanPacketType.GET_STATUS, "H:distributed-test:probe"));
        for (GearmanJob job : running.values()) {
            connection.send(Packet.request(GearmanPacketType.GET_STATUS, job.handle()));
            if (tellsClients && !job.unique().isEmpty()) {
                connection.send(Packet.request(Packet.GET_STATUS_UNIQUE, job.unique()));
            }
        }
    }

    private void error(String problem) {
        LOG.warn(problem);
        lastError = Instant.now() + " " + problem;
        updateStatus();
    }

    private void updateStatus() {
        status = new WorkerStatus(
                server, connectedSince, registered.size(), capacity, running.size(), taken, lost, lastError);
    }

    private void onLoop(Runnable task) {
        if (loop.inLoop()) {
            task.run();
        } else {
            later(task);
        }
    }

    /** Never in the middle of what the loop is doing now: the connection may end while something is sent. */
    private void later(Runnable task) {
        try {
            loop.execute(task);
        } catch (RejectedExecutionException e) {
            LOG.debug("The event loop is closed", e);
        }
    }

    private static String text(byte[] bytes) {
        return new String(bytes, StandardCharsets.UTF_8);
    }
}
