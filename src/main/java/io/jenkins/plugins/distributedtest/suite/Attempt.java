package io.jenkins.plugins.distributedtest.suite;

import java.util.Objects;

/**
 * One attempt at a file whose result was accepted, or that took its worker down.
 *
 * @param result what came of it
 * @param worker who ran it
 * @param lease the lease it ran under; grows with every time the file was handed out
 * @param startOffset seconds from the start of the run to the start of the attempt
 */
public record Attempt(FileResult result, WorkerId worker, int lease, double startOffset) {
    /** Checks that result and worker are there. */
    public Attempt {
        Objects.requireNonNull(result, "result");
        Objects.requireNonNull(worker, "worker");
    }
}
