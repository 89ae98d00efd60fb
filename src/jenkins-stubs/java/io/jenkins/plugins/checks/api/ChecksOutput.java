package io.jenkins.plugins.checks.api;

public class ChecksOutput {
    private ChecksOutput() {}

    public static class ChecksOutputBuilder {
        public ChecksOutputBuilder() {}

        public io.jenkins.plugins.checks.api.ChecksOutput.ChecksOutputBuilder withTitle(java.lang.String a0) {
            throw new UnsupportedOperationException("stub");
        }

        public io.jenkins.plugins.checks.api.ChecksOutput.ChecksOutputBuilder withSummary(java.lang.String a0) {
            throw new UnsupportedOperationException("stub");
        }

        public io.jenkins.plugins.checks.api.ChecksOutput.ChecksOutputBuilder withText(java.lang.String a0) {
            throw new UnsupportedOperationException("stub");
        }

        public io.jenkins.plugins.checks.api.ChecksOutput build() {
            throw new UnsupportedOperationException("stub");
        }
    }
}

// stub: io.jenkins.plugins.checks.api.ChecksOutput
// stub: io.jenkins.plugins.checks.api.ChecksOutput$ChecksOutputBuilder
