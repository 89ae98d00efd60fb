package io.jenkins.plugins.distributedtest.jenkins.job;

import java.util.Objects;

/**
 * What a run tested, as far as it is known: only of the very same can it be said that a test failed and passed.
 *
 * @param commit the commit, for people; empty if it is not known
 * @param sources what stands for the sources and the build's parameters; empty if the sources are not known
 */
public record Tested(String commit, String sources) {
    /** Of which nothing is known. */
    public static final Tested UNKNOWN = new Tested("", "");

    /** Checks that both are there. */
    public Tested {
        Objects.requireNonNull(commit, "commit");
        Objects.requireNonNull(sources, "sources");
    }
}
