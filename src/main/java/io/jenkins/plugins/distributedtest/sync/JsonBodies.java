package io.jenkins.plugins.distributedtest.sync;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.DeserializationFeature;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.PropertyNamingStrategies;
import com.rabbitmq.client.AMQP;
import io.jenkins.plugins.distributedtest.files.Json;
import io.jenkins.plugins.distributedtest.wire.WireException;
import java.io.IOException;

/**
 * Messages about content whose bodies are JSON objects: records of plain values, their keys in snake case, unknown keys
 * ignored, and what is read of them bounded.
 */
public final class JsonBodies {
    private final ObjectMapper mapper;
    private final int maxBytes;

    /**
     * @param depth how deep a body may be nested
     * @param maxBytes how many bytes one that is read may have
     */
    public JsonBodies(int depth, int maxBytes) {
        mapper = Json.bounded(depth)
                .propertyNamingStrategy(PropertyNamingStrategies.SNAKE_CASE)
                .disable(DeserializationFeature.FAIL_ON_UNKNOWN_PROPERTIES)
                .build();
        this.maxBytes = maxBytes;
    }

    /**
     * A message.
     *
     * @param type its type, by which it is told from others
     * @param message a record of plain values
     */
    public ContentMessages.Packed packed(String type, Object message) {
        try {
            byte[] body = mapper.writeValueAsBytes(message);
            return new ContentMessages.Packed(
                    new AMQP.BasicProperties.Builder()
                            .type(type)
                            .contentType("application/json")
                            .build(),
                    body);
        } catch (JsonProcessingException e) {
            throw new IllegalStateException("A record of plain values is always JSON", e);
        }
    }

    /**
     * Reads a body.
     *
     * @param body what came from the wire
     * @param type which record it is to be
     * @throws WireException if it is too long or not such a record
     */
    public <T> T read(byte[] body, Class<T> type) throws WireException {
        if (body.length > maxBytes) {
            throw new WireException("A message of " + body.length + " bytes");
        }
        try {
            T message = mapper.readValue(body, type);
            if (message == null) {
                throw new WireException("Not a message: null");
            }
            return message;
        } catch (WireException e) {
            throw e;
        } catch (IOException | RuntimeException e) {
            throw new WireException("Not a message: " + Json.problem(e), e);
        }
    }
}
