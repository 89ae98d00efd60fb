package io.jenkins.plugins.distributedtest.compare;

import java.util.List;

/**
 * What came of a command of the project's own.
 *
 * @param command the command
 * @param exitCode its exit code
 * @param seconds how long it took
 * @param cases the cases that it told of
 * @param failure what it printed last, where it failed and told of no case; null otherwise
 */
public record OwnResult(OwnCommand command, int exitCode, double seconds, List<ComparedCase> cases, String failure) {
    /** Copies the list. */
    public OwnResult {
        cases = List.copyOf(cases);
    }

    /**
     * Whether the command itself says that all is well; null if it does not say. Build tools are told to go on after
     * failures, so that all modules are tested, and their exit code means something else.
     */
    Boolean wellByExitCode() {
        return command.runner().equals("junit") ? null : exitCode == 0;
    }
}
