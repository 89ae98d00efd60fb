package io.jenkins.plugins.distributedtest.jenkins.listeners;

import com.fasterxml.jackson.core.JsonEncoding;
import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonGenerator;
import io.jenkins.plugins.distributedtest.originator.PingAnswer;
import java.io.IOException;
import java.io.OutputStream;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.function.Function;

/**
 * Writes what is known of brokers as JSON: {@code {"brokers": [{"name", "place", "cluster", "asking",
 * "asked_seconds_ago", "problem", "listeners": [{"listener", "host", "version", "slots", "busy", "runners", "native",
 * "gorgon", "agent", "agent_url", "here", "seen_seconds_ago"}]}]}}. What is not known is null. Times are told as seconds before now, since
 * the clock of who looks may be another.
 */
final class BrokerViews {
    private static final JsonFactory JSON = new JsonFactory();

    private BrokerViews() {}

    /**
     * The agent of a listener that Jenkins runs.
     *
     * @param name as people know it
     * @param url of the page about its listeners, relative to Jenkins
     */
    record Agent(String name, String url) {}

    /**
     * Writes them, in UTF-8.
     *
     * @param agents the agent of the listener with an id; gives null for one that Jenkins does not run
     * @param out where to; flushed, not closed
     * @param now what time it is
     * @throws IOException if that fails
     */
    static void write(
            List<BrokerWatch.BrokerView> brokers, Function<String, Agent> agents, Instant now, OutputStream out)
            throws IOException {
        JsonGenerator json = JSON.createGenerator(out, JsonEncoding.UTF8);
        json.disable(JsonGenerator.Feature.AUTO_CLOSE_TARGET);
        json.writeStartObject();
        json.writeArrayFieldStart("brokers");
        for (BrokerWatch.BrokerView broker : brokers) {
            write(broker, agents, now, json);
        }
        json.writeEndArray();
        json.writeEndObject();
        json.close();
        out.flush();
    }

    private static void write(
            BrokerWatch.BrokerView broker, Function<String, Agent> agents, Instant now, JsonGenerator json)
            throws IOException {
        json.writeStartObject();
        json.writeStringField("name", broker.name());
        json.writeStringField("place", broker.place());
        json.writeStringField("cluster", broker.cluster());
        json.writeBooleanField("asking", broker.asking());
        ago("asked_seconds_ago", broker.askedAt(), now, json);
        json.writeStringField("problem", broker.problem());
        json.writeArrayFieldStart("listeners");
        for (BrokerWatch.ListenerView listener : broker.listeners()) {
            write(listener, agents.apply(listener.answer().listener()), now, json);
        }
        json.writeEndArray();
        json.writeEndObject();
    }

    private static void write(BrokerWatch.ListenerView listener, Agent agent, Instant now, JsonGenerator json)
            throws IOException {
        PingAnswer answer = listener.answer();
        json.writeStartObject();
        json.writeStringField("listener", answer.listener());
        json.writeStringField("host", answer.host());
        json.writeStringField("version", answer.version());
        json.writeNumberField("slots", answer.slots());
        if (answer.busy() >= 0) {
            json.writeNumberField("busy", answer.busy());
        } else {
            json.writeNullField("busy");
        }
        json.writeArrayFieldStart("runners");
        for (String runner : answer.runners()) {
            json.writeString(runner);
        }
        json.writeEndArray();
        json.writeBooleanField("native", answer.speaksNative());
        json.writeBooleanField("gorgon", answer.speaksGorgon());
        json.writeStringField("agent", agent == null ? null : agent.name());
        json.writeStringField("agent_url", agent == null ? null : agent.url());
        json.writeBooleanField("here", listener.here());
        ago("seen_seconds_ago", listener.lastSeen(), now, json);
        json.writeEndObject();
    }

    private static void ago(String name, Instant then, Instant now, JsonGenerator json) throws IOException {
        if (then == null) {
            json.writeNullField(name);
        } else {
            json.writeNumberField(name, Math.max(0, Duration.between(then, now).toSeconds()));
        }
    }
}
