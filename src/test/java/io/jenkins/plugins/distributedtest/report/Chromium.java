package io.jenkins.plugins.distributedtest.report;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.WebSocket;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Base64;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import org.awaitility.Awaitility;

/** A real Chromium without a window, driven over its DevTools protocol: just what the tests of the page need. */
public final class Chromium implements AutoCloseable {
    private static final Path EXECUTABLE = Path.of("/usr/bin/chromium");
    private static final Duration PATIENCE = Duration.ofSeconds(60);
    private static final ObjectMapper JSON = new ObjectMapper();

    private final Process process;
    private final WebSocket socket;
    private final AtomicInteger nextId = new AtomicInteger();
    private final Map<Integer, CompletableFuture<JsonNode>> waiting = new ConcurrentHashMap<>();
    private final Map<String, Integer> seen = new ConcurrentHashMap<>();
    private final List<String> problems = new CopyOnWriteArrayList<>();
    private String session;
    private volatile String own;

    public static boolean isInstalled() {
        return Files.isExecutable(EXECUTABLE);
    }

    public Chromium(Path directory) throws Exception {
        Path profile = Files.createDirectories(directory.resolve("profile"));
        ProcessBuilder builder = new ProcessBuilder(
                        EXECUTABLE.toString(),
                        "--headless=new",
                        "--no-sandbox",
                        "--disable-gpu",
                        "--disable-dev-shm-usage",
                        "--no-first-run",
                        "--hide-scrollbars",
                        "--disable-background-networking",
                        "--disable-component-update",
                        "--user-data-dir=" + profile,
                        "--remote-debugging-port=0",
                        "about:blank")
                .redirectErrorStream(true)
                .redirectOutput(directory.resolve("chromium.log").toFile());
        builder.environment().put("TMPDIR", directory.toString()); // its socket, so that all goes away with it
        process = builder.start();
        Path port = profile.resolve("DevToolsActivePort");
        Awaitility.await()
                .atMost(PATIENCE)
                .until(() -> Files.exists(port) && Files.readAllLines(port).size() >= 2);
        List<String> lines = Files.readAllLines(port);
        socket = HttpClient.newHttpClient()
                .newWebSocketBuilder()
                .buildAsync(URI.create("ws://127.0.0.1:" + lines.get(0) + lines.get(1)), new Receiver())
                .get(PATIENCE.toSeconds(), TimeUnit.SECONDS);
        String target = call("Target.createTarget", Map.of("url", "about:blank"))
                .get("targetId")
                .textValue();
        session = call("Target.attachToTarget", Map.of("targetId", target, "flatten", true))
                .get("sessionId")
                .textValue();
        for (String domain : List.of("Page", "Runtime", "Log", "Network")) {
            call(domain + ".enable", Map.of());
        }
        size(1360, 900);
    }

    /** Calls a method of the protocol and waits for its answer. */
    public JsonNode call(String method, Map<String, ?> parameters) throws Exception {
        int id = nextId.incrementAndGet();
        ObjectNode message = JSON.createObjectNode().put("id", id).put("method", method);
        message.set("params", JSON.valueToTree(parameters));
        if (session != null) {
            message.put("sessionId", session);
        }
        CompletableFuture<JsonNode> answer = new CompletableFuture<>();
        waiting.put(id, answer);
        socket.sendText(message.toString(), true).get(PATIENCE.toSeconds(), TimeUnit.SECONDS);
        JsonNode got = answer.get(PATIENCE.toSeconds(), TimeUnit.SECONDS);
        if (got.has("error")) {
            throw new IOException(method + ": " + got.get("error"));
        }
        return got.get("result");
    }

    /** Opens a page and waits until it is loaded and drawn. */
    public void open(Path page) throws Exception {
        open(page.toUri());
    }

    /** Opens a page and waits until it is loaded and drawn. What it asks of its own server is no problem. */
    public void open(URI page) throws Exception {
        int before = seen.getOrDefault("Page.loadEventFired", 0);
        problems.clear();
        own = page.getRawAuthority() == null ? null : page.getScheme() + "://" + page.getRawAuthority() + "/";
        call("Page.navigate", Map.of("url", page.toString()));
        Awaitility.await().atMost(PATIENCE).until(() -> seen.getOrDefault("Page.loadEventFired", 0) > before);
        evaluate("new Promise(done => requestAnimationFrame(() => requestAnimationFrame(() => done(true))))");
    }

