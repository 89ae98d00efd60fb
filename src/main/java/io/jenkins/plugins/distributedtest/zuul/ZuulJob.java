package io.jenkins.plugins.distributedtest.zuul;

import com.fasterxml.jackson.core.JsonProcessingException;
import io.jenkins.plugins.distributedtest.files.Json;
import io.jenkins.plugins.distributedtest.gearman.GearmanJob;
import io.jenkins.plugins.distributedtest.loop.EventLoop;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * A job that Zuul asked for, between its request and its end: what Zuul was told about it, and what runs for it.
 *
 * <p>Zuul believes the last payload that is not empty, so each one repeats everything, and the result is only in the
 * last one. A job that is to stop ends with the result ABORTED, whatever its execution reports, and at the latest after
 * {@link ZuulExecutor#STOP_GRACE}.
 *
 * <p>All state belongs to the executor's event loop; the reports may be made by any thread.
 */
final class ZuulJob implements ZuulReporter {
    private static final Logger LOG = LoggerFactory.getLogger(ZuulJob.class);
    private static final String ABORTED = "ABORTED";

    /** Who counts the active jobs. */
    interface Owner {
        /**
         * A job is about to end. Its place is given to others before its last packets are sent, since these make the
         * worker ask for the next job.
         */
        void ending(ZuulJob job);

        /** The last packets of a job were sent. */
        void ended(ZuulJob job);
    }

    private final GearmanJob gearman;
    private final ZuulServer server;
    private final ZuulRequest request;
    private final EventLoop loop;
    private final Owner owner;
    /** Comes back in a request to stop; Zuul accepts neither null nor 0. */
    private final String number;

    private final Map<String, Object> data;
    private ZuulBackend.Execution execution;
    private boolean over;
    private boolean stopping;

    ZuulJob(
            GearmanJob gearman,
            ZuulServer server,
            ZuulRequest request,
            ExecutorIdentity identity,
            EventLoop loop,
            Owner owner) {
        this.gearman = gearman;
        this.server = server;
        this.request = request;
        this.loop = loop;
        this.owner = owner;
        number = request.unique().isEmpty() ? gearman.handle() : request.unique();
        data = firstData(request.job(), number, identity);
    }

    private static Map<String, Object> firstData(String name, String number, ExecutorIdentity identity) {
        Map<String, Object> data = new LinkedHashMap<>();
        data.put("name", name);
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
        return data;
    }

    GearmanJob gearman() {
        return gearman;
    }

    /** The server that it came from. */
    ZuulServer server() {
        return server;
    }

    /** Whether Zuul means this job when it wants to stop or describe one. */
    boolean isNamed(String name, String itsNumber) {
        return request.job().equals(name) && number.equals(itsNumber);
    }

    /**
     * Tells Zuul how to stop the job, and begins it.
     *
     * @return false if it could not begin; it has ended then
     */
    boolean begin(ZuulBackend backend) {
        sendData();
        gearman.status(0, 100);
        try {
            execution = backend.begin(request, this);
            return true;
        } catch (RuntimeException | Error e) {
            LOG.error("The job {} could not begin", gearman, e);
            retry("it could not begin: " + e.getMessage());
            return false;
        }
    }

    // ---- what Zuul asks for

    void stop(String reason) {
        if (over || execution == null) {
            return;
        }
        LOG.info("Stopping {}: {}", gearman, reason);
        execution.stop(reason);
        if (!stopping) {
            stopping = true;
            loop.schedule(ZuulExecutor.STOP_GRACE, () -> end(ABORTED));
        }
    }

    void describe(String html) {
        if (execution != null) {
            execution.describe(html);
        }
    }

    /** Nobody waits for the job any more: it is stopped, and nothing is reported. */
    void giveUp(String reason) {
        over = true;
        if (execution != null) {
            LOG.info("Stopping {}: {}", gearman, reason);
            execution.stop(reason);
        }
    }

    // ---- what is reported to Zuul

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

    /** @param result null if there is none, which makes Zuul start the job anew */
    private void end(String result) {
        if (over) {
            return;
        }
        over = true;
        data.put("result", stopping ? ABORTED : result);
        byte[] last = json(data);
        owner.ending(this);
        gearman.data(last);
        gearman.complete(last);
        owner.ended(this);
    }

    private void sendData() {
        gearman.data(json(data));
    }

    private static byte[] json(Map<String, Object> data) {
        try {
            return Json.PLAIN.writeValueAsBytes(data);
        } catch (JsonProcessingException e) {
            throw new IllegalStateException(e);
        }
    }
}
