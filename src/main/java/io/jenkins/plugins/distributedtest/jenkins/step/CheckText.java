package io.jenkins.plugins.distributedtest.jenkins.step;

import io.jenkins.plugins.distributedtest.jenkins.build.RunSentence;
import io.jenkins.plugins.distributedtest.report.Totals;
import io.jenkins.plugins.distributedtest.session.RunVerdict;
import io.jenkins.plugins.distributedtest.suite.CaseStatus;
import io.jenkins.plugins.distributedtest.suite.FileReport;
import io.jenkins.plugins.distributedtest.suite.FileResult;
import io.jenkins.plugins.distributedtest.suite.RunReport;
import io.jenkins.plugins.distributedtest.suite.TestCase;
import java.util.List;
import java.util.Locale;
import java.util.Objects;

/**
 * What a check says of a run, in Markdown. Whatever comes from tests is shown as it is, and bounded: those who show checks
 * take 65,535 characters.
 *
 * @param title one line: what came of it
 * @param summary the counts
 * @param text the first failures; empty if there are none
 */
record CheckText(String title, String summary, String text) {
    /** So many failures are told. */
    static final int MOST_FAILURES = 20;

    private static final int LONGEST_MESSAGE = 1_000;
    private static final int LONGEST_NAME = 300;
    private static final int LONGEST_TITLE = 200;

    /**
     * Of a run that has ended.
     *
     * @param report the run, secrets hidden
     */
    static CheckText of(RunReport report) {
        RunVerdict verdict = RunVerdict.of(report);
        Totals totals = Totals.of(report);
        boolean green = verdict.kind() == RunVerdict.Kind.GREEN;
        String title = green
                ? RunSentence.plural(report.files().size(), "file") + " passed"
                : verdict.message().lines().findFirst().orElse("");
        return new CheckText(cut(title, LONGEST_TITLE), summary(report, totals), text(report));
    }

    private static String summary(RunReport report, Totals totals) {
        long unfinished = report.unfinished().count();
        int bad = totals.badFiles();
        return """
                | | in all | passed | failed | skipped | flaky | without a result |
                |---|---|---|---|---|---|---|
                | files | %d | %d | %d | | %d | %d |
                | tests | %d | %d | %d | %d | | |

                %s on %s.
                """.formatted(
                        report.files().size(),
                        report.files().size() - bad - unfinished,
                        bad,
                        report.flaky().count(),
                        unfinished,
                        totals.cases(),
                        totals.cases(CaseStatus.PASSED),
                        totals.cases(CaseStatus.FAILED) + totals.cases(CaseStatus.ERROR),
                        totals.cases(CaseStatus.SKIPPED),
                        RunSentence.duration(report.wallSeconds()),
                        RunSentence.plural(report.slots(), "slot"));
    }

    private static String text(RunReport report) {
        List<FileReport> failed = report.failed().limit(MOST_FAILURES + 1L).toList();
        StringBuilder text = new StringBuilder();
        failed.stream().limit(MOST_FAILURES).forEach(file -> add(text, file));
        if (failed.size() > MOST_FAILURES) {
            text.append(String.format(
                    Locale.ENGLISH, "%,d more files failed.%n", report.failed().count() - MOST_FAILURES));
        }
        return text.toString();
    }

    private static void add(StringBuilder text, FileReport file) {
        FileResult result = file.last().result();
        List<TestCase> bad =
                result.cases().stream().filter(test -> test.status().isBad()).toList();
        TestCase first = bad.isEmpty() ? null : bad.get(0);
        String message = first == null || first.failure() == null
                ? result.message()
                : first.failure().message();
        text.append("**").append(escaped(cut(name(first, file), LONGEST_NAME))).append("**");
        if (bad.size() > 1) {
            text.append(" and ").append(RunSentence.plural(bad.size() - 1, "more test"));
        }
        text.append("  \n")
                .append(escaped(cut(file.file().path(), LONGEST_NAME)))
                .append("\n");
        String shown = cut(Objects.requireNonNullElse(message, "").strip(), LONGEST_MESSAGE);
        if (!shown.isEmpty()) {
            String fence = fence(shown);
            text.append(fence)
                    .append("text\n")
                    .append(shown)
                    .append('\n')
                    .append(fence)
                    .append('\n');
        }
        text.append('\n');
    }

    private static String name(TestCase test, FileReport file) {
        if (test == null) {
            return file.file().path() + " " + file.last().result().status().inWords();
        }
        String className = Objects.requireNonNullElse(test.className(), "");
        return className.isEmpty() ? test.name() : className + " › " + test.name();
    }

    /** What cannot end before the text does. */
    private static String fence(String text) {
        String fence = "```";
        while (text.contains(fence)) {
            fence += "`";
        }
        return fence;
    }

    /** As it is, whatever Markdown or HTML it looks like; on one line. */
    private static String escaped(String text) {
        return text.replaceAll("\\s+", " ").replaceAll("([\\\\`*_{}\\[\\]()#+!|<>~@&-])", "\\\\$1");
    }

    private static String cut(String text, int most) {
        return text.length() <= most ? text : text.substring(0, most) + "…";
    }
}
