package io.jenkins.plugins.distributedtest.session;

import io.jenkins.plugins.distributedtest.originator.RunEvent;
import io.jenkins.plugins.distributedtest.originator.SyncFailedException;
import io.jenkins.plugins.distributedtest.report.ConsoleSummary;
import io.jenkins.plugins.distributedtest.suite.FileResult;
import io.jenkins.plugins.distributedtest.suite.FileStatus;
import io.jenkins.plugins.distributedtest.suite.RunReport;
import io.jenkins.plugins.distributedtest.suite.TestFile;
import io.jenkins.plugins.distributedtest.suite.WorkerId;
import java.util.Locale;

/**
 * Tells a run as a person wants to read it: who answers, each failure as it comes, what goes wrong on the way, how far
 * it is, and the summary. The command line, a build's log in Jenkins and the log of a Zuul job read the same. Makes text
 * only; on one thread at a time. A text has no line break at its end, and is empty where there is nothing to tell.
 */
public final class RunNarrator {
    /** What somebody without a listener is asked where it cannot be told how to start one. */
    public static final String ADVICE = "Is one running, with the same broker and cluster?";

    /** More failures than these are told in one line each, where a page has them all. */
    private static final int WHOLE_FAILURES = 100;
    /** More than these are not told one by one any more. */
    private static final int FAILURES = 2000;
    /** The first progress is told after so many seconds, each further one after twice as long as the one before. */
    private static final double FIRST_PROGRESS = 10;
    /** But no longer than this. */
    private static final double LONGEST_PAUSE = 300;
    /** A listener that runs answers sooner: a shorter wait goes without saying. */
    private static final double QUIET_SECONDS = 3;

    private final ConsoleSummary summary;
    private final RunProgress progress;
    private final String advice;
    private final Page page;
    private int failures;
    private String lastTrouble = "";
    private String lastProgress = "";
    private double pause = FIRST_PROGRESS;
    private double nextProgress = FIRST_PROGRESS;

    /** Where every failure can be looked up while the run goes on. */
    @FunctionalInterface
    public interface Page {
        /**
         * A text that leads to where a file of the run is shown.
         *
         * @param file the file's path
         * @param text what people see; one line
         */
        String link(String file, String text);
    }

    /**
     * A narrator of a run that has no page: every failure is told in full.
     *
     * @param summary makes the texts of failures and the end
     * @param progress is kept up to date by {@link #tell}
     * @param advice what to do when there is no listener, such as {@link #ADVICE}
     */
    public RunNarrator(ConsoleSummary summary, RunProgress progress, String advice) {
        this(summary, progress, advice, null);
    }

    /**
     * A narrator of a run that has a page, to which long floods of failures are left.
     *
     * @param page the page; null for none. The others as above
     */
    public RunNarrator(ConsoleSummary summary, RunProgress progress, String advice, Page page) {
        this.summary = summary;
        this.progress = progress;
        this.advice = advice;
        this.page = page;
    }

    /** How far the run is. */
    public RunProgress progress() {
        return progress;
    }

    /** What an event is worth telling. */
    public String tell(RunEvent event) {
        progress.event(event);
        if (event instanceof RunEvent.FileFinished finished) {
            FileResult result = finished.attempt().result();
            if (result.status() == FileStatus.LOST) {
                return ""; // that it was lost is told already
            }
            return result.status().isBad()
                    ? failure(finished)
                    : result.message().isEmpty() ? "" : "Warning: " + finished.file() + ": " + result.message();
        } else if (event instanceof RunEvent.WaitingForListeners waiting && waiting.offset() >= QUIET_SECONDS) {
            return "No listener takes part; waiting " + time(waiting.secondsLeft()) + " more. " + advice;
        } else if (event instanceof RunEvent.ListenerPreparing preparing) {
            return "Listener " + WorkerId.listenerName(preparing.host(), preparing.listener()) + " answers"
                    + (preparing.slots() > 0 ? " with " + slots(preparing.slots()) : "")
                    + (preparing.version().isEmpty() ? "" : ", version " + preparing.version());
        } else if (event instanceof RunEvent.ListenerReady ready) {
            return "Listener " + WorkerId.listenerName(ready.host(), ready.listener()) + " is ready"
                    + (progress.slots() > 0 ? ", " + slots(progress.slots()) + " in all" : "")
                    + (ready.syncSeconds() > 0 ? ", sources there in " + time(ready.syncSeconds()) : "");
        } else if (event instanceof RunEvent.ListenerEnding ending) {
            return "Listener " + WorkerId.listenerName(ending.host(), ending.listener())
                    + " is not done yet: what tests do at their end, or a closing callback, takes its time";
        } else if (event instanceof RunEvent.ListenerLeft left
                && !left.problem().isEmpty()) {
            return "Listener " + WorkerId.listenerName(left.host(), left.listener()) + " left: " + left.problem()
                    + indented(left.output());
        }
        return trouble(event);
    }

