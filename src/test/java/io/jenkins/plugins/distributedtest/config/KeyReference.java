package io.jenkins.plugins.distributedtest.config;

import java.util.stream.Collectors;

/** Writes the reference of all keys, which {@code docs/configuration.md} holds. */
final class KeyReference {
    private KeyReference() {}

    /** A table in Markdown, a row per key. */
    static String markdown() {
        return "| Key | Type | Default | Meaning | Files |\n|---|---|---|---|---|\n"
                + Keys.all().stream().map(KeyReference::row).collect(Collectors.joining());
    }

    private static String row(Key key) {
        return "| `" + key.name() + "` | " + type(key) + " | " + defaultValue(key) + " | " + key.description() + " | "
                + files(key) + " |\n";
    }

    private static String type(Key key) {
        String type = switch (key.type()) {
            case CHOICE -> "";
            case TEXT_MAP, LIST_MAP -> key.type().noun() + (key.members().isEmpty() ? "" : ", by ");
            default -> key.type().noun();
        };
        return type + key.members().stream().map(m -> "`" + m + "`").collect(Collectors.joining(", "));
    }

    private static String defaultValue(Key key) {
        if (key.defaultNote() != null) {
            return key.defaultNote();
        }
        return key.defaultValue() == null ? "–" : "`" + key.defaultValue() + "`";
    }

    /** Where Gorgon's files may hold it too; ours may hold every key. */
    private static String files(Key key) {
        String gorgons = key.places().stream()
                .filter(file -> file == ConfigFile.GORGON || file == ConfigFile.GORGON_LISTENER)
                .map(file -> "`" + file.fileName() + "`")
                .collect(Collectors.joining(", "));
        return gorgons.isEmpty() ? "ours" : "ours, " + gorgons;
    }
}
