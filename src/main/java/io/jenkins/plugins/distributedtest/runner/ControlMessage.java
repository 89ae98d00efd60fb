package io.jenkins.plugins.distributedtest.runner;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.jenkins.plugins.distributedtest.files.Json;
import io.jenkins.plugins.distributedtest.process.Signals;
import io.jenkins.plugins.distributedtest.suite.CaseStatus;
import io.jenkins.plugins.distributedtest.suite.Failure;
import io.jenkins.plugins.distributedtest.suite.TestCase;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;

/**
 * What a runner process says over its control connection: one JSON object per line.
 *
 * <p>Test code shares the process with the runner, so nothing here is trusted: whatever is not a whole message of a
 * known kind is a {@link ControlException}.
 */
sealed interface ControlMessage {
    /** Longer lines are refused. */
    int MAX_LINE = 8 << 20;

    /** The first message: who calls. */
    record Hello(String token, String role, int slot, long pid) implements ControlMessage {}

    /** The framework is loaded; {@code servers} are those that it starts for each file. */
    record Ready(List<OwnServer> servers) implements ControlMessage {}

    /** The runner could not start, a callback in it failed, or what the project loads first does not load; it ends. */
    record Error(String text, boolean callback, boolean project) implements ControlMessage {}

    /** A test case ended. {@code bytes} is the length of the line that said so. */
    record Case(long run, TestCase testCase, int bytes) implements ControlMessage {}

    /**
     * A file ended. Where it had a process of its own, how that ended when it ended badly: its exit code and the name of
     * the signal, each null if there is none. {@code last} if the runner's process is to run no other file. {@code again}
     * if it has not run, since files before it have spoilt this process for it: it is to be given to a new one;
     * {@code together} if that one is to load all files for it, as the framework's own command does.
     * {@code decided} if it passed whatever its cases say, since its framework's own command passes over failures.
     * {@code seed} is what the order of its tests came from, null where that is not by chance.
     */
    record Done(
            long run,
            boolean passed,
            String message,
            Integer code,
            String signal,
            boolean last,
            boolean again,
            boolean together,
            boolean decided,
            Integer seed)
            implements ControlMessage {}

    /** Test code failed that runs after the last file of the process. */
    record Closing(String problem) implements ControlMessage {}

    /** The process begins to call a callback that closes what another has opened. */
    record Calls(String callback) implements ControlMessage {}

    /** Such a callback has come to its end; {@code problem} says how it failed, empty if it did not. */
    record Called(String callback, String problem) implements ControlMessage {}

    /** Test code ends the process; the code is null where the language does not show it. */
    record Exiting(long run, Integer code, String message) implements ControlMessage {}

    /** A preloader has forked the worker of a slot. */
    record Forked(int slot, long pid) implements ControlMessage {}

    /** A worker that a preloader forked has ended. */
    record Exited(long pid, Integer code, String signal) implements ControlMessage {}

    /** The connection ended; {@code fault} says how the protocol was broken, null for a plain end. */
    record Closed(String fault) implements ControlMessage {}

    /** What a runner said is not in the protocol. */
    final class ControlException extends IOException {
        private static final long serialVersionUID = 1L;

        ControlException(String message) {
            super(message);
        }
    }

    /** Reads and writes the lines. */
    final class Codec {
        private static final ObjectMapper MAPPER = Json.bounded(20, MAX_LINE).build();

        private Codec() {}

        static ObjectNode object() {
            return MAPPER.createObjectNode();
        }

        static byte[] line(ObjectNode node) {
            return (node + "\n").getBytes(StandardCharsets.UTF_8);
        }

        static ControlMessage parse(byte[] line, int length) throws ControlException {
            JsonNode node;
            try {
                node = MAPPER.readTree(line, 0, length);
            } catch (JsonProcessingException e) {
                throw new ControlException("not JSON: " + shown(line, length));
            } catch (IOException e) {
                throw new ControlException("unreadable: " + shown(line, length));
            }
            if (node == null || !node.isObject()) {
                throw new ControlException("not an object: " + shown(line, length));
            }
            ControlMessage message = known(node, length);
            if (message == null) {
                throw new ControlException("no known message: " + shown(line, length));
            }
            return message;
        }

