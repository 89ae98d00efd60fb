package io.jenkins.plugins.distributedtest.report;

import static io.jenkins.plugins.distributedtest.report.Problems.seconds;

import io.jenkins.plugins.distributedtest.report.Terminal.Tone;
import io.jenkins.plugins.distributedtest.suite.Attempt;
import io.jenkins.plugins.distributedtest.suite.CaseStatus;
import io.jenkins.plugins.distributedtest.suite.FileReport;
import io.jenkins.plugins.distributedtest.suite.ListenerReport;
import io.jenkins.plugins.distributedtest.suite.Quarantine;
import io.jenkins.plugins.distributedtest.suite.RunEnd;
import io.jenkins.plugins.distributedtest.suite.RunReport;
import io.jenkins.plugins.distributedtest.suite.WorkerId;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Locale;
import java.util.Objects;
import java.util.stream.Collectors;

/**
 * A run as text for people: each failure as it comes, and the summary at the end. Only makes text, writes nothing. Each
 * text ends with a line break, unless it is empty.
 */
public final class ConsoleSummary {
    private static final int SHOWN_FILES = 20;
    private static final int SLOWEST = 5;
    private static final int OUTPUT_LINES = 30;

    private final Terminal terminal;
    private final RerunCommand rerun;

    /**
     * @param terminal width and colors
     * @param rerun the command that runs certain files again
     */
    public ConsoleSummary(Terminal terminal, RerunCommand rerun) {
        this.terminal = Objects.requireNonNull(terminal, "terminal");
        this.rerun = Objects.requireNonNull(rerun, "rerun");
    }

    /**
     * A bad attempt as it comes: file, worker and host, each bad case with message and trace, the file's own problem
     * with its output, and the command that runs just this file again.
     *
     * @param attempt the attempt
     * @param retried whether the file is tried again
     * @return the text; empty if the attempt is not bad
     */
    public String failure(Attempt attempt, boolean retried) {
        return new FailureText(terminal, rerun).of(attempt, retried);
    }

    /**
     * The end of a run: its result and counts; files that failed, were flaky or have no result; the slowest; a table of
     * listeners; and where the wall time went.
     *
     * @param report the run
     * @return the text
     */
    public String end(RunReport report) {
        Lines lines = new Lines(terminal);
        lines.add("");
        files(lines, "Failed", Tone.BAD, report.failedOutOfQuarantine().toList(), this::failedLine);
        files(
                lines,
                "Failed, but in quarantine: the run does not fail by them",
                Tone.WARN,
                report.failedInQuarantine().toList(),
                file -> failedLine(file) + QuarantinedNames.of(file));
        unknown(lines, report);
        flaky(lines, report);
        files(
                lines,
                "Passed with a warning",
                Tone.WARN,
                report.files().stream().filter(FileReport::hasWarning).toList(),
                file -> "  " + path(file, 40) + "  " + file.last().result().message());
        unfinished(lines, report);
        slowest(lines, report);
        listeners(lines, report);
        wallTime(lines, report);
        lines.add(verdict(report));
        return lines.toString();
    }

    /**
     * One line: how the run ended and the counts.
     *
     * @param report the run
     * @return the line, without a line break
     */
    public String verdict(RunReport report) {
        Totals totals = Totals.of(report);
        List<String> counts = new ArrayList<>();
        counts.add(totals.files(FileOutcome.PASSED) + totals.files(FileOutcome.FLAKY) + " passed");
        addCount(counts, totals.files(FileOutcome.NO_TESTS), "without tests");
        int quarantined = (int) report.failedInQuarantine().count();
        addCount(counts, totals.badFiles() - quarantined, "failed");
        addCount(counts, quarantined, "failed in quarantine");
        addCount(counts, totals.files(FileOutcome.TIMED_OUT), "of them timed out");
        addCount(counts, totals.files(FileOutcome.CRASHED), "of them crashed");
        addCount(counts, totals.files(FileOutcome.FLAKY), "flaky");
        addCount(counts, totals.files(FileOutcome.UNFINISHED), "without a result");
        List<String> tests = new ArrayList<>(List.of(Terminal.count(totals.cases(), "test")));
        addCount(tests, totals.cases(CaseStatus.SKIPPED), "skipped");
        String word = switch (report.end()) {
            case RUNNING -> "RUNNING";
            case COMPLETED -> report.isGreen() ? "PASSED" : report.lacksTests() ? "FAILED (no tests)" : "FAILED";
            case FAILED_FAST -> "FAILED (stopped early)";
            case CANCELLED -> "CANCELLED";
            case ERROR -> report.isProjectBroken() ? "FAILED" : "ERROR";
        };
        Tone tone = report.isGreen() ? Tone.GOOD : report.end() == RunEnd.CANCELLED ? Tone.WARN : Tone.BAD;
        String trouble = report.trouble();
        String problem = trouble.isEmpty() ? "" : "\n" + Terminal.harmless(trouble);
        return terminal.paint(tone, terminal.paint(Tone.STRONG, word)) + " in " + seconds(report.wallSeconds()) + ": "
                + Terminal.count(report.files().size(), "file") + " (" + String.join(", ", counts) + "), "
                + String.join(", ", tests) + problem;
    }

    private static void addCount(List<String> counts, int number, String word) {
        if (number > 0) {
            counts.add(number + " " + word);
        }
    }

    private void files(
            Lines lines,
            String title,
            Tone tone,
            List<FileReport> files,
            java.util.function.Function<FileReport, String> line) {
        if (files.isEmpty()) {
            return;
        }
        heading(lines, title + " (" + files.size() + ")", tone);
        files.stream().limit(SHOWN_FILES).map(line).forEach(lines::add);
        if (files.size() > SHOWN_FILES) {
            lines.add("  and " + (files.size() - SHOWN_FILES) + " more");
        }
        lines.add("");
    }