    /** The value of an expression in the page; a promise is awaited. */
    public JsonNode evaluate(String expression) throws Exception {
        JsonNode got =
                call("Runtime.evaluate", Map.of("expression", expression, "awaitPromise", true, "returnByValue", true));
        if (got.has("exceptionDetails")) {
            throw new IOException("In the page: " + got.get("exceptionDetails"));
        }
        return got.get("result").path("value");
    }

    public String text(String expression) throws Exception {
        return evaluate(expression).asText();
    }

    /**
     * Errors, warnings, broken policies, uncaught exceptions and requests for anything but the page since it opened.
     */
    public List<String> problems() {
        return List.copyOf(problems);
    }

    public void size(int width, int height) throws Exception {
        call(
                "Emulation.setDeviceMetricsOverride",
                Map.of("width", width, "height", height, "deviceScaleFactor", 1, "mobile", false));
    }

    public void media(String type, String scheme) throws Exception {
        call(
                "Emulation.setEmulatedMedia",
                Map.of(
                        "media",
                        type,
                        "features",
                        List.of(
                                Map.of("name", "prefers-color-scheme", "value", scheme),
                                // Else the page scrolls smoothly, and a place on it is another one a moment later.
                                Map.of("name", "prefers-reduced-motion", "value", "reduce"))));
        evaluate("new Promise(done => requestAnimationFrame(() => requestAnimationFrame(() => done(true))))");
    }

    /** Presses a key that has a name, such as {@code Enter}. */
    public void press(String key) throws Exception {
        int code = Map.of("Enter", 13, "Tab", 9, "ArrowRight", 39, "ArrowDown", 40, "ArrowLeft", 37, "Escape", 27)
                .get(key);
        for (String type : List.of("rawKeyDown", "keyUp")) {
            call(
                    "Input.dispatchKeyEvent",
                    Map.of("type", type, "key", key, "code", key, "windowsVirtualKeyCode", code));
        }
    }

    public void mouse(String type, double x, double y, String button) throws Exception {
        call(
                "Input.dispatchMouseEvent",
                Map.of("type", type, "x", x, "y", y, "button", button, "clickCount", button.equals("none") ? 0 : 1));
    }

    /** A picture of the window, or of the whole page. */
    public void screenshot(Path target, boolean whole) throws Exception {
        JsonNode got = call("Page.captureScreenshot", Map.of("format", "png", "captureBeyondViewport", whole));
        Files.write(target, Base64.getDecoder().decode(got.get("data").textValue()));
    }

    public byte[] pdf() throws Exception {
        return Base64.getDecoder()
                .decode(call("Page.printToPDF", Map.of("printBackground", true))
                        .get("data")
                        .textValue());
    }

    @Override
    public void close() {
        socket.abort();
        process.descendants().forEach(ProcessHandle::destroyForcibly);
        process.destroyForcibly();
        process.onExit().join();
    }

    private void received(JsonNode message) {
        if (message.has("id")) {
            waiting.remove(message.get("id").intValue()).complete(message);
            return;
        }
        String method = message.path("method").asText();
        JsonNode parameters = message.path("params");
        if (method.equals("Runtime.exceptionThrown")
                || method.equals("Log.entryAdded")
                || method.equals("Runtime.consoleAPICalled")) {
            problems.add(parameters.toString());
        } else if (method.equals("Network.requestWillBeSent")) {
            String url = parameters.path("request").path("url").asText();
            if (!parameters.path("type").asText().equals("Document") && (own == null || !url.startsWith(own))) {
                problems.add("asks for " + url);
            }
        }
        seen.merge(method, 1, Integer::sum);
    }

    private final class Receiver implements WebSocket.Listener {
        private final StringBuilder text = new StringBuilder();

        @Override
        public CompletionStage<?> onText(WebSocket from, CharSequence data, boolean last) {
            text.append(data);
            if (last) {
                try {
                    received(JSON.readTree(text.toString().getBytes(StandardCharsets.UTF_8)));
                } catch (IOException e) {
                    problems.add("not understood: " + e);
                }
                text.setLength(0);
            }
            from.request(1);
            return null;
        }
    }
}
