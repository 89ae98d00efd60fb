package io.jenkins.plugins.distributedtest.cli;

import io.jenkins.plugins.distributedtest.loop.EventLoop;
import io.jenkins.plugins.distributedtest.originator.RunEvent;
import io.jenkins.plugins.distributedtest.originator.RunObserver;
import io.jenkins.plugins.distributedtest.report.ConsoleSummary;
import io.jenkins.plugins.distributedtest.suite.WorkerId;
import java.time.Duration;
import java.util.Comparator;
import java.util.concurrent.RejectedExecutionException;
import java.util.stream.Collectors;
import me.tongfei.progressbar.DelegatingProgressBarConsumer;
import me.tongfei.progressbar.ProgressBar;
import me.tongfei.progressbar.ProgressBarBuilder;
import me.tongfei.progressbar.ProgressBarStyle;

/**
 * Shows a run as it goes on. It has a thread of its own, so that a terminal that is slow or stopped (Ctrl-S) never
 * holds up the run's heartbeats.
 */
final class RunConsole implements RunObserver, AutoCloseable {
    private static final int REDRAW_MILLIS = 200;
    /** A listener that runs answers sooner: until then it goes without saying. */
    private static final int QUIET_SECONDS = 3;

    /** Columns of the bar itself. */
    private static final int BAR_WIDTH = 20;
    /** Columns of what is drawn around bar and counts: percentage, borders, elapsed time, spaces. */
    private static final int BAR_FRAME = 23;

    private static final Duration PLAIN_INTERVAL = Duration.ofSeconds(10);

    private final Console console;
    private final ConsoleSummary summary;
    private final Progress progress;
    private final String invitation;
    private final EventLoop loop = new EventLoop("console");
    private final long startNanos = System.nanoTime();
    private ProgressBar bar;
    private String lastPlain = "";
    private String lastTrouble = "";

    /**
     * @param console where to
     * @param summary makes the texts of failures
     * @param progress the counts; from now on used by this object's thread only
     * @param invitation how to start a listener, for somebody who waits for one
     * @param showProgress whether to show counts and times, besides what happens
     */
    RunConsole(Console console, ConsoleSummary summary, Progress progress, String invitation, boolean showProgress) {
        this.console = console;
        this.summary = summary;
        this.progress = progress;
        this.invitation = invitation;
        if (showProgress && console.isInteractive()) {
            loop.execute(this::startBar);
        } else if (showProgress) {
            loop.every(PLAIN_INTERVAL, this::printCounts);
        }
    }

    private void startBar() {
        bar = new ProgressBarBuilder()
                .setTaskName("")
                .continuousUpdate()
                .setInitialMax(progress.total())
                .setStyle(console.terminal().color() ? ProgressBarStyle.COLORFUL_UNICODE_BLOCK : ProgressBarStyle.ASCII)
                .setUpdateIntervalMillis(REDRAW_MILLIS)
                .hideEta()
                .setConsumer(new DelegatingProgressBarConsumer(console::status, lineWidth()))
                .build();
        loop.every(Duration.ofSeconds(1), this::updateBar);
        updateBar();
    }

    /** Short of the terminal's edge, so that the "^C" that a terminal adds does not begin a new line. */
    private int lineWidth() {
        return console.terminal().width() - 4;
    }

    private void updateBar() {
        if (bar == null) {
            return;
        }
        bar.stepTo(progress.done());
        bar.setExtraMessage(beside(progress.failed() + " failed" + remaining() + running()));
    }

    /** Fills what the bar leaves of the line, so that the bar keeps its width while texts come and go. */
    private String beside(String text) {
        int counts = 2 * String.valueOf(progress.total()).length();
        int room = Math.max(0, lineWidth() - BAR_WIDTH - BAR_FRAME - counts);
        String cut = text.length() <= room ? text : text.substring(0, Math.max(0, room - 1)) + "…";
        return cut + " ".repeat(room - cut.length());
    }

    private String remaining() {
        double seconds = progress.remaining(now());
        return Double.isNaN(seconds) ? "" : ", about " + Progress.time(seconds) + " left";
    }

    /** The files that run, the one that has run longest first; what does not fit is cut off with the line's end. */
    private String running() {
        if (progress.running().isEmpty()) {
            return "";
        }
        return progress.running().values().stream()
                .sorted(Comparator.comparingDouble(Progress.Running::since))
                .map(each -> each.file().path().substring(each.file().path().lastIndexOf('/') + 1))
                .collect(Collectors.joining(" ", ", " + progress.running().size() + " running: ", ""));
    }

    private double now() {
        return (System.nanoTime() - startNanos) / 1e9;
    }

    private void printCounts() {
        String counts = progress.counts();
        if (!counts.equals(lastPlain) && progress.done() < progress.total()) {
            console.print(counts + remaining());
            lastPlain = counts;
        }
    }

    @Override
    public void event(RunEvent event) {
        try {
            loop.execute(() -> show(event));
        } catch (RejectedExecutionException e) {
            // Closed: what happens after the end is in the report.
        }
    }

    private void show(RunEvent event) {
        progress.event(event);
        String line = describe(event);
        if (line != null) {
            console.print(line);
        }
        updateBar();
    }

    private String describe(RunEvent event) {
        if (event instanceof RunEvent.FileFinished finished) {
            return summary.failure(finished.attempt(), !finished.isFinal());
        } else if (event instanceof RunEvent.WaitingForListeners waiting && waiting.offset() >= QUIET_SECONDS) {
            return "No listener yet; waiting " + Progress.time(waiting.secondsLeft())
                    + " more. Start one, with the same broker: " + invitation;
        } else if (event instanceof RunEvent.ListenerReady ready) {
            return "Listener " + name(ready.host(), ready.listener()) + " is ready, " + progress.slots()
                    + " slots in all";
        } else if (event instanceof RunEvent.ListenerLeft left
                && !left.problem().isEmpty()) {
            return "Listener " + name(left.host(), left.listener()) + " left: " + left.problem()
                    + (left.output().isBlank()
                            ? ""
                            : "\n" + left.output().stripTrailing().indent(4).stripTrailing());
        } else if (event instanceof RunEvent.LeaseLost lost) {
            return lost.file() + " was lost on " + lost.worker() + ": " + lost.reason();
        } else if (event instanceof RunEvent.StaleRefused late && late.what().equals("finish")) {
            return "A late result for " + late.file() + " from " + late.worker() + " is refused: it lost the file.";
        } else if (event instanceof RunEvent.ConnectionLost lost) {
            return connectionLost(lost.reason());
        } else if (event instanceof RunEvent.ConnectionRestored) {
            lastTrouble = "";
            return "The broker is reached again.";
        }
        return null;
    }

    /** It is tried again and again: only a new reason is news. */
    private String connectionLost(String reason) {
        if (reason.equals(lastTrouble)) {
            return null;
        }
        boolean first = lastTrouble.isEmpty();
        lastTrouble = reason;
        return reason + (first ? ". Trying again; what runs on listeners goes on meanwhile." : ".");
    }

    private static String name(String host, String listener) {
        return WorkerId.listenerName(host, listener);
    }

    /** Shows what has come and removes the bar. */
    @Override
    public void close() {
        try {
            loop.execute(this::closeBar);
        } catch (RejectedExecutionException e) {
            return;
        }
        loop.close();
    }

    private void closeBar() {
        if (bar != null) {
            bar.close();
            bar = null;
        }
        console.clearStatus();
    }
}
