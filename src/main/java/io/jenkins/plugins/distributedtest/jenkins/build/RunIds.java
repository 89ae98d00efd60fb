package io.jenkins.plugins.distributedtest.jenkins.build;

import java.util.regex.Pattern;

/** Ids of runs become names of files and parts of addresses; only what is safe as both passes. */
final class RunIds {
    private static final Pattern SAFE = Pattern.compile("[A-Za-z0-9][A-Za-z0-9_-]{0,99}");

    private RunIds() {}

    /** Whether a text may be the id of a run. */
    static boolean isSafe(String runId) {
        return runId != null && SAFE.matcher(runId).matches();
    }

    /**
     * Checks an id.
     *
     * @return the id
     * @throws IllegalArgumentException if it could be something else than one plain name
     */
    static String checked(String runId) {
        if (!isSafe(runId)) {
            throw new IllegalArgumentException("Not the id of a run: " + runId
                    + "; it must be letters, digits, - and _, 100 at most, and begin with a letter or digit");
        }
        return runId;
    }
}
