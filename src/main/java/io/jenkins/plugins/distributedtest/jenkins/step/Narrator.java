package io.jenkins.plugins.distributedtest.jenkins.step;

import io.jenkins.plugins.distributedtest.originator.RunEvent;
import io.jenkins.plugins.distributedtest.report.ConsoleSummary;
import io.jenkins.plugins.distributedtest.report.RerunCommand;
import io.jenkins.plugins.distributedtest.report.Terminal;
import io.jenkins.plugins.distributedtest.suite.RunReport;
import io.jenkins.plugins.distributedtest.suite.TestFile;
import io.jenkins.plugins.distributedtest.suite.WorkerId;
import java.util.Locale;

/**
 * Tells a run as a person wants to read it in a build's log: who answered, each failure as it comes, what went wrong on
 * the way, how far it is at intervals that grow, and the summary. Makes text only; on one thread at a time.
 */
final class Narrator {
    /** More failures than these are told in one line each: they are all on the build's page. */
    private static final int WHOLE_FAILURES = 100;
    /** More than these are not told one by one any more. */
    private static final int FAILURES = 2000;
    /** The first progress is told after so many seconds, each further one after twice as long as the one before. */
    private static final double FIRST_PROGRESS = 10;
    /** But no longer than this. */
    private static final double LONGEST_PAUSE = 300;
    /** A wait for listeners that is shorter than this is not worth a line. */
    private static final double QUIET_SECONDS = 3;

    private final ConsoleSummary summary = new ConsoleSummary(new Terminal(120, false), RerunCommand.DEFAULT);
    private final LiveCounts counts;
    private final Linker linker;
    private int failures;
    private String lastTrouble = "";
    private String lastProgress = "";
    private double pause = FIRST_PROGRESS;
    private double nextProgress = FIRST_PROGRESS;

    /** Makes links. */
    interface Linker {
        /**
         * A text that leads to where a file of the run is shown.
         *
         * @param file the file's path
         * @param text what people see; one line
         */
        String link(String file, String text);
    }

    Narrator(LiveCounts counts, Linker linker) {
        this.counts = counts;
        this.linker = linker;
    }

    /**
     * What an event is worth telling.
     *
     * @return lines, without a line break at the end; null for nothing
     */
    String tell(RunEvent event) {
        counts.event(event);
        if (event instanceof RunEvent.FileFinished finished) {
            return finished.attempt().result().status().isBad() ? failure(finished) : null;
        } else if (event instanceof RunEvent.WaitingForListeners waiting && waiting.offset() >= QUIET_SECONDS) {
            return "No listener takes part; waiting " + seconds(waiting.secondsLeft())
                    + " more. Is one running, with the same broker and cluster?";
        } else if (event instanceof RunEvent.ListenerPreparing preparing) {
            return "Listener " + WorkerId.listenerName(preparing.host(), preparing.listener()) + " answers"
                    + (preparing.slots() > 0 ? " with " + preparing.slots() + slots(preparing.slots()) : "")
                    + (preparing.version().isEmpty() ? "" : ", version " + preparing.version());
        } else if (event instanceof RunEvent.ListenerReady ready) {
            return "Listener " + WorkerId.listenerName(ready.host(), ready.listener()) + " is ready"
                    + (ready.syncSeconds() > 0 ? ", sources there in " + seconds(ready.syncSeconds()) : "");
        } else if (event instanceof RunEvent.ListenerLeft left
                && !left.problem().isEmpty()) {
            return "Listener " + WorkerId.listenerName(left.host(), left.listener()) + " left: " + left.problem()
                    + indented(left.output());
        }
        return trouble(event);
    }

    private static String slots(int count) {
        return count == 1 ? " slot" : " slots";
    }

    private String trouble(RunEvent event) {
        if (event instanceof RunEvent.LeaseLost lost) {
            return lost.file() + " was lost on " + lost.worker() + ": " + lost.reason();
        } else if (event instanceof RunEvent.StaleRefused late && late.what().equals("finish")) {
            return "A late result for " + late.file() + " from " + late.worker() + " is refused: it lost the file.";
        } else if (event instanceof RunEvent.ConnectionLost lost
                && !lost.reason().equals(lastTrouble)) {
            boolean first = lastTrouble.isEmpty();
            lastTrouble = lost.reason();
            return lost.reason() + (first ? ". Trying again; what runs on listeners goes on meanwhile." : ".");
        } else if (event instanceof RunEvent.ConnectionRestored && !lastTrouble.isEmpty()) {
            lastTrouble = "";
            return "The broker is reached again.";
        }
        return null;
    }

    private String failure(RunEvent.FileFinished finished) {
        failures++;
        TestFile file = finished.file();
        String link = linker.link(file.path(), "on the build's page");
        if (failures > FAILURES) {
            return null;
        }
        if (failures > WHOLE_FAILURES) {
            return "FAILED " + file + (finished.isFinal() ? "" : " (is tried again)") + ": " + link
                    + (failures == FAILURES ? "\nFurther failures are only on the build's page." : "");
        }
        return summary.failure(finished.attempt(), !finished.isFinal()).stripTrailing() + "\n    More of it " + link;
    }

    private static String indented(String output) {
        return output.isBlank() ? "" : "\n" + output.stripTrailing().indent(4).stripTrailing();
    }

    /**
     * How far it is, if it is time to tell and there is anything new. To be asked every second or so.
     *
     * @param offset seconds from when this began to tell
     * @return a line; null for nothing
     */
    String progress(double offset) {
        if (offset < nextProgress) {
            return null;
        }
        String now = counts.toString();
        if (now.equals(lastProgress)) {
            return null;
        }
        lastProgress = now;
        pause = Math.min(LONGEST_PAUSE, 2 * pause);
        nextProgress = offset + pause;
        return now;
    }

    /** The end of a run. */
    String end(RunReport report) {
        return summary.end(report).stripTrailing();
    }

    private static String seconds(double seconds) {
        return seconds < 10 ? String.format(Locale.ROOT, "%.1f s", seconds) : Math.round(seconds) + " s";
    }
}
