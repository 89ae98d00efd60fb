package io.jenkins.plugins.distributedtest.wire.gorgon;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.jenkins.plugins.distributedtest.files.Json;
import io.jenkins.plugins.distributedtest.wire.NativeMessage;
import io.jenkins.plugins.distributedtest.wire.WireCodec;
import io.jenkins.plugins.distributedtest.wire.WireException;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.CodingErrorAction;
import java.nio.charset.StandardCharsets;
import java.util.Map;

/**
 * Turns {@linkplain GorgonMessage Gorgon's messages} into bytes and back: exact in what it writes (keys, their order,
 * the types that a Ruby peer relies on, always valid UTF-8), lenient in what it reads (extra keys, strings for numbers,
 * absent optional keys). What is not a JSON object in valid UTF-8, or lacks a key that its kind cannot do without, is a
 * {@link WireException}: to be logged and dropped, never the end of a daemon.
 *
 * <p>{@code start} and {@code finish} are told by their {@code action}, the others by their {@code type}; an
 * announcement has neither and is told by its {@code listener_queue_name}.
 */
public final class GorgonCodec {
    /** Header of a file message that tells its lease; an integer. */
    public static final String LEASE_HEADER = "lease";

    /** Version of our additions to Gorgon's protocol. */
    public static final int PROTOCOL_VERSION = 1;

    private static final ObjectMapper MAPPER =
            Json.bounded(50, WireCodec.MAX_BYTES).build();

    private GorgonCodec() {}

    /**
     * Encodes a message.
     *
     * @throws UncheckedIOException if it is longer than {@link WireCodec#MAX_BYTES}
     */
    public static byte[] encode(GorgonMessage message) {
        if (message instanceof GorgonMessage.Native ours) {
            return WireCodec.encode(ours.message());
        }
        try {
            JsonNode tree = GorgonWriter.tree(message);
            byte[] bytes =
                    GorgonWriter.wellFormed(MAPPER.writeValueAsString(tree)).getBytes(StandardCharsets.UTF_8);
            if (bytes.length > WireCodec.MAX_BYTES) {
                throw new WireException(
                        "A message of " + bytes.length + " bytes is over the limit of " + WireCodec.MAX_BYTES);
            }
            return bytes;
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /**
     * Decodes a message.
     *
     * @param body a message's body from the wire
     * @return the message, never null; {@link GorgonMessage.Unknown} for a well-formed one of an unknown kind
     * @throws WireException if it is too long, not a JSON object in valid UTF-8, or lacks what its kind needs
     */
    public static GorgonMessage decode(byte[] body) throws WireException {
        if (body.length > WireCodec.MAX_BYTES) {
            throw new WireException(
                    "A message of " + body.length + " bytes is over the limit of " + WireCodec.MAX_BYTES);
        }
        JsonNode tree = parse(text(body));
        try {
            GorgonMessage message = GorgonReader.read(tree);
            return message == null ? nativeOrUnknown(tree, body) : message;
        } catch (WireException e) {
            throw e;
        } catch (RuntimeException e) {
            throw new WireException("Not a message of Gorgon's: " + Json.problem(e), e);
        }
    }

    /**
     * The path in a file message.
     *
     * @param body the message's body
     * @throws WireException if it is not valid UTF-8; whether the path stays inside the project is for
     *     {@link io.jenkins.plugins.distributedtest.suite.TestFile} to check
     */
    public static String path(byte[] body) throws WireException {
        return text(body);
    }

    /**
     * The lease in a file message's headers.
     *
     * @param headers the headers, or null
     * @return the lease; 0 if there is none, as from a Ruby originator
     */
    public static int lease(Map<String, Object> headers) {
        return headers != null && headers.get(LEASE_HEADER) instanceof Number lease ? lease.intValue() : 0;
    }

    private static GorgonMessage nativeOrUnknown(JsonNode tree, byte[] body) throws WireException {
        String type = tree.path("type").asText("");
        switch (type) {
            case "preparing", "ready", "left", "heartbeat", "finish_run", "cancel_run", "originator_heartbeat" -> {
                NativeMessage message = WireCodec.decode(body);
                return new GorgonMessage.Native(message);
            }
            default -> {
                String kind = type.isEmpty() ? tree.path("action").asText("") : type;
                return new GorgonMessage.Unknown(kind.substring(0, Math.min(100, kind.length())));
            }
        }
    }

    private static JsonNode parse(String text) throws WireException {
        try {
            JsonNode tree = MAPPER.readTree(text);
            if (tree == null || !tree.isObject()) {
                throw new WireException("Not a message of Gorgon's: not a JSON object");
            }
            return tree;
        } catch (WireException e) {
            throw e;
        } catch (IOException | RuntimeException e) {
            throw new WireException("Not a message of Gorgon's: " + Json.problem(e), e);
        }
    }

    private static String text(byte[] body) throws WireException {
        try {
            return StandardCharsets.UTF_8
                    .newDecoder()
                    .onMalformedInput(CodingErrorAction.REPORT)
                    .onUnmappableCharacter(CodingErrorAction.REPORT)
                    .decode(ByteBuffer.wrap(body))
                    .toString();
        } catch (CharacterCodingException e) {
            throw new WireException("Not a message of Gorgon's: not valid UTF-8", e);
        }
    }
}
