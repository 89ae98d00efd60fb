package io.jenkins.plugins.distributedtest.cli;

import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.prometheusmetrics.PrometheusConfig;
import io.micrometer.prometheusmetrics.PrometheusMeterRegistry;

/** Serves a listener's metrics in the text format of Prometheus, to this host only. */
final class MetricsServer implements AutoCloseable {
    private final PrometheusMeterRegistry registry = new PrometheusMeterRegistry(PrometheusConfig.DEFAULT);
    private final OnePageServer server;

    private MetricsServer(int port) throws CliException {
        server = OnePageServer.start(
                port,
                new OnePageServer.Page(
                        "metrics", "--metrics-port", "/metrics", "text/plain; version=0.0.4", registry::scrape));
    }

    /**
     * Starts it.
     *
     * @param port port of the loopback address
     * @throws CliException if the port is taken
     */
    static MetricsServer start(int port) throws CliException {
        return new MetricsServer(port);
    }

    /** Where the listener puts its numbers. */
    MeterRegistry registry() {
        return registry;
    }

    @Override
    public void close() {
        server.close();
        registry.close();
    }
}