    private void heading(Lines lines, String title, Tone tone) {
        lines.add(terminal.paint(tone, terminal.paint(Tone.STRONG, title)));
    }

    private String failedLine(FileReport file) {
        String why = FileOutcome.of(file).word();
        String times = file.attempts().size() > 1 ? ", " + file.attempts().size() + " attempts" : "";
        return "  " + rerun.of(file.file(), file.seed())
                + terminal.paint(
                        Tone.DIM, "  # " + why + " on " + file.last().worker().host() + times);
    }

    private void unknown(Lines lines, RunReport report) {
        List<Quarantine.Entry> unknown = report.quarantine().unknown(report);
        if (!unknown.isEmpty()) {
            heading(lines, "In quarantine, but no such test in its file (" + unknown.size() + ")", Tone.WARN);
            unknown.stream().limit(SHOWN_FILES).forEach(each -> lines.add("  " + Terminal.harmless(each.text())));
            lines.add("");
        }
    }

    private void flaky(Lines lines, RunReport report) {
        files(lines, "Flaky: passed when tried again", Tone.WARN, report.flaky().toList(), file -> {
            String before = file.attempts().stream()
                    .filter(a -> a.result().status().isBad())
                    .map(a ->
                            a.result().status().inWords() + " on " + a.worker().host())
                    .collect(Collectors.joining(", "));
            return "  " + path(file, 30) + "  " + before + ", passed on "
                    + file.last().worker().host();
        });
    }

    private void unfinished(Lines lines, RunReport report) {
        List<FileReport> unfinished = report.unfinished().toList();
        // Nothing ran at all: the count at the end says so, names would only push the reason out of sight.
        boolean none = unfinished.size() == report.files().size()
                && unfinished.stream().allMatch(file -> file.attempts().isEmpty());
        if (report.end() != RunEnd.RUNNING && !none) {
            files(
                    lines,
                    "Without a result",
                    Tone.WARN,
                    unfinished,
                    file -> "  " + path(file, 25) + (file.attempts().isEmpty() ? "  was not run" : "  was running"));
        }
    }

    private void slowest(Lines lines, RunReport report) {
        List<FileReport> slowest = report.files().stream()
                .filter(FileReport::isFinished)
                .sorted(Comparator.comparingDouble(ConsoleSummary::lastSeconds).reversed())
                .limit(SLOWEST)
                .toList();
        if (slowest.size() < 2) {
            return;
        }
        heading(lines, "Slowest files", Tone.STRONG);
        for (FileReport file : slowest) {
            String expected = file.expectedSeconds() > 0 ? "  expected " + seconds(file.expectedSeconds()) : "";
            lines.add(String.format(Locale.ROOT, "  %9s  %s", seconds(lastSeconds(file)), path(file, 35))
                    + terminal.paint(Tone.DIM, expected));
        }
        lines.add("");
    }

    private static double lastSeconds(FileReport file) {
        return file.last().result().seconds();
    }

    private String path(FileReport file, int others) {
        return Terminal.shortened(file.file().path(), Math.max(20, terminal.width() - others));
    }

    private void listeners(Lines lines, RunReport report) {
        if (report.listeners().isEmpty()) {
            return;
        }
        int hosts = Math.min(
                Math.max(8, terminal.width() - 54),
                report.listeners().stream()
                        .mapToInt(l -> name(l).length())
                        .max()
                        .orElse(8));
        String format = "  %-" + Math.max(8, hosts) + "s %5s %6s %6s %10s %6s %9s";
        lines.add(terminal.paint(
                Tone.STRONG,
                String.format(Locale.ROOT, format, "Listener", "slots", "files", "failed", "busy", "", "sync")));
        for (ListenerReport listener : report.listeners()) {
            List<Attempt> attempts = report.files().stream()
                    .flatMap(f -> f.attempts().stream())
                    .filter(a -> a.worker().listener().equals(listener.listener()))
                    .toList();
            double busy =
                    attempts.stream().mapToDouble(a -> a.result().seconds()).sum();
            long bad =
                    attempts.stream().filter(a -> a.result().status().isBad()).count();
            lines.add(String.format(
                    Locale.ROOT,
                    format,
                    Terminal.shortened(name(listener), Math.max(8, hosts)),
                    listener.slots(),
                    attempts.size(),
                    bad,
                    seconds(busy),
                    share(busy, there(report, listener)),
                    seconds(listener.syncSeconds())));
            // What ended the run is told with its end.
            if (!listener.problem().isEmpty() && !report.problem().contains(listener.problem())) {
                lines.block("    ", Tone.BAD, listener.problem(), OUTPUT_LINES, true);
            }
        }
        lines.add("");
    }

    private static String name(ListenerReport listener) {
        return WorkerId.listenerName(listener.host(), listener.listener());
    }

    private static double there(RunReport report, ListenerReport listener) {
        if (Double.isNaN(listener.joinedOffset())) {
            return 0;
        }
        double end = Double.isNaN(listener.leftOffset()) ? report.wallSeconds() : listener.leftOffset();
        return Math.max(0, end - listener.joinedOffset()) * listener.slots();
    }

    private static String share(double part, double whole) {
        return whole <= 0 ? "" : Math.min(100, Math.round(100 * part / whole)) + " %";
    }

    private void wallTime(Lines lines, RunReport report) {
        WallTime time = WallTime.of(report);
        if (time.straggler() == null) {
            return;
        }
        heading(lines, "Wall time", Tone.STRONG);
        WallTimeText.of(time).forEach(sentence -> lines.wrapped("  ", sentence, terminal.width()));
        lines.add("");
    }
}
