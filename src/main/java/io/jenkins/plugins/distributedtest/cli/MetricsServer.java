package io.jenkins.plugins.distributedtest.cli;

import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import io.jenkins.plugins.distributedtest.loop.DaemonThreads;
import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.prometheusmetrics.PrometheusConfig;
import io.micrometer.prometheusmetrics.PrometheusMeterRegistry;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;

/** Serves a listener's metrics in the text format of Prometheus, to this host only. */
final class MetricsServer implements AutoCloseable {
    private final PrometheusMeterRegistry registry = new PrometheusMeterRegistry(PrometheusConfig.DEFAULT);
    private final HttpServer server;
    private final ExecutorService executor;

    private MetricsServer(HttpServer server) {
        this.server = server;
        executor = Executors.newSingleThreadExecutor(DaemonThreads.named("metrics"));
    }

    /**
     * Starts it.
     *
     * @param port port of the loopback address
     * @throws CliException if the port is taken
     */
    static MetricsServer start(int port) throws CliException {
        try {
            HttpServer http = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), port), 16);
            MetricsServer metrics = new MetricsServer(http);
            http.createContext("/metrics", metrics::answer);
            http.setExecutor(metrics.executor);
            http.start();
            return metrics;
        } catch (IOException e) {
            throw new CliException("Cannot serve metrics on port " + port + ": " + e.getMessage()
                    + ". Choose another --metrics-port.");
        }
    }

    /** Where the listener puts its numbers. */
    MeterRegistry registry() {
        return registry;
    }

    private void answer(HttpExchange exchange) throws IOException {
        try (exchange) {
            boolean known = exchange.getRequestURI().getPath().equals("/metrics");
            byte[] body = (known ? registry.scrape() : "Not here: /metrics\n").getBytes(StandardCharsets.UTF_8);
            exchange.getResponseHeaders().set("Content-Type", "text/plain; version=0.0.4; charset=utf-8");
            exchange.sendResponseHeaders(known ? 200 : 404, body.length);
            exchange.getResponseBody().write(body);
        }
    }

    @Override
    public void close() {
        server.stop(0);
        executor.shutdownNow();
        registry.close();
    }
}
