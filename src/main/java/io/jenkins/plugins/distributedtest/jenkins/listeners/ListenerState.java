package io.jenkins.plugins.distributedtest.jenkins.listeners;

import io.jenkins.plugins.distributedtest.jenkins.process.ProcessStatus;
import java.io.Serializable;

/**
 * How a listener is that runs on a node.
 *
 * @param id which one
 * @param process how its process is
 * @param listener its id at the broker; empty while it is not connected
 * @param lastLine what it printed last; empty if nothing
 * @param output the end of what it printed
 * @param log the end of its log
 */
public record ListenerState(
        String id, ProcessStatus process, String listener, String lastLine, String output, String log)
        implements Serializable {
    /** Whether it may be another way in a moment: it is not, or not yet, connected. */
    boolean isMoving() {
        return listener.isEmpty();
    }

    // Jelly reads getters.

    /** Which one. */
    public String getId() {
        return id;
    }

    /** How it is, for people. */
    public String getWords() {
        if (process.phase() != ProcessStatus.Phase.RUNNING) {
            return process.inWords();
        }
        return listener.isEmpty()
                ? process.inWords(", not connected yet")
                : process.inWords().replaceFirst("^running", "connected");
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
