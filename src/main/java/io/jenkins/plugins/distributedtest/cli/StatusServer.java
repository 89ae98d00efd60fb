package io.jenkins.plugins.distributedtest.cli;

import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import io.jenkins.plugins.distributedtest.loop.DaemonThreads;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.function.Supplier;

/** Serves an executor's status page, to this host only. */
final class StatusServer implements AutoCloseable {
    private final HttpServer server;
    private final ExecutorService executor;
    private final Supplier<String> page;

    private StatusServer(HttpServer server, Supplier<String> page) {
        this.server = server;
        this.page = page;
        executor = Executors.newSingleThreadExecutor(DaemonThreads.named("status-page"));
    }

    /**
     * Starts it.
     *
     * @param port port of the loopback address
     * @param page makes the page, each time that it is asked for
     * @throws CliException if the port is taken
     */
    static StatusServer start(int port, Supplier<String> page) throws CliException {
        try {
            HttpServer http = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), port), 16);
            StatusServer status = new StatusServer(http, page);
            http.createContext("/", status::answer);
            http.setExecutor(status.executor);
            http.start();
            return status;
        } catch (IOException e) {
            throw new CliException("Cannot serve the status page on port " + port + ": " + e.getMessage()
                    + ". Choose another --status-port.");
        }
    }

    /** Its address. */
    String address() {
        return "http://127.0.0.1:" + server.getAddress().getPort() + "/";
    }

    private void answer(HttpExchange exchange) throws IOException {
        try (exchange) {
            boolean known = exchange.getRequestURI().getPath().equals("/");
            byte[] body = (known ? page.get() : "Not here: /\n").getBytes(StandardCharsets.UTF_8);
            exchange.getResponseHeaders().set("Content-Type", (known ? "text/html" : "text/plain") + "; charset=utf-8");
            exchange.getResponseHeaders()
                    .set("Content-Security-Policy", "default-src 'none'; style-src 'unsafe-inline'");
            exchange.sendResponseHeaders(known ? 200 : 404, body.length);
            exchange.getResponseBody().write(body);
        }
    }

    @Override
    public void close() {
        server.stop(0);
        executor.shutdownNow();
    }
}
