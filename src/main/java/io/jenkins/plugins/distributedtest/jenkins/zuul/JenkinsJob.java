package io.jenkins.plugins.distributedtest.jenkins.zuul;

import java.util.Set;

/**
 * A Jenkins job that Zuul may ask for.
 *
 * @param fullName its name with the folders it is in
 * @param label the label expression that says where it runs; empty for anywhere
 * @param atoms the labels of that expression with which Zuul may ask for it, {@code build:JOB:LABEL}: those that some
 *     node has that the expression allows
 * @param alone whether Jenkins runs one build of it at a time
 * @param light whether its builds occupy no executor themselves, as those of pipelines and matrix parents; what they start does
 */
record JenkinsJob(String fullName, String label, Set<String> atoms, boolean alone, boolean light) {
    JenkinsJob {
        atoms = Set.copyOf(atoms);
    }

    /** The name without the folders. */
    String shortName() {
        return fullName.substring(fullName.lastIndexOf('/') + 1);
    }

    /** Whether it is in no folder. */
    boolean isTop() {
        return fullName.indexOf('/') < 0;
    }
}
