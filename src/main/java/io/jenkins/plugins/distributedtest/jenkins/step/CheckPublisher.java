package io.jenkins.plugins.distributedtest.jenkins.step;

import hudson.model.Run;
import hudson.model.TaskListener;
import io.jenkins.plugins.checks.api.ChecksConclusion;
import io.jenkins.plugins.checks.api.ChecksDetails;
import io.jenkins.plugins.checks.api.ChecksOutput;
import io.jenkins.plugins.checks.api.ChecksPublisher;
import io.jenkins.plugins.checks.api.ChecksPublisherFactory;
import io.jenkins.plugins.checks.api.ChecksStatus;
import io.jenkins.plugins.distributedtest.session.RunVerdict;
import io.jenkins.plugins.distributedtest.suite.RunReport;

/**
 * Publishes a check beside the change, through the plugin checks-api. Only this class knows that plugin's, so that all
 * others can be loaded without it.
 */
final class CheckPublisher {
    private CheckPublisher() {}

    /**
     * Publishes a check of a run that has ended; nothing where the job's source has no checks.
     *
     * @param report the run, secrets hidden
     * @param title the step's title; empty for none
     * @param url the page of the run, a whole address; null if Jenkins does not know its own
     * @param ignored whether failing tests make nothing of the build fail
     */
    static void publish(
            RunReport report, String title, String url, boolean ignored, Run<?, ?> build, TaskListener listener) {
        ChecksPublisher publisher = ChecksPublisherFactory.fromRun(build, listener);
        if (publisher instanceof ChecksPublisher.NullChecksPublisher) {
            return;
        }
        CheckText words = CheckText.of(report);
        ChecksDetails.ChecksDetailsBuilder check = new ChecksDetails.ChecksDetailsBuilder()
                .withName("Distributed tests" + (title.isEmpty() ? "" : " / " + title))
                .withStatus(ChecksStatus.COMPLETED)
                .withConclusion(conclusion(RunVerdict.of(report).kind(), ignored))
                .withOutput(new ChecksOutput.ChecksOutputBuilder()
                        .withTitle(words.title())
                        .withSummary(words.summary())
                        .withText(words.text())
                        .build());
        if (url != null) {
            check.withDetailsURL(url);
        }
        publisher.publish(check.build());
    }

    private static ChecksConclusion conclusion(RunVerdict.Kind kind, boolean ignored) {
        return switch (kind) {
            case GREEN -> ChecksConclusion.SUCCESS;
            case TESTS_FAILED -> ignored ? ChecksConclusion.NEUTRAL : ChecksConclusion.FAILURE;
            case NO_SOURCES, BROKEN -> ChecksConclusion.FAILURE;
            case CANCELLED -> ChecksConclusion.CANCELED;
        };
    }
}
