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

/** Serves one page over HTTP, to this host only. */
final class OnePageServer implements AutoCloseable {
    private final HttpServer server;
    private final ExecutorService executor;
    private final Page page;

    private OnePageServer(HttpServer server, Page page) {
        this.server = server;
        this.page = page;
        executor = Executors.newSingleThreadExecutor(DaemonThreads.named(page.name()));
    }

    /**
     * What is served.
     *
     * @param name what it is, for people and as the name of the thread
     * @param option the option that says the port, for the message when that is taken
     * @param path where it is
     * @param contentType its type
     * @param text makes it, each time that it is asked for
     */
    record Page(String name, String option, String path, String contentType, Supplier<String> text) {}

    /**
     * Starts it.
     *
     * @param port port of the loopback address
     * @throws CliException if the port is taken
     */
    static OnePageServer start(int port, Page page) throws CliException {
        try {
            HttpServer http = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), port), 16);
            OnePageServer server = new OnePageServer(http, page);
            http.createContext("/", server::answer);
            http.setExecutor(server.executor);
            http.start();
            return server;
        } catch (IOException e) {
            throw new CliException("Cannot serve the " + page.name() + " on port " + port + ": " + e.getMessage()
                    + ". Choose another " + page.option() + ".");
        }
    }

    /** Its address. */
    String address() {
        return "http://127.0.0.1:" + server.getAddress().getPort() + page.path();
    }

    private void answer(HttpExchange exchange) throws IOException {
        try (exchange) {
            boolean known = exchange.getRequestURI().getPath().equals(page.path());
            byte[] body =
                    (known ? page.text().get() : "Not here: " + page.path() + "\n").getBytes(StandardCharsets.UTF_8);
            exchange.getResponseHeaders()
                    .set("Content-Type", (known ? page.contentType() : "text/plain") + "; charset=utf-8");
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
