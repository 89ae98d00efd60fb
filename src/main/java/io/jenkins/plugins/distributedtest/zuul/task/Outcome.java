package io.jenkins.plugins.distributedtest.zuul.task;

import java.time.Duration;
import java.util.List;

/**
 * What came of a job's work, or of one dataset's part of it.
 *
 * @param problems what went wrong, as messages; empty if nothing did
 * @param seconds how long it took
 * @param retry why there is no result, by a fault that is not the change's; null if there is one
 * @param fault what of this host was at fault; null if nothing was
 */
record Outcome(List<String> problems, double seconds, String retry, HostFault fault) {
    Outcome {
        problems = List.copyOf(problems);
    }

    static Outcome of(List<String> problems, double seconds) {
        return new Outcome(problems, seconds, null, null);
    }

    /** How it is told that something took longer than it may. */
    static String timedOut(Duration limit) {
        // What is left of a timeout once the job begins is a little less than what was set.
        return "Timed out after " + Math.round(limit.toMillis() / 1000.0) + " s";
    }

    static Outcome noResult(String reason, double seconds) {
        return new Outcome(List.of(reason), seconds, reason, null);
    }

    static Outcome hostFault(HostFault fault) {
        return new Outcome(List.of(fault.reason()), 0, fault.reason(), fault);
    }

    /** For people, and for Zuul where there is a result. */
    String text() {
        if (retry != null) {
            return "No result: " + retry;
        }
        return ok() ? "SUCCESS" : String.join("\n", problems);
    }

    /** In a word that is one of few. */
    String word() {
        return retry != null ? "none" : ok() ? "success" : "failure";
    }

    boolean ok() {
        return problems.isEmpty() && retry == null;
    }
}
