package io.jenkins.plugins.distributedtest.wire.gorgon;

import com.fasterxml.jackson.databind.JsonNode;
import io.jenkins.plugins.distributedtest.suite.FileResult;
import io.jenkins.plugins.distributedtest.wire.WireCodec;
import io.jenkins.plugins.distributedtest.wire.WireException;
import java.util.ArrayList;
import java.util.List;

/** Gorgon's messages from JSON trees. */
final class GorgonReader {
    /** As long as a host's name can be. */
    private static final int MAX_NAME = 255;

    private GorgonReader() {}

    /** Returns null for a kind that is not Gorgon's. */
    static GorgonMessage read(JsonNode tree) throws WireException {
        switch (tree.path("action").asText("")) {
            case "start":
                return new GorgonMessage.Start(host(tree), workerId(tree), need(tree, "filename"), ours(tree));
            case "finish":
                return finish(tree);
            case "cancel_job":
                return new GorgonMessage.CancelJob();
            default:
                return typed(tree);
        }
    }

    private static GorgonMessage typed(JsonNode tree) throws WireException {
        String type = tree.path("type").asText("");
        return switch (type) {
            case "job_definition" -> job(tree);
            case "ping" -> new GorgonMessage.Ping(need(tree, "reply_exchange_name"));
            case "gem_command" ->
                new GorgonMessage.GemCommand(need(tree, "reply_exchange_name"), text(tree.path("body"), "gem_command"));
            case "crash" -> new GorgonMessage.Crash(host(tree), text(tree, "stdout"), text(tree, "stderr"));
            case "exception" -> new GorgonMessage.Raised(host(tree), text(tree, "message"), text(tree, "backtrace"));
            case "ping_response" ->
                new GorgonMessage.PingResponse(
                        host(tree),
                        text(tree, "version"),
                        tree.path("worker_slots").asInt(0),
                        text(tree, "listener"));
            case "running_command", "command_completed", "command_failed" ->
                new GorgonMessage.CommandState(
                        type, host(tree), text(tree, "command"), text(tree, "stdout"), text(tree, "stderr"));
            case "" ->
                tree.hasNonNull("listener_queue_name")
                        ? new GorgonMessage.Announcement(need(tree, "listener_queue_name"))
                        : null;
            default -> null;
        };
    }

    private static GorgonMessage job(JsonNode tree) throws WireException {
        JsonNode sync = tree.path("sync");
        JsonNode extension = tree.path("distributed_test");
        return new GorgonMessage.JobDefinition(
                need(tree, "file_queue_name"),
                need(tree, "reply_exchange_name"),
                sync.isObject()
                        ? new GorgonMessage.Sync(
                                strings(sync.path("exclude")),
                                text(sync, "rsync_transport"),
                                text(sync, "source_tree_path"))
                        : null,
                text(tree.path("callbacks"), "callbacks_class_file"),
                extension.isObject() ? WireCodec.fromTree(extension, GorgonMessage.Extension.class) : null);
    }

    private static GorgonMessage finish(JsonNode tree) throws WireException {
        List<GorgonMessage.Failure> failures = new ArrayList<>();
        for (JsonNode failure : tree.path("failures")) {
            failures.add(failure(failure));
        }
        String type = text(tree, "type");
        double runtime = seconds(tree.path("runtime"));
        return new GorgonMessage.Finish(
                host(tree),
                workerId(tree),
                need(tree, "filename"),
                runtime,
                failures,
                type != null ? type : failures.isEmpty() ? "pass" : "fail",
                text(tree, "runner"),
                tree.has("time") ? seconds(tree.path("time")) : runtime,
                ours(tree));
    }

    private static GorgonMessage.Failure failure(JsonNode failure) {
        if (!failure.isObject()) {
            return new GorgonMessage.Failure.Text(failure.isTextual() ? failure.asText() : failure.toString());
        }
        return new GorgonMessage.Failure.Example(
                text(failure, "test_name"),
                text(failure, "description"),
                text(failure, "full_description"),
                text(failure, "file_path"),
                failure.path("line_number").asInt(0),
                text(failure, "class"),
                text(failure, "message"),
                strings(failure.path("location")));
    }

    private static GorgonMessage.Ours ours(JsonNode tree) throws WireException {
        if (!tree.path("listener").isTextual()) {
            return null;
        }
        JsonNode result = tree.path("result");
        return new GorgonMessage.Ours(
                tree.path("listener").asText(),
                tree.path("slot").asInt(0),
                tree.path("lease").asInt(0),
                result.isObject() ? WireCodec.fromTree(result, FileResult.class) : null);
    }

    private static double seconds(JsonNode node) {
        double seconds = node.asDouble(0);
        return Double.isFinite(seconds) && seconds > 0 ? seconds : 0;
    }

    private static List<String> strings(JsonNode node) {
        List<String> values = new ArrayList<>();
        if (node.isArray()) {
            node.forEach(value -> {
                if (value.isValueNode() && !value.isNull()) {
                    values.add(value.asText());
                }
            });
        } else if (node.isTextual()) {
            values.add(node.asText());
        }
        return values;
    }

    /** The text of a scalar; null if it is absent, null, or not a scalar. */
    private static String text(JsonNode tree, String key) {
        JsonNode value = tree.path(key);
        return value.isValueNode() && !value.isNull() ? value.asText() : null;
    }

    private static String host(JsonNode tree) throws WireException {
        return name(tree, "hostname");
    }

    private static String workerId(JsonNode tree) throws WireException {
        return name(tree, "worker_id");
    }

    /** What a peer calls itself: it is told to people, and need not be what it should. */
    private static String name(JsonNode tree, String key) throws WireException {
        String value = need(tree, key);
        String cut = value.length() <= MAX_NAME ? value : value.substring(0, MAX_NAME - 1) + "…";
        return cut.replaceAll("\\p{Cntrl}", "?");
    }

    private static String need(JsonNode tree, String key) throws WireException {
        String value = text(tree, key);
        if (value == null || value.isEmpty()) {
            throw new WireException("A message of Gorgon's lacks its " + key);
        }
        return value;
    }
}
