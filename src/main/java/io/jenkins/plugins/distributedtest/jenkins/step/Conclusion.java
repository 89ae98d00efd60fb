package io.jenkins.plugins.distributedtest.jenkins.step;

import hudson.AbortException;
import hudson.FilePath;
import hudson.model.Result;
import io.jenkins.plugins.distributedtest.jenkins.build.DistributedTestAction;
import io.jenkins.plugins.distributedtest.jenkins.config.DistributedTestConfiguration;
import io.jenkins.plugins.distributedtest.jenkins.job.JobTrends;
import io.jenkins.plugins.distributedtest.originator.RunSettings;
import io.jenkins.plugins.distributedtest.originator.SyncFailedException;
import io.jenkins.plugins.distributedtest.report.JUnitReport;
import io.jenkins.plugins.distributedtest.report.JsonReport;
import io.jenkins.plugins.distributedtest.report.RerunCommand;
import io.jenkins.plugins.distributedtest.session.RunNarrator;
import io.jenkins.plugins.distributedtest.session.RunOutputs;
import io.jenkins.plugins.distributedtest.session.RunVerdict;
import io.jenkins.plugins.distributedtest.suite.RunReport;
import io.jenkins.plugins.distributedtest.suite.SuiteException;
import java.io.BufferedOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Objects;
import java.util.UUID;
import java.util.concurrent.TimeUnit;
import java.util.logging.Level;
import java.util.logging.Logger;
import jenkins.model.Jenkins;
import jenkins.util.Timer;
import org.jenkinsci.plugins.workflow.actions.WarningAction;

/**
 * What is done when a run has ended, on threads that may block. First what the controller does alone: the report of the
 * build's page, JUnit results, recorded runtimes and failed files, the summary in the log. Then what needs the agent,
 * which after a restart of the controller may take a while to be back: files in the workspace, the last callback. At
 * last the step ends.
 *
 * <p>A restart in the middle of this leaves the report, and a note of whether it was published: nothing is counted
 * twice.
 */
final class Conclusion {
    private static final Logger LOG = Logger.getLogger(Conclusion.class.getName());
    private static final Duration AGENT_PATIENCE = Duration.ofMinutes(5);
    private static final int AGENT_SECONDS = 2;
    /** So many tests are proposed for release in the log; the job's page has all. */
    private static final int PROPOSED = 20;

    private final StepPlace place;
    private final RunMask mask;
    private final StepParameters parameters;
    private final StepPlan plan;
    private final AgentWorkspace workspace;
    private final SavedRun saved;
    private final RunLog log;
    private final Completion completion;
    /** The report's; null before {@link #begin}. */
    private RunOutputs outputs;

    Conclusion(
            StepPlace place,
            RunMask mask,
            StepParameters parameters,
            StepPlan plan,
            AgentWorkspace workspace,
            SavedRun saved,
            RunLog log,
            Completion completion) {
        this.place = place;
        this.mask = mask;
        this.parameters = parameters;
        this.plan = plan;
        this.workspace = workspace;
        this.saved = saved;
        this.log = log;
        this.completion = completion;
    }

    /**
     * The report of a run that had ended when the controller was stopped.
     *
     * @return null if it had not
     */
    RunReport written(String runId) throws IOException {
        Path report = place.runDirectory().resolve(runId + ".json");
        return Files.exists(report) ? JsonReport.read(report) : null;
    }

    /**
     * Does what is to be done when a run has ended.
     *
     * @param ended the run; its secrets are hidden before anything is kept or told
     * @param failure why it has no result; null if it has one
     * @param over runs at the very end
     */
    void begin(RunReport ended, Throwable failure, Runnable over) throws InterruptedException {
        if (ended == null) {
            over.run();
            completion.failed(failure);
            return;
        }
        RunReport report = mask.hide(ended);
        outputs = new RunOutputs(report, RerunCommand.STEP, log::say);
        outputs.attempt("The report cannot be kept with the build", () -> page().finished(report.runId(), report));
        if (!saved.isPublished()) {
            outputs.attempt("The JUnit results cannot be published", () -> publish(report));
            outputs.attempt("Runtimes and failed files cannot be recorded", () -> record(report));
            trend(report);
            check(report);
            outputs.attempt("What is done cannot be noted", saved::markPublished);
            log.end(report);
        }
        outputs.collected();
        outputs.unjudged(plan.run().settings());
        if (failure instanceof SyncFailedException sync) {
            log.say(RunNarrator.syncFailed(sync));
        }
        inWorkspace(report, failure, over, System.nanoTime());
    }

    private DistributedTestAction page() {
        return DistributedTestAction.of(place.build());
    }

    private void publish(RunReport report) throws IOException, InterruptedException {
        boolean ran = report.files().stream().anyMatch(file -> !file.attempts().isEmpty());
        if (!parameters.publish || !ran || Jenkins.get().getPlugin("junit") == null) {
            return;
        }
        Path file = place.runDirectory().resolve(report.runId() + ".junit.xml");
        JUnitReport.write(report, file);
        try {
            JUnitPublisher.publish(file, place.build(), place.node(), place.listener());
        } finally {
            Files.deleteIfExists(file);
        }
    }

    private void record(RunReport report) throws IOException, SuiteException {
        JobRecords.addFailed(place.buildDirectory(), report);
        if (parameters.history != null) {
            JobRecords.record(
                    place.jobDirectory(), parameters.history, report, plan.run().history());
        }
    }

