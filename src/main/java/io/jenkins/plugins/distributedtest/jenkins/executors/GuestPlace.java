package io.jenkins.plugins.distributedtest.jenkins.executors;

import hudson.EnvVars;
import hudson.FilePath;
import hudson.Launcher;
import hudson.model.TaskListener;

/**
 * Where a listener of a step of the pipeline is to run.
 *
 * @param directory the step's current directory
 * @param temporary a directory for what is not the project's, which the environment sees under the same path
 * @param launcher starts processes in the environment of the step, such as a container
 * @param environment the step's variables, secret ones too
 * @param log the step's log, which masks them
 * @param node the node's name; empty for the built-in one
 * @param executors how many executors the node has
 */
public record GuestPlace(
        FilePath directory,
        FilePath temporary,
        Launcher launcher,
        EnvVars environment,
        TaskListener log,
        String node,
        int executors) {
    /** For people. */
    public String words() {
        return (node.isEmpty() ? "the built-in node" : node) + " in " + directory.getRemote();
    }

    /** Leaves the variables out. */
    @Override
    public String toString() {
        return words();
    }
}
