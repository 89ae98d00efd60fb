package io.jenkins.plugins.distributedtest.process;

/**
 * What came of a command.
 *
 * @param exitCode its exit code; 128 + n when signal n ended it
 * @param signal name of the signal that ended it, such as {@code KILL}; null if none did
 * @param timedOut whether it was killed since it ran longer than its timeout
 * @param output standard output and error as they came, head and tail when long; empty if they went to a file
 * @param stdout standard output alone, head and tail when long; empty if it went to a file
 */
public record CommandResult(int exitCode, String signal, boolean timedOut, String output, String stdout) {
    /** Whether it ended by itself with exit code 0. */
    public boolean ok() {
        return !timedOut && exitCode == 0;
    }

    /**
     * How it ended, for people: {@code exit code 3}, {@code killed by signal KILL}, {@code timed out}.
     */
    public String ending() {
        if (timedOut) {
            return "timed out";
        }
        return signal == null ? "exit code " + exitCode : "killed by signal " + signal;
    }
}