    /** The job's page. No build fails since it cannot be kept, but its log says so. */
    private void trend(RunReport report) {
        try {
            List<String> proposed = JobTrends.add(
                    place.build().getParent(), place.build().getNumber(), plan.title(), plan.tested(), report);
            proposed.stream()
                    .limit(PROPOSED)
                    .forEach(test -> log.say("In quarantine, but passed "
                            + "in many runs in a row, so perhaps to be released: " + test));
        } catch (IOException e) {
            LOG.log(Level.WARNING, "A run is missing on the page of its job", e);
            log.say("Warning: this run is missing on the job's page \"Distributed tests\": " + e.getMessage());
        }
    }

    /** Beside the change, where there is something for it. No build fails since that cannot be told, but its log says so. */
    private void check(RunReport report) {
        if (!parameters.publish || Jenkins.get().getPlugin("checks-api") == null) {
            return;
        }
        try {
            String root = Jenkins.get().getRootUrl();
            String url = root == null ? null : root.replaceAll("/$", "") + page().urlOf(report.runId());
            CheckPublisher.publish(
                    report,
                    Objects.requireNonNullElse(plan.title(), ""),
                    url,
                    onFailure() == OnFailure.IGNORE,
                    place.build(),
                    place.listener());
        } catch (RuntimeException | LinkageError e) {
            LOG.log(Level.WARNING, "A check cannot be published", e);
            log.say("Warning: the check of this run cannot be published: " + e.getMessage());
        }
    }

    // ---- where the workspace is

    private void inWorkspace(RunReport report, Throwable failure, Runnable over, long since)
            throws InterruptedException {
        RunSettings settings = plan.run().settings();
        boolean needed = plan.reports().any() || !settings.callbacks().isEmpty();
        FilePath found = needed && !completion.isDone() ? workspace.find() : null;
        boolean waits = needed && found == null && !completion.isStopped() && !completion.isDone();
        if (waits && System.nanoTime() - since < AGENT_PATIENCE.toNanos()) {
            Timer.get()
                    .schedule(
                            () -> StepEngine.get().preparing().execute(() -> again(report, failure, over, since)),
                            AGENT_SECONDS,
                            TimeUnit.SECONDS);
            return;
        }
        if (found != null) {
            outputs.reports(plan.reports(), (path, content) -> write(found, path, content));
            outputs.lastCallback(settings, name -> workspace.callback(found, name));
        } else if (needed) {
            outputs.failed("Results could not be written: " + workspace.place() + " is not connected");
        }
        end(report, failure, over);
    }

    private void again(RunReport report, Throwable failure, Runnable over, long since) {
        try {
            inWorkspace(report, failure, over, since);
        } catch (InterruptedException e) {
            completion.failed(e);
        }
    }

    private static void write(FilePath directory, String path, RunOutputs.Content content)
            throws IOException, InterruptedException {
        FilePath parent = new FilePath(directory.getChannel(), path).getParent();
        parent.mkdirs();
        String name = path.substring(1 + Math.max(path.lastIndexOf('/'), path.lastIndexOf('\\')));
        FilePath beside = parent.child("." + name + "." + UUID.randomUUID() + ".tmp");
        try {
            try (OutputStream out = new BufferedOutputStream(beside.write(), 1 << 16)) {
                content.writeTo(out);
            }
            beside.act(new AgentWork.PutInPlace(path));
        } finally {
            beside.delete();
        }
    }

    // ---- the end of the step

    private void end(RunReport report, Throwable failure, Runnable over) throws InterruptedException {
        outputs.attempt("What was kept for a restart cannot be removed", saved::delete);
        log.flush();
        over.run();
        RunVerdict verdict = RunVerdict.of(report);
        if (completion.isStopped()) {
            completion.failed(null);
        } else if (failure != null) {
            completion.failed(new AbortException(
                    "The distributed run could not be carried out (no fault of a test): " + failure.getMessage()));
        } else if (!verdict.kind().isTested()) {
            completion.failed(new AbortException(verdict.message()));
        } else if (!outputs.problems().isEmpty()) {
            completion.failed(new AbortException(
                    "The distributed run has ended, but its results could not all be kept (no fault of a test): "
                            + String.join("; ", outputs.problems())));
        } else {
            tested(report, verdict);
        }
    }

    private void tested(RunReport report, RunVerdict verdict) {
        OnFailure onFailure = onFailure();
        boolean failed = verdict.kind() == RunVerdict.Kind.TESTS_FAILED;
        if (failed && onFailure == OnFailure.FAILURE) {
            completion.failed(new AbortException(verdict.message()));
            return;
        }
        if (failed && onFailure == OnFailure.UNSTABLE) {
            place.node().addOrReplaceAction(new WarningAction(Result.UNSTABLE).withMessage(verdict.message()));
            place.build().setResult(Result.UNSTABLE);
        }
        completion.succeeded(StepResult.of(report, page().urlOf(report.runId())));
    }

    private OnFailure onFailure() {
        if (parameters.onFailure != null) {
            return parameters.onFailure;
        }
        OnFailure configured = StepParameters.onFailure(
                DistributedTestConfiguration.get().getDefaults().getOnFailure());
        return configured == null ? OnFailure.UNSTABLE : configured;
    }
}
