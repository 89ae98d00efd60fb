package io.jenkins.plugins.distributedtest.report;

import io.jenkins.plugins.distributedtest.suite.FileResult;
import java.util.Locale;

/** Says in words what is wrong with a file as a whole. */
final class Problems {
    private Problems() {}

    /** What is wrong with it; never empty. */
    static String of(FileResult result) {
        String what = switch (result.status()) {
            case PASSED -> "passed";
            case FAILED -> "The file failed as a whole";
            case TIMED_OUT -> "The file timed out after " + seconds(result.seconds());
            case CRASHED -> "The process that ran the file ended without reporting a result";
            case CANCELLED -> "The run was cancelled while the file ran";
            case LOST -> "The listener that ran the file was lost";
        };
        String how = "";
        if (result.signal() != null) {
            how = " (signal " + result.signal() + ")";
        } else if (result.exitCode() != null) {
            how = " (exit code " + result.exitCode() + ")";
        }
        return result.message().isEmpty() ? what + how : result.message();
    }

    /** Seconds for people: 0.012 s, 1.23 s, 12.3 s, 2 min 05 s, 1 h 02 min. */
    static String seconds(double seconds) {
        if (!Double.isFinite(seconds)) {
            return "?";
        }
        if (seconds < 0.9995) {
            return String.format(Locale.ROOT, "%.3f s", seconds);
        }
        if (seconds < 9.995) {
            return String.format(Locale.ROOT, "%.2f s", seconds);
        }
        if (seconds < 59.95) {
            return String.format(Locale.ROOT, "%.1f s", seconds);
        }
        long whole = Math.round(seconds);
        return whole < 3600
                ? String.format(Locale.ROOT, "%d min %02d s", whole / 60, whole % 60)
                : String.format(Locale.ROOT, "%d h %02d min", whole / 3600, whole % 3600 / 60);
    }
}
