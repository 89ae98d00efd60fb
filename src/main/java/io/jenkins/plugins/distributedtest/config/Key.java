package io.jenkins.plugins.distributedtest.config;

import java.util.List;
import java.util.Locale;
import java.util.Set;

/**
 * One key of the configuration.
 *
 * @param name full name, with dots between its parts
 * @param type what its value can be
 * @param defaultValue its default as JSON; null if it has none
 * @param defaultNote the default in words, where it is not a fixed value; null otherwise
 * @param description one sentence or two, for people
 * @param places files in which it is allowed
 * @param members for {@link KeyType#CHOICE} the words allowed; for maps the member names allowed, none meaning any
 */
public record Key(
        String name,
        KeyType type,
        String defaultValue,
        String defaultNote,
        String description,
        Set<ConfigFile> places,
        List<String> members) {

    /** The environment variable that sets it. */
    public String environmentVariable() {
        return "DISTRIBUTED_TEST_" + name.replace('.', '_').toUpperCase(Locale.ROOT);
    }

    /** Whether its value is an object whose member names are not keys of their own. */
    public boolean isMap() {
        return type == KeyType.TEXT_MAP || type == KeyType.LIST_MAP;
    }

    /** The part after the last dot. */
    public String lastPart() {
        return name.substring(name.lastIndexOf('.') + 1);
    }

    /** What a value must be, with an example, for error messages. */
    public String expectation() {
        if (type == KeyType.CHOICE) {
            return "one of "
                    + String.join(", ", members.stream().map(m -> '"' + m + '"').toList());
        }
        return type.noun() + ", such as " + example();
    }

    /** A value that would be right, as JSON. */
    public String example() {
        if (type == KeyType.CHOICE) {
            return '"' + members.get(0) + '"';
        }
        return switch (name) {
            case "connection.host", "file_server.host" -> "\"broker.example.org\"";
            case "job.callbacks.commands" -> "{\"after_sync\": [\"bin/setup\"]}";
            case "groups" -> "{\"database\": [\"spec/db/**\"]}";
            case "runners.files" -> "{\"checks/*.sh\": \"command\"}";
            case "runners.interpreters" -> "{\"ruby\": [\"bundle\", \"exec\", \"ruby\"]}";
            case "runners.isolation" -> "{\"rspec\": \"file\"}";
            case "runners.preload" -> "{\"rspec\": [\"spec/rails_helper.rb\"]}";
            default -> type.example();
        };
    }
}
