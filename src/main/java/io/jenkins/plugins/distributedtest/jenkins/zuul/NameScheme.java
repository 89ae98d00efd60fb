package io.jenkins.plugins.distributedtest.jenkins.zuul;

/** By which name Zuul asks for a Jenkins job. */
public enum NameScheme {
    /** The full name, folders included: {@code team/app}. Never ambiguous. */
    FULL,
    /**
     * The name without its folders, as gearman-plugin has it. A job outside folders keeps its name; of several in
     * folders that share one none gets it, and each goes by its full name.
     */
    SHORT
}
