package io.jenkins.plugins.distributedtest.jenkins.job;

import hudson.Extension;
import hudson.model.Action;
import hudson.model.Api;
import hudson.model.Item;
import hudson.model.Job;
import hudson.security.AccessControlled;
import io.jenkins.plugins.distributedtest.jenkins.build.RunSentence;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Collections;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import jenkins.model.Jenkins;
import jenkins.model.TransientActionFactory;
import org.kohsuke.stapler.StaplerProxy;
import org.kohsuke.stapler.StaplerRequest2;
import org.kohsuke.stapler.StaplerResponse2;
import org.kohsuke.stapler.export.Exported;
import org.kohsuke.stapler.export.ExportedBean;
import org.kohsuke.stapler.verb.POST;

/**
 * The page <em>Distributed tests</em> of a job: its runs over many builds, its flaky tests and its slowest files. A job
 * has it from its first run on.
 */
@ExportedBean
public final class JobPage implements Action, StaplerProxy {
    private static final String URL = "distributed-tests";
    private static final int CHARTED = 60;
    private static final int LISTED = 25;

    private final Job<?, ?> job;
    private JobTrend trend;
    private String problem = "";

    JobPage(Job<?, ?> job) {
        this.job = job;
    }

    /** What is known; read once for this object. */
    private synchronized JobTrend trend() {
        if (trend == null) {
            try {
                trend = TrendFile.read(job.getRootDir().toPath());
            } catch (IOException e) {
                problem = String.valueOf(e.getMessage());
                trend = JobTrend.EMPTY;
            }
        }
        return trend;
    }

    /** Why nothing is known, with the way out; empty if what is known could be read. */
    @Exported
    public String getProblem() {
        trend();
        return problem;
    }

    /** The job. */
    public Job<?, ?> getJob() {
        return job;
    }

    /** Its last runs, the newest first. */
    @Exported
    public List<TrendRun> getRuns() {
        Path builds = job.getBuildDir().toPath();
        List<TrendRun> runs = new ArrayList<>();
        for (RunPoint run : trend().runs()) {
            runs.add(new TrendRun(run, Files.isDirectory(builds.resolve(Integer.toString(run.build())))));
        }
        Collections.reverse(runs);
        return runs;
    }

    /** Those of them that the page lists. */
    public List<TrendRun> getListedRuns() {
        return getRuns().stream().limit(LISTED).toList();
    }

    /** Tests that failed and passed on the same revision, the most flaky first. */
    @Exported
    public List<FlakyTest> getFlakyTests() {
        Set<TestName> marked = new HashSet<>();
        marks().forEach(mark -> marked.add(mark.test()));
        return trend().flaky().stream()
                .map(test -> new FlakyTest(test, marked.contains(test.test())))
                .toList();
    }

    /** Tests in quarantine: those that were marked here, then those that a file of the project names. */
    @Exported
    public List<QuarantinedTest> getQuarantinedTests() {
        Map<TestName, TestTrack> tracks = new LinkedHashMap<>();
        trend().tests().forEach(each -> tracks.put(each.test(), each));
        List<QuarantinedTest> tests = new ArrayList<>();
        Set<TestName> marked = new HashSet<>();
        for (QuarantineMark mark : marks()) {
            marked.add(mark.test());
            tests.add(new QuarantinedTest(mark.test(), mark, tracks.get(mark.test())));
        }
        tracks.values().stream()
                .filter(each -> each.quarantined() && !marked.contains(each.test()))
                .forEach(each -> tests.add(new QuarantinedTest(each.test(), null, each)));
        return tests;
    }

    private List<QuarantineMark> marks() {
        try {
            return JobQuarantine.read(job.getRootDir().toPath());
        } catch (IOException e) {
            problem = String.valueOf(e.getMessage());
            return List.of();
        }
    }

    /** Whether who looks may put tests in quarantine and release them. */
    public boolean isQuarantineAllowed() {
        return job.hasPermission(Item.CONFIGURE)
                || job.getParent() instanceof AccessControlled parent
                        && job.getParent() instanceof Item
                        && parent.hasPermission(Item.CONFIGURE);
    }

