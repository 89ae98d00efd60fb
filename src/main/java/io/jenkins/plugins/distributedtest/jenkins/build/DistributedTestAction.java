package io.jenkins.plugins.distributedtest.jenkins.build;

import hudson.model.Api;
import hudson.model.Item;
import hudson.model.Run;
import io.jenkins.plugins.distributedtest.suite.RunReport;
import java.io.IOException;
import java.util.List;
import java.util.Objects;
import java.util.concurrent.CopyOnWriteArrayList;
import jenkins.model.RunAction2;
import org.kohsuke.stapler.StaplerProxy;
import org.kohsuke.stapler.StaplerResponse2;
import org.kohsuke.stapler.export.Exported;
import org.kohsuke.stapler.export.ExportedBean;
import org.kohsuke.stapler.verb.POST;

/**
 * The page <em>Distributed tests</em> of a build: all its distributed runs, live while they go on.
 *
 * <p>Whoever runs one says {@link #started}, shows it with {@link LiveRuns#register}, says {@link #finished} with its
 * report, and then {@link LiveRuns#unregister}. In {@code build.xml} are only the runs' names; all else is in files of
 * the build's directory, see {@link RunFiles}. After a restart of the controller a run that went on is waited for
 * until somebody registers it again.
 */
@ExportedBean
public final class DistributedTestAction implements RunAction2, StaplerProxy {
    static final String URL = "distributed-tests";

    private final CopyOnWriteArrayList<StartedRun> started = new CopyOnWriteArrayList<>();
    private transient Run<?, ?> build;

    private DistributedTestAction() {}

    /** What {@code build.xml} has of a run. */
    static final class StartedRun {
        private final String runId;
        private final String title;
        private final String flowNodeId;

        StartedRun(String runId, String title, String flowNodeId) {
            this.runId = RunIds.checked(runId);
            this.title = title;
            this.flowNodeId = flowNodeId;
        }

        String runId() {
            return runId;
        }

        String title() {
            return title;
        }

        String flowNodeId() {
            return flowNodeId;
        }
    }

    /**
     * The page of a build, which gets one if it has none.
     *
     * @param build the build
     */
    public static DistributedTestAction of(Run<?, ?> build) {
        synchronized (build) {
            DistributedTestAction there = build.getAction(DistributedTestAction.class);
            if (there == null) {
                there = new DistributedTestAction();
                build.addAction(there);
            }
            return there;
        }
    }

    /**
     * Notes that a run belongs to this build, and saves the build. Does nothing if that is known.
     *
     * @param runId the run's id: letters, digits, - and _
     * @param title what people call it in a build with several, such as the stage's name; null or empty for none
     * @param flowNodeId the flow node of the step that runs it; null or empty if there is none
     * @throws IOException if the build cannot be saved
     * @throws IllegalArgumentException if the id has other characters
     */
    public void started(String runId, String title, String flowNodeId) throws IOException {
        StartedRun run = new StartedRun(
                runId, Objects.requireNonNullElse(title, ""), Objects.requireNonNullElse(flowNodeId, ""));
        synchronized (started) {
            if (find(runId) != null) {
                return;
            }
            started.add(run);
        }
        build.save();
    }

    /** Whether a run with a title has ended in this build, and none with it goes on. */
    public boolean hasEnded(String title) {
        List<StartedRun> all =
                started.stream().filter(run -> run.title().equals(title)).toList();
        return !all.isEmpty() && all.stream().allMatch(run -> files().isThere(run.runId()));
    }

    /**
     * Writes the report of a run that has ended to the build's directory. This takes a moment for a big one, so not on
     * a thread that others wait for.
     *
     * @param runId the run's id
     * @param report all that came of it
     * @throws IOException if it cannot be written
     * @throws IllegalArgumentException if it was not {@linkplain #started started} in this build, or the report is of
     *     another run
     */
    public void finished(String runId, RunReport report) throws IOException {
        if (find(runId) == null) {
            throw new IllegalArgumentException("Run " + runId + " was not started in " + build);
        }
        if (!runId.equals(report.runId())) {
            throw new IllegalArgumentException("The report is of run " + report.runId() + ", not of " + runId);
        }
        files().write(report);
    }

    /**
     * Where a file of a run is shown, for links in logs.
     *
     * @param runId the run's id
     * @param file the file's path
     * @return begins with a slash and counts from Jenkins' root, as {@code HyperlinkNote} and
     *     {@code ModelHyperlinkNote} take it
     */
    public String urlOf(String runId, String file) {
        return urlOf(runId) + FileAnchor.of(file);
    }

    /**
     * Where a run is shown, for links in logs.
     *
     * @param runId the run's id
     * @return begins with a slash and counts from Jenkins' root
     */
    public String urlOf(String runId) {
        return "/" + build.getUrl() + URL + "/run/" + RunIds.checked(runId) + "/";
    }

    private StartedRun find(String runId) {
        return started.stream()
                .filter(run -> run.runId().equals(runId))
                .findFirst()
                .orElse(null);
    }

    /** Which run of the build it is, from 1. */
    int numberOf(String runId) {
        return started.indexOf(find(runId)) + 1;
    }

    RunFiles files() {
        return new RunFiles(build.getRootDir().toPath());
    }

    /** The build. */
    public Run<?, ?> getBuild() {
        return build;
    }

    /** Its runs, in the order in which they started. */
    @Exported
    public List<RunPage> getRuns() {
        return started.stream().map(run -> new RunPage(this, run)).toList();
    }

    /**
     * The page of one run, {@code run/ID}.
     *
     * @param runId the run's id
     * @return null if this build has no such run
     */
    public RunPage getRun(String runId) {
        StartedRun run = find(runId);
        return run == null ? null : new RunPage(this, run);
    }

    /** All runs that are known so far, counted together. */
    @Exported(visibility = 2)
    public RunTotals getTotals() {
        return RunTotals.sum(getRuns().stream()
                .map(RunPage::getTotals)
                .filter(Objects::nonNull)
                .toList());
    }

    /** Whether who looks may have the failed files of this build run again, and there are some. */
    public boolean isRunFailedAllowed() {
        return FailedAgainQueue.isAllowed(build)
                && getRuns().stream().anyMatch(run -> !run.getFailures().isEmpty());
    }

    /** Asks for a build that runs what failed in this one, and leads to the job. */
    @POST
    public void doRunFailedAgain(StaplerResponse2 response) throws IOException {
        build.getParent().checkPermission(Item.BUILD);
        if (build.isBuilding() || !FailedAgainQueue.ask(build)) {
            response.sendError(
                    StaplerResponse2.SC_CONFLICT,
                    "The failed files of " + build.getFullDisplayName()
                            + " cannot be run again now: it goes on, or its job cannot be built");
            return;
        }
        response.sendRedirect("../..");
    }

    /** For {@code api/json}. */
    public Api getApi() {
        return new Api(this);
    }

    /** Whoever may read the job sees the page. */
    @Override
    public Object getTarget() {
        build.checkPermission(Item.READ);
        return this;
    }

    @Override
    public void onAttached(Run<?, ?> run) {
        build = run;
    }

    @Override
    public void onLoad(Run<?, ?> run) {
        build = run;
    }

    @Override
    public String getIconFileName() {
        return "symbol-distributed-tests plugin-distributed-test";
    }

    @Override
    public String getDisplayName() {
        return "Distributed tests";
    }

    @Override
    public String getUrlName() {
        return URL;
    }
}
