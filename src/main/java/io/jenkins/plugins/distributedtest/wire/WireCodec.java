package io.jenkins.plugins.distributedtest.wire;

import com.fasterxml.jackson.annotation.JsonAutoDetect;
import com.fasterxml.jackson.annotation.JsonInclude;
import com.fasterxml.jackson.annotation.PropertyAccessor;
import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.DeserializationFeature;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.PropertyNamingStrategies;
import io.jenkins.plugins.distributedtest.files.Json;
import java.io.IOException;
import java.io.UncheckedIOException;

/**
 * Turns {@linkplain NativeMessage native messages} into bytes and back. What comes from the wire is not trusted:
 * anything that is not a whole, well-formed message of a known type is a {@link WireException}.
 */
public final class WireCodec {
    /** Longer messages are refused on both sides. */
    public static final int MAX_BYTES = 16 << 20;

    private static final ObjectMapper MAPPER = Json.bounded(50, MAX_BYTES)
            .propertyNamingStrategy(PropertyNamingStrategies.SNAKE_CASE)
            .defaultPropertyInclusion(
                    JsonInclude.Value.construct(JsonInclude.Include.NON_NULL, JsonInclude.Include.NON_NULL))
            // Only a record's components travel: its derived "is…" methods are not part of the protocol.
            .visibility(PropertyAccessor.IS_GETTER, JsonAutoDetect.Visibility.NONE)
            .visibility(PropertyAccessor.GETTER, JsonAutoDetect.Visibility.NONE)
            .visibility(PropertyAccessor.FIELD, JsonAutoDetect.Visibility.ANY)
            .disable(DeserializationFeature.FAIL_ON_UNKNOWN_PROPERTIES)
            .enable(DeserializationFeature.FAIL_ON_NULL_FOR_PRIMITIVES)
            .build();

    private WireCodec() {}

    /**
     * Encodes a message.
     *
     * @throws UncheckedIOException if it is longer than {@link #MAX_BYTES}
     */
    public static byte[] encode(NativeMessage message) {
        try {
            byte[] bytes = MAPPER.writerFor(NativeMessage.class).writeValueAsBytes(message);
            if (bytes.length > MAX_BYTES) {
                throw new UncheckedIOException(new WireException("A "
                        + message.getClass().getSimpleName() + " message of " + bytes.length
                        + " bytes is over the limit of " + MAX_BYTES));
            }
            return bytes;
        } catch (JsonProcessingException e) {
            throw new UncheckedIOException(e);
        }
    }

    /**
     * One of our records as a JSON tree in the protocol's spelling, for messages that embed it.
     *
     * @param value a record of {@code suite} or {@code wire}
     */
    public static JsonNode tree(Object value) {
        return MAPPER.valueToTree(value);
    }

    /**
     * One of our records from a part of a message.
     *
     * @param node the part
     * @param type the record's class
     * @throws WireException if a component is missing or of a wrong type
     */
    public static <T> T fromTree(JsonNode node, Class<T> type) throws WireException {
        try {
            T value = MAPPER.treeToValue(node, type);
            if (value == null) {
                throw new WireException("Not a " + type.getSimpleName() + ": null");
            }
            return value;
        } catch (WireException e) {
            throw e;
        } catch (IOException | RuntimeException e) {
            throw new WireException("Not a " + type.getSimpleName() + ": " + Json.problem(e), e);
        }
    }

    /**
     * Decodes a message.
     *
     * @param body a message's body from the wire
     * @return the message, never null
     * @throws WireException if it is too long, not JSON, of an unknown type, or has a component of a wrong type
     */
    public static NativeMessage decode(byte[] body) throws WireException {
        if (body.length > MAX_BYTES) {
            throw new WireException("A message of " + body.length + " bytes is over the limit of " + MAX_BYTES);
        }
        try {
            NativeMessage message = MAPPER.readValue(body, NativeMessage.class);
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
