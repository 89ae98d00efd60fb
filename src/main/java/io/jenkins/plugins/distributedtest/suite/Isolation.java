package io.jenkins.plugins.distributedtest.suite;

import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.Optional;

/** What files have to themselves. */
public enum Isolation {
    /** A process for each file. */
    FILE,
    /** A process for each worker, in which file after file is run. */
    WORKER;

    /** Its name as it is configured, such as {@code file}. */
    public String label() {
        return name().toLowerCase(Locale.ROOT);
    }

    /** The one of a name; empty if there is none. */
    public static Optional<Isolation> named(String label) {
        return Arrays.stream(values())
                .filter(each -> each.label().equals(label))
                .findFirst();
    }

    /** All names. */
    public static List<String> labels() {
        return Arrays.stream(values()).map(Isolation::label).toList();
    }
}
