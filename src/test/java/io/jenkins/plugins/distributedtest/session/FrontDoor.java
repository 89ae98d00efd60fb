package io.jenkins.plugins.distributedtest.session;

import io.jenkins.plugins.distributedtest.amqp.BrokerAddress;
import java.nio.file.Path;
import java.util.List;

/** A way to run a project, for {@link FrontDoorsTest}. */
public interface FrontDoor {
    /**
     * Runs a project to its end.
     *
     * @param project the project's directory
     * @param broker where a listener waits
     * @param runtimes recorded runtimes, a file in the form of the program
     * @param work an empty directory for whatever the door needs
     */
    Outcome run(Path project, BrokerAddress broker, Path runtimes, Path work) throws Exception;

    /**
     * What came of a run.
     *
     * @param told what was told, line by line
     * @param result the door's own word for the result
     * @param junit JUnit XML
     * @param html the page
     * @param json everything
     * @param runtimes the runtimes after the run
     */
    record Outcome(List<String> told, String result, Path junit, Path html, Path json, Path runtimes) {}
}
