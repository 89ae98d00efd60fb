package io.jenkins.plugins.distributedtest.report;

import com.fasterxml.jackson.databind.JsonNode;
import io.jenkins.plugins.distributedtest.suite.Attempt;
import io.jenkins.plugins.distributedtest.suite.CaseStatus;
import io.jenkins.plugins.distributedtest.suite.Collected;
import io.jenkins.plugins.distributedtest.suite.Failure;
import io.jenkins.plugins.distributedtest.suite.FileReport;
import io.jenkins.plugins.distributedtest.suite.FileResult;
import io.jenkins.plugins.distributedtest.suite.FileStatus;
import io.jenkins.plugins.distributedtest.suite.ListenerReport;
import io.jenkins.plugins.distributedtest.suite.Quarantine;
import io.jenkins.plugins.distributedtest.suite.RunEnd;
import io.jenkins.plugins.distributedtest.suite.RunReport;
import io.jenkins.plugins.distributedtest.suite.TestCase;
import io.jenkins.plugins.distributedtest.suite.TestFile;
import io.jenkins.plugins.distributedtest.suite.WorkerId;
import java.time.DateTimeException;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.function.Function;

/** Reads the JSON report's schema; see {@code docs/json-report.md}. What is computed from the rest is not read. */
final class JsonReportReader {
    private JsonReportReader() {}

    static RunReport read(JsonNode root) {
        if (root == null || !root.isObject() || !root.path("version").isInt()) {
            throw new IllegalArgumentException("it is no report of a run: it has no \"version\"");
        }
        int version = root.get("version").intValue();
        if (version != JsonReport.VERSION) {
            throw new IllegalArgumentException(
                    "its version is " + version + "; this program reads version " + JsonReport.VERSION);
        }
        return new RunReport(
                string(root, "run_id"),
                string(root, "project"),
                instant(root),
                number(root, "wall_seconds"),
                constant(RunEnd.class, root, "end"),
                string(root, "problem"),
                list(root, "files", JsonReportReader::file),
                list(root, "listeners", JsonReportReader::listener),
                root.path("no_tests_allowed").asBoolean(false),
                root.has("collected") ? collected(root.get("collected")) : Collected.NOTHING,
                root.has("quarantine")
                        ? new Quarantine(list(root, "quarantine", JsonReportReader::quarantined))
                        : Quarantine.NONE);
    }

    private static Collected collected(JsonNode node) {
        return new Collected(
                string(node, "directory"),
                integer(node, "files"),
                (long) number(node, "bytes"),
                list(node, "missing", JsonNode::asText),
                list(node, "problems", JsonNode::asText));
    }

    private static Quarantine.Entry quarantined(JsonNode node) {
        return new Quarantine.Entry(string(node, "path"), string(node, "class_name"), string(node, "name"));
    }

    private static Instant instant(JsonNode root) {
        try {
            return Instant.parse(string(root, "started_at"));
        } catch (DateTimeException e) {
            throw new IllegalArgumentException("\"started_at\" is no time: " + root.get("started_at"), e);
        }
    }

    private static ListenerReport listener(JsonNode node) {
        return new ListenerReport(
                string(node, "listener"),
                string(node, "host"),
                string(node, "version"),
                integer(node, "slots"),
                number(node, "joined_offset"),
                number(node, "left_offset"),
                number(node, "sync_seconds"),
                string(node, "problem"),
                node.has("trouble") ? constant(ListenerReport.Trouble.class, node, "trouble") : null);
    }

    private static FileReport file(JsonNode node) {
        TestFile file = new TestFile(string(node, "path"));
        return new FileReport(
                file,
                list(node, "attempts", attempt -> attempt(file, attempt)),
                number(node, "expected_seconds"),
                node.has("running") ? running(node.get("running")) : null);
    }

    private static FileReport.Running running(JsonNode node) {
        return new FileReport.Running(worker(node), integer(node, "lease"), number(node, "start_offset"));
    }

    private static WorkerId worker(JsonNode node) {
        JsonNode worker = node.path("worker");
        return new WorkerId(string(worker, "listener"), string(worker, "host"), integer(worker, "slot"));
    }

    private static Attempt attempt(TestFile file, JsonNode node) {
        FileResult result = FileResult.of(file, constant(FileStatus.class, node, "status"), number(node, "seconds"))
                .withCases(list(node, "cases", JsonReportReader::testCase))
                .withMessage(text(node, "message"))
                .withOutput(text(node, "output"))
                .withEnding(
                        node.has("exit_code") ? Integer.valueOf(integer(node, "exit_code")) : null,
                        node.has("signal") ? string(node, "signal") : null)
                .by(string(node, "runner"))
                .withSeed(node.has("seed") ? Integer.valueOf(integer(node, "seed")) : null);
        return new Attempt(result, worker(node), integer(node, "lease"), number(node, "start_offset"));
    }

    private static TestCase testCase(JsonNode node) {
        JsonNode failure = node.get("failure");
        return new TestCase(
                string(node, "name"),
                string(node, "class_name"),
                number(node, "seconds"),
                constant(CaseStatus.class, node, "status"),
                failure == null
                        ? null
                        : new Failure(text(failure, "message"), text(failure, "type"), text(failure, "trace")),
                text(node, "output"),
                node.has("line") ? integer(node, "line") : 0);
    }

    private static String string(JsonNode node, String key) {
        JsonNode value = node.get(key);
        if (value == null || !value.isTextual()) {
            throw new IllegalArgumentException("\"" + key + "\" is not a string: " + value);
        }
        return value.textValue();
    }

    private static String text(JsonNode node, String key) {
        return node.has(key) ? string(node, key) : "";
    }

    private static double number(JsonNode node, String key) {
        JsonNode value = node.get(key);
        if (value != null && value.isNull()) {
            return Double.NaN;
        }
        if (value == null || !value.isNumber()) {
            throw new IllegalArgumentException("\"" + key + "\" is not a number: " + value);
        }
        return value.doubleValue();
    }

    private static int integer(JsonNode node, String key) {
        JsonNode value = node.get(key);
        if (value == null || !value.isInt()) {
            throw new IllegalArgumentException("\"" + key + "\" is not a whole number: " + value);
        }
        return value.intValue();
    }

    private static <E extends Enum<E>> E constant(Class<E> type, JsonNode node, String key) {
        String word = string(node, key);
        try {
            return Enum.valueOf(type, word.toUpperCase(Locale.ROOT));
        } catch (IllegalArgumentException e) {
            throw new IllegalArgumentException("\"" + key + "\" has an unknown value: " + word, e);
        }
    }

    private static <T> List<T> list(JsonNode node, String key, Function<JsonNode, T> item) {
        JsonNode value = node.get(key);
        if (value == null || !value.isArray()) {
            throw new IllegalArgumentException("\"" + key + "\" is not an array");
        }
        List<T> items = new ArrayList<>(value.size());
        value.forEach(one -> items.add(item.apply(one)));
        return items;
    }
}
