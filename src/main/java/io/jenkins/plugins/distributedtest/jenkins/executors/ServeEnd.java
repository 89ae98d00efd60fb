package io.jenkins.plugins.distributedtest.jenkins.executors;

import java.io.Serializable;

/**
 * How a listener of one run has ended.
 *
 * @param asked whether it had been asked to
 * @param ending how, for people, such as {@code exit code 137}
 * @param output the end of what it printed
 */
record ServeEnd(boolean asked, String ending, String output) implements Serializable {
    /** What it printed, below a line of the log; empty if it printed nothing. */
    String indented() {
        return output.isBlank() ? "" : "\n" + output.strip().indent(4).stripTrailing();
    }
}
