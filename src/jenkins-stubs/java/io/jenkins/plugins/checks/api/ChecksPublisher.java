package io.jenkins.plugins.checks.api;

public abstract class ChecksPublisher {
    public ChecksPublisher() {}

    public abstract void publish(io.jenkins.plugins.checks.api.ChecksDetails a0);

    public static class NullChecksPublisher extends io.jenkins.plugins.checks.api.ChecksPublisher {
        private NullChecksPublisher() {}

        @Override
        public void publish(io.jenkins.plugins.checks.api.ChecksDetails a0) {
            throw new UnsupportedOperationException("stub");
        }
    }
}

// stub: io.jenkins.plugins.checks.api.ChecksPublisher publish
// stub: io.jenkins.plugins.checks.api.ChecksPublisher$NullChecksPublisher
