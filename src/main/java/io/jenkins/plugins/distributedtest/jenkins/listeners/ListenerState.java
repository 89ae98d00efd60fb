package io.jenkins.plugins.distributedtest.jenkins.listeners;

import io.jenkins.plugins.distributedtest.jenkins.process.ProcessStatus;
import java.io.Serializable;

/**
 * How a listener is that runs on a node.
 *
 * @param id which one
 * @param process how its process is
 * @param lastLine what it printed last; empty if nothing
 * @param output the end of what it printed
 * @param log the end of its log
 */
public record ListenerState(String id, ProcessStatus process, String lastLine, String output, String log)
        implements Serializable {
    // Jelly reads getters.

    /** Which one. */
    public String getId() {
        return id;
    }

    /** How it is, for people. */
    public String getWords() {
        return process.inWords();
    }

    /** The end of what it printed. */
    public String getOutput() {
        return output;
    }

    /** The end of its log. */
    public String getLog() {
        return log;
    }
}
