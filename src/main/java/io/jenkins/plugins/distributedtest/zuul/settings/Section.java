package io.jenkins.plugins.distributedtest.zuul.settings;

import io.jenkins.plugins.distributedtest.config.ConfigException;
import io.jenkins.plugins.distributedtest.config.EditDistance;
import io.jenkins.plugins.distributedtest.config.Units;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;

/**
 * A map of a configuration file, whose keys are taken out one by one. Every error names the file and the key, and what
 * would be right; {@link #finish} finds the keys that nobody has asked for.
 */
final class Section {
    private static final int SHOWN = 60;

    private final Map<String, Object> values = new LinkedHashMap<>();
    private final Set<String> known = new TreeSet<>();
    private final List<Section> inner = new ArrayList<>();
    private final String file;
    private final String path;
    private final Path directory;

    private Section(Map<?, ?> map, String file, String path, Path directory) {
        map.forEach((key, value) -> values.put(String.valueOf(key), value));
        this.file = file;
        this.path = path;
        this.directory = directory;
    }

    /**
     * A whole file.
     *
     * @param tree what it holds
     * @param file its name, for messages
     * @param directory relative paths are relative to it
     */
    static Section of(Map<?, ?> tree, String file, Path directory) {
        return new Section(tree, file, "", directory);
    }

    private String name(String key) {
        return path.isEmpty() ? key : path + "." + key;
    }

    /** An error at this section. */
    ConfigException error(String key, String problem) {
        return new ConfigException(file + ": " + name(key) + " " + problem);
    }

    private ConfigException wrong(String key, String expected) {
        return error(key, "must be " + expected + ", not " + shown(key, values.get(key)));
    }

    private static String shown(String key, Object value) {
        if (value instanceof Map) {
            return "a map";
        }
        if (value instanceof List) {
            return "a list";
        }
        if (value == null) {
            return "empty";
        }
        if (key.matches(".*(password|secret|key|broker|environment).*")) {
            return "what is there";
        }
        String text = String.valueOf(value);
        return "\"" + (text.length() > SHOWN ? text.substring(0, SHOWN) + "…" : text) + "\"";
    }

    private Object take(String key) {
        known.add(key);
        return values.get(key);
    }

    /** Whether a key is there, which counts as asking for it. */
    boolean has(String key) {
        return take(key) != null;
    }

    /** A text, number or truth value as text; null if there is none. */
    String text(String key) throws ConfigException {
        Object value = take(key);
        if (value == null) {
            return null;
        }
        if (value instanceof Map || value instanceof List || value.toString().isBlank()) {
            throw wrong(key, "a text");
        }
        return value.toString();
    }

    /** A text, or the default. */
    String text(String key, String byDefault) throws ConfigException {
        String text = text(key);
        return text == null ? byDefault : text;
    }

    /** A text that must be there. */
    String required(String key) throws ConfigException {
        String text = text(key);
        if (text == null) {
            throw error(key, "is missing");
        }
        return text;
    }

    /** One of some words; the default if there is none. */
    String choice(String key, String byDefault, List<String> words) throws ConfigException {
        String text = text(key, byDefault);
        if (text != null && !words.contains(text)) {
            throw error(
                    key,
                    "must be one of " + String.join(", ", words) + ", not " + shown(key, text) + ". Did you mean "
                            + EditDistance.nearest(text, words) + "?");
        }
        return text;
    }

    /** A whole number; the default if there is none. */
    int number(String key, int byDefault, int from, int to) throws ConfigException {
        Object value = take(key);
        if (value == null) {
            return byDefault;
        }
        try {
            int number = Integer.parseInt(value.toString());
            if (number >= from && number <= to) {
                return number;
            }
        } catch (NumberFormatException e) {
            throw wrong(key, "a whole number from " + from + " to " + to);
        }
        throw wrong(key, "a whole number from " + from + " to " + to);
    }

    /** A truth value; the default if there is none. */
    boolean flag(String key, boolean byDefault) throws ConfigException {
        Object value = take(key);
        if (value == null || value instanceof Boolean) {
            return value == null ? byDefault : (Boolean) value;
        }
        throw wrong(key, "true or false");
    }

