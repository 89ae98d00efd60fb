package io.jenkins.plugins.distributedtest.wire.gorgon;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.jenkins.plugins.distributedtest.wire.WireCodec;
import java.util.List;

/** Gorgon's messages as JSON trees, keys in the order in which Gorgon sends them. */
final class GorgonWriter {
    private static final JsonNodeFactory NODES = JsonNodeFactory.instance;

    private GorgonWriter() {}

    static JsonNode tree(GorgonMessage message) {
        if (message instanceof GorgonMessage.JobDefinition job) {
            return job(job);
        } else if (message instanceof GorgonMessage.Start start) {
            return start(start);
        } else if (message instanceof GorgonMessage.Finish finish) {
            return finish(finish);
        } else if (message instanceof GorgonMessage.Announcement announcement) {
            return object().put("listener_queue_name", announcement.listenerQueueName());
        } else if (message instanceof GorgonMessage.CancelJob) {
            return object().put("action", "cancel_job");
        } else if (message instanceof GorgonMessage.Ping ping) {
            ObjectNode tree = typed("ping").put("reply_exchange_name", ping.replyExchangeName());
            tree.putObject("body");
            return tree;
        } else if (message instanceof GorgonMessage.GemCommand gem) {
            ObjectNode tree = typed("gem_command").put("reply_exchange_name", gem.replyExchangeName());
            tree.putObject("body").put("gem_command", gem.gemCommand());
            return tree;
        } else {
            return hostMessage(message);
        }
    }

    private static JsonNode hostMessage(GorgonMessage message) {
        if (message instanceof GorgonMessage.Crash crash) {
            return typed("crash")
                    .put("hostname", crash.hostname())
                    .put("stdout", crash.stdout())
                    .put("stderr", crash.stderr());
        } else if (message instanceof GorgonMessage.Raised raised) {
            return typed("exception")
                    .put("hostname", raised.hostname())
                    .put("message", raised.message())
                    .put("backtrace", raised.backtrace());
        } else if (message instanceof GorgonMessage.PingResponse response) {
            ObjectNode tree = typed("ping_response")
                    .put("hostname", response.hostname())
                    .put("version", response.version())
                    .put("worker_slots", response.workerSlots());
            return response.listener() == null ? tree : tree.put("listener", response.listener());
        } else if (message instanceof GorgonMessage.CommandState state) {
            ObjectNode tree = typed(state.type());
            if (state.command() != null) {
                tree.put("command", state.command())
                        .put("stdout", state.stdout())
                        .put("stderr", state.stderr());
            }
            return tree.put("hostname", state.hostname());
        }
        throw new IllegalArgumentException(
                "Not a message to be sent: " + message.getClass().getSimpleName());
    }

    private static JsonNode job(GorgonMessage.JobDefinition job) {
        ObjectNode tree = typed("job_definition")
                .put("file_queue_name", job.fileQueueName())
                .put("reply_exchange_name", job.replyExchangeName());
        if (job.sync() != null) {
            ObjectNode sync = tree.putObject("sync");
            sync.set("exclude", strings(job.sync().exclude()));
            sync.put("rsync_transport", job.sync().rsyncTransport());
            if (job.sync().sourceTreePath() != null) {
                sync.put("source_tree_path", job.sync().sourceTreePath());
            }
        }
        if (job.callbacksClassFile() != null) {
            tree.putObject("callbacks").put("callbacks_class_file", job.callbacksClassFile());
        }
        if (job.extension() != null) {
            tree.set("distributed_test", WireCodec.tree(job.extension()));
        }
        return tree;
    }

    private static JsonNode start(GorgonMessage.Start start) {
        ObjectNode tree = object().put("action", "start").put("hostname", start.hostname());
        workerId(tree, start.workerId());
        tree.put("filename", start.filename());
        ours(tree, start.ours());
        return tree;
    }

    private static JsonNode finish(GorgonMessage.Finish finish) {
        ObjectNode tree = object().put("action", "finish").put("hostname", finish.hostname());
        workerId(tree, finish.workerId());
        tree.put("filename", finish.filename()).put("runtime", finite(finish.runtime()));
        ArrayNode failures = tree.putArray("failures");
        finish.failures().forEach(failure -> failures.add(failure(failure)));
        tree.put("type", finish.type());
        if (finish.runner() != null) {
            tree.put("runner", finish.runner());
        }
        tree.put("time", finite(finish.time()));
        ours(tree, finish.ours());
        return tree;
    }

    private static JsonNode failure(GorgonMessage.Failure failure) {
        if (failure instanceof GorgonMessage.Failure.Text text) {
            return NODES.textNode(text.text());
        }
        GorgonMessage.Failure.Example example = (GorgonMessage.Failure.Example) failure;
        ObjectNode tree = object().put("test_name", example.testName())
                .put("description", example.description())
                .put("full_description", example.fullDescription())
                .put("status", "failed")
                .put("file_path", example.filePath())
                .put("line_number", example.lineNumber())
                .put("class", example.exceptionClass())
                .put("message", example.message());
        tree.set("location", strings(example.location()));
        return tree;
    }

    private static void workerId(ObjectNode tree, String workerId) {
        if (workerId.matches("[1-9][0-9]{0,17}")) {
            tree.put("worker_id", Long.parseLong(workerId));
        } else {
            tree.put("worker_id", workerId);
        }
    }

    private static void ours(ObjectNode tree, GorgonMessage.Ours ours) {
        if (ours == null) {
            return;
        }
        tree.put("listener", ours.listener()).put("slot", ours.slot()).put("lease", ours.lease());
        if (ours.result() != null) {
            tree.set("result", WireCodec.tree(ours.result()));
        }
    }

    /** Ruby's JSON knows no NaN. */
    private static double finite(double seconds) {
        return Double.isFinite(seconds) ? seconds : 0;
    }

    /** Replaces half surrogate pairs, which have no UTF-8 form, by U+FFFD. */
    static String wellFormed(String text) {
        StringBuilder repaired = null;
        for (int i = 0; i < text.length(); i++) {
            char c = text.charAt(i);
            if (!Character.isSurrogate(c)) {
                continue;
            }
            boolean pair = Character.isHighSurrogate(c)
                    && i + 1 < text.length()
                    && Character.isLowSurrogate(text.charAt(i + 1));
            if (pair) {
                i++;
            } else {
                repaired = repaired == null ? new StringBuilder(text) : repaired;
                repaired.setCharAt(i, '\uFFFD');
            }
        }
        return repaired == null ? text : repaired.toString();
    }

    private static ArrayNode strings(List<String> values) {
        ArrayNode array = NODES.arrayNode(values.size());
        values.forEach(array::add);
        return array;
    }

    private static ObjectNode typed(String type) {
        return object().put("type", type);
    }

    private static ObjectNode object() {
        return NODES.objectNode();
    }
}
