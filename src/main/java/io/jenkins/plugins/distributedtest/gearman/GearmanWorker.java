package io.jenkins.plugins.distributedtest.gearman;

import io.jenkins.plugins.distributedtest.loop.EventLoop;
import io.micrometer.core.instrument.MeterRegistry;
import java.time.Duration;
import java.util.Collection;
import java.util.LinkedHashSet;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * A Gearman worker: one connection to one server, over which any number of jobs run at once.
 *
 * <p>The story of a connection. It is made ({@link GearmanLink}), and the functions are registered: CAN_DO for each
 * ({@link Registration}). While fewer jobs run than the capacity allows ({@link RunningJobs}), the worker asks for one
 * with GRAB_JOB_UNIQ, one question at a time. JOB_ASSIGN_UNIQ brings a job, which goes to the {@link JobHandler}; when
 * the handler has returned, the next question follows if there is still room. NO_JOB is answered with PRE_SLEEP; the
 * server then wakes the worker with NOOP when a job comes. Reports about jobs are sent whenever they are made, in any
 * order between jobs. A worker without room asks nothing and does not sleep, so nothing wakes it; the end of a job, or
 * a larger capacity, makes it ask again.
 *
 * <p>A change of functions costs a CAN_DO or CANT_DO for each function that changed. A server does not wake a sleeping
 * worker for a job that was queued before its CAN_DO, so the worker asks after each change. C gearmand takes the running
 * jobs of a function away together with the function, so there CANT_DO waits for the end of the function's last job; it
 * is for the handler to refuse what is assigned meanwhile.
 *
 * <p>Every job belongs to a generation, that of its connection. When the connection is lost, its jobs are
 * {@linkplain JobHandler#lost lost}, and reports about them are dropped: a restarted server numbers its handles from 1
 * again, so that a report would reach another job.
 *
 * <p>Every {@linkplain Timing#probe few seconds} the worker asks for the state of each job it runs, and of a job that
 * does not exist. The answers show that the server is alive (Zuul's server does not answer ECHO_REQ), and that the jobs
 * are still wanted: no server tells a worker that its client has gone. Zuul's server forgets the job; C gearmand keeps
 * it, but reports by GET_STATUS_UNIQUE that nobody waits for it. That question is only for a server that has answered
 * an ECHO_REQ, which Zuul's does not. C gearmand's {@code cancel job} of a job that runs already cannot be noticed, so
 * a handler should send the data by which its client can stop it at once.
 *
 * <p>All state belongs to the event loop; every public method may be called from any thread.
 */
public final class GearmanWorker implements AutoCloseable {
    private static final Logger LOG = LoggerFactory.getLogger(GearmanWorker.class);
    /** How long {@link #close} may take. */
    private static final int CLOSE_SECONDS = 5;

    /**
     * How long things take.
     *
     * @param probe how often the server is asked for the state of the running jobs
     * @param silence after how long without a packet a connection counts as lost
     */
    public record Timing(Duration probe, Duration silence) {
        /** Probes every 3 s, gives up a server that is silent for 30 s. */
        public static final Timing DEFAULT = new Timing(Duration.ofSeconds(3), Duration.ofSeconds(30));
    }

    /**
     * How a worker is called.
     *
     * @param text the name it gives itself, shown by the server's {@code workers} command
     * @param connection what its connection is for, the same at each start: a label of its metrics
     */
    public record ClientId(String text, String connection) {}

    private final GearmanServer server;
    private final WorkerMetrics metrics;
    private final EventLoop loop;
    private final Timing timing;
    private final GearmanDialogue dialogue;
    private EventLoop.Scheduled probes; // belongs to the loop

    /**
     * Makes a worker, which does nothing before {@link #start}.
     *
     * @param server the server
     * @param id how it is called
     * @param loop owns its state; several workers may share one
     * @param handler handles its jobs
     * @param timing how long things take
     * @param meters receives its metrics
     */
    public GearmanWorker(
            GearmanServer server,
            ClientId id,
            EventLoop loop,
            JobHandler handler,
            Timing timing,
            MeterRegistry meters) {
        this.server = server;
        this.loop = loop;
        this.timing = timing;
        metrics = new WorkerMetrics(meters, server, id.connection());
        dialogue = new GearmanDialogue(server, id.text(), loop, handler, metrics);
    }

    /** Begins to connect. Call it once. */
    public void start() {
        metrics.show(this);
        loop.runUnlessClosed(() -> {
            probes = loop.every(timing.probe(), () -> dialogue.probe(timing.silence()));
            dialogue.connect();
        });
    }

    /**
     * Sets which functions are served. Cheap: only what changed goes to the server.
     *
     * @param functions all of them, in the order in which they are to be registered
     * @throws IllegalArgumentException if one of them cannot be the name of a function
     */
    public void setFunctions(Collection<String> functions) {
        Set<String> checked = checked(functions);
        loop.runUnlessClosed(() -> dialogue.setFunctions(checked));
    }

    /**
     * Sets how many jobs may run at once. A capacity below the number of running jobs stops none of them; no further
     * one is taken until there is room again.
     *
     * @param capacity 0 or more
     */
    public void setCapacity(int capacity) {
        RunningJobs.checkCapacity(capacity);
        loop.runUnlessClosed(() -> dialogue.setCapacity(capacity));
    }

    /**
     * Sets functions and capacity in one step, so that no job of a function that is given up is taken at the new
     * capacity.
     *
     * @param functions as in {@link #setFunctions}
     * @param capacity as in {@link #setCapacity}
     */
    public void setDemand(Collection<String> functions, int capacity) {
        Set<String> checked = checked(functions);
        RunningJobs.checkCapacity(capacity);
        loop.runUnlessClosed(() -> dialogue.setDemand(checked, capacity));
    }

    private static Set<String> checked(Collection<String> functions) {
        for (String function : functions) {
            if (function.isEmpty() || function.indexOf('\0') >= 0) {
                throw new IllegalArgumentException("Not the name of a Gearman function: '" + function + "'");
            }
        }
        return new LinkedHashSet<>(functions);
    }

    /** Takes no more jobs, for good. Those that run go on. */
    public void drain() {
        loop.runUnlessClosed(dialogue::drain);
    }

    /** What the worker is doing; never blocks. */
    public WorkerStatus status() {
        return dialogue.status();
    }

    /** The server it works for. */
    public GearmanServer server() {
        return server;
    }

    /**
     * Closes the connection for good, after what was sent before. Jobs that still run are {@linkplain JobHandler#lost
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
        if (probes != null) {
            probes.cancel();
        }
        return dialogue.close();
    }
}
