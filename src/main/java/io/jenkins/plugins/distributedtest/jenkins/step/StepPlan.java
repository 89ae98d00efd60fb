package io.jenkins.plugins.distributedtest.jenkins.step;

import hudson.AbortException;
import hudson.util.Secret;
import io.jenkins.plugins.distributedtest.amqp.BrokerAddress;
import io.jenkins.plugins.distributedtest.collect.CollectSink;
import io.jenkins.plugins.distributedtest.jenkins.job.Tested;
import io.jenkins.plugins.distributedtest.loop.EventLoop;
import io.jenkins.plugins.distributedtest.originator.DistributedRun;
import io.jenkins.plugins.distributedtest.originator.RunBase;
import io.jenkins.plugins.distributedtest.originator.RunObserver;
import io.jenkins.plugins.distributedtest.originator.RunRequest;
import io.jenkins.plugins.distributedtest.originator.RunSnapshot;
import io.jenkins.plugins.distributedtest.session.ReportTargets;
import io.jenkins.plugins.distributedtest.session.RunPlan;
import io.jenkins.plugins.distributedtest.suite.RunEnd;
import io.jenkins.plugins.distributedtest.suite.RunReport;
import io.jenkins.plugins.distributedtest.suite.RuntimeHistory;
import io.jenkins.plugins.distributedtest.suite.TestFile;
import io.jenkins.plugins.distributedtest.sync.SourceOffer;
import io.jenkins.plugins.distributedtest.sync.SourceOffers;
import io.jenkins.plugins.distributedtest.sync.Sync;
import io.jenkins.plugins.distributedtest.sync.SyncException;
import io.jenkins.plugins.distributedtest.wire.RunKey;
import io.jenkins.plugins.distributedtest.wire.WireException;
import java.io.IOException;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.UUID;

/**
 * What a run of a step is made from, on the controller.
 *
 * @param run the run, with the broker's login
 * @param key opens the run's secret variables; null if it has none
 * @param brokerName the broker's name in Jenkins' configuration; null for the first one, or if the project names its own
 * @param projectsOwn whether the project names the broker
 * @param title the run's title; possibly empty
 * @param directory the workspace, as the agent names it
 * @param reports where to write what in the workspace
 * @param tested what is tested
 */
record StepPlan(
        RunPlan run,
        RunKey key,
        String brokerName,
        boolean projectsOwn,
        String title,
        String directory,
        ReportTargets reports,
        Tested tested) {
    /** The report of a run for which there was nothing to do. */
    static RunReport nothing(String project) {
        return new RunReport(
                UUID.randomUUID().toString(), project, Instant.now(), 0, RunEnd.COMPLETED, "", List.of(), List.of());
    }

    /** What is kept for a restart. */
    SavedRun.Plan saved(String runId) {
        return new SavedRun.Plan(
                runId,
                brokerName,
                projectsOwn ? encrypted(run.broker().toSecretUri()) : null,
                key == null ? null : encrypted(key.toSecretText()),
                run.settings().toJson(),
                title,
                directory,
                reports.junit(),
                reports.html(),
                reports.json(),
                tested.commit(),
                tested.sources());
    }

    /**
     * The plan of a run that is taken up.
     *
     * @throws AbortException if its broker is not configured any more
     * @throws IOException if what is kept is damaged
     */
    static StepPlan of(SavedRun.Plan kept, RunSnapshot snapshot) throws IOException, InterruptedException {
        boolean own = kept.broker() != null;
        List<TestFile> files =
                snapshot.files().stream().map(each -> new TestFile(each.path())).toList();
        BrokerAddress address = own
                ? BrokerAddress.parse(decrypted(kept.broker(), "The broker"))
                : StepBroker.resolve(kept.brokerName()).address();
        return new StepPlan(
                new RunPlan(address, RunRequest.of(kept.runSettings(), files), RuntimeHistory.EMPTY),
                kept.key() == null ? null : key(kept.key()),
                kept.brokerName(),
                own,
                kept.title(),
                kept.directory(),
                new ReportTargets(kept.junit(), kept.html(), kept.json()),
                new Tested(kept.commit(), kept.sources()));
    }

    private static String encrypted(String text) {
        return Secret.fromString(text).getEncryptedValue();
    }

    private static String decrypted(String encrypted, String what) throws IOException {
        Secret secret = Secret.decrypt(encrypted);
        if (secret == null) {
            throw new IOException(what + " of a run that was going on cannot be decrypted: the controller's secrets"
                    + " have changed");
        }
        return secret.getPlainText();
    }

    private static RunKey key(String encrypted) throws IOException {
        try {
            return RunKey.parse(decrypted(encrypted, "The key"));
        } catch (WireException e) {
            throw new IOException(e.getMessage(), e);
        }
    }

    /** The workspace of a run of this plan. */
    AgentWorkspace workspace(
            String node, String remote, String runId, Map<String, String> environment, SavedRun saved) {
        return new AgentWorkspace(node, remote, runId, run.settings(), environment, saved);
    }

    /**
     * A new run of this plan, not started.
     *
     * @throws AbortException if a setting of its sources is wrong
     */
    DistributedRun create(RunBase base, String runId, AgentWorkspace workspace, RunObserver observer)
            throws AbortException {
        SourceOffer offer = offer(base.loop(), runId, workspace);
        return DistributedRun.create(base, run.request(), runId, offer, sink(workspace), observer);
    }

    /**
     * A run of this plan that is taken up, not started.
     *
     * @throws AbortException if a setting of its sources is wrong
     */
    DistributedRun resume(RunBase base, RunSnapshot snapshot, AgentWorkspace workspace, RunObserver observer)
            throws AbortException {
        SourceOffer offer = offer(base.loop(), snapshot.runId(), workspace);
        return DistributedRun.resume(base, run.settings(), snapshot, offer, sink(workspace), observer);
    }

    /** Where files go that listeners bring back. */
    private CollectSink sink(AgentWorkspace workspace) {
        return new RemoteCollect(workspace, run.settings().collect().directory());
    }

    /**
     * The sources of a run of this plan.
     *
     * @throws AbortException if a setting of theirs is wrong
     */
    private SourceOffer offer(EventLoop loop, String runId, AgentWorkspace workspace) throws AbortException {
        if (!(run.settings().sync() instanceof Sync.Content content)) {
            return SourceOffers.elsewhere(workspace);
        }
        try {
            return SourceOffers.content(
                    loop, runId, content, workspace, StepEngine.get().reading());
        } catch (SyncException e) {
            throw new AbortException(e.getMessage());
        }
    }
}
