package io.jenkins.plugins.distributedtest.originator;

import io.jenkins.plugins.distributedtest.wire.CollectSpec;
import java.util.List;
import java.util.Objects;

/**
 * Which files that tests leave on listeners are brought back, and where they go.
 *
 * @param files globs, relative to the project's directory; empty for none
 * @param directory where they go, as an absolute path of the machine where the project is; empty if there are none
 * @param maxBytes how many bytes all listeners together may bring back, each content counted once
 */
public record CollectSettings(List<String> files, String directory, long maxBytes) {
    /** Nothing is brought back. */
    public static final CollectSettings NONE = new CollectSettings(List.of(), "", 0);

    /** Copies the globs. */
    public CollectSettings {
        files = files == null ? List.of() : List.copyOf(files);
        directory = Objects.requireNonNullElse(directory, "");
    }

    /** Whether anything is brought back. */
    public boolean isAsked() {
        return !files.isEmpty();
    }

    /** What listeners are told; null for nothing. */
    CollectSpec spec() {
        return isAsked() ? new CollectSpec(files, maxBytes) : null;
    }
}
