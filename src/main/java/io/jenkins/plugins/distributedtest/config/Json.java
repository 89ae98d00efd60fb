package io.jenkins.plugins.distributedtest.config;

import com.fasterxml.jackson.core.JsonLocation;
import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.core.StreamReadFeature;
import com.fasterxml.jackson.core.json.JsonReadFeature;
import com.fasterxml.jackson.databind.DeserializationFeature;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.json.JsonMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.jenkins.plugins.distributedtest.files.PlainFile;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;

/** Reads the files. Error messages give the place but never a piece of the file, which may be a password. */
final class Json {
    private static final int MAX_BYTES = 4 << 20;
    private static final ObjectMapper STRICT = JsonMapper.builder()
            .enable(DeserializationFeature.FAIL_ON_TRAILING_TOKENS)
            .enable(StreamReadFeature.STRICT_DUPLICATE_DETECTION)
            .build();
    private static final ObjectMapper RELAXED = JsonMapper.builder()
            .enable(DeserializationFeature.FAIL_ON_TRAILING_TOKENS)
            .enable(StreamReadFeature.STRICT_DUPLICATE_DETECTION)
            .enable(JsonReadFeature.ALLOW_JAVA_COMMENTS)
            .enable(JsonReadFeature.ALLOW_TRAILING_COMMA)
            .build();

    private Json() {}

    /**
     * Reads a file that holds one JSON object.
     *
     * @param relaxed whether comments and trailing commas are allowed
     * @throws ConfigException if it cannot be read or is anything else
     */
    static ObjectNode read(Path file, String name, boolean relaxed) throws ConfigException {
        try {
            // The project's: a callback may have left a pipe there, and a link may lead to a device without end.
            if (Files.size(file) > MAX_BYTES) {
                throw new ConfigException(name + " is longer than " + (MAX_BYTES >> 20) + " MiB: " + file);
            }
            JsonNode node = (relaxed ? RELAXED : STRICT).readTree(PlainFile.bytes(file, MAX_BYTES));
            if (node instanceof ObjectNode object) {
                return object;
            }
            throw new ConfigException(
                    name + " must hold one JSON object, such as {\"files\": [\"spec/**/*_spec.rb\"]}");
        } catch (JsonProcessingException e) {
            throw new ConfigException(name + " is not valid JSON" + place(e.getLocation()) + ": " + reason(e));
        } catch (IOException e) {
            throw new ConfigException(
                    name + " cannot be read: " + (e.getClass() == IOException.class ? e.getMessage() : e));
        }
    }

    private static String place(JsonLocation location) {
        return location == null ? "" : " at line " + location.getLineNr() + ", column " + location.getColumnNr();
    }

    /** The parser's words without the piece of input that it quotes, except for the name of a key given twice. */
    private static String reason(JsonProcessingException e) {
        String message = String.valueOf(e.getOriginalMessage());
        if (message.startsWith("Duplicate field")) {
            return message;
        }
        if (message.startsWith("Unrecognized token")) {
            return "a text must stand in double quotes";
        }
        return message.replaceAll("\\(code \\d+.*?\\)", "").replaceAll("\\s+", " ");
    }

    /** The value that a text is as JSON, or null if it is none. */
    static JsonNode tryParse(String text) {
        try {
            JsonNode node = STRICT.readTree(text);
            return node.isMissingNode() ? null : node;
        } catch (JsonProcessingException e) {
            return null;
        }
    }
}
