package io.jenkins.plugins.distributedtest.wire;

import java.util.List;

/**
 * Which files that tests leave in a listener's workspace are to be brought back. Travels in the job definition.
 *
 * @param files globs, relative to the workspace
 * @param maxBytes how many bytes a listener may bring back, each content counted once
 */
public record CollectSpec(List<String> files, long maxBytes) {
    /** Copies the globs. */
    public CollectSpec {
        files = files == null ? List.of() : List.copyOf(files);
    }
}
