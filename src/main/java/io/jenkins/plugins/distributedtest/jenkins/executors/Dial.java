package io.jenkins.plugins.distributedtest.jenkins.executors;

import java.io.IOException;
import java.io.OutputStream;

/**
 * Opens connections to the broker for an agent that reaches it through its own channel only. Lives on the controller;
 * agents have a proxy.
 */
public interface Dial {
    /**
     * Opens one.
     *
     * @param back takes what the broker says; closed when the broker closes the connection
     * @return takes what the broker is told; closing it closes the connection
     * @throws IOException if the broker cannot be reached
     */
    OutputStream connect(OutputStream back) throws IOException;
}
