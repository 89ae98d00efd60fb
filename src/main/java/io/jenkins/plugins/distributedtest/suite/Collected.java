package io.jenkins.plugins.distributedtest.suite;

import java.util.List;

/**
 * What was brought back of the files that tests have left on listeners.
 *
 * @param directory where it is, for people
 * @param files how many files
 * @param bytes how many bytes, each content counted once
 * @param missing listeners of which not everything is there, since they were lost or left early
 * @param problems why files are missing that should be there; empty if none are
 */
public record Collected(String directory, int files, long bytes, List<String> missing, List<String> problems) {
    /** A run that was to bring nothing back. */
    public static final Collected NOTHING = new Collected("", 0, 0, List.of(), List.of());

    /** Copies the lists. */
    public Collected {
        missing = List.copyOf(missing);
        problems = List.copyOf(problems);
    }

    /** Whether the run was to bring anything back. */
    public boolean isAsked() {
        return !directory.isEmpty();
    }
}
