package io.jenkins.plugins.distributedtest.jenkins.job;

import io.jenkins.plugins.distributedtest.jenkins.build.RunSentence;
import java.util.List;
import org.kohsuke.stapler.export.Exported;
import org.kohsuke.stapler.export.ExportedBean;

/** A run of a job, on its page and in {@code api/json}. */
@ExportedBean(defaultVisibility = 2)
public final class TrendRun {
    private final RunPoint run;
    private final boolean there;

    /** @param there whether its build has not been deleted */
    TrendRun(RunPoint run, boolean there) {
        this.run = run;
        this.there = there;
    }

    /** The build's number. */
    @Exported
    public int getBuild() {
        return run.build();
    }

    /** The run's id. */
    @Exported
    public String getId() {
        return run.runId();
    }

    /** Its title; possibly empty. */
    @Exported
    public String getTitle() {
        return run.title();
    }

    /** The commit that was tested; empty if it is not known. */
    @Exported
    public String getCommit() {
        return run.commit();
    }

    /** When it started, ISO 8601 in UTC. */
    @Exported
    public String getStartedAt() {
        return run.startedAt();
    }

    /** How it ended: {@code completed}, {@code failed_fast}, {@code cancelled} or {@code error}. */
    @Exported
    public String getEnd() {
        return run.end();
    }

    /** Whether everything ran and passed. */
    @Exported
    public boolean isGreen() {
        return run.green();
    }

    /** Its wall time in seconds. */
    @Exported
    public double getWallSeconds() {
        return run.wallSeconds();
    }

    /** The least that was possible on its slots, in seconds. */
    @Exported
    public double getLowerBoundSeconds() {
        return run.lowerBoundSeconds();
    }

    /** The share of the slots' time in which they ran files, 0 to 1. */
    @Exported
    public double getBusyShare() {
        return run.busyShare();
    }

    /** How many slots took part. */
    @Exported
    public int getSlots() {
        return run.slots();
    }

    /** Files in all. */
    @Exported
    public int getFiles() {
        return run.files();
    }

    /** Files that failed, crashed or ran too long. */
    @Exported
    public int getFailed() {
        return run.bad();
    }

    /** Files that passed on a retry. */
    @Exported
    public int getFlaky() {
        return run.flaky();
    }

    /** Test cases in all. */
    @Exported
    public int getCases() {
        return run.cases();
    }

    /** Test cases that failed. */
    @Exported
    public int getCasesFailed() {
        return run.casesBad();
    }

    /** Whether its build is still there. */
    @Exported
    public boolean isBuildThere() {
        return there;
    }

    /** Its page from the job's, or null when its build was deleted. */
    public String getHref() {
        return there ? "../" + run.build() + "/distributed-tests/run/" + run.runId() + "/" : null;
    }

    /** Its wall time for people. */
    public String getWall() {
        return RunSentence.duration(run.wallSeconds());
    }

    /** The least that was possible, for people. */
    public String getLowerBound() {
        return RunSentence.duration(run.lowerBoundSeconds());
    }

    /** The busy share in percent. */
    public String getBusy() {
        return Math.round(100 * run.busyShare()) + "\u00a0%";
    }

    /** Build and title. */
    public String getName() {
        return "#" + run.build() + (run.title().isEmpty() ? "" : " " + run.title());
    }

    /** All of it in one line, for whoever points at its bar. */
    public String getWords() {
        return getName() + ": " + getWall() + ", lower bound " + getLowerBound() + ", slots " + getBusy() + " busy, "
                + run.files() + (run.files() == 1 ? " file, " : " files, ") + run.bad() + " failed"
                + (run.flaky() > 0 ? ", " + run.flaky() + " flaky" : "");
    }

    /** What other numbers of slots would have meant, from few to many. */
    @Exported
    public List<SlotsEstimate> getEstimates() {
        return run.estimates().stream().map(SlotsEstimate::new).toList();
    }

    /** About how long the run would have taken on a number of slots. */
    @ExportedBean(defaultVisibility = 3)
    public static final class SlotsEstimate {
        private final RunPoint.Estimate estimate;

        SlotsEstimate(RunPoint.Estimate estimate) {
            this.estimate = estimate;
        }

        /** So many slots. */
        @Exported
        public int getSlots() {
            return estimate.slots();
        }

        /** Seconds from the first file to the last. */
        @Exported
        public double getSeconds() {
            return estimate.seconds();
        }

        /** The same for people. */
        public String getWords() {
            return RunSentence.duration(estimate.seconds());
        }
    }
}
