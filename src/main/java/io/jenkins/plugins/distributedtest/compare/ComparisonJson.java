package io.jenkins.plugins.distributedtest.compare;

import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.jenkins.plugins.distributedtest.compare.Comparison.Counts;
import io.jenkins.plugins.distributedtest.files.Json;
import java.io.IOException;
import java.io.OutputStream;
import java.util.Collection;
import java.util.Locale;

/** A comparison as JSON; {@code docs/compare.md} has its form. */
public final class ComparisonJson {
    private ComparisonJson() {}

    /** Writes it to a stream, which the caller closes. */
    public static void write(Comparison comparison, OutputStream out) throws IOException {
        ObjectNode json = JsonNodeFactory.instance.objectNode();
        json.put("equal", comparison.isEqual());
        json.put("verdict", comparison.verdict());
        ArrayNode runners = json.putArray("runners");
        for (String runner : comparison.runners()) {
            ObjectNode row = runners.addObject().put("runner", runner);
            row.set("own", counts(runner, comparison.own()));
            row.set("ours", counts(runner, comparison.ours()));
        }
        ArrayNode commands = json.putArray("commands");
        comparison.commands().forEach(each -> commands.add(command(each)));
        json.put("own_seconds", comparison.ownSeconds());
        json.put("our_seconds", comparison.oursSeconds());
        json.put("slots", comparison.slots());
        json.put("equal_cases", comparison.matching().equal());
        json.put("renamed_cases", comparison.matching().renamed());
        ArrayNode differences = json.putArray("differences");
        comparison.matching().differences().forEach(each -> differences.add(difference(comparison, each)));
        out.write(Json.PLAIN.writerWithDefaultPrettyPrinter().writeValueAsBytes(json));
    }

    private static ObjectNode counts(String runner, Collection<ComparedCase> cases) {
        Counts counts = Counts.of(runner, cases);
        return JsonNodeFactory.instance
                .objectNode()
                .put("cases", counts.cases())
                .put("passed", counts.passed())
                .put("failed", counts.failed())
                .put("skipped", counts.skipped());
    }

    private static ObjectNode command(OwnResult result) {
        ObjectNode json = JsonNodeFactory.instance.objectNode();
        json.put("runner", result.command().runner());
        json.put("project", result.command().project());
        ArrayNode words = json.putArray("command");
        result.command().command().forEach(words::add);
        return json.put("exit_code", result.exitCode()).put("seconds", result.seconds());
    }

    private static ObjectNode difference(Comparison comparison, Difference difference) {
        ComparedCase either = difference.either();
        ObjectNode json = JsonNodeFactory.instance.objectNode();
        json.put("runner", either.runner());
        json.put("file", difference.file() == null ? null : difference.file().path());
        json.put("group", either.group());
        json.put("name", either.name());
        json.set("own", side(difference.own()));
        json.set("ours", side(difference.ours()));
        Explanation explanation = comparison.explanations().get(difference);
        json.put("cause", explanation.cause().name().toLowerCase(Locale.ROOT));
        json.put("with", explanation.with());
        return json.put("explanation", explanation.text());
    }

    private static ObjectNode side(ComparedCase one) {
        return one == null
                ? null
                : JsonNodeFactory.instance
                        .objectNode()
                        .put("outcome", one.outcome())
                        .put("message", one.message());
    }
}
