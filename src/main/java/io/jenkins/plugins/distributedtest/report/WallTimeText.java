package io.jenkins.plugins.distributedtest.report;

import static io.jenkins.plugins.distributedtest.report.Problems.seconds;

import java.util.ArrayList;
import java.util.List;
import java.util.Locale;

/** Explains a wall time in sentences. */
final class WallTimeText {
    /** Savings below this share of the wall time are not worth a sentence. */
    private static final double WORTH_TELLING = 0.05;

    private WallTimeText() {}

    /** The sentences, the most important first. Nothing ran: none. */
    static List<String> of(WallTime time) {
        List<String> sentences = new ArrayList<>();
        if (time.straggler() == null) {
            return sentences;
        }
        sentences.add(bound(time));
        sentences.add(String.format(
                Locale.ROOT,
                "Idle: %s of %s slot time (%d %%): %s before first files, %s between files, %s at the end.",
                seconds(time.idleSeconds()),
                seconds(time.slotSeconds()),
                Math.round(100 * (1 - time.utilization())),
                seconds(time.idleBefore()),
                seconds(time.idleBetween()),
                seconds(time.idleAfter())));
        sentences.add("The first file started after " + seconds(time.startupSeconds())
                + "; getting the sources took up to " + seconds(time.syncSeconds()) + ".");
        sentences.add(straggler(time));
        if (time.orderSavingSeconds() > WORTH_TELLING * time.wallSeconds()) {
            sentences.add("Slowest first would have saved about " + seconds(time.orderSavingSeconds())
                    + "; recorded runtimes bring that in the next run.");
        }
        sentences.add(slots(time));
        return sentences;
    }

    private static String bound(WallTime time) {
        boolean byLongest = time.longestSeconds() >= time.lowerBoundSeconds() * 0.9999;
        String why = byLongest
                ? "the longest file, " + time.longest()
                : seconds(time.testSeconds()) + " of tests on " + Terminal.count(time.slots(), "slot")
                        + (time.testSeconds() < 0.9 * time.slots() * time.lowerBoundSeconds()
                                ? ", as they came and went"
                                : "");
        String factor = time.lowerBoundSeconds() > 0
                ? String.format(Locale.ROOT, " (%.2f times as long)", time.wallSeconds() / time.lowerBoundSeconds())
                : "";
        return seconds(time.wallSeconds()) + " against a lower bound of " + seconds(time.lowerBoundSeconds()) + factor
                + ", set by " + why + ".";
    }

    private static String straggler(WallTime time) {
        WallTime.Straggler last = time.straggler();
        String alone = last.aloneSeconds() > 0.01 * time.wallSeconds()
                ? ", " + seconds(last.aloneSeconds()) + " of it after every other slot was done"
                : "";
        return "The last straggler was " + last.file() + " on " + last.worker() + ": " + seconds(last.seconds()) + alone
                + ".";
    }

    private static String slots(WallTime time) {
        WallTime.Saving saving = time.worthwhile();
        return saving == null
                ? "More slots would save next to nothing."
                : Terminal.count(saving.moreSlots(), "more slot") + " would save about " + seconds(saving.seconds())
                        + ".";
    }
}