    private static String slots(int count) {
        return count + (count == 1 ? " slot" : " slots");
    }

    private String trouble(RunEvent event) {
        if (event instanceof RunEvent.LeaseLost lost) {
            return lost.file() + " was lost on " + lost.worker() + ": " + lost.reason();
        } else if (event instanceof RunEvent.StaleRefused late && late.what().equals("finish")) {
            return "A late result for " + late.file() + " from " + late.worker() + " is refused: it lost the file.";
        } else if (event instanceof RunEvent.ConnectionLost lost
                && !lost.reason().equals(lastTrouble)) {
            // It is tried again and again: only a new reason is news.
            boolean first = lastTrouble.isEmpty();
            lastTrouble = lost.reason();
            return lost.reason() + (first ? ". Trying again; what runs on listeners goes on meanwhile." : ".");
        } else if (event instanceof RunEvent.ConnectionRestored && !lastTrouble.isEmpty()) {
            lastTrouble = "";
            return "The broker is reached again.";
        }
        return "";
    }

    private String failure(RunEvent.FileFinished finished) {
        String whole = summary.failure(finished.attempt(), !finished.isFinal()).stripTrailing();
        if (page == null) {
            return whole;
        }
        failures++;
        TestFile file = finished.file();
        if (failures > FAILURES) {
            return "";
        }
        String link = page.link(file.path(), "on the build's page");
        if (failures > WHOLE_FAILURES) {
            return "FAILED " + file + (finished.isFinal() ? "" : " (is tried again)") + ": " + link
                    + (failures == FAILURES ? "\nFurther failures are only on the build's page." : "");
        }
        return whole + "\n    More of it " + link;
    }

    private static String indented(String output) {
        return output.isBlank() ? "" : "\n" + output.stripTrailing().indent(4).stripTrailing();
    }

    /**
     * How far it is, if it is time to tell and there is anything new. To be asked every second or so.
     *
     * @param offset seconds from when this began to tell
     */
    public String progress(double offset) {
        if (offset < nextProgress) {
            return "";
        }
        String now = progress.toString();
        if (now.equals(lastProgress)) {
            return "";
        }
        lastProgress = now;
        pause = Math.min(LONGEST_PAUSE, 2 * pause);
        nextProgress = offset + pause;
        return now;
    }

    /** The end of a run. */
    public String end(RunReport report) {
        return summary.end(report).stripTrailing();
    }

    /** That a run has not begun because of its sources, with the output of the command that failed. */
    public static String syncFailed(SyncFailedException failure) {
        return "The sources could not be offered to listeners: " + failure.getMessage() + indented(failure.output());
    }

    /** A time for people, such as {@code 0.3 s}, {@code 40 s} or {@code 3 min 20 s}. */
    public static String time(double seconds) {
        if (seconds < 10 && seconds != Math.rint(seconds)) {
            return String.format(Locale.ROOT, "%.1f s", seconds);
        }
        long whole = Math.round(seconds);
        return whole < 60 ? whole + " s" : whole / 60 + " min " + whole % 60 + " s";
    }
}
