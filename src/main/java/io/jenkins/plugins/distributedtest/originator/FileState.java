package io.jenkins.plugins.distributedtest.originator;

import io.jenkins.plugins.distributedtest.suite.Attempt;
import io.jenkins.plugins.distributedtest.suite.FileReport;
import io.jenkins.plugins.distributedtest.suite.FileResult;
import io.jenkins.plugins.distributedtest.suite.FileStatus;
import io.jenkins.plugins.distributedtest.suite.TestFile;
import io.jenkins.plugins.distributedtest.suite.WorkerId;
import io.jenkins.plugins.distributedtest.wire.NativeMessage.FileJob;
import java.util.ArrayList;
import java.util.List;

/** All that the originator knows of one file: queued under a lease, running on a worker under it, or done. */
final class FileState {
    /** Where a file stands. */
    enum Phase {
        /** In the files queue (or on its way there, or taken from it by a worker that has not said so yet). */
        QUEUED,
        /** A worker has said that it runs it. */
        RUNNING,
        /** It has its final result. */
        DONE
    }

    final TestFile file;
    /** Recorded runtime in seconds; 0 if unknown. */
    final double expected;

    Phase phase = Phase.QUEUED;
    /** The lease under which it was published last; 0 before the first time. */
    int lease;
    /** Who runs it; null unless running. */
    WorkerId holder;
    /** When the holder started, in seconds from the start of the run. */
    double since;

    /** What its holder has told of its cases. */
    final ToldCases told = new ToldCases();

    final List<Attempt> attempts = new ArrayList<>();
    /** How many workers it has taken down. */
    int crashes;
    /** How many retries it has had. */
    int retries;
    /** How often it was lost through no fault of its own. */
    int interruptions;
    /** Workers that it failed on. */
    final List<WorkerId> avoid = new ArrayList<>();
    /** Workers whose lease was taken away, as {@link #key} has them. */
    final List<String> formerHolders = new ArrayList<>();

    FileState(TestFile file, double expected) {
        this.file = file;
        this.expected = expected;
    }

    /**
     * It as it is given out under its present lease.
     *
     * @param timeout in seconds
     * @param othersThere whether a worker is there that it has not failed on
     */
    FileJob job(double timeout, boolean othersThere) {
        List<WorkerId> avoided = othersThere ? List.copyOf(avoid) : List.of();
        return new FileJob(file.path(), lease, timeout, expected, avoided, !formerHolders.isEmpty());
    }

    /**
     * What there is to tell of it.
     *
     * @param endedAt when the run ended, so that an attempt that still ran is shown as cancelled; NaN while it goes on
     */
    FileReport report(double endedAt) {
        List<Attempt> told = new ArrayList<>(attempts);
        if (!Double.isNaN(endedAt) && phase == Phase.RUNNING) {
            double seconds = Math.max(0, endedAt - since);
            FileResult cancelled =
                    FileResult.of(file, FileStatus.CANCELLED, seconds).withMessage("The run ended while it ran.");
            told.add(new Attempt(cancelled, holder, lease, since));
        }
        boolean runs = Double.isNaN(endedAt) && phase == Phase.RUNNING;
        return new FileReport(file, told, expected, runs ? new FileReport.Running(holder, lease, since) : null);
    }

    /** Tests that failed before and of which a retry has none have not passed. */
    FileResult withoutMissingTests(FileResult result) {
        boolean none = result.status() == FileStatus.PASSED
                && result.cases().isEmpty()
                && !result.runner().isEmpty();
        boolean failed = attempts.stream()
                .map(Attempt::result)
                .anyMatch(each -> each.status().isBad() && !each.cases().isEmpty());
        return none && failed
                ? result.as(FileStatus.FAILED)
                        .withMessage("It had no tests when it was run again, so what failed before has not passed.")
                : result;
    }

    boolean isHeldBy(WorkerId worker) {
        return phase == Phase.RUNNING && key(holder).equals(key(worker));
    }

    /** Whether a worker has had it before and lost it. */
    boolean hasLost(WorkerId worker) {
        return formerHolders.contains(key(worker));
    }

    /** What tells workers apart: the host is for people only. */
    static String key(WorkerId worker) {
        return worker.listener() + "#" + worker.slot();
    }
}
