package io.jenkins.plugins.distributedtest.jenkins.zuul;

/** By which name Zuul asks for a Jenkins job. */
public enum NameScheme {
    /** The full name, folders included: {@code team/app}. Never ambiguous. */
    FULL,
    /**
     * The name without its folders, as in gearman-plugin. A job outside folders keeps its name; if several jobs in
     * folders share a name, none of them gets it, and each is served by its full name.
     */
    SHORT
}