    /**
     * Puts a test that the page shows in quarantine, and leads back to the page.
     *
     * @param request with {@code title}, {@code file}, {@code className} and {@code name} of the test
     */
    @POST
    public void doQuarantine(StaplerRequest2 request, StaplerResponse2 response) throws IOException {
        checkQuarantineAllowed();
        TestName test = test(request);
        if (trend().tests().stream().noneMatch(each -> each.test().equals(test))) {
            response.sendError(
                    StaplerResponse2.SC_NOT_FOUND,
                    "This job knows no such test that has failed: " + test.file() + " :: " + test.words());
            return;
        }
        JobQuarantine.add(job.getRootDir().toPath(), job.getFullName(), test, user());
        response.sendRedirect(".");
    }

    /**
     * Releases a test that was put in quarantine here, and leads back to the page.
     *
     * @param request as above
     */
    @POST
    public void doRelease(StaplerRequest2 request, StaplerResponse2 response) throws IOException {
        checkQuarantineAllowed();
        JobQuarantine.remove(job.getRootDir().toPath(), job.getFullName(), test(request), user());
        response.sendRedirect(".");
    }

    private static TestName test(StaplerRequest2 request) {
        return new TestName(
                text(request, "title"), text(request, "file"), text(request, "className"), text(request, "name"));
    }

    private static String text(StaplerRequest2 request, String name) {
        return Objects.requireNonNullElse(request.getParameter(name), "");
    }

    private static String user() {
        return Jenkins.getAuthentication2().getName();
    }

    private void checkQuarantineAllowed() {
        if (!isQuarantineAllowed()) {
            job.checkPermission(Item.CONFIGURE);
        }
    }

    /** The slowest files, the slowest first. */
    @Exported
    public List<SlowFile> getSlowestFiles() {
        return trend().files().stream().map(SlowFile::new).toList();
    }

    /** Those of them that the page lists. */
    public List<SlowFile> getListedFiles() {
        return getSlowestFiles().stream().limit(LISTED).toList();
    }

    /** Whether the revision of the last run is known, so that builds of one commit can be compared. */
    public boolean isRevisionKnown() {
        List<RunPoint> runs = trend().runs();
        return !runs.isEmpty() && !runs.get(runs.size() - 1).sources().isEmpty();
    }

    /** What other numbers of slots would have meant for the last run. */
    public List<TrendRun.SlotsEstimate> getEstimates() {
        List<TrendRun> runs = getRuns();
        return runs.isEmpty() ? List.of() : runs.get(0).getEstimates();
    }

    /** The charts of the last runs. */
    public List<Bars> getCharts() {
        List<TrendRun> runs = new ArrayList<>(getRuns().stream().limit(CHARTED).toList());
        Collections.reverse(runs);
        double wall = runs.stream().mapToDouble(TrendRun::getWallSeconds).max().orElse(0);
        int files = runs.stream().mapToInt(TrendRun::getFiles).max().orElse(0);
        return List.of(
                Bars.of(
                        "Wall time and its lower bound",
                        runs,
                        wall,
                        RunSentence.duration(wall),
                        List.of(
                                new Bars.Layer("wall", TrendRun::getWallSeconds),
                                new Bars.Layer(
                                        "bound", run -> Math.min(run.getWallSeconds(), run.getLowerBoundSeconds())))),
                Bars.of(
                        "Busy share of the slots",
                        runs,
                        1,
                        "100\u00a0%",
                        List.of(new Bars.Layer("busy", TrendRun::getBusyShare))),
                Bars.of(
                        "Files, and those that failed or were flaky",
                        runs,
                        files,
                        Integer.toString(files),
                        List.of(
                                new Bars.Layer("files", TrendRun::getFiles),
                                new Bars.Layer("flaky", run -> run.getFailed() + run.getFlaky()),
                                new Bars.Layer("failed", TrendRun::getFailed))));
    }

    /** For {@code api/json}. */
    public Api getApi() {
        return new Api(this);
    }

    /** Whoever may read the job sees the page. */
    @Override
    public Object getTarget() {
        job.checkPermission(Item.READ);
        return this;
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

    /** Gives the page to each job that has had a run. */
    @Extension
    @SuppressWarnings("rawtypes")
    public static final class Factory extends TransientActionFactory<Job> {
        @Override
        public Class<Job> type() {
            return Job.class;
        }

        @Override
        public Collection<? extends Action> createFor(Job target) {
            return Files.isRegularFile(TrendFile.in(target.getRootDir().toPath()))
                    ? List.of(new JobPage(target))
                    : List.of();
        }
    }
}
