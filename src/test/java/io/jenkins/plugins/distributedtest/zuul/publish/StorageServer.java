package io.jenkins.plugins.distributedtest.zuul.publish;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.time.Instant;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.util.HexFormat;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.ConcurrentSkipListMap;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;

/** Object storage in memory: a bucket that checks S3 signatures and what they cover, or Keystone and Swift. */
public final class StorageServer implements AutoCloseable {
    private static final ObjectMapper JSON = new ObjectMapper();

    public final Map<String, String> objects = new ConcurrentSkipListMap<>();
    public final Map<String, String> types = new ConcurrentSkipListMap<>();
    public final List<String> requests = new CopyOnWriteArrayList<>();
    private final HttpServer server;
    private final ExecutorService threads = Executors.newFixedThreadPool(2);
    /** So many requests are answered with 503 before one is looked at. */
    public volatile int busy;
    /** Tokens that Keystone gives out are good for so many requests. */
    volatile int tokenUses = Integer.MAX_VALUE;

    private volatile int token;
    private volatile int uses;
    /** Requests are taken and never answered. */
    public volatile boolean hangs;

    public StorageServer() throws IOException {
        server = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 16);
        server.setExecutor(threads);
        server.createContext("/", this::answer);
        server.start();
    }

    public String url() {
        return "http://127.0.0.1:" + server.getAddress().getPort();
    }

    private void answer(HttpExchange exchange) throws IOException {
        String path = exchange.getRequestURI().getRawPath();
        requests.add(exchange.getRequestMethod() + " " + path);
        byte[] body = exchange.getRequestBody().readAllBytes();
        if (hangs) {
            return;
        }
        if (busy > 0) {
            busy--;
            reply(exchange, 503, "slow down");
        } else if (path.endsWith("/tokens")) {
            logIn(exchange, path, JSON.readTree(body));
        } else if (path.startsWith("/swift/")) {
            swift(exchange, body);
        } else {
            s3(exchange, body);
        }
    }

    private void s3(HttpExchange exchange, byte[] body) throws IOException {
        String problem = s3Problem(exchange, body);
        if (problem == null) {
            store(exchange, body);
            reply(exchange, 200, "");
        } else {
            reply(exchange, 403, "<Error>" + problem + "</Error>");
        }
    }

    private static String s3Problem(HttpExchange exchange, byte[] body) {
        Map<String, String> headers = new TreeMap<>();
        exchange.getRequestHeaders()
                .forEach((name, values) -> headers.put(name.toLowerCase(Locale.ROOT), values.get(0)));
        String authorization = headers.getOrDefault("authorization", "");
        try {
            String hash = HexFormat.of()
                    .formatHex(MessageDigest.getInstance("SHA-256").digest(body));
            if (!hash.equals(headers.get("x-amz-content-sha256"))) {
                return "XAmzContentSHA256Mismatch";
            }
        } catch (NoSuchAlgorithmException e) {
            return e.toString();
        }
        Instant time = Instant.from(DateTimeFormatter.ofPattern("yyyyMMdd'T'HHmmss'Z'")
                .withZone(ZoneOffset.UTC)
                .parse(headers.get("x-amz-date")));
        URI uri = URI.create(
                "http://" + headers.get("host") + exchange.getRequestURI().getRawPath());
        String expected = new S3Signature("access", "right secret", "eu-test")
                .headers(
                        "PUT",
                        uri,
                        Map.of("content-type", headers.get("content-type")),
                        headers.get("x-amz-content-sha256"),
                        time)
                .get("authorization");
        return expected.equals(authorization) ? null : "SignatureDoesNotMatch";
    }

    private void logIn(HttpExchange exchange, String path, JsonNode login) throws IOException {
        boolean third = path.equals("/v3/auth/tokens");
        String password = third
                ? login.at("/auth/identity/password/user/password").asText()
                : login.at("/auth/passwordCredentials/password").asText();
        String tenant = third
                ? login.at("/auth/scope/project/name").asText()
                : login.at("/auth/tenantName").asText();
        if (!password.equals("right password") || !tenant.equals("tenant")) {
            reply(exchange, 401, "no");
            return;
        }
        uses = 0;
        String id = "token" + ++token;
        String elsewhere = "http://127.0.0.1:1/elsewhere";
        if (third) {
            exchange.getResponseHeaders().set("X-Subject-Token", id);
            reply(
                    exchange,
                    201,
                    "{\"token\":{\"catalog\":[{\"type\":\"identity\",\"endpoints\":[]},{\"type\":"
                            + "\"object-store\",\"endpoints\":[{\"interface\":\"internal\",\"region\":\"SYD\",\"url\":\""
                            + elsewhere
                            + "\"},{\"interface\":\"public\",\"region\":\"DFW\",\"url\":\"" + elsewhere
                            + "\"},{\"interface\":\"public\",\"region\":\"SYD\",\"url\":\"" + url()
                            + "/swift/v1\"}]}]}}");
        } else {
            reply(
                    exchange,
                    200,
                    "{\"access\":{\"token\":{\"id\":\"" + id + "\"},\"serviceCatalog\":[{\"type\":"
                            + "\"object-store\",\"endpoints\":[{\"region\":\"DFW\",\"publicURL\":\"" + elsewhere
                            + "\"},{\"region\":\"SYD\",\"publicURL\":\"" + url() + "/swift/v1\"}]}]}}");
        }
    }

    private void swift(HttpExchange exchange, byte[] body) throws IOException {
        boolean good = ("token" + token).equals(exchange.getRequestHeaders().getFirst("X-Auth-Token"));
        if (!good || uses++ >= tokenUses) {
            reply(exchange, 401, "expired");
            return;
        }
        store(exchange, body);
        reply(exchange, 201, "");
    }

    private void store(HttpExchange exchange, byte[] body) {
        objects.put(exchange.getRequestURI().getRawPath(), new String(body, StandardCharsets.UTF_8));
        types.put(
                exchange.getRequestURI().getRawPath(),
                exchange.getRequestHeaders().getFirst("Content-Type"));
    }

    private static void reply(HttpExchange exchange, int status, String text) throws IOException {
        try (exchange) {
            byte[] body = text.getBytes(StandardCharsets.UTF_8);
            exchange.sendResponseHeaders(status, body.length == 0 ? -1 : body.length);
            exchange.getResponseBody().write(body);
        }
    }

    @Override
    public void close() {
        server.stop(0);
        threads.shutdownNow();
    }
}
