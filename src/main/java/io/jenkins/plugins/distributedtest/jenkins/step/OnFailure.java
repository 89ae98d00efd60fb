package io.jenkins.plugins.distributedtest.jenkins.step;

/** What failing tests do to the build. What is no test's fault fails the step in any case. */
public enum OnFailure {
    /** The build and the step's stage become unstable, and the pipeline goes on. */
    UNSTABLE,
    /** The step fails, and with it the build unless the pipeline catches that. */
    FAILURE,
    /** Nothing: the pipeline looks at the step's result itself. */
    IGNORE
}