    /** A duration; the default if there is none. */
    Duration duration(String key, Duration byDefault) throws ConfigException {
        Object value = take(key);
        if (value == null) {
            return byDefault;
        }
        Duration duration = isBareNumber(value) ? null : Units.duration(value.toString());
        if (duration == null) {
            throw wrong(key, "a duration such as 90s, 30m or 2h");
        }
        return duration;
    }

    /** A size in bytes; the default if there is none. */
    long size(String key, long byDefault) throws ConfigException {
        Object value = take(key);
        if (value == null) {
            return byDefault;
        }
        Long size = isBareNumber(value) ? null : Units.size(value.toString());
        if (size == null) {
            throw wrong(key, "a size such as 100 MB");
        }
        return size;
    }

    /** Whether the unit is missing, which each reader would fill in differently. */
    private static boolean isBareNumber(Object value) {
        return value.toString().strip().matches("[0-9.]+");
    }

    /** A path made absolute; null if there is none. */
    Path path(String key) throws ConfigException {
        String text = text(key);
        if (text == null) {
            return null;
        }
        boolean home = text.equals("~") || text.startsWith("~/");
        return directory
                .resolve(home ? System.getProperty("user.home") + text.substring(1) : text)
                .toAbsolutePath()
                .normalize();
    }

    /** A list of texts, or a single one; the default if there is none. */
    List<String> texts(String key, List<String> byDefault) throws ConfigException {
        Object value = take(key);
        if (value == null) {
            return byDefault;
        }
        List<String> texts = new ArrayList<>();
        for (Object each : value instanceof List<?> list ? list : List.of(value)) {
            if (each == null || each instanceof Map || each instanceof List) {
                throw wrong(key, "a list of texts");
            }
            texts.add(each.toString());
        }
        return texts;
    }

    /** Whether the value is a list. */
    boolean isList(String key) {
        return take(key) instanceof List;
    }

    /** A map of texts, empty if there is none. */
    Map<String, String> textMap(String key) throws ConfigException {
        Object value = take(key);
        Map<String, String> texts = new LinkedHashMap<>();
        if (value == null) {
            return texts;
        }
        if (!(value instanceof Map<?, ?> map)) {
            throw wrong(key, "a map, such as NAME: value");
        }
        for (Map.Entry<?, ?> each : map.entrySet()) {
            if (each.getValue() instanceof Map || each.getValue() instanceof List) {
                throw error(key + "." + each.getKey(), "must be a text");
            }
            texts.put(
                    String.valueOf(each.getKey()),
                    each.getValue() == null ? "" : each.getValue().toString());
        }
        return texts;
    }

    /** A map as a section of its own; an empty one if there is none. */
    Section section(String key) throws ConfigException {
        Object value = take(key);
        if (value != null && !(value instanceof Map)) {
            throw wrong(key, "a map of keys");
        }
        Section section = new Section(value == null ? Map.of() : (Map<?, ?>) value, file, name(key), directory);
        inner.add(section);
        return section;
    }

    /** A list of maps, each a section of its own; empty if there is none. */
    List<Section> sections(String key) throws ConfigException {
        Object value = take(key);
        List<Section> sections = new ArrayList<>();
        if (value == null) {
            return sections;
        }
        if (!(value instanceof List<?> list)) {
            throw wrong(key, "a list");
        }
        for (Object each : list) {
            String place = name(key) + "[" + sections.size() + "]";
            if (!(each instanceof Map<?, ?> map)) {
                throw new ConfigException(file + ": " + place + " must be a map of keys");
            }
            sections.add(new Section(map, file, place, directory));
        }
        inner.addAll(sections);
        return sections;
    }

    /** Counts every key as asked for. */
    void ignoreAll() {
        known.addAll(values.keySet());
    }

    /**
     * Looks for keys that nobody has asked for, here and further in.
     *
     * @param warnings takes them where they are ignored; null where each is an error
     */
    void finish(List<String> warnings) throws ConfigException {
        for (String key : values.keySet()) {
            if (!known.contains(key)) {
                String problem = file + ": unknown key " + name(key)
                        + (known.isEmpty() ? "" : ". Did you mean " + name(EditDistance.nearest(key, known)) + "?");
                if (warnings == null) {
                    throw new ConfigException(problem + " There are: " + String.join(", ", known));
                }
                warnings.add(problem + " It is ignored.");
            }
        }
        for (Section section : inner) {
            section.finish(warnings);
        }
    }
}
