package io.jenkins.plugins.distributedtest.jenkins.build;

import io.jenkins.plugins.distributedtest.report.PageReport;
import io.jenkins.plugins.distributedtest.report.RerunCommand;
import io.jenkins.plugins.distributedtest.suite.FileReport;
import io.jenkins.plugins.distributedtest.suite.RunReport;
import java.util.Arrays;
import java.util.List;
import java.util.UUID;
import java.util.concurrent.TimeUnit;
import java.util.function.LongSupplier;
import java.util.function.Supplier;

/**
 * One run as it goes on, for any number of pages that look at it. However often they ask, the run is asked for its
 * report once a second at most, and each page gets only what changed since it asked last:
 *
 * <p>Each new report that differs gets the next version, and each file remembers the version in which it changed
 * last. An answer carries a cursor, this object's random mark and the version. A page that sends its cursor back gets
 * the files with a later version; one without, or with the cursor of another controller's life, gets all of them.
 */
final class LiveRun {
    private static final long FRESH_NANOS = TimeUnit.SECONDS.toNanos(1);
    /** With this many more files a page waits a second longer from one question to the next. */
    private static final int FILES_PER_SECOND_OF_WAITING = 10_000;

    private static final int LEAST_WAIT_SECONDS = 2;

    private final Supplier<RunReport> source;
    private final LongSupplier nanos;
    private final String mark = UUID.randomUUID().toString();

    private PageReport last;
    private long takenAt;
    private int version;
    private int[] changedIn = new int[0];

    LiveRun(Supplier<RunReport> source, LongSupplier nanos) {
        this.source = source;
        this.nanos = nanos;
    }

    /** The report so far, at most a second old. */
    synchronized PageReport report() {
        if (last == null || nanos.getAsLong() - takenAt >= FRESH_NANOS) {
            RunReport now = source.get();
            note(now.files());
            last = PageReport.of(now, RerunCommand.STEP);
            takenAt = nanos.getAsLong();
        }
        return last;
    }

    /**
     * What a page is to be told.
     *
     * @param cursor the cursor of the answer it had last; null or empty if it had none
     */
    synchronized PageAnswer answer(String cursor) {
        PageReport now = report();
        int since = versionOf(cursor);
        int[] changes = changedIn;
        return PageAnswer.live(
                mark + ":" + version,
                LEAST_WAIT_SECONDS + changes.length / FILES_PER_SECOND_OF_WAITING,
                now,
                since < 0 ? null : index -> changes[index] > since);
    }

    /** The version that a cursor stands for; -1 if it is none of this object's. */
    private int versionOf(String cursor) {
        if (cursor == null || !cursor.startsWith(mark + ":")) {
            return -1;
        }
        try {
            int told = Integer.parseInt(cursor.substring(mark.length() + 1));
            return told >= 0 && told <= version ? told : -1;
        } catch (NumberFormatException e) {
            return -1;
        }
    }

    /** Notes which files differ from the last report. Answers in flight keep the array that they were made with. */
    private void note(List<FileReport> files) {
        List<FileReport> before = last == null ? List.of() : last.report().files();
        version++;
        int[] changes = Arrays.copyOf(changedIn, files.size());
        for (int i = 0; i < changes.length; i++) {
            if (i >= before.size() || !before.get(i).equals(files.get(i))) {
                changes[i] = version;
            }
        }
        changedIn = changes;
    }
}
