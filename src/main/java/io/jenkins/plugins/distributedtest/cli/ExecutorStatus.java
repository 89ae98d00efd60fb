package io.jenkins.plugins.distributedtest.cli;

import io.jenkins.plugins.distributedtest.gearman.GearmanQueue;
import io.jenkins.plugins.distributedtest.zuul.ZuulExecutor;
import io.jenkins.plugins.distributedtest.zuul.ZuulRequest;
import io.jenkins.plugins.distributedtest.zuul.settings.ExecutorSettings;
import io.jenkins.plugins.distributedtest.zuul.task.TaskBackend;
import io.micrometer.core.instrument.Gauge;
import io.micrometer.core.instrument.MeterRegistry;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;

/** What an executor shows of itself while somebody may look: how many jobs wait for it, and its status page. */
final class ExecutorStatus implements AutoCloseable {
    private final List<GearmanQueue> queues = new ArrayList<>();
    private OnePageServer server;

    private ExecutorStatus() {}

    /**
     * What is shown, and where.
     *
     * @param statusPort the port of the status page; null for none
     * @param hasMetrics whether the metrics are served
     * @param meters receives the number of jobs that wait
     * @param containers how processes are kept together, for people
     */
    record Wanted(Integer statusPort, boolean hasMetrics, MeterRegistry meters, String containers) {}

    /**
     * Begins to show.
     *
     * @throws CliException if the port is taken
     */
    static ExecutorStatus start(Wanted wanted, ExecutorSettings settings, TaskBackend backend, ZuulExecutor executor)
            throws CliException {
        ExecutorStatus status = new ExecutorStatus();
        if (wanted.statusPort() != null || wanted.hasMetrics()) {
            settings.servers().forEach(each -> {
                GearmanQueue queue = new GearmanQueue(each, () -> functions(backend));
                Gauge.builder("distributed_test.gearman.jobs.waiting", queue, ExecutorStatus::waiting)
                        .tag("server", each.address())
                        .register(wanted.meters());
                status.queues.add(queue);
            });
        }
        if (wanted.statusPort() != null) {
            StatusPage page = new StatusPage(backend, executor, status.queues, wanted.containers());
            try {
                status.server = OnePageServer.start(
                        wanted.statusPort(),
                        new OnePageServer.Page("status page", "--status-port", "/", "text/html", page::html));
            } catch (CliException e) {
                status.close();
                throw e;
            }
        }
        return status;
    }

    /** Where the status page is; empty if there is none. */
    Optional<String> address() {
        return Optional.ofNullable(server).map(OnePageServer::address);
    }

    private static double waiting(GearmanQueue queue) {
        Integer waiting = queue.waiting();
        return waiting == null ? Double.NaN : waiting;
    }

    private static Set<String> functions(TaskBackend backend) {
        return backend.names().stream().map(name -> ZuulRequest.BUILD + name).collect(Collectors.toSet());
    }

    @Override
    public void close() {
        if (server != null) {
            server.close();
        }
        queues.forEach(GearmanQueue::close);
    }
}
