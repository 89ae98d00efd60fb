package io.jenkins.plugins.distributedtest.suite;

import java.util.Objects;

/**
 * Why a test case did not pass.
 *
 * @param message what a person reads first, possibly of several lines; never null
 * @param type the exception's class or the framework's word for the kind of failure; never null, possibly empty
 * @param trace the stack trace or the framework's long form; never null, possibly empty
 */
public record Failure(String message, String type, String trace) {
    /** Replaces nulls by empty strings. */
    public Failure {
        message = Objects.requireNonNullElse(message, "");
        type = Objects.requireNonNullElse(type, "");
        trace = Objects.requireNonNullElse(trace, "");
    }
}
