package io.jenkins.plugins.distributedtest.jenkins.job;

import hudson.Extension;
import hudson.model.Action;
import hudson.model.Api;
import hudson.model.Item;
import hudson.model.Job;
import io.jenkins.plugins.distributedtest.jenkins.build.RunSentence;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Collections;
import java.util.List;
import jenkins.model.TransientActionFactory;
import org.kohsuke.stapler.StaplerProxy;
import org.kohsuke.stapler.export.Exported;
import org.kohsuke.stapler.export.ExportedBean;

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
        return trend().flaky().stream().map(FlakyTest::new).toList();
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
