package io.jenkins.plugins.distributedtest.gearman;

import io.jenkins.plugins.distributedtest.gearman.Packet.ProtocolException;
import io.jenkins.plugins.distributedtest.loop.EventLoop;
import java.time.Duration;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.List;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import org.gearman.common.GearmanPacketType;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * What a {@link GearmanWorker} and its server say to each other; the story is told there. The state is kept in three
 * parts: the {@link GearmanLink}, the {@link Registration} and the {@link RunningJobs}. Here packets become events of
 * these parts, and the parts' decisions become packets.
 *
 * <p>Belongs to the event loop, but for {@link #status()}.
 */
final class GearmanDialogue implements GearmanLink.Events {
    private static final Logger LOG = LoggerFactory.getLogger(GearmanDialogue.class);
    /** No server has a job of this handle. */
    private static final String NO_HANDLE = "H:distributed-test:probe";

    private final GearmanServer server;
    private final String clientId;
    private final EventLoop loop;
    private final JobHandler handler;
    private final WorkerMetrics metrics;
    private final RareLog log = new RareLog(LOG);
    private final GearmanLink link;
    private final Registration registration = new Registration();
    private final RunningJobs jobs = new RunningJobs();
    /** Whether the server answers ECHO_REQ, which C gearmand does and Zuul's does not. */
    private boolean isGearmand;
    /** Whether the handler is being called. */
    private boolean handling;

    private String lastError = "";
    private volatile WorkerStatus status;

    GearmanDialogue(GearmanServer server, String clientId, EventLoop loop, JobHandler handler, WorkerMetrics metrics) {
        this.server = server;
        this.clientId = clientId;
        this.loop = loop;
        this.handler = handler;
        this.metrics = metrics;
        link = new GearmanLink(server, loop, log, this);
        updateStatus();
    }

    // ---- what the worker is told to do

    void connect() {
        link.connect();
    }

    void setFunctions(Set<String> functions) {
        want(functions);
        settle();
    }

    void setCapacity(int capacity) {
        jobs.setCapacity(capacity);
        settle();
    }

    void setDemand(Set<String> functions, int capacity) {
        want(functions);
        jobs.setCapacity(capacity);
        settle();
    }

    private void want(Set<String> functions) {
        if (!jobs.isDraining()) {
            registration.want(functions);
        }
    }

    void drain() {
        registration.want(Set.of());
        jobs.drain();
        settle();
    }

    CompletableFuture<Void> close() {
        return link.close();
    }

    // ---- asking the server

    /**
     * Registers what has changed, then asks for a job if there is room. While the handler is being called it does
     * nothing: whoever called the handler settles afterwards.
     */
    private void settle() {
        if (handling) {
            return;
        }
        if (link.isUp()) {
            link.sendAll(registration.changes(this::mustStay));
            if (registration.size() > 0 && jobs.ask()) {
                link.send(Packet.request(GearmanPacketType.GRAB_JOB_UNIQ));
            }
        }
        updateStatus();
    }

    /** C gearmand takes the running jobs of a function away with the function; Zuul's server does not. */
    private boolean mustStay(String function) {
        return isGearmand && jobs.isBusy(function);
    }

    /**
     * Asks for the state of the running jobs, and hangs up on a silent server.
     *
     * @param silence after how long it counts as silent
     */
    void probe(Duration silence) {
        if (link.silentMillis() > silence.toMillis()) {
            link.hangUp("it has sent nothing for " + silence.toSeconds() + " s");
            return;
        }
        link.send(Packet.request(GearmanPacketType.GET_STATUS, NO_HANDLE));
        for (GearmanJob job : jobs.all()) {
            link.send(Packet.request(GearmanPacketType.GET_STATUS, job.handle()));
            if (isGearmand && !job.unique().isEmpty()) {
                link.send(Packet.request(Packet.GET_STATUS_UNIQUE, job.unique()));
            }
        }
    }

    /** Sends a report about a job, if somebody still waits for it; called by any thread. */
    private void report(GearmanJob job, Packet packet, boolean last) {
        loop.runUnlessClosed(() -> {
            if (!job.isLive() || !link.isCurrent(job.generation())) {
                LOG.debug("Dropped a {} about {}", packet, job);
                return;
            }
            link.send(packet);
            if (last) {
                jobs.end(job);
                settle();
            }
        });
    }

    // ---- what the connection brings

    @Override
    public void connected() {
        registration.reset();
        jobs.reset();
        isGearmand = false;
        link.send(Packet.request(GearmanPacketType.SET_CLIENT_ID, clientId));
        link.send(Packet.request(GearmanPacketType.ECHO_REQ, "distributed-test"));
        // Every server answers this one at once.
        link.send(Packet.request(GearmanPacketType.GET_STATUS, NO_HANDLE));
        settle();
    }

    @Override
    public void answered() {
        updateStatus();
    }

    @Override
    public void received(Packet packet) throws ProtocolException {
        if (packet.isTooLong()) {
            refuse(packet);
        } else if (packet.is(GearmanPacketType.NOOP)) {
            settle();
        } else if (packet.is(GearmanPacketType.NO_JOB)) {
            jobs.noJob();
            link.send(Packet.request(GearmanPacketType.PRE_SLEEP));
        } else if (packet.is(GearmanPacketType.JOB_ASSIGN_UNIQ)) {
            assigned(new GearmanJob(server, link.generation(), GearmanJob.Assignment.of(packet), this::report));
        } else if (packet.is(GearmanPacketType.STATUS_RES)) {
            jobState(packet.texts(5));
        } else if (packet.type() == Packet.STATUS_RES_UNIQUE) {
            clientState(packet.texts(6));
        } else if (packet.is(GearmanPacketType.ECHO_RES)) {
            isGearmand = true;
        } else if (packet.is(GearmanPacketType.ERROR)) {
            // It is about one request that went wrong, such as a report about a job that was cancelled meanwhile.
            failed("The Gearman server " + server + " says: "
                    + String.join(" ", packet.texts(1)).replace('\0', ' '));
        } else {
            LOG.debug("{} sent a {}, which means nothing to a worker", server, packet);
        }
    }

    @Override
    public void lost(String problem) {
        registration.reset();
        // The error first: whoever learns that a job is lost may look for the reason.
        if (!link.isClosed()) {
            failed(problem);
        }
        jobs.all().forEach(job -> lose(job, problem));
        updateStatus();
    }

    /** Fails a job whose request is too long, and nothing else: no other server could do more for it. */
    private void refuse(Packet packet) throws ProtocolException {
        if (!packet.is(GearmanPacketType.JOB_ASSIGN_UNIQ)) {
            throw new ProtocolException("a " + packet + " is too long: " + packet.excess());
        }
        GearmanJob job =
                new GearmanJob(server, link.generation(), GearmanJob.Assignment.beginningOf(packet), this::report);
        failed("Refused the job " + job + " of the Gearman server " + server + ": " + packet.excess());
        took(job);
        job.fail();
    }

    private void took(GearmanJob job) {
        jobs.assigned(job).ifPresent(before -> tellLost(before, "the Gearman server gave its handle to another job"));
        metrics.taken();
    }

    private void assigned(GearmanJob job) {
        took(job);
        if (jobs.isDraining()) {
            // It was asked for before. Zuul starts it anew, elsewhere.
            job.fail();
            return;
        }
        if (!handled("Taking", job, () -> handler.assigned(job))) {
            job.fail();
        }
        settle();
    }

    /** Handle and whether the server knows the job. */
    private void jobState(List<String> state) {
        if (state.get(1).equals("0")) {
            jobs.withHandle(state.get(0))
                    .ifPresent(job -> unwanted(job, "the Gearman server does not know the job any more"));
        }
    }

    /** Unique, whether the server knows the job, and at last the number of clients that wait for it. */
    private void clientState(List<String> state) {
        if (!state.get(1).equals("0") && state.get(5).equals("0")) {
            jobs.withUnique(state.get(0)).ifPresent(job -> unwanted(job, "no client waits for the job any more"));
        }
    }

    private void unwanted(GearmanJob job, String reason) {
        lose(job, reason);
        settle();
    }

    private void lose(GearmanJob job, String reason) {
        jobs.lose(job);
        tellLost(job, reason);
    }

    private void tellLost(GearmanJob job, String reason) {
        metrics.lost();
        LOG.info("Lost the job {}: {}", job, reason);
        handled("Giving up", job, () -> handler.lost(job, reason));
    }

    /** Calls the handler; false if it threw. */
    private boolean handled(String what, GearmanJob job, Runnable call) {
        boolean before = handling;
        handling = true;
        try {
            call.run();
            return true;
        } catch (RuntimeException | Error e) {
            LOG.error("{} the job {} failed", what, job, e);
            return false;
        } finally {
            handling = before;
        }
    }

    // ---- status

    /** What the worker is doing; for any thread. */
    WorkerStatus status() {
        return status;
    }

    @Override
    public void failed(String problem) {
        Instant now = Instant.now().truncatedTo(ChronoUnit.SECONDS);
        log.warn(problem, now);
        lastError = now + " " + problem;
        updateStatus();
    }

    private void updateStatus() {
        status = new WorkerStatus(server, link.connectedSince(), registration.size(), jobs.counts(), lastError);
    }
}
