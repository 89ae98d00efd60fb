package io.jenkins.plugins.distributedtest.compare;

import io.jenkins.plugins.distributedtest.suite.TestFile;

/**
 * A case that is not the same on both sides.
 *
 * @param own as the project's own command tells of it; null if it does not
 * @param ours as our run tells of it; null if it does not
 */
public record Difference(ComparedCase own, ComparedCase ours) {
    /** Checks that one side is there. */
    public Difference {
        if (own == null && ours == null) {
            throw new IllegalArgumentException("a difference of nothing");
        }
    }

    /** The case as one of the sides has it. */
    public ComparedCase either() {
        return ours == null ? own : ours;
    }

    /** Its file; null if neither side knows. */
    public TestFile file() {
        return ours != null && ours.file() != null ? ours.file() : own == null ? null : own.file();
    }

    /** What of it differs, for people. */
    public String what() {
        return (own == null ? "not in its own command" : "own command: " + own.outcome())
                + ", "
                + (ours == null ? "not in our run" : "our run: " + ours.outcome());
    }
}
