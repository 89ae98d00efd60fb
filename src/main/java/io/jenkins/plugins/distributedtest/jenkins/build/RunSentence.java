package io.jenkins.plugins.distributedtest.jenkins.build;

import java.util.Locale;

/** Says in one line how a run stands. */
public final class RunSentence {
    private RunSentence() {}

    /**
     * The line.
     *
     * @param state where the run is
     * @param run the run in short; null if nothing is known of it
     */
    static String of(RunState state, RunSummary run) {
        if (run == null) {
            return state == RunState.WAITING ? "getting ready" : "left no report; the log says why";
        }
        RunSummary.Counts counts = run.counts();
        StringBuilder text = new StringBuilder();
        if (state == RunState.LIVE && run.listeners() == 0) {
            return "waiting for a listener to run " + plural(counts.files(), "file") + ", "
                    + duration(run.wallSeconds());
        }
        if (state == RunState.LIVE) {
            text.append("running, ")
                    .append(number(counts.files() - counts.unfinished()))
                    .append(" of ")
                    .append(plural(counts.files(), "file"));
        } else {
            text.append(end(run)).append(plural(counts.files(), "file"));
        }
        add(text, counts.bad() - counts.inQuarantine(), "failed");
        add(text, counts.inQuarantine(), "failed in quarantine");
        add(text, counts.flaky(), "flaky");
        if (state != RunState.LIVE) {
            add(text, counts.unfinished(), "without a result");
        }
        return text.append(", ")
                .append(duration(run.wallSeconds()))
                .append(run.slots() > 0 ? " on " + plural(run.slots(), "slot") : "")
                .toString();
    }

    private static String end(RunSummary run) {
        return switch (run.end()) {
            case "error" ->
                "error: " + run.problem().strip() + (run.problem().strip().endsWith(".") ? " " : ". ");
            case "cancelled" -> "cancelled, ";
            case "failed_fast" -> "stopped early, ";
            default -> run.green() ? "passed, " : "failed, ";
        };
    }

    private static void add(StringBuilder text, int count, String word) {
        if (count > 0) {
            text.append(", ").append(number(count)).append(' ').append(word);
        }
    }

    /** A number of things, such as {@code 1,200 files}. */
    public static String plural(int count, String word) {
        return number(count) + " " + word + (count == 1 ? "" : "s");
    }

    private static String number(int count) {
        return String.format(Locale.ENGLISH, "%,d", count);
    }

    /** Seconds for people. */
    public static String duration(double seconds) {
        if (seconds < 59.95) {
            return String.format(Locale.ENGLISH, "%.1f s", seconds);
        }
        long whole = Math.round(seconds);
        return whole < 3600
                ? String.format("%d min %02d s", whole / 60, whole % 60)
                : String.format("%d h %02d min", whole / 3600, whole % 3600 / 60);
    }
}
