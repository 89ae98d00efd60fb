package io.jenkins.plugins.distributedtest.cli;

import io.jenkins.plugins.distributedtest.loop.EventLoop;
import io.jenkins.plugins.distributedtest.originator.RunEvent;
import io.jenkins.plugins.distributedtest.originator.RunObserver;
import io.jenkins.plugins.distributedtest.session.RunNarrator;
import io.jenkins.plugins.distributedtest.session.RunProgress;
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

    /** Columns of the bar itself. */
    private static final int BAR_WIDTH = 20;
    /** Columns of what is drawn around bar and counts: percentage, borders, elapsed time, spaces. */
    private static final int BAR_FRAME = 23;

    private static final Duration PLAIN_INTERVAL = Duration.ofSeconds(10);

    private final Console console;
    private final RunNarrator narrator;
    private final RunProgress progress;
    private final EventLoop loop = new EventLoop("console");
    private final long startNanos = System.nanoTime();
    private ProgressBar bar;
    private String lastPlain = "";

    /**
     * @param console where to
     * @param narrator tells what happens; until this is closed used by this object's thread only
     * @param showProgress whether to show counts and times, besides what happens
     */
    RunConsole(Console console, RunNarrator narrator, boolean showProgress) {
        this.console = console;
        this.narrator = narrator;
        this.progress = narrator.progress();
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
        return Double.isNaN(seconds) ? "" : ", about " + RunNarrator.time(Math.rint(seconds)) + " left";
    }

    /** The files that run, the one that has run longest first; what does not fit is cut off with the line's end. */
    private String running() {
        if (progress.running().isEmpty()) {
            return "";
        }
        return progress.running().values().stream()
                .sorted(Comparator.comparingDouble(RunProgress.Running::since))
                .map(each -> each.file().path().substring(each.file().path().lastIndexOf('/') + 1))
                .collect(Collectors.joining(" ", ", " + progress.running().size() + " running: ", ""));
    }

    private double now() {
        return (System.nanoTime() - startNanos) / 1e9;
    }

    private void printCounts() {
        String counts = progress.toString();
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
        console.print(narrator.tell(event));
        updateBar();
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
