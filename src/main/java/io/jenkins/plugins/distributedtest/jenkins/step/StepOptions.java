package io.jenkins.plugins.distributedtest.jenkins.step;

import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import io.jenkins.plugins.distributedtest.config.ConfigException;
import io.jenkins.plugins.distributedtest.config.Configuration;
import java.io.Serializable;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * What somebody has said of a run, as assignments to the engine's keys. Travels to the machine where the workspace is,
 * where it is laid over, or under, what the project's own configuration says.
 *
 * <p>Values are texts, as on the command line, so that what is wrong with them is said in the same words.
 */
final class StepOptions implements Serializable {
    private static final long serialVersionUID = 1L;

    private final LinkedHashMap<String, Value> values = new LinkedHashMap<>();

    /** A value: of a whole key, or of one member of a map. */
    private static final class Value implements Serializable {
        private static final long serialVersionUID = 1L;

        /** The engine's key that it is of. */
        private final String key;
        /** The option that says it, for messages. */
        private final String option;

        private final String text;
        /** Used in place of the text if it is not null. */
        private final ArrayList<String> list;

        Value(String key, String option, String text, ArrayList<String> list) {
            this.key = key;
            this.option = option;
            this.text = text;
            this.list = list;
        }
    }

    /** Says a value; null or empty says nothing. */
    StepOptions text(String option, String key, Object value) {
        if (value != null && !value.toString().isEmpty()) {
            values.put(key, new Value(key, option, value.toString(), null));
        }
        return this;
    }

    /** Says a list; null or empty says nothing. */
    StepOptions list(String option, String key, List<String> list) {
        if (list != null && !list.isEmpty()) {
            values.put(key, new Value(key, option, null, new ArrayList<>(list)));
        }
        return this;
    }

    /**
     * Says members of a map of texts.
     *
     * @param entries {@code NAME=VALUE} each
     * @throws IllegalArgumentException if an entry has no name
     */
    StepOptions texts(String option, String key, List<String> entries) {
        entries(option, entries)
                .forEach((name, value) -> values.put(key + "." + name, new Value(key, option, value, null)));
        return this;
    }

    /**
     * Says members of a map of commands or lists.
     *
     * @param entries {@code NAME=WORD WORD…} each, see {@link Words}
     * @throws IllegalArgumentException if an entry has no name or an open quote
     */
    StepOptions commands(String option, String key, List<String> entries) {
        entries(option, entries).forEach((name, value) -> {
            try {
                values.put(key + "." + name, new Value(key, option, json(Words.split(value)), null));
            } catch (IllegalArgumentException e) {
                throw new IllegalArgumentException(option + ": " + e.getMessage() + ": " + name + "=" + value);
            }
        });
        return this;
    }

    private static String json(List<String> words) {
        ArrayNode array = JsonNodeFactory.instance.arrayNode();
        words.forEach(array::add);
        return array.toString();
    }

    /** Splits entries {@code NAME=VALUE}; only the first sign of equality divides. */
    static Map<String, String> entries(String option, List<String> entries) {
        Map<String, String> map = new LinkedHashMap<>();
        for (String entry : entries == null ? List.<String>of() : entries) {
            int equals = entry.indexOf('=');
            if (equals < 1) {
                throw new IllegalArgumentException(
                        option + " takes entries NAME=VALUE; there is no name in front of a = in: " + entry);
            }
            map.put(entry.substring(0, equals).strip(), entry.substring(equals + 1));
        }
        return map;
    }

    /** Says that what others say of a map does not count; to be followed by its members. */
    StepOptions anew(String option, String key) {
        values.put(key, new Value(key, option, "null", null));
        return this;
    }

    /**
     * Lays what is said over a configuration.
     *
     * @throws ConfigException if a value does not fit its key; the message names the option
     */
    void applyOver(Configuration configuration) throws ConfigException {
        for (Map.Entry<String, Value> entry : values.entrySet()) {
            apply(configuration, entry.getKey(), entry.getValue());
        }
    }

    /** Puts what is said where a configuration says nothing. */
    void applyUnder(Configuration configuration) throws ConfigException {
        List<Map.Entry<String, Value>> unsaid = values.entrySet().stream()
                .filter(entry -> !configuration.isSet(entry.getValue().key))
                .toList();
        for (Map.Entry<String, Value> entry : unsaid) {
            apply(configuration, entry.getKey(), entry.getValue());
        }
    }

    private static void apply(Configuration configuration, String key, Value value) throws ConfigException {
        if (value.list != null) {
            configuration.override(key, value.list);
        } else {
            configuration.override(key, value.text, "Option " + value.option);
        }
    }
}