        private static ControlMessage known(JsonNode node, int length) throws ControlException {
            if (node.has("case")) {
                return testCase(node.get("case"), length);
            } else if (node.has("done")) {
                return new Done(
                        number(node, "done"),
                        "passed".equals(text(node, "status")),
                        text(node, "message"),
                        code(node),
                        signal(node.get("signal")),
                        node.path("last").asBoolean(false),
                        node.path("again").asBoolean(false),
                        node.path("together").asBoolean(false),
                        node.path("decided").asBoolean(false),
                        node.path("seed").isInt() ? node.path("seed").asInt() : null);
            } else if (node.has("closing")) {
                return new Closing(text(node, "closing"));
            } else if (node.has("calls")) {
                return new Calls(text(node, "calls"));
            } else if (node.has("called")) {
                return new Called(text(node, "called"), text(node, "problem"));
            } else if (node.has("exiting")) {
                return new Exiting(number(node, "exiting"), code(node), text(node, "message"));
            } else if (node.has("ready")) {
                return new Ready(servers(node.path("servers")));
            } else if (node.has("error")) {
                return new Error(
                        text(node, "error"),
                        node.path("callback").asBoolean(false),
                        node.path("project").asBoolean(false));
            } else if (node.has("hello")) {
                return new Hello(
                        text(node, "hello"), text(node, "role"), (int) number(node, "slot"), number(node, "pid"));
            } else if (node.has("forked")) {
                return new Forked((int) number(node, "forked"), number(node, "pid"));
            } else if (node.has("exited")) {
                return new Exited(number(node, "exited"), code(node), signal(node.get("signal")));
            }
            return null;
        }

        private static List<OwnServer> servers(JsonNode told) {
            List<OwnServer> servers = new ArrayList<>();
            told.forEach(each -> servers.add(new OwnServer(
                    text(each, "name"),
                    text(each, "host"),
                    each.path("port").asInt(0),
                    each.path("reuse").asBoolean(false))));
            return List.copyOf(servers);
        }

        private static Case testCase(JsonNode node, int length) throws ControlException {
            CaseStatus status;
            try {
                status = CaseStatus.valueOf(text(node, "status").toUpperCase(Locale.ROOT));
            } catch (IllegalArgumentException e) {
                throw new ControlException("no status of a case: " + text(node, "status"));
            }
            String message = text(node, "message");
            String trace = text(node, "trace");
            String type = text(node, "type");
            boolean told = !message.isEmpty() || !trace.isEmpty() || !type.isEmpty();
            Failure failure =
                    status.isBad() || status == CaseStatus.SKIPPED && told ? new Failure(message, type, trace) : null;
            double seconds = Math.max(0, node.path("seconds").asDouble(0));
            TestCase testCase = new TestCase(
                    text(node, "name"),
                    text(node, "class"),
                    Double.isFinite(seconds) ? seconds : 0,
                    status,
                    failure,
                    text(node, "output"),
                    Math.max(0, node.path("line").asInt(0)));
            return new Case(number(node, "id"), testCase, length);
        }

        private static long number(JsonNode node, String key) throws ControlException {
            JsonNode value = node.path(key);
            if (!value.isIntegralNumber() || !value.canConvertToLong()) {
                throw new ControlException("no number for " + key);
            }
            return value.longValue();
        }

        private static Integer code(JsonNode node) {
            JsonNode value = node.path("code");
            return value.isNumber() ? (Integer) value.intValue() : null;
        }

        private static String signal(JsonNode value) {
            if (value == null || value.isNull()) {
                return null;
            }
            if (value.isNumber()) {
                return Signals.name(value.intValue());
            }
            String name = value.asText();
            return name.startsWith("SIG") ? name.substring(3) : name;
        }

        private static String text(JsonNode node, String key) {
            JsonNode value = node.path(key);
            if (value.isMissingNode() || value.isNull()) {
                return "";
            }
            return whole(value.isTextual() ? value.textValue() : value.toString());
        }

        /** Half a surrogate pair, which JSON can hold and UTF-8 cannot, becomes U+FFFD. */
        private static String whole(String text) {
            return text.chars().noneMatch(c -> Character.isSurrogate((char) c))
                    ? text
                    : text.codePoints()
                            .map(c -> c >= Character.MIN_SURROGATE && c <= Character.MAX_SURROGATE ? 0xfffd : c)
                            .collect(StringBuilder::new, StringBuilder::appendCodePoint, StringBuilder::append)
                            .toString();
        }

        private static String shown(byte[] line, int length) {
            String text = new String(line, 0, Math.min(200, length), StandardCharsets.UTF_8);
            return text.replaceAll("\\p{Cntrl}", "?") + (length > 200 ? "…" : "");
        }
    }
}
