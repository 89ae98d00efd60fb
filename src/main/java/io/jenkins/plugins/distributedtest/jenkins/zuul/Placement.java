package io.jenkins.plugins.distributedtest.jenkins.zuul;

import java.util.Objects;

/**
 * Where a build may run.
 *
 * @param label a label expression; empty for anywhere
 * @param atom a label that the node must have besides; null for none
 * @param exclusive whether nodes that only run what names them count when there is no label: they do for builds that
 *     choose their nodes themselves
 */
record Placement(String label, String atom, boolean exclusive) {
    Placement {
        Objects.requireNonNull(label, "label");
    }

    /** Where a job's builds run when asked for with a label, or without one. */
    static Placement of(JenkinsJob job, String atom) {
        return new Placement(job.label(), atom, job.light());
    }
}
