package io.jenkins.plugins.distributedtest.suite;

import java.util.Objects;

/**
 * One test case as its framework reported it.
 *
 * @param name the case's name within its class or group
 * @param className the class, describe block or module it belongs to; the file's path where the framework has none
 * @param seconds how long it ran; 0 when skipped
 * @param status what came of it
 * @param failure why it is {@linkplain CaseStatus#isBad bad}, or the reason it was skipped; null otherwise
 * @param output what it printed, where that can be told apart from the rest of its file's; never null
 * @param line the line it starts on in its file, or 0 if unknown
 */
public record TestCase(
        String name, String className, double seconds, CaseStatus status, Failure failure, String output, int line) {
    /** Checks that name, class and status are there. */
    public TestCase {
        Objects.requireNonNull(name, "name");
        Objects.requireNonNull(className, "className");
        Objects.requireNonNull(status, "status");
        output = Objects.requireNonNullElse(output, "");
    }
}
