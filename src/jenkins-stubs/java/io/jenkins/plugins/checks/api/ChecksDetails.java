package io.jenkins.plugins.checks.api;

public class ChecksDetails {
    private ChecksDetails() {}

    public static class ChecksDetailsBuilder {
        public ChecksDetailsBuilder() {}

        public io.jenkins.plugins.checks.api.ChecksDetails.ChecksDetailsBuilder withName(java.lang.String a0) {
            throw new UnsupportedOperationException("stub");
        }

        public io.jenkins.plugins.checks.api.ChecksDetails.ChecksDetailsBuilder withStatus(
                io.jenkins.plugins.checks.api.ChecksStatus a0) {
            throw new UnsupportedOperationException("stub");
        }

        public io.jenkins.plugins.checks.api.ChecksDetails.ChecksDetailsBuilder withDetailsURL(java.lang.String a0) {
            throw new UnsupportedOperationException("stub");
        }

        public io.jenkins.plugins.checks.api.ChecksDetails.ChecksDetailsBuilder withConclusion(
                io.jenkins.plugins.checks.api.ChecksConclusion a0) {
            throw new UnsupportedOperationException("stub");
        }

        public io.jenkins.plugins.checks.api.ChecksDetails.ChecksDetailsBuilder withOutput(
                io.jenkins.plugins.checks.api.ChecksOutput a0) {
            throw new UnsupportedOperationException("stub");
        }

        public io.jenkins.plugins.checks.api.ChecksDetails build() {
            throw new UnsupportedOperationException("stub");
        }
    }
}

// stub: io.jenkins.plugins.checks.api.ChecksDetails
// stub: io.jenkins.plugins.checks.api.ChecksDetails$ChecksDetailsBuilder
