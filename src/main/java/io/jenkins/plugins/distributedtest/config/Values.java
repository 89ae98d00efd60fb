package io.jenkins.plugins.distributedtest.config;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import com.fasterxml.jackson.databind.node.TextNode;
import io.jenkins.plugins.distributedtest.suite.Isolation;
import java.util.Map;

/** Checks values against the type of their key. */
final class Values {
    private static final int SHOWN = 60;

    private Values() {}

    /**
     * Checks a value that is not a map's.
     *
     * @param key the key
     * @param value the value, not JSON's null
     * @return the value in its normal form: a lone text where a list is wanted becomes a list of one
     * @throws ConfigException if it is of another type
     */
    static JsonNode check(Key key, JsonNode value, String where) throws ConfigException {
        if (key.isMap()) {
            return checkMap(key, value, where);
        }
        JsonNode normal = key.type() == KeyType.PROJECTS ? Projects.check(value, where) : normalise(key, value);
        if (normal == null) {
            throw wrongType(where, key, key.name(), value);
        }
        return normal;
    }

    private static JsonNode normalise(Key key, JsonNode value) {
        boolean good = switch (key.type()) {
            case TEXT, PATH -> value.isTextual() && !value.textValue().isEmpty();
            case CHOICE -> value.isTextual() && key.members().contains(value.textValue());
            case COUNT -> isWhole(value, 0, Integer.MAX_VALUE);
            case POSITIVE -> isWhole(value, 1, 10_000);
            case PORT -> isWhole(value, 1, 65_535);
            case FLAG -> value.isBoolean();
            case DURATION -> isScalar(value) && Units.duration(value.asText()) != null;
            case SIZE -> isScalar(value) && Units.size(value.asText()) != null;
            case TEXTS -> value.isTextual() || isTexts(value);
            case COMMAND -> value.isTextual() || isTexts(value) && !value.isEmpty();
            case TEXT_MAP, LIST_MAP, PROJECTS -> false;
        };
        if (!good) {
            return null;
        }
        return key.type() == KeyType.TEXTS || key.type() == KeyType.COMMAND ? asList(value) : value;
    }

    private static JsonNode checkMap(Key key, JsonNode value, String where) throws ConfigException {
        if (!value.isObject()) {
            throw wrongType(where, key, key.name(), value);
        }
        ObjectNode normal = JsonNodeFactory.instance.objectNode();
        for (Map.Entry<String, JsonNode> member : value.properties()) {
            normal.set(member.getKey(), checkMember(key, member.getKey(), member.getValue(), where));
        }
        return normal;
    }

    /** Checks one member of a map, its name and its value; JSON's null is let through: it removes the member. */
    static JsonNode checkMember(Key key, String name, JsonNode value, String where) throws ConfigException {
        if (!key.members().isEmpty() && !key.members().contains(name)) {
            throw new ConfigException(where + ": unknown key " + key.name() + "." + name + ". Did you mean "
                    + key.name() + "." + nearest(name, key) + "? There are: " + String.join(", ", key.members()));
        }
        if (value.isNull()) {
            return value;
        }
        if (key.type() == KeyType.TEXT_MAP && value.isTextual()) {
            checkText(key, name, value.textValue(), where);
            return value;
        }
        if (key.type() == KeyType.LIST_MAP && (value.isTextual() || isTexts(value))) {
            return asList(value);
        }
        throw wrongType(where, key, key.name() + "." + name, value);
    }

    private static void checkText(Key key, String name, String text, String where) throws ConfigException {
        if (key.name().equals("runners.files") && !Keys.RUNNERS.contains(text)) {
            throw new ConfigException(where + ": " + key.name() + "." + name + " names no runner. There are: "
                    + String.join(", ", Keys.RUNNERS));
        }
        if (key.name().equals("runners.isolation") && Isolation.named(text).isEmpty()) {
            throw new ConfigException(where + ": " + key.name() + "." + name + " must be one of "
                    + String.join(", ", Isolation.labels()) + ", not \"" + text + "\"");
        }
    }

    private static String nearest(String name, Key key) {
        return key.members().stream()
                .min((a, b) -> Integer.compare(EditDistance.of(name, a), EditDistance.of(name, b)))
                .orElseThrow();
    }

    private static ConfigException wrongType(String where, Key key, String name, JsonNode value) {
        String expected = key.expectation();
        if (key.isMap() && !name.equals(key.name())) {
            expected =
                    key.type() == KeyType.TEXT_MAP ? "a text, such as \"abc\"" : "a list of texts, such as [\"abc\"]";
        }
        return new ConfigException(where + ": " + name + " must be " + expected + ", not " + shown(name, value));
    }

    /** A value for an error message; only its kind where it may be a secret. */
    private static String shown(String name, JsonNode value) {
        if (name.startsWith("connection") || name.startsWith("environment") || value.isContainerNode()) {
            return switch (value.getNodeType()) {
                case OBJECT -> "an object";
                case ARRAY -> "a list";
                case NUMBER -> "a number";
                case BOOLEAN -> "true or false";
                case STRING -> value.textValue().isEmpty() ? "an empty text" : "the text that is there";
                default -> "null";
            };
        }
        String text = value.toString();
        return text.length() > SHOWN ? text.substring(0, SHOWN) + "…" : text;
    }

    /**
     * A value given as text, from the command line or the environment: JSON where that fits the key, else the text
     * itself.
     *
     * @throws ConfigException if neither fits
     */
    static JsonNode fromText(Key key, String text, String where) throws ConfigException {
        JsonNode json = Json.tryParse(text);
        if (json != null && json.isNull()) {
            return json;
        }
        if (json != null && (key.isMap() || key.type() == KeyType.PROJECTS || normalise(key, json) != null)) {
            return check(key, json, where);
        }
        return check(key, TextNode.valueOf(text), where);
    }

    /** The same for one member of a map. */
    static JsonNode memberFromText(Key key, String name, String text, String where) throws ConfigException {
        JsonNode json = key.type() == KeyType.LIST_MAP ? Json.tryParse(text) : null;
        return checkMember(key, name, json == null ? TextNode.valueOf(text) : json, where);
    }

    private static boolean isWhole(JsonNode value, int from, int to) {
        return value.canConvertToInt()
                && value.isIntegralNumber()
                && value.intValue() >= from
                && value.intValue() <= to;
    }

    private static boolean isScalar(JsonNode value) {
        return value.isTextual() || value.isNumber();
    }

    private static boolean isTexts(JsonNode value) {
        if (!value.isArray()) {
            return false;
        }
        for (JsonNode element : value) {
            if (!element.isTextual()) {
                return false;
            }
        }
        return true;
    }

    private static JsonNode asList(JsonNode value) {
        return value.isArray() ? value : JsonNodeFactory.instance.arrayNode().add(value.textValue());
    }
}
