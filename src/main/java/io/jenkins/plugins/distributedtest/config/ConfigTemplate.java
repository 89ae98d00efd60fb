package io.jenkins.plugins.distributedtest.config;

import com.fasterxml.jackson.core.JsonProcessingException;
import io.jenkins.plugins.distributedtest.files.Json;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** Writes a {@code distributed-test.json} with a comment for each key, taken from {@link Keys}. */
public final class ConfigTemplate {
    private static final List<String> OFFERED = List.of(
            "connection",
            "exclude",
            "cluster_id",
            "file_timeout",
            "fail_fast",
            "retries",
            "environment",
            "junit",
            "html");
    private static final int WIDTH = 96;

    private ConfigTemplate() {}

    /**
     * The text of a configuration.
     *
     * @param heading lines of a comment for the top
     * @param values values by full key name: texts, lists, or maps of them
     * @return text that {@link Configuration} reads
     */
    public static String of(List<String> heading, Map<String, Object> values) {
        StringBuilder text = new StringBuilder();
        heading.forEach(line -> text.append("// ").append(line).append('\n'));
        text.append("{\n");
        appendGroup(text, "", nested(values), "  ");
        text.append("\n  // Further keys, with their defaults or an example; all are in docs/configuration.md.\n");
        OFFERED.stream().filter(name -> !values.containsKey(name)).forEach(name -> appendOffer(text, name));
        return text.append("}\n").toString();
    }

    private static void appendOffer(StringBuilder text, String name) {
        Key key = Keys.find(name);
        if (key == null) {
            comment(
                    text,
                    "The AMQP broker. Keep the password out of version control: set DISTRIBUTED_TEST_BROKER.",
                    "  ");
            text.append("  // \"connection\": \"amqp://user@broker.example.org:5672\",\n");
            return;
        }
        boolean telling = key.defaultValue() != null && !key.defaultValue().matches("\\[\\]|\\{\\}");
        comment(text, key.description(), "  ");
        text.append("  // \"").append(name).append("\": ");
        text.append(telling ? key.defaultValue() : example(key)).append(",\n");
    }

    private static String example(Key key) {
        return switch (key.name()) {
            case "junit" -> "\"build/junit.xml\"";
            case "html" -> "\"build/tests.html\"";
            case "exclude" -> "[\"spec/manual/**\"]";
            case "cluster_id" -> "\"team-a\"";
            default -> key.example();
        };
    }

    /** Keys with dots become objects inside objects. */
    private static Map<String, Object> nested(Map<String, Object> values) {
        Map<String, Object> root = new LinkedHashMap<>();
        values.forEach((name, value) -> {
            Map<String, Object> group = root;
            String[] parts = name.split("\\.");
            for (int i = 0; i < parts.length - 1; i++) {
                group = groupIn(group, parts[i]);
            }
            group.put(parts[parts.length - 1], value);
        });
        return root;
    }

    @SuppressWarnings("unchecked")
    private static Map<String, Object> groupIn(Map<String, Object> parent, String name) {
        return (Map<String, Object>) parent.computeIfAbsent(name, n -> new LinkedHashMap<String, Object>());
    }

    private static void appendGroup(StringBuilder text, String prefix, Map<String, Object> group, String indent) {
        group.forEach((name, value) -> {
            Key key = Keys.find(prefix + name);
            if (key != null) {
                comment(text, key.description(), indent);
            }
            text.append(indent).append(json(name)).append(": ");
            if (key == null) {
                text.append("{\n");
                appendGroup(text, prefix + name + ".", subgroup(value), indent + "  ");
                text.append(indent).append("},\n");
            } else {
                text.append(json(value)).append(",\n");
            }
        });
    }

    @SuppressWarnings("unchecked")
    private static Map<String, Object> subgroup(Object value) {
        return (Map<String, Object>) value;
    }

    private static String json(Object value) {
        if (value instanceof List<?> list) {
            return "["
                    + String.join(", ", list.stream().map(ConfigTemplate::json).toList()) + "]";
        }
        if (value instanceof Map<?, ?> map) {
            List<String> members = new ArrayList<>();
            map.forEach((name, member) -> members.add(json(name) + ": " + json(member)));
            return "{" + String.join(", ", members) + "}";
        }
        try {
            return Json.PLAIN.writeValueAsString(value);
        } catch (JsonProcessingException e) {
            throw new IllegalArgumentException(e);
        }
    }

    private static void comment(StringBuilder text, String words, String indent) {
        StringBuilder line = new StringBuilder();
        for (String word : words.split(" ")) {
            if (line.length() + word.length() + 1 > WIDTH) {
                text.append(indent).append("//").append(line).append('\n');
                line.setLength(0);
            }
            line.append(' ').append(word);
        }
        text.append(indent).append("//").append(line).append('\n');
    }
}
