package io.jenkins.plugins.distributedtest.jenkins.build;

import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;

/**
 * A small server of the plugin's pages, with the files that Jenkins serves and a policy as strict as Jenkins' own:
 * no inline script, no inline style, nothing from elsewhere.
 */
public final class Pages implements AutoCloseable {
    private static final String POLICY = "default-src 'none'; script-src 'self'; style-src 'self'; connect-src 'self'; "
            + "img-src 'self'; base-uri 'none'; form-action 'none'";
    private static final String ROOT = "/io/jenkins/plugins/distributedtest/";

    /** Answers a question. */
    public interface Answer {
        void to(HttpExchange exchange) throws IOException;
    }

    /** What was asked, and how many bytes the answer had. */
    public record Asked(String uri, long bytes) {}

    public final List<Asked> asked = new CopyOnWriteArrayList<>();
    private final Map<String, Answer> answers = new ConcurrentHashMap<>();
    private final ExecutorService threads = Executors.newFixedThreadPool(4, work -> new Thread(work, "pages"));
    private final HttpServer server;

    public Pages() throws IOException {
        server = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
        server.setExecutor(threads);
        server.createContext("/", this::handle);
        server.start();
    }

    public URI uri(String path) {
        return URI.create("http://127.0.0.1:" + server.getAddress().getPort() + path);
    }

    /** Answers this path from now on. */
    public void on(String path, Answer answer) {
        answers.put(path, answer);
    }

    /** A page whose body is this markup, with scripts and style sheets of the plugin. */
    public void page(String path, String body, List<String> styles, List<String> scripts) {
        StringBuilder html = new StringBuilder(
                "<!DOCTYPE html><html data-theme=\"none\"><head><meta charset=\"utf-8\">"
                        + "<title>t</title><link rel=\"icon\" href=\"/none.png\"><link rel=\"stylesheet\" href=\"/theme.css\">");
        styles.forEach(name -> html.append("<link rel=\"stylesheet\" href=\"/files/" + name + "\">"));
        scripts.forEach(name -> html.append("<script src=\"/files/" + name + "\"></script>"));
        html.append("</head><body>").append(body).append("</body></html>");
        on(path, exchange -> send(exchange, 200, "text/html", html.toString()));
    }

    public static void send(HttpExchange exchange, int status, String type, String text) throws IOException {
        exchange.getResponseHeaders().set("Content-Type", type);
        byte[] bytes = text.getBytes(StandardCharsets.UTF_8);
        exchange.sendResponseHeaders(status, bytes.length == 0 ? -1 : bytes.length);
        exchange.getResponseBody().write(bytes);
    }

    public static String parameter(HttpExchange exchange, String name) {
        String query = exchange.getRequestURI().getQuery();
        return query != null && query.startsWith(name + "=") ? query.substring(name.length() + 1) : "";
    }

    public long questions(String path) {
        return asked.stream().filter(one -> one.uri().startsWith(path)).count();
    }

    private void handle(HttpExchange exchange) throws IOException {
        String path = exchange.getRequestURI().getPath();
        CountingStream counted = new CountingStream(exchange.getResponseBody());
        exchange.setStreams(null, counted);
        exchange.getResponseHeaders().set("Content-Security-Policy", POLICY);
        try (exchange) {
            Answer answer = answers.get(path);
            if (answer != null) {
                answer.to(exchange);
            } else if (path.startsWith("/files/")) {
                file(exchange, path.substring("/files/".length()));
            } else {
                send(exchange, path.equals("/none.png") ? 200 : 404, "image/png", "");
            }
        } finally {
            asked.add(new Asked(exchange.getRequestURI().toString(), counted.count));
        }
    }

    private static void file(HttpExchange exchange, String name) throws IOException {
        try (InputStream in = Pages.class.getResourceAsStream(ROOT + name)) {
            if (in == null) {
                throw new IOException("No resource " + name);
            }
            String type = name.endsWith(".css") ? "text/css" : "text/javascript";
            send(exchange, 200, type + ";charset=utf-8", new String(in.readAllBytes(), StandardCharsets.UTF_8));
        }
    }

    @Override
    public void close() {
        server.stop(0);
        threads.shutdownNow();
    }

    private static final class CountingStream extends OutputStream {
        private final OutputStream to;
        private long count;

        CountingStream(OutputStream to) {
            this.to = to;
        }

        @Override
        public void write(int one) throws IOException {
            to.write(one);
            count++;
        }

        @Override
        public void write(byte[] bytes, int from, int length) throws IOException {
            to.write(bytes, from, length);
            count += length;
        }

        @Override
        public void flush() throws IOException {
            to.flush();
        }

        @Override
        public void close() throws IOException {
            to.close();
        }
    }
}
