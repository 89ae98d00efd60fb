package io.jenkins.plugins.distributedtest.config;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.jenkins.plugins.distributedtest.suite.RunnerSettings;
import io.jenkins.plugins.distributedtest.suite.SubProject;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;

/**
 * The value of the key {@code projects}: a list of objects with {@code directory} and whatever the project has other than
 * the suite, under the names of {@code runners}. A text stands for an object with that directory.
 */
final class Projects {
    private static final Set<String> OF_RUNNERS =
            Set.of("interpreters", "args", "preload", "isolation", "class_path", "class_path_command", "command");

    private Projects() {}

    /**
     * Checks a list.
     *
     * @return it in its normal form; null if it is no list of objects and texts
     * @throws ConfigException if one of the objects is wrong
     */
    static JsonNode check(JsonNode value, String where) throws ConfigException {
        if (!value.isArray()) {
            return null;
        }
        ArrayNode normal = JsonNodeFactory.instance.arrayNode();
        Set<String> directories = new HashSet<>();
        for (JsonNode each : value) {
            JsonNode project =
                    each.isTextual() ? JsonNodeFactory.instance.objectNode().set("directory", each) : each;
            if (!project.isObject()) {
                return null;
            }
            ObjectNode checked = checkOne((ObjectNode) project, where);
            if (!directories.add(checked.get("directory").textValue())) {
                throw new ConfigException(
                        where + ": projects has " + each.path("directory").asText(each.asText()) + " twice");
            }
            normal.add(checked);
        }
        return normal;
    }

    private static ObjectNode checkOne(ObjectNode project, String where) throws ConfigException {
        ObjectNode normal = JsonNodeFactory.instance.objectNode();
        normal.put("directory", directory(project.path("directory"), where));
        String place = where + ": in the project " + project.get("directory").textValue();
        for (Map.Entry<String, JsonNode> member : project.properties()) {
            String name = member.getKey();
            if (OF_RUNNERS.contains(name)) {
                normal.set(name, Values.check(Keys.get("runners." + name), member.getValue(), place));
            } else if (name.equals("environment")) {
                normal.set(name, Values.check(Keys.get("environment"), member.getValue(), place));
            } else if (name.equals("runner")) {
                normal.put(name, runner(member.getValue(), place));
            } else if (!name.equals("directory")) {
                throw new ConfigException(place + ": unknown key " + name
                        + ". There are: directory, runner, environment, "
                        + String.join(", ", OF_RUNNERS.stream().sorted().toList()));
            }
        }
        return normal;
    }

    private static String directory(JsonNode value, String where) throws ConfigException {
        String text = value.isTextual() ? value.textValue() : "";
        String plain = text.replaceAll("^(\\./)+|/+$", "");
        try {
            if (text.isEmpty()) {
                throw new IllegalArgumentException("it has no text");
            }
            return SubProject.in(plain.equals(".") ? "" : plain).directory();
        } catch (IllegalArgumentException e) {
            throw new ConfigException(where + ": directory of a project must be a path in this project, such as"
                    + " \"engines/billing\", or \".\" (" + e.getMessage() + ")");
        }
    }

    private static String runner(JsonNode value, String where) throws ConfigException {
        if (!value.isTextual() || !Keys.RUNNERS.contains(value.textValue())) {
            throw new ConfigException(
                    where + ": runner names no runner. There are: " + String.join(", ", Keys.RUNNERS));
        }
        return value.textValue();
    }

    /** A checked list as sub-projects; null for null. */
    static List<SubProject> of(JsonNode value) {
        if (value == null) {
            return null;
        }
        List<SubProject> projects = new ArrayList<>();
        for (JsonNode each : value) {
            RunnerSettings settings = new RunnerSettings(
                            null,
                            lists(each.path("interpreters")),
                            lists(each.path("args")),
                            lists(each.path("preload")),
                            texts(each.path("class_path")),
                            texts(each.path("class_path_command")),
                            texts(each.path("command")))
                    .isolated(map(each.path("isolation")));
            projects.add(new SubProject(
                    each.get("directory").textValue(),
                    each.path("runner").textValue(),
                    settings,
                    map(each.path("environment"))));
        }
        return projects;
    }

    private static Map<String, List<String>> lists(JsonNode value) {
        Map<String, List<String>> lists = new HashMap<>();
        value.properties().stream()
                .filter(member -> !member.getValue().isNull())
                .forEach(member -> lists.put(member.getKey(), texts(member.getValue())));
        return lists;
    }

    private static Map<String, String> map(JsonNode value) {
        Map<String, String> map = new HashMap<>();
        value.properties().stream()
                .filter(member -> !member.getValue().isNull())
                .forEach(member -> map.put(member.getKey(), member.getValue().textValue()));
        return map;
    }

    private static List<String> texts(JsonNode value) {
        List<String> texts = new ArrayList<>();
        value.forEach(each -> texts.add(each.textValue()));
        return texts;
    }
}
