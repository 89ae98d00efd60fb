package io.jenkins.plugins.distributedtest.gearman;

import io.micrometer.core.instrument.Gauge;
import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.Tags;
import java.util.function.ToDoubleFunction;

/** The metrics of one worker: {@code distributed_test.gearman.*}, tagged with its server and what its connection is for. */
final class WorkerMetrics {
    private final MeterRegistry meters;
    private final Tags tags;

    WorkerMetrics(MeterRegistry meters, GearmanServer server, String connection) {
        this.meters = meters;
        tags = Tags.of("server", server.address(), "connection", connection);
    }

    /** Shows a worker's status by gauges, which hold the worker weakly. */
    void show(GearmanWorker worker) {
        gauge("jobs.running", worker, each -> each.status().jobs().running());
        gauge("connected", worker, each -> each.status().isConnected() ? 1 : 0);
    }

    private void gauge(String name, GearmanWorker worker, ToDoubleFunction<GearmanWorker> value) {
        Gauge.builder("distributed_test.gearman." + name, worker, value)
                .tags(tags)
                .register(meters);
    }

    void taken() {
        meters.counter("distributed_test.gearman.jobs.taken", tags).increment();
    }

    void lost() {
        meters.counter("distributed_test.gearman.jobs.lost", tags).increment();
    }
}
