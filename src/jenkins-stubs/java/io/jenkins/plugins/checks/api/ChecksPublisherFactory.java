package io.jenkins.plugins.checks.api;

public abstract class ChecksPublisherFactory implements hudson.ExtensionPoint {
    public ChecksPublisherFactory() {}

    public static io.jenkins.plugins.checks.api.ChecksPublisher fromRun(
            hudson.model.Run<?, ?> a0, hudson.model.TaskListener a1) {
        throw new UnsupportedOperationException("stub");
    }
}

// stub: io.jenkins.plugins.checks.api.ChecksPublisherFactory fromRun
